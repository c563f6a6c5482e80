"""Who sees and changes what: in no reply to a role stands what the role may not see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dxkit import paths
from dxkit.case import open_case, store_of, writing
from dxkit.errors import CaseError
from dxkit.evidence import Intake, add
from dxkit.workshop import Session, visitor
from dxkit.workshop.verbs.answering import VERBS
from tests.sittings import DEFINITIONS, Sitting, copy_of, workspace

APART = "仅附件九可见的负责人"
SECRET = "机密配方台账"
OFFICE = "2031-01-02"
KEPT_BACK = "内网地址与设备型号明细"
PHONE = "13899997777"
ROLES = ("member", "enterprise", "reader")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a case in which every kind of secret stands."""
    place = copy_of("demo-machinery", workspace(tmp_path, monkeypatch))
    store = store_of(place, "annex_9", DEFINITIONS)
    with writing(store, "组长", DEFINITIONS) as writer:
        writer.set("annex_9.sec_head", APART)
    with writing(place, "组长", DEFINITIONS) as writer:
        writer.set("annex_2.infrastructure_summary", KEPT_BACK)
        writer.set("annex_8.locked_on", OFFICE)
        writer.set("annex_5.attendees.+", {"name": "李四", "phone": PHONE})
    picture = tmp_path / f"{SECRET}.png"
    Image.new("RGB", (300, 200), "red").save(picture)
    told = {"title": SECRET, "provider": SECRET, "secrecy": "secret"}
    add(place, [(picture, Intake("C", told))], "组长")
    yield place
    paths.workspace.cache_clear()


def ask_everything(sitting: Sitting) -> None:
    """Ask whatever a page can ask, of every place that there is."""
    sitting.ask("hello")
    sitting.ask("watch", topics=["results", "inbox", "presence"])
    for annex in DEFINITIONS.annexes.values():
        for section in annex.sections:
            sitting.ask("open", form=annex.id, section=section.id)
            sitting.news()
        for field in annex.fields:
            for verb in ("history", "edit"):
                sitting.ask(verb, path=f"{annex.id}.{field.key}", raw=[{}], seen="?")
    for word in (APART, SECRET, KEPT_BACK, "附件9", "证据", "网络安全负责人"):
        sitting.ask("search", words=word)
    for verb in VERBS:
        sitting.ask(verb, by="department", number="E-C003", words="材料", what="annex_9")
    for number in range(1, 30):
        sitting.ask("thumbnail", number=f"E-C{number:03d}")


def test_the_leader_sees_all_of_it(folder: Path) -> None:
    leader = Sitting(folder)
    ask_everything(leader)
    for planted in (APART, SECRET, OFFICE, KEPT_BACK, PHONE):
        assert leader.heard_of(planted), planted


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_not_see_is_in_no_reply(folder: Path, role: str) -> None:
    sitting = Sitting(folder, role)
    ask_everything(sitting)
    hidden = {
        "member": (APART, SECRET),
        "enterprise": (APART, SECRET, OFFICE, KEPT_BACK),
        "reader": (APART, SECRET, OFFICE, KEPT_BACK, PHONE),
    }[role]
    for planted in hidden:
        assert not sitting.heard_of(planted), planted


@pytest.mark.parametrize("role", ROLES)
def test_a_secret_that_is_written_while_people_sit_there_reaches_nobody_else(
    folder: Path, role: str
) -> None:
    leader, other = Sitting(folder), Sitting(folder, role)
    for section in ("evidence", "evidence_summary"):
        other.ask("open", form="annex_7", section=section)
    other.news()
    leader.edit("annex_9.enterprise_opinion", "刚写下的机密意见")
    row = {"title": "刚登记的机密", "category": "C", "secrecy": "secret", "outcome": "pending"}
    leader.ask("row", path="annex_7.evidence", action="add", row=row)
    conflict = Sitting(folder, "leader", "另一组长").edit(
        "annex_9.enterprise_opinion", "争着写的机密"
    )
    assert conflict["conflict"]["n"] < 0
    other.news()
    other.ask("hello")
    for planted in ("刚写下的机密意见", "刚登记的机密", "争着写的机密"):
        assert not other.heard_of(planted), planted
    assert leader.ask("decide", n=conflict["conflict"]["n"], choose="mine")["saved"]


def test_the_past_of_a_row_is_told_as_long_as_the_row_is_shown(folder: Path) -> None:
    leader, table = Sitting(folder), "annex_7.evidence"
    rows = len(leader.open(table)[table]["rows"])

    def written(action: str, **told: Any) -> Any:
        reply = leader.ask("row", path=table, action=action, **told)
        assert "saved" in reply
        return reply["item"]["rows"]

    def tells(words: str) -> bool:
        return words in str(Sitting(folder, "member").ask("history", path=table))

    shown = {"category": "C", "secrecy": "general", "outcome": "pending"}
    written("add", row={"title": "留着的一份", **shown})
    written("add", row={"title": "要变的一份", **shown})
    assert tells("要变的一份")
    seen = {**shown, "title": "要变的一份"}
    number = rows + 2
    written("set", index=number, row={"secrecy": "secret"}, seen=seen)
    assert not tells("要变的一份")
    assert tells("留着的一份")
    written("remove", index=number, seen=seen | {"secrecy": "secret"})
    assert not tells("要变的一份")
    written("remove", index=rows + 1, seen={**shown, "title": "留着的一份"})
    assert tells("留着的一份")
    assert "要变的一份" in str(leader.ask("history", path=table))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", ["edit", "history", "row"])
