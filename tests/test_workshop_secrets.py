"""Whatever a visitor asks of the served site, nothing comes that the role may not see."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
import websocket
from pypdf import PdfReader

from dxkit.case import open_case
from dxkit.workshop.verbs.answering import VERBS
from tests.browser.workshop import Serve, served
from tests.planted import DEFINITIONS, WORDS, plant
from tests.site import Link, Visitor, between, token_in

pytestmark = [pytest.mark.slow, pytest.mark.minutes]
CASE, OTHER = "demo-machinery", "demo-empty"
VIEWS = ("record", "diagnosis", "workshop")
ROLES = ("leader", "member", "enterprise", "reader")
DROPPED = "投递的内部清单.pdf"
Planted = dict[str, tuple[list[bytes], frozenset[str]]]


@dataclass
class Guest:
    """Somebody at the site, and every byte that came from there."""

    visitor: Visitor
    heard: list[bytes] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def get(self, path: str) -> str:
        answer = self.visitor.ask(path)
        self.heard.append(answer.body)
        return answer.body.decode("utf-8", "replace")

    def page(self, view: str, case: str = CASE) -> tuple[Link, str] | None:
        """Open a page and the link to its kernel; None where there is no such page."""
        html = self.get(f"/case/{quote(case)}/{view}")
        if 'data-kernel="' not in html:
            return None
        link = self.visitor.link(between(html, 'data-kernel="'))
        link.heard = self.heard
        self.links.append(link)
        return link, between(html, 'data-model="')

    def holds(self, planted: Planted) -> set[str]:
        """Return which planted things came, by name, in whatever is packed into what came."""
        everything = b"\0".join(piece for each in self.heard for piece in unpacked(each))
        return {
            name
            for name, (looks, _) in planted.items()
            if any(form in everything for look in looks for form in forms(look))
        }


def forms(look: bytes) -> list[bytes]:
    """Return how something may be written in what comes."""
    try:
        words = look.decode("utf-8")
    except UnicodeDecodeError:
        return [look]
    return [look, json.dumps(words)[1:-1].encode("ascii"), quote(words).encode("ascii")]


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield some bytes, and the parts of every document in them."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode("utf-8")
                yield from unpacked(archive.read(name))
    elif content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        yield "".join(page.extract_text() for page in reader.pages).encode("utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serve, Planted]]:
    folder = tmp_path_factory.mktemp("secrets")
    with served(folder / "work", CASE, OTHER) as serve:
        planted = plant(serve.case(CASE), folder)
        inbox = serve.folder / "inbox" / CASE
        inbox.mkdir(parents=True)
        (inbox / DROPPED).write_bytes(b"%PDF-1.4 nothing")
        planted["what was dropped"] = ([DROPPED.encode()], frozenset({"leader", "member"}))
        yield serve, planted


def guest(serve: Serve, name: str, role: str, *cases: str) -> Guest:
    """Return somebody who was invited and came in by the link."""
    person = serve.people.invite(name, role, cases or None)
    visitor = Visitor(serve.port)
    assert visitor.enter(person.token).status == 303
    return Guest(visitor)


def ask_for_every_path(someone: Guest) -> None:
    """Ask for pages, files and whatever other servers would answer."""
    files = [f"{name}.png" for name, _ in WORDS.values()]
    for path in (
        "/",
        "/alive",
        "/participants",
        "/api/kernels",
        "/api/sessions",
        f"/api/contents/parameters/{CASE}/case.yaml",
        *(f"/case/{CASE}/{each}" for each in ("case.yaml", "journal", "restricted", "archive")),
        *(f"/parameters/{CASE}/evidence/{quote(each)}" for each in files),
        *(f"/case/{CASE}/restricted%2fevidence%2f{quote(each)}" for each in files),
        f"/voila/files/parameters/{CASE}/case.yaml",
        f"/static/parameters/{CASE}/journal.jsonl",
        f"/assets/0/../../../parameters/{CASE}/case.yaml",
        f"/inbox/{CASE}/{quote(DROPPED)}",
        f"/case/{CASE}/record?case=../{CASE}/restricted",
    ):
        someone.get(path)


def ask_everything(link: Link, model: str) -> None:
    """Ask whatever a page can ask, of every place that there is and of some that are not."""
    link.ask(model, "hello", name="组长")
    link.ask(model, "watch", topics=["results", "inbox", "presence", "conflicts", "items"])
    for annex in DEFINITIONS.annexes.values():
        for section in annex.sections:
            link.ask(model, "open", form=annex.id, section=section.id)
        for each in annex.fields:
            ask_for_field(link, model, f"{annex.id}.{each.key}", bool(each.columns))
    look_around(link, model)
    for verb in sorted(set(VERBS) - {"export", "collect", "upload_begin"}):
        link.ask(model, verb, job="0" * 16, what="annex_9", goal="digital")


def ask_for_field(link: Link, model: str, path: str, rows: bool) -> None:
    """Ask for the past of a field, and try to change it as if it stood otherwise."""
    link.ask(model, "history", path=path)
    link.ask(model, "edit", path=path, raw=[{}], seen="?")
    for number in (1, 99) if rows else ():
        told = {"path": path, "index": number, "seen": {}, "row": {}, "to": 1}
        for action in ("set", "move", "remove"):
            link.ask(model, "row", action=action, **told)


def look_around(link: Link, model: str) -> None:
    """Search, ask for pictures and files, decide, and look ahead."""
    for word in (*(each for each, _ in WORDS.values()), "附件9", "证据", "网络安全负责人"):
        link.ask(model, "search", words=word)
    for number in range(1, 25):
        for kind in ("E-A", "E-B", "E-C", "PH-"):
            link.ask(model, "thumbnail", number=f"{kind}{number:03d}")
    for number in range(-3, 12):
        link.ask(model, "decide", n=number, choose="?")
    for by in ("department", "place", "worth"):
        link.ask(model, "ask_next", by=by)
    for changes in ({"equipment": 5}, {"sec_head": "x"}):
        link.ask(model, "what_if", changes=changes)
        link.ask(model, "suggest", changes={"no": changes})
    for path in ("annex_9.sec_head", "annex_7.evidence.1"):
        for upload in ("0" * 32, "../../parameters", None):
            link.ask(model, "upload_end", upload=upload, path=path, item="C")
        link.ask(model, "collect", name=f"../../parameters/{CASE}/case.yaml", path=path)


def export_everything(link: Link, model: str) -> list[str]:
    """Export the report and all forms; return in which words anything was refused."""
    begun = [
        link.ask(model, "export", what=what, format=kind)
        for what, kind in (("report", "all"), ("all_forms", "docx"), ("all_forms", "xlsx"))
    ]
    begun.append(link.ask(model, "export", what="annex_9", format="docx"))
    for each in begun:
        if "problem" not in each:
            link.heard.append(downloaded(link, model, each["job"]))
    return [each["problem"] for each in begun if "problem" in each]


def downloaded(link: Link, model: str, job: str) -> bytes:
    """Wait for an export and put it together from its pieces."""
    until, content = time.monotonic() + 300, b""
    while time.monotonic() < until:
        told, piece = link.ask_for_bytes(model, "download", job=job, offset=len(content))
        if "problem" in told:
            assert "还没有完成" in told["problem"], told
            time.sleep(0.5)
            continue
        content += piece
        if len(content) == told["size"]:
            return content
    raise AssertionError(f"{job} was never done")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_it_may_see_and_nothing_else(
    site: tuple[Serve, Planted], role: str
) -> None:
    serve, planted = site
    before = open_case(serve.case(CASE))
    someone = guest(serve, f"某{role}", role)
    ask_for_every_path(someone)
    opened = []
    for view in VIEWS:
        if (page := someone.page(view)) is not None:
            opened.append(view)
            link, model = page
            if len(opened) == 1:
                ask_everything(link, model)
            for verb in ("hello", "results", "ask_next", "levers", "closing", "evidence"):
                link.ask(model, verb)
            link.socket.close()
    assert tuple(opened) == DEFINITIONS.roles[role].views
    assert someone.holds(planted) == {name for name, (_, who) in planted.items() if role in who}
    if role != "leader":  # who decided between values above
        now = open_case(serve.case(CASE))
        assert (now.data, now.restricted.data) == (before.data, before.restricted.data)


def test_a_members_exports_hold_the_answers_and_no_secret(site: tuple[Serve, Planted]) -> None:
    serve, planted = site
    member = guest(serve, "导出的组员", "member")
    link, model = member.page("record")
    member.heard.clear()
    refused = export_everything(link, model)
    assert refused == ["没有这张表单"]
    hidden = {name for name, (_, who) in planted.items() if "member" not in who}
    # By the plan of packs the number and the hash of a secret file may leave, to prove it later.
    hidden = {name for name in hidden if not name.endswith("its hash")}
    assert member.holds(planted) & hidden == set()
    name = {"name": ([open_case(serve.case(CASE)).name.encode("utf-8")], frozenset())}
    documents = [piece for each in member.heard for piece in unpacked(each)]
    for kind in (b"<!DOCTYPE html", b"%PDF", b"PK"):
        made = Guest(member.visitor, [each for each in documents if each[:20].startswith(kind)])
        assert made.holds(name), kind


def test_who_was_invited_to_another_case_gets_nothing_of_this_one(
    site: tuple[Serve, Planted],
) -> None:
    serve, planted = site
    someone = guest(serve, "别家的组员", "member", OTHER)
    ask_for_every_path(someone)
    assert [view for view in VIEWS if someone.page(view) is not None] == []
    link, model = someone.page("record", OTHER)
    ask_everything(link, model)
    assert someone.holds(planted) == set()
    assert open_case(serve.case(CASE)).name.encode("utf-8") not in b"".join(someone.heard)
    assert open_case(serve.case(OTHER)).name.encode("utf-8") in b"".join(someone.heard)


def test_a_withdrawn_link_and_none_at_all_get_nothing(site: tuple[Serve, Planted]) -> None:
    serve, planted = site
    left = guest(serve, "退出的组长", "leader")
    link, model = left.page("record")
    assert link.ask(model, "open", form="annex_9", section="enterprise")["items"]
    assert left.holds(planted)
    leader = Visitor(serve.port)
    leader.enter(token_in(serve.link))
    gone = next(each.id for each in serve.people.all() if each.name == "退出的组长")
    assert leader.ask(f"/participants/{gone}/revoke", "POST", {}).json == {"done": True}
    assert link.closed_with() == 4003
    for visitor in (left.visitor, Visitor(serve.port)):
        outside = Guest(visitor)
        ask_for_every_path(outside)
        assert [view for view in VIEWS if outside.page(view) is not None] == []
        with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
            visitor.link(link.kernel)
        outside.heard.append(refusal.value.resp_body or b"")
        assert outside.holds(planted) == set()
        assert CASE.encode() not in b"".join(outside.heard)


def test_what_is_written_while_others_sit_there_reaches_the_leader_only(
    site: tuple[Serve, Planted],
) -> None:
    serve, _ = site
    others = [guest(serve, f"在场的{role}", role) for role in ROLES]
    pages = [each.page("record") for each in others]
    for link, model in pages:
        link.ask(model, "hello")
        link.ask(model, "watch", topics=["results", "conflicts", "presence", "items"])
        link.ask(model, "open", form="annex_7", section="evidence")
    leader = guest(serve, "书写的组长", "leader")
    link, model = leader.page("record")
    said, row, lost = "刚写下的机密意见", "刚登记的机密", "争着写的机密"
    told = {"title": row, "category": "C", "secrecy": "secret", "outcome": "pending"}
    assert link.ask(model, "row", path="annex_7.evidence", action="add", row=told)["saved"]
    path = "annex_9.change_note"
    assert link.ask(model, "edit", path=path, raw=said, seen=None)["saved"]
    assert link.ask(model, "edit", path=path, raw=lost, seen=None)["conflict"]
    for link, model in pages:
        for _ in link.messages(2):
            pass
        link.ask(model, "hello")
    planted = {each: ([each.encode("utf-8")], frozenset()) for each in (said, row, lost)}
    heard = dict(zip(ROLES, (each.holds(planted) for each in others), strict=True))
    nothing: dict[str, set[str]] = {role: set() for role in ROLES}
    assert heard == nothing | {"leader": {said, row, lost}}
