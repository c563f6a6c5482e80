"""What a sitting promises: kept or told why not, and nothing gone without a word."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.case import journal, open_case, writing
from dxkit.workshop.verbs import answering
from dxkit.workshop.verbs.answering import VERBS
from tests.sittings import DEFINITIONS, Sitting, copy_of, workspace

EQUIPMENT = "annex_6.equipment"
DESIGN = "annex_6.has_design_activity"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield copy_of("demo-machinery", workspace(tmp_path, monkeypatch))
    paths.workspace.cache_clear()


def test_an_edit_is_in_case_and_journal_under_the_name_of_who_made_it(folder: Path) -> None:
    mine = Sitting(folder, name="张三")
    assert mine.open(EQUIPMENT)[EQUIPMENT]["value"] == 168
    reply = mine.edit(EQUIPMENT, "１７０ 台", seen=168)
    assert reply["item"]["value"] == 170
    case, entry = open_case(folder), journal.read(folder)[-1]
    assert case.found["equipment"] == 170
    assert (entry.who, entry.at) == ("张三", reply["saved"]["at"])
    assert case.record["equipment"].recorder == "张三"
    assert case.record["equipment"].remark, "the other parts of the answer stay"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("很多", "不小于 0 的整数"),
        ("-3", "不小于 0 的整数"),
        ("50", "不大于 50"),
        ({"a": 1}, "整数"),
        ([1], "整数"),
        (float("nan"), "整数"),
        (True, "整数"),
        ("—", "写出内容"),
    ],
)
def test_what_does_not_fit_is_not_stored_and_is_told(
    folder: Path, raw: object, expected: str
) -> None:
    mine = Sitting(folder)
    before = journal.read(folder)
    reply = mine.edit(EQUIPMENT, raw, seen=168)
    assert expected in reply["unfit"]
    assert "saved" not in reply
    assert reply["item"]["value"] == 168
    assert journal.read(folder) == before


def test_half_a_character_is_told_in_words_that_can_be_sent(folder: Path) -> None:
    mine = Sitting(folder)
    before = journal.read(folder)
    for asked in ({"do": "\ud83d"}, {"do": "edit", "path": "annex_6.pain_points", "raw": "\ud83d"}):
        reply = mine.session.handle({"id": 1, **asked})
        assert "残缺的字符" in reply["problem"]
        json.dumps(reply, ensure_ascii=False).encode("utf-8")
    assert mine.session.handle({"id": float("nan"), "do": "ping"}) == {"re": None, "pong": True}
    assert journal.read(folder) == before


@pytest.mark.parametrize("sign", ["\x00", "\x1b[31m", "\ufffe", "\uffff"])
def test_no_character_comes_in_that_a_document_cannot_hold(folder: Path, sign: str) -> None:
    reply = Sitting(folder).edit("annex_6.pain_points", f"系统{sign}孤岛", seen=None)
    assert "不含控制字符" in reply["unfit"]


def test_a_value_that_does_not_fit_beside_another_names_that_other(folder: Path) -> None:
    reply = Sitting(folder).edit(EQUIPMENT, "50", seen=168)
    assert "其中数字化生产设备数" in reply["unfit"]
    assert "71" in reply["unfit"]


def test_a_change_from_an_old_value_leaves_the_new_one_in_force_and_loses_nothing(
    folder: Path,
) -> None:
    one, two, leader = (
        Sitting(folder, "member", "甲"),
        Sitting(folder, "member", "乙"),
        Sitting(folder),
    )
    for each in (one, two, leader):
        each.open(EQUIPMENT)
        each.news()
    assert "saved" in one.edit(EQUIPMENT, "170", seen=168)
    lost = two.edit(EQUIPMENT, "171", seen=168)["conflict"]
    assert (lost["mine"]["value"], lost["theirs"]["value"], lost["who"]) == (171, 170, "甲")
    told = leader.news()
    assert [each["n"] for each in told["conflicts"]["open"]] == [lost["n"]]
    item = next(each for each in told["items"]["items"] if each["path"] == EQUIPMENT)
    assert (item["value"], item["conflicts"][0]["mine"]["value"]) == (170, 171)
    assert "乙" in item["conflicts"][0]["words"]
    assert "组长" in two.ask("decide", n=lost["n"], choose="mine")["problem"]
    assert leader.ask("decide", n=lost["n"], choose="mine")["item"]["value"] == 171
    assert "已经裁定" in leader.ask("decide", n=lost["n"], choose="theirs")["problem"]
    assert leader.news()["conflicts"]["open"] == []
    assert open_case(folder).found["equipment"] == 171
    assert list(journal.verify(folder)) == []


def test_the_leader_may_keep_what_stands_or_put_a_third_value(folder: Path) -> None:
    leader, other = Sitting(folder), Sitting(folder, "member", "乙")
    leader.edit(EQUIPMENT, "170", seen=168)
    kept = other.edit(EQUIPMENT, "171", seen=168)["conflict"]["n"]
    leader.ask("decide", n=kept, choose="theirs")
    assert open_case(folder).found["equipment"] == 170
    third = other.edit(EQUIPMENT, "172", seen=168)["conflict"]["n"]
    assert "整数" in leader.ask("decide", n=third, choose="不知道")["unfit"]
    assert leader.ask("decide", n=third, choose="173")["item"]["value"] == 173
    assert leader.ask("hello")["conflicts"] == []


def test_the_same_change_sent_again_after_a_lost_link_is_no_conflict(folder: Path) -> None:
    mine, other = Sitting(folder, name="甲"), Sitting(folder, "member", "乙")
    mine.edit(EQUIPMENT, "170", seen=168)
    assert "saved" in Sitting(folder, name="甲").edit(EQUIPMENT, "170", seen=168)
    first = other.edit(EQUIPMENT, "171", seen=168)["conflict"]["n"]
    again = Sitting(folder, "member", "乙").edit(EQUIPMENT, "171", seen=168)["conflict"]["n"]
    assert first == again


def test_two_people_may_write_two_parts_of_one_answer(folder: Path) -> None:
    member, enterprise = Sitting(folder, "member", "甲"), Sitting(folder, "enterprise", "乙")
    assert "saved" in member.edit(EQUIPMENT, "170", seen=168)
    assert "saved" in enterprise.edit(EQUIPMENT, "169", seen=168)
    answer = open_case(folder).record["equipment"]
    assert (answer.onsite, answer.self_reported) == (170, 169)


def test_who_recorded_is_noted_with_what_was_found_on_site_and_goes_with_it(folder: Path) -> None:
    mine = Sitting(folder, name="甲")
    mine.edit(f"{EQUIPMENT}.verified", "165", seen=None)
    assert open_case(folder).record["equipment"].recorder == "彭虚构"
    mine.edit(EQUIPMENT, "170", seen=168)
    assert open_case(folder).record["equipment"].recorder == "甲"
    mine.edit(EQUIPMENT, "", seen=170)
    answer = open_case(folder).record["equipment"]
    assert (answer.onsite, answer.recorder, answer.recorded_at) == (None, None, None)
    assert (answer.verified, answer.self_reported) == (165, 168)


def test_an_answer_that_is_cleared_and_never_had_more_is_gone_from_the_file(folder: Path) -> None:
    path = "annex_6.smart_scenes_other"
    mine = Sitting(folder)
    mine.edit(path, "数字孪生", seen=None)
    mine.edit(path, None, seen="数字孪生")
    assert "smart_scenes_other" not in open_case(folder).annex("annex_6")


def test_rows_that_others_change_move_the_number_they_give(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    assert mine.open(EQUIPMENT)[EQUIPMENT]["tally"] == "165"
    row = {"name": "新机床", "cat": "production", "quantity": "3"}
    other.ask("row", path="annex_6.equipment_list", action="add", row=row)
    told = {each["path"]: each for each in mine.news()["items"]["items"]}
    assert told[EQUIPMENT]["tally"] == "168"


def test_what_depends_on_an_answer_comes_with_the_reply_and_with_the_news(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    before = mine.open(DESIGN)
    other.open(DESIGN)
    assert before["annex_6.design_tools"]["shown"]
    reply = mine.edit(DESIGN, "否", seen=before[DESIGN]["value"])
    hidden = {each["path"] for each in reply["items"] if not each["shown"]}
    assert {"annex_6.design_tools", "annex_6.design_staff"} <= hidden
    told = {each["path"]: each for each in other.news()["items"]["items"]}
    assert not told["annex_6.design_tools"]["shown"]
    assert told[DESIGN]["value"] is False


def test_a_number_that_rows_give_moves_with_them(folder: Path) -> None:
    mine = Sitting(folder)
    items = mine.open("annex_6.levels.finance")
    grid = items["annex_6.levels"]
    cell = next(row for row in grid["rows"] if row["code"] == "finance")["cells"]["levels"]
    reply = mine.edit(cell["path"], "0", seen=cell["value"])
    assert reply["item"]["value"] == "0"
    mine.open("annex_6.management_digital_met")
    told = {each["path"] for each in mine.edit(cell["path"], "4", seen="0")["items"]}
    assert told & {"annex_6.management_digital_met", "annex_6.segments_below"}


def test_not_applicable_takes_a_reason_and_only_where_the_form_lets_it(folder: Path) -> None:
    mine = Sitting(folder)
    assert "saved" in mine.edit("annex_6.design_tools.not_applicable", "来料加工，无设计")
    assert open_case(folder).record["design_tools"].not_applicable == "来料加工，无设计"
    assert "不允许" in mine.edit(f"{EQUIPMENT}.not_applicable", "没有设备")["unfit"]


def test_undo_takes_back_only_what_is_still_as_it_was_made(folder: Path) -> None:
    mine, other = Sitting(folder, name="甲"), Sitting(folder, "member", "乙")
    before = dict(open_case(folder).data["annex_6"])
    mine.edit(EQUIPMENT, "170", seen=168)
    mine.edit(
        "annex_6.smart_lines",
        "2",
        seen=mine.open("annex_6.smart_lines")["annex_6.smart_lines"]["value"],
    )
    assert "撤销了" in mine.ask("undo")["words"]
    assert mine.ask("undo")["item"]["value"] == 168
    assert dict(open_case(folder).data["annex_6"]) == before
    assert "没有可以撤销" in mine.ask("undo")["problem"]
    assert mine.ask("redo")["item"]["value"] == 170
    other.edit(EQUIPMENT, "175", seen=170)
    refused = mine.ask("undo")
    assert "他人" in refused["problem"]
    assert open_case(folder).found["equipment"] == 175
    assert [entry.who for entry in journal.read(folder)][-5:] == ["甲", "甲", "甲", "甲", "乙"]


def test_undo_that_the_form_refuses_may_be_tried_again(folder: Path) -> None:
    mine = Sitting(folder)
    mine.edit(EQUIPMENT, "170", seen=168)
    with writing(folder, "组长", DEFINITIONS) as writer:
        writer.set("engagement.state", "archived")
    assert "不再改动" in mine.ask("undo")["problem"]
    with writing(folder, "组长", DEFINITIONS) as writer:
        writer.set("engagement.state", "onsite")
    assert mine.ask("undo")["item"]["value"] == 168


def test_history_says_who_changed_what_from_what(folder: Path) -> None:
    mine = Sitting(folder, name="甲")
    mine.edit("annex_6.smart_scenes_other", "数字孪生", seen=None)
    mine.edit("annex_6.smart_scenes_other", "数字孪生仓库", seen="数字孪生")
    newest, older = mine.ask("history", path="annex_6.smart_scenes_other")["entries"][:2]
    assert ("数字孪生" in newest["from"], "数字孪生仓库" in newest["to"]) == (True, True)
    assert (older["who"], older["from"], older["restores"]) == ("甲", "（空）", None)


def test_a_closed_form_is_shown_with_the_reason_and_takes_no_change(folder: Path) -> None:
    with writing(folder, "组长", DEFINITIONS) as writer:
        writer.set("engagement.state", "archived")
    locked = DEFINITIONS.states["archived"].locked
    assert locked, "the test needs a state that closes a case"
    mine = Sitting(folder)
    item = mine.open(EQUIPMENT)[EQUIPMENT]
    assert (item["editable"], "不再改动" in item["why_not"]) == (False, True)
    assert "不再改动" in mine.edit(EQUIPMENT, "170", seen=168)["problem"]


def test_an_edit_of_the_file_by_hand_arrives_like_any_other(folder: Path) -> None:
    mine = Sitting(folder)
    mine.open("annex_3.park")
    mine.news()
    file = folder / "case.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("park: 示例产业园", "park: 新产业园"), encoding="utf-8")
    (item,) = mine.news()["items"]["items"]
    assert (item["value"], item["changed"]["who"]) == ("新产业园", "手工修改")


def test_a_file_broken_by_hand_is_told_once_and_mended_without_a_restart(folder: Path) -> None:
    mine = Sitting(folder)
    file = folder / "case.yaml"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + "\nannex_6: [", encoding="utf-8")
    assert mine.news()["problem"]["problem"]
    assert "problem" not in mine.news()
    assert mine.edit(EQUIPMENT, "170", seen=168)["problem"]
    file.write_text(whole, encoding="utf-8")
    assert "saved" in mine.edit(EQUIPMENT, "170", seen=168)


def test_a_doubt_about_the_form_comes_and_goes_with_the_change_that_makes_it(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member")
    day = mine.open("annex_3.founded_on")["annex_3.founded_on"]["value"]
    mine.news()
    assert "saved" in other.edit("annex_3.founded_on", "2099-01-01", seen=day)
    (doubt,) = mine.news()["section"]["doubts"]
    assert "成立" in doubt
    assert "section" not in mine.news()
    assert "saved" in mine.edit("annex_3.founded_on", day, seen="2099-01-01")
    told = mine.news()["section"]
    assert (told["form"], told["section"], told["doubts"]) == ("annex_3", "enterprise", [])


def test_a_form_that_is_closed_meanwhile_says_why_above_its_questions(folder: Path) -> None:
    mine = Sitting(folder)
    mine.open("annex_6.equipment")
    mine.news()
    with writing(folder, "组长", DEFINITIONS) as writer:
        writer.set("engagement.state", "archived")
    assert mine.news()["section"]["why_closed"]


def test_nothing_new_is_told_where_nothing_happened(folder: Path) -> None:
    mine = Sitting(folder)
    mine.open(EQUIPMENT)
    mine.news()
    assert mine.news() == {}


def test_counts_follow_and_only_the_forms_that_changed_are_told(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    other.news()
    mine.edit(
        "annex_3.ai_needs",
        "视觉质检",
        seen=mine.open("annex_3.ai_needs")["annex_3.ai_needs"]["value"],
    )
    told = other.news()
    assert [form["id"] for form in told.get("progress", {"forms": []})["forms"]] in (
        [],
        ["annex_3"],
    )


def test_a_department_sees_what_its_people_can_answer(folder: Path) -> None:
    mine = Sitting(folder)
    assert "设备" in mine.ask("hello")["departments"]
    items = mine.ask("open", form="annex_6", section="digital", department="设备")["items"]
    paths_ = [item["path"] for item in items]
    assert EQUIPMENT in paths_
    assert "annex_6.design_tools" not in paths_


def test_search_finds_questions_by_several_words_and_leads_to_their_section(folder: Path) -> None:
    hits = Sitting(folder).ask("search", words="生产设备 总数")["hits"]
    assert {"form": "annex_6", "section": "digital", "path": EQUIPMENT}.items() <= hits[0].items()
    assert Sitting(folder).ask("search", words="  ")["hits"] == []


def test_results_move_when_they_are_watched(folder: Path) -> None:
    mine, other = Sitting(folder), Sitting(folder, "member", "乙")
    other.ask("watch", topics=["results"])
    before = {each["id"]: each["words"] for each in other.news()["results"]["results"]}
    mine.edit(EQUIPMENT, "142", seen=168)
    after = {each["id"]: each["words"] for each in other.news()["results"]["results"]}
    assert (before["equipment_digital_rate"], after["equipment_digital_rate"]) == (
        "42.26%",
        "50.00%",
    )


def test_who_else_is_there_is_told(folder: Path) -> None:
    mine, other = Sitting(folder, name="甲"), Sitting(folder, "member", "乙")
    other.open(EQUIPMENT)
    other.session.presence.news()
    (person,) = mine.news()["presence"]["people"]
    assert (person["name"], person["role"], person["form"]) == ("乙", "组员", "附件6")
    other.session.rest()
    mine.session.presence._last = 0.0
    assert mine.news()["presence"]["people"] == []


def test_no_message_whatever_it_holds_raises_or_stops_the_sitting(folder: Path) -> None:
    mine = Sitting(folder)
    odd = [None, 3, [], {}, "x" * 100, {"do": {}}, {"do": "open", "form": ["annex_6"]}]
    for verb in VERBS:
        for junk in (
            None,
            7,
            "x",
            ["a"],
            {"b": 1},
            "annex_6",
            "annex_6.levels",
            "annex_7.evidence.0",
        ):
            keys = (
                "path",
                "raw",
                "seen",
                "n",
                "form",
                "section",
                "index",
                "row",
                "action",
                "words",
            )
            odd.append({"id": 1, "do": verb, **dict.fromkeys(keys, junk)})
    for message in odd:
        reply = mine.session.handle(message)  # type: ignore[arg-type]
        assert "fault" not in reply, (message, reply)
    assert mine.ask("ping")["pong"]


def test_a_fault_is_told_by_a_number_and_logged_under_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mine = Sitting(folder)

    def broken(*_: object) -> dict[str, object]:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setitem(answering.VERBS, "ping", broken)
    with caplog.at_level(logging.ERROR):
        reply = mine.session.handle({"id": 9, "do": "ping"})
    assert reply["problem"] == f"程序出错，编号 {reply['fault']}；已保存的内容不受影响"
    assert "a secret of the machine" not in str(reply)
    assert reply["fault"] in caplog.text
    assert "a secret of the machine" in caplog.text


def test_a_table_called_as_a_part_of_answers_tells_its_history_from_its_first_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of("demo-empty", workspace(tmp_path / "empty", monkeypatch))
    mine = Sitting(folder, name="甲")
    row = {"title": "营业执照", "category": "A", "outcome": "pending"}
    assert "saved" in mine.ask("row", path="annex_7.evidence", action="add", row=row)
    mine.ask("undo")
    (gone, came) = mine.ask("history", path="annex_7.evidence")["entries"]
    assert (came["who"], came["from"], came["to"]) == ("甲", "0行", "1行")
    assert ("营业执照" in gone["from"], gone["to"]) == (True, "（空）")