def test_what_is_hidden_is_refused_just_as_what_does_not_exist(
    folder: Path, role: str, verb: str
) -> None:
    sitting = Sitting(folder, role)

    def said(path: str) -> str:
        reply = sitting.ask(verb, path=path, raw="x", seen=None, action="add", row={})
        return str(reply["problem"]).replace(path, "…")

    assert said("annex_9.sec_head") == said("annex_9.no_such_field") == said("annex_99.x")
    assert said("annex_9.systems") == said("annex_9.nothing")


def test_who_reads_changes_nothing(folder: Path) -> None:
    reader = Sitting(folder, "reader")
    before = open_case(folder).data
    item = reader.open("annex_6.equipment")["annex_6.equipment"]
    assert (item["editable"], item["why_not"]) == (False, "您的角色只能查看")
    assert reader.edit("annex_6.equipment", "1", seen=168)["problem"]
    for verb in ("upload_begin", "collect", "inbox", "export", "suggest", "decide"):
        assert reader.ask(verb, name="a.pdf", size=3, what="report")["problem"], verb
    assert open_case(folder).data == before


def test_the_enterprise_sees_and_writes_what_it_says_of_itself_only(folder: Path) -> None:
    enterprise = Sitting(folder, "enterprise", "王企业")
    item = enterprise.open("annex_6.equipment")["annex_6.equipment"]
    assert item["value"] == 168
    assert set(item["answer"]) == {"self_reported", "evidence", "strengths"}
    assert "saved" in enterprise.edit("annex_6.equipment", "166", seen=168)
    answer = open_case(folder).record["equipment"]
    assert (answer.self_reported, answer.onsite, answer.recorder) == (166, 168, "彭虚构")
    for part in ("onsite", "verified", "remark", "recorder", "disputed"):
        assert enterprise.edit(f"annex_6.equipment.{part}", "1")["problem"], part
    forms = {form["id"] for form in enterprise.ask("hello")["forms"]}
    assert forms == {"annex_3", "annex_6", "annex_8", "aux_2"}
    assert enterprise.ask("open", form="annex_6", section="site_records")["problem"]
    assert enterprise.ask("results")["problem"]


def test_who_changed_what_the_enterprise_does_not_see_is_not_told_to_it(folder: Path) -> None:
    enterprise, member = Sitting(folder, "enterprise"), Sitting(folder, "member", "组员暗改")
    enterprise.open("annex_6.equipment")
    enterprise.news()
    member.edit("annex_6.equipment", "170", seen=168)
    enterprise.news()
    enterprise.ask("history", path="annex_6.equipment")
    assert not enterprise.heard_of("组员暗改")


def test_a_masked_number_that_is_sent_back_changes_nothing(folder: Path) -> None:
    reader = Sitting(folder, "reader")
    table = "annex_5.attendees"
    row = reader.open(table)[table]["rows"][-1]
    assert row["cells"]["phone"]["value"] == "138****7777"
    assert not reader.heard_of(PHONE)


def test_a_visitor_opens_only_cases_they_were_invited_to(folder: Path) -> None:
    told = {"id": "a", "name": "李四", "role": "member", "cases": ["another"]}
    who = visitor({"DXKIT_VISITOR": json.dumps(told)}, DEFINITIONS)
    before = sorted(each.name for each in folder.iterdir())
    for name in (folder, "trial", "no-such-case"):
        with pytest.raises(CaseError) as refused:
            Session(name, who, DEFINITIONS)
        assert "没有这个企业" in str(refused.value)
        assert "parameters" not in str(refused.value)
    assert sorted(each.name for each in folder.iterdir()) == before


@pytest.mark.parametrize("told", ["", "{}", "[]", "leader", '{"role": "boss"}', '{"role": null}'])
def test_nobody_becomes_the_leader_by_a_mistake(told: str) -> None:
    with pytest.raises(CaseError):
        visitor({"DXKIT_VISITOR": told}, DEFINITIONS)


def test_without_a_server_it_is_the_consultants_own_machine() -> None:
    own = visitor({"DXKIT_WHO": "王顾问"}, DEFINITIONS)
    assert (own.name, own.role.id, own.may_open("any")) == ("王顾问", "leader", True)


def test_a_name_is_taken_once_and_never_changed_by_the_page() -> None:
    told: dict[str, Any] = {"id": "a", "name": "", "role": "member"}
    nameless = visitor({"DXKIT_VISITOR": json.dumps(told)}, DEFINITIONS)
    named = nameless.called("  李\n四\u202e  ")
    assert named.name == "李四"
    assert named.called("组长").name == "李四"
