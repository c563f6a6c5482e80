"""The site answers who holds a link, with what that link opens, and nobody else with anything."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket

from dxkit.apps.pace import AT_ONCE, MESSAGES
from dxkit.apps.participants import Participants
from dxkit.apps.server import SILENT_SECONDS
from tests.site import Link, Site, Visitor, eventually, is_running, serving, workspace

pytestmark = pytest.mark.slow

NO_KERNEL = "00000000-0000-4000-8000-000000000000"
ROUTES = (
    "/",
    "/case/demo-empty/record",
    "/case/demo-dairy/diagnosis",
    "/participants",
    "/participants/abcdef/revoke",
    f"/api/kernels/{NO_KERNEL}/channels",
    f"/api/kernels/{NO_KERNEL}/leave",
    "/assets/0/site.css",
    "/favicon.ico",
    "/alive",
    "/echo",
)
"""Every route but the door."""
ELSEWHERE = (
    "/voila/static/voila.js",
    "/voila/files/planted.png",
    "/voila/render/record.ipynb",
    "/voila/templates/base/index.html.j2",
    "/voila/api/contents/",
    "/voila/api/shutdown/" + NO_KERNEL,
    "/voila/tree",
    "/static/planted.png",
    "/files/planted.png",
    "/planted.png",
    "/notebooks/planted.png",
    "/parameters/demo-copper/evidence/M01.png",
    "/parameters/demo-copper/planted.png",
    "/api/kernels",
    "/api/kernelspecs",
    "/api/sessions",
    "/api/contents",
    "/api/terminals",
    f"/api/kernels/{NO_KERNEL}",
    "/login",
    "/metrics",
    "/assets/0/page.html.j2",
    "/assets/0/__init__.py",
    "/assets/0/../../../../.dxkit/workshop.json",
    "/assets/0/..%2f..%2fserver.py",
    "/assets/0/%2e%2e/%2e%2e/gate.py",
    "/assets/planted.png",
    "/case/demo-copper/planted.png",
    "/case/demo-copper/evidence/M01.png",
    "/case/..%2fparameters%2fdemo-empty/record",
    "/case/../../etc/passwd",
    "/case/%2e%2e/record",
    "/case/demo-empty%00/record",
    "/case/restricted/record",
    "/case/demo-copper%2frestricted/record",
    "/case//record",
    "/case/demo-empty/archive",
    "/case/demo-empty/report",
    "//evil.example/",
)
"""What other servers of notebooks answer, files of this one, and ways around."""
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = workspace(tmp_path_factory.mktemp("site"), "demo-empty", "demo-dairy", "demo-copper")
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def member(site: Site) -> Visitor:
    return site.invited("组员乙", "member")


@pytest.fixture(scope="module")
def clerk(site: Site) -> Visitor:
    return site.invited("企业丙", "enterprise", "demo-empty")


@pytest.fixture(scope="module")
def reader(site: Site) -> Visitor:
    return site.invited("旁听丁", "reader", "demo-empty", "demo-dairy")


def refused(visitor: Visitor, kernel: str, **told: object) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        visitor.link(kernel, **told)
    return int(refusal.value.status_code)


def forged(cookie: str) -> str:
    """Return a cookie whose signature is that of another one."""
    return cookie[:-1] + ("0" if cookie[-1] != "0" else "1")


@pytest.mark.parametrize("path", [*ROUTES, *ELSEWHERE])
def test_without_a_right_cookie_every_path_says_only_to_ask_for_a_link(
    site: Site, path: str
) -> None:
    real = site.visitor().cookie
    stranger = site.stranger()
    for cookie in ("", forged(real), real.split("=")[0] + "=x", "dxkit-0=abc"):
        for method in ("GET", "POST"):
            answer = stranger.ask(path, method, Cookie=cookie)
            assert answer.status in (403, 404), (path, cookie)
            assert "链接" in answer.text or "地址不对" in answer.text
            assert PNG not in answer.body
            assert not re.search("(?i)tornado|jupyter|voila|python|traceback|demo-", answer.text)
            assert answer.headers["Server"] == "dxkit"
            assert answer.status == 403


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nothing_else_is_served_even_to_the_leader(site: Site, path: str) -> None:
    leader = site.visitor()
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = leader.ask(path, method)
        assert answer.status in (404, 405), path
        assert PNG not in answer.body
        assert "demo-" not in answer.text


def test_every_answer_carries_the_headers(site: Site) -> None:
    leader = site.visitor()
    answers = [leader.ask(path) for path in ("/", "/nowhere", "/alive", "/case/demo-empty/record")]
    answers.append(site.stranger().ask("/"))
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self' blob:;" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_link_becomes_a_cookie_that_no_script_reads_and_leaves_the_address(site: Site) -> None:
    answer = site.stranger().enter(site.token)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {each.strip() for each in cookie.split(";")}
    assert site.token not in cookie
    assert "Secure" not in cookie
    behind_tls = site.stranger().ask(f"/enter?token={site.token}", **{"X-Forwarded-Proto": "https"})
    assert "Secure" in behind_tls.headers["Set-Cookie"]


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_link_leads_nowhere_else(site: Site, place: str) -> None:
    answer = site.stranger().ask(f"/enter?token={site.token}&to={place}")
    assert answer.headers["Location"] == "/"


def test_a_link_may_lead_to_a_page(site: Site) -> None:
    answer = site.stranger().ask(f"/enter?token={site.token}&to=/case/demo-empty/record")
    assert answer.headers["Location"] == "/case/demo-empty/record"


def test_each_sees_the_cases_of_the_link_only(site: Site, clerk: Visitor, reader: Visitor) -> None:
    assert {c for c in ("demo-empty", "demo-dairy", "demo-copper") if c in clerk.ask("/").text} == {
        "demo-empty"
    }
    assert "demo-copper" not in reader.ask("/").text
    for path in ("/case/demo-copper/record", "/case/demo-dairy/record", "/case/none/record"):
        assert clerk.ask(path).status == 404
    assert reader.ask("/case/demo-copper/record").status == 404


def test_why_a_case_cannot_be_read_is_told_to_who_can_mend_it_only(site: Site) -> None:
    broken = site.folder / "parameters/broken"
    broken.mkdir()
    (broken / "case.yaml").write_text("annex_3: [", encoding="utf-8")
    try:
        guest = site.invited("戊", "reader", "broken")
        assert "YAML" in site.visitor().ask("/").text
        told = guest.ask("/").text
        assert "案卷读不出，请告诉诊断组" in told
        assert str(site.folder) not in told
    finally:
        shutil.rmtree(broken)
    assert "这里还没有您可以打开的企业" in guest.ask("/").text


def test_a_role_opens_its_pages_only(site: Site, clerk: Visitor, reader: Visitor) -> None:
    assert "/case/demo-empty/record" in clerk.ask("/").text
    for view in ("diagnosis", "workshop"):
        assert f"/case/demo-empty/{view}" not in clerk.ask("/").text
        assert clerk.ask(f"/case/demo-empty/{view}").status == 404
        assert f"/case/demo-empty/{view}" in reader.ask("/").text


def test_only_a_leader_sees_and_makes_links(
    site: Site, member: Visitor, clerk: Visitor, reader: Visitor
) -> None:
    leader = site.visitor()
    assert site.token in leader.ask("/").text
    for other in (member, clerk, reader):
        assert "token=" not in other.ask("/").text
        told = {"name": "自己", "role": "leader", "cases": None}
        assert other.ask("/participants", "POST", told).status == 403
        own = site.kept()["企业丙"]["id"]
        assert other.ask(f"/participants/{own}/revoke", "POST", {}).status == 403
    assert "自己" not in site.kept()


@pytest.mark.parametrize(
    "told",
    [
        {"name": "", "role": "reader", "cases": None},
        {"name": "长" * 41, "role": "reader", "cases": None},
        {"name": "某", "role": "root", "cases": None},
        {"name": "某", "role": "reader", "cases": []},
        {"name": "某", "role": "reader", "cases": ["none"]},
        {"name": "某", "role": "reader", "cases": [["demo-empty"]]},
    ],
)
def test_an_unfit_invitation_is_refused_in_words(site: Site, told: object) -> None:
    answer = site.visitor().ask("/participants", "POST", told)
    assert answer.status == 200
    assert re.search("[一-鿿]", answer.json["problem"])


def test_other_sites_cannot_make_a_browser_do_anything(site: Site) -> None:
    leader = site.visitor()
    told = {"name": "骗来的", "role": "leader", "cases": None}
    for origin in ("http://evil.example", "null", f"https://{leader.host}.evil.example"):
        assert leader.ask("/participants", "POST", told, Origin=origin).status == 403
    assert "骗来的" not in site.kept()


def test_a_page_shows_its_widget_to_its_visitor_and_leaves_batch_cells_out(
    site: Site, clerk: Visitor
) -> None:
    page = clerk.ask("/case/demo-empty/record").text
    assert 'lang="zh-CN"' in page
    assert "<h1>页面 record</h1>" in page
    assert "only in batch" not in page
    assert "anywidget" not in page
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    link.send("comm_msg", {"comm_id": model, "data": {"method": "request_state"}})
    state = next(
        content["data"]["state"]
        for kind, content in link.messages()
        if kind == "comm_msg" and content["data"]["method"] == "update"
    )
    assert state["who"] == "企业丙 enterprise demo-empty"
    told = link.answer(model, {"do": "environment"})["environment"]
    assert "SOME_TOKEN" not in told
    secret = re.search('"secret": "(.+?)"', (site.folder / ".dxkit/workshop.json").read_text())
    assert secret is not None
    assert secret.group(1) not in str(told)
    assert site.token not in str(told)


def test_a_kernel_is_its_owners_only(site: Site, clerk: Visitor, reader: Visitor) -> None:
    kernel, _ = clerk.open()
    assert refused(site.stranger(), kernel) == 403
    for other in (reader, site.visitor()):
        assert refused(other, kernel) == 404
        assert other.ask(f"/api/kernels/{kernel}/leave", "POST", {}).status == 404
        assert other.ask(f"/alive?kernel={kernel}").json["kernel"] is False
    assert refused(clerk, NO_KERNEL) == 404
    assert refused(clerk, kernel, origin="http://evil.example") == 403
    assert refused(clerk, kernel, suppress_origin=True) == 403
    assert refused(clerk, kernel, subprotocols=[]) == 404
    assert clerk.ask(f"/alive?kernel={kernel}").json["kernel"] is True


def test_visitors_cannot_run_code(site: Site, clerk: Visitor, tmp_path: Path) -> None:
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    trace = tmp_path / "trace"
    code = {"code": f"open({str(trace)!r}, 'w')", "silent": False}
    for channel in ("shell", "control", "stdin", "iopub", "no such"):
        link.send("execute_request", code, channel)
    link.send("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {}})
    link.send("shutdown_request", {"restart": False}, "control")
    link.send("interrupt_request", {}, "control")
    link.send("debug_request", {}, "control")
    for frame in (b"", b"\x01", b"\xff" * 64, bytes(8), (6).to_bytes(8, "little") + b"\xff" * 48):
        link.socket.send_binary(frame)
    link.socket.send("text")
    seen = []
    link.say(model, {"raw": "still here"})
    for kind, content in link.messages(3):
        seen.append(kind)
        if kind == "comm_msg":
            assert content["data"]["content"]["said"] == "still here"
    assert "comm_msg" in seen
    assert set(seen) <= {"comm_msg", "comm_close", "kernel_info_reply", "status"}
    assert not trace.exists()


def test_an_answer_does_not_wait_for_word_that_the_frame_before_it_arrived(
    site: Site, clerk: Visitor
) -> None:
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    seconds = []
    for _ in range(30):
        begin = time.perf_counter()
        link.answer(model, {"raw": "x"})
        seconds.append(time.perf_counter() - begin)
    clerk.ask(f"/api/kernels/{kernel}/leave", "POST", {})
    assert min(seconds[5:]) < 0.03  # 0.04 where small frames are held back


def test_what_a_kernel_logs_stands_in_the_servers_log_and_on_no_page(
    site: Site, clerk: Visitor
) -> None:
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    link.say(model, {"do": "log", "raw": "编号 deadbeef\nTraceback"})
    heard = [*link.messages(2)]
    assert "deadbeef" not in str(heard)
    log = site.folder / ".dxkit/workshop.log"
    assert eventually(lambda: "编号 deadbeef" in log.read_text(encoding="utf-8"))


def test_a_message_beyond_the_bound_ends_the_link_and_not_the_kernel(
    site: Site, clerk: Visitor
) -> None:
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    assert link.answer(model, {"raw": "x" * 3_000_000})["said"] == "x" * 3_000_000
    with pytest.raises((websocket.WebSocketException, OSError, AssertionError)):
        link.answer(model, {"raw": "x" * 5_000_000})
    assert clerk.link(kernel).answer(model, {"raw": "again"})["said"] == "again"


def test_an_endless_talker_is_slowed_and_nobody_else(site: Site, clerk: Visitor) -> None:
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    state_of(link, model)
    many = int((AT_ONCE + 2) * MESSAGES)
    begin = time.monotonic()
    for number in range(many):
        link.say(model, {"do": "echo", "raw": number})
    asked = time.monotonic()
    assert site.visitor().ask("/alive").status == 200
    assert time.monotonic() - asked < 1
    for kind, content in link.messages():
        if kind == "comm_msg" and content["data"]["content"] == {"said": many - 1}:
            break
    assert time.monotonic() - begin > 1.5
    assert clerk.ask(f"/api/kernels/{kernel}/leave", "POST", {}).status == 204


def test_who_connects_and_does_not_ask_is_not_waited_for(site: Site) -> None:
    begin = time.monotonic()
    with (
        socket.create_connection(("127.0.0.1", site.port)) as silent,
        socket.create_connection(("127.0.0.1", site.port)) as slow,
        socket.create_connection(("127.0.0.1", site.port)) as halting,
    ):
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        halting.sendall(b"POST /participants HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        for each in (silent, slow, halting):
            each.settimeout(SILENT_SECONDS + 5)
            while each.recv(4096):
                pass
    assert time.monotonic() - begin < SILENT_SECONDS + 5


def test_links_to_one_kernel_are_bounded(site: Site, clerk: Visitor) -> None:
    kernel, _ = clerk.open()
    links = [clerk.link(kernel) for _ in range(6)]
    assert refused(clerk, kernel) == 429
    links.pop().socket.close()
    assert eventually(lambda: can_link(clerk, kernel))
    clerk.ask(f"/api/kernels/{kernel}/leave", "POST", {})


def can_link(visitor: Visitor, kernel: str) -> bool:
    try:
        visitor.link(kernel).socket.close()
    except websocket.WebSocketBadStatusException:
        return False
    return True


def test_leaving_a_page_ends_its_kernel(site: Site, clerk: Visitor) -> None:
    kernel, model = clerk.open()
    link = clerk.link(kernel)
    pid = state_of(link, model)["pid"]
    assert is_running(pid)
    assert clerk.ask(f"/api/kernels/{kernel}/leave", "POST", {}).status == 204
    assert eventually(lambda: not is_running(pid))
    assert refused(clerk, kernel) == 404


def state_of(link: Link, model: str) -> dict[str, object]:
    link.send("comm_msg", {"comm_id": model, "data": {"method": "request_state"}})
    for kind, content in link.messages():
        if kind == "comm_msg" and content["data"]["method"] == "update":
            return dict(content["data"]["state"])
    raise AssertionError("no state came")


def test_a_withdrawn_link_ends_everything_its_owner_has_open(site: Site) -> None:
    guest = site.invited("一时", "member")
    kernel, model = guest.open()
    link = guest.link(kernel)
    pid = state_of(link, model)["pid"]
    who = site.kept()["一时"]["id"]
    assert site.visitor().ask(f"/participants/{who}/revoke", "POST", {}).json == {"done": True}
    assert link.closed_with() == 4003
    assert eventually(lambda: not is_running(pid))
    assert guest.ask("/").status == 403
    assert guest.ask("/alive").status == 403
    assert site.stranger().enter(guest.token).status == 403


def test_a_link_that_another_server_withdrew_ends_here_too(site: Site) -> None:
    guest = site.invited("别处", "member")
    kernel, model = guest.open()
    link = guest.link(kernel)
    pid = state_of(link, model)["pid"]
    Participants(site.folder / ".dxkit").revoke(site.kept()["别处"]["id"])
    assert eventually(lambda: not is_running(pid))
    assert [*link.messages()] == [] or link.socket.connected is False


def test_the_last_leader_cannot_be_withdrawn(site: Site) -> None:
    leader = site.visitor()
    own = site.kept()["组长甲"]["id"]
    assert "组长" in leader.ask(f"/participants/{own}/revoke", "POST", {}).json["problem"]
    assert leader.ask("/").status == 200


def test_guessing_is_slowed_and_a_right_link_is_not(site: Site) -> None:
    stranger = site.stranger()
    begin = time.monotonic()
    for guess in (site.token[:-1], site.token + "x", "x" * 1000):
        assert stranger.enter(guess).status == 403
    assert time.monotonic() - begin > 0.5 + 1 + 2 - 0.2
    begin = time.monotonic()
    assert stranger.enter(site.token).status == 303
    assert time.monotonic() - begin < 1


def test_the_log_holds_no_token(site: Site) -> None:
    site.stranger().ask("/nowhere?token=" + site.token)
    people = site.folder / ".dxkit/workshop.json"
    kept = people.read_bytes()
    people.write_bytes(b"damaged")
    try:
        assert site.stranger().ask("/enter?token=" + site.token).status == 500
    finally:
        people.write_bytes(kept)
    log = (site.folder / ".dxkit/workshop.log").read_text(encoding="utf-8")
    assert "GET /enter failed" in log
    assert site.token not in log


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such modes on Windows")
def test_the_keys_are_readable_by_their_owner_only(site: Site) -> None:
    assert (site.folder / ".dxkit").stat().st_mode & 0o077 == 0
    for name in ("workshop.json", "workshop.lock", "workshop.log"):
        assert (site.folder / ".dxkit" / name).stat().st_mode & 0o077 == 0
