"""What leaves a case: what is in a pack, what never is, and that nobody is fooled by one."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pyrage
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from dxkit import paths
from dxkit.archives import fits_everywhere, folded
from dxkit.case import Case, Change, NewFile, journal, open_case, writing
from dxkit.cli import handing_over
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.errors import ConflictError, HandoverError
from dxkit.evidence.secrecy import HIDDEN
from dxkit.facts import fact
from dxkit.forms.merging.comparison import compare
from dxkit.forms.opening import open_returned
from dxkit.handover import packing as packing_module
from dxkit.handover import sealing, zipping
from dxkit.handover.filing import HEADS, filing_table, harmless
from dxkit.handover.index import size_words
from dxkit.handover.packing import Packed, Wish, make_pack
from dxkit.handover.plan import pack_for
from dxkit.handover.renewing import refuse_closed_list
from dxkit.handover.sealing import Lock, Unlock, read_identities, read_recipients
from dxkit.handover.unpacking import unpack
from dxkit.handover.verification import verify

PARAMETERS = Path(__file__).parent.parent / "parameters"
SECRET_WORDS = "绝密配方七号"
RECEIPT = ("receipt_no", "receiver", "receiver_sign", "bureau_seal", "received_on")
SECRET_BYTES = b"SECRET-RECIPE-0451-" * 40


def ready(folder: Path) -> Case:
    """Return a copy of the full demo with a small report, and one secret file and photo.

    The bureau has not signed for anything yet.
    """
    shutil.copytree(PARAMETERS / "demo-copper", folder)
    shutil.rmtree(folder / "issued")
    (folder / "evidence/secret.bin").write_bytes(SECRET_BYTES)
    case = open_case(folder)
    secret = {
        "evidence_no": "E-Z901",
        "category": "F",
        "title": SECRET_WORDS,
        "file": "evidence/secret.bin",
        "sha256": hashlib.sha256(SECRET_BYTES).hexdigest(),
        "outcome": "accepted_after_fix",
        "finding": SECRET_WORDS,
        "issuer": SECRET_WORDS,
        "secrecy": "secret",
    }
    photo = {
        "photo_no": "P-901",
        "place": f"{SECRET_WORDS}车间",
        "caption": SECRET_WORDS,
        "consent": "no",
        "secrecy": "general",
        "file": "evidence/secret.bin",
    }
    issue = {"version": "V1.0", "files": ["issued/V1.0/report.docx"]}
    ledger = [
        {**row, "status": "archived" if row.get("status") == "not_formed" else row.get("status")}
        for row in case.annex("annex_7")["service_ledger"]
    ]
    for row in ledger:
        row["sent_to"] = ["bureau"] if row["seq"] == 5 else ["institution"]
    ledger[4]["copies"] = 2
    with writing(folder, "测试") as writer:
        writer.apply(
            [
                Change(f"engagement.history.{len(case.annex('engagement')['history'])}", None),
                Change("engagement.state", "surveyed"),
                Change("annex_7.evidence.+", secret),
                Change("aux_4.photos.+", photo),
                Change("engagement.issues", [issue]),
                Change("annex_7.service_ledger", ledger),
                *(Change(f"aux_8.{key}", None) for key in RECEIPT),
            ],
            [NewFile("issued/V1.0/report.docx", b"the report")],
        )
    return open_case(folder)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ready(tmp_path_factory.mktemp("model") / "demo-copper").folder


@pytest.fixture
def case(tmp_path: Path, model: Path) -> Case:
    shutil.copytree(model, tmp_path / "cases/demo-copper")
    return open_case(tmp_path / "cases/demo-copper")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory, model: Path) -> tuple[Packed, Path]:
    """Pack once for the tests that only look."""
    place = tmp_path_factory.mktemp("packed")
    shutil.copytree(model, place / "demo-copper")
    return make_pack(place / "demo-copper", "bureau", "郑", place / "b.zip"), place / "demo-copper"


def names(pack: Path) -> list[str]:
    with zipfile.ZipFile(pack) as package:
        return package.namelist()


def manifest(pack: Path) -> dict[str, Any]:
    with zipfile.ZipFile(pack) as package:
        told: dict[str, Any] = json.loads(package.read("manifest.json"))
    return told


def all_bytes(content: bytes) -> Iterator[bytes]:
    """Yield a file and, if it is a package, everything inside it, however deep."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                yield name.encode()
                yield from all_bytes(package.read(name))


def test_every_file_of_a_pack_is_listed_with_the_hash_and_size_it_has(bureau):
    packed, _ = bureau
    told = manifest(packed.path)
    listed = {each["path"]: (each["sha256"], each["bytes"]) for each in told["files"]}
    with zipfile.ZipFile(packed.path) as package:
        found = {
            name: (hashlib.sha256(package.read(name)).hexdigest(), len(package.read(name)))
            for name in package.namelist()
            if name != "manifest.json"
        }
    assert listed == found
    assert told["counts"]["files"] == len(found) - 2
    assert packed.files == len(found), "as unpacking and verifying count them"
    assert told["journal"]["n"] == journal.read(bureau[1])[-2].n


def test_the_index_names_every_file_and_what_was_left_out_by_number_and_reason_only(bureau):
    packed, _ = bureau
    with zipfile.ZipFile(packed.path) as package:
        page = package.read("目录.html").decode("utf-8")
    for each in manifest(packed.path)["files"]:
        if each["path"] not in ("目录.html", "verify_evidence.py"):
            assert each["sha256"] in page
    assert '<td class="mid">E-Z901</td><td class="">涉密程度：企业秘密</td>' in page
    assert "P-901" in page
    assert "http" not in page, "the page loads nothing from elsewhere"


def test_a_bureau_pack_has_the_report_forms_records_proofs_and_the_24_values(bureau):
    found = names(bureau[0].path)
    assert found[:3] == ["manifest.json", "目录.html", "verify_evidence.py"]
    assert "01_诊断报告/report.docx" in found
    assert any(name.startswith("02_附件/附件6_") for name in found)
    assert any(name.startswith("03_服务记录/辅-8_") for name in found)
    assert any(name.startswith("05_企业证明材料/E-A001_") for name in found)
    assert "07_线上填报/线上填报24项指标.csv" in found


def test_nothing_of_a_secret_file_is_anywhere_in_a_pack(case, tmp_path):
    hidden = [SECRET_WORDS.encode(), SECRET_BYTES[:38], SECRET_WORDS.encode("utf-16-le")]
    hidden.append("".join(f"\\u{ord(c):04x}" for c in SECRET_WORDS).encode())
    rows = case.annex("annex_7")["evidence"]
    titles = [r["title"] for r in rows if r.get("secrecy") in ("secret", "no_copy")]
    text = (case.folder / "case.yaml").read_text("utf-8")
    text = re.sub(r"^ +file: .*$", "", text, flags=re.MULTILINE)  # the name of the very file
    hidden += [title.encode() for title in titles if text.count(title) == 1]
    assert len(hidden) > 8, "those that the report's own words do not use"
    for purpose in ("bureau", "enterprise", "archive"):
        packed = make_pack(case.folder, purpose, "郑", tmp_path / f"{purpose}.zip")
        for content in all_bytes(packed.path.read_bytes()):
            assert [each for each in hidden if each in content] == []


def test_the_ledger_in_a_pack_still_shows_that_a_secret_proof_was_reviewed(bureau):
    with zipfile.ZipFile(bureau[0].path) as package:
        name = next(each for each in package.namelist() if "附件7_" in each)
        form = docx.Document(io.BytesIO(package.read(name)))
    cells = (cell.text for table in form.tables for row in table.rows for cell in row.cells)
    text = "".join(cells).replace("\u200b", "").replace("\u200d", "").replace("\n", "")
    assert "E-Z901" in text
    assert "涉密，不随本件提供" in text


def test_a_restricted_annex_is_in_no_pack():
    definitions = load()
    restricted = {annex.id for annex in definitions.annexes.values() if annex.restricted}
    packs = definitions.handover.packs
    named = {form for pack in packs for folder in pack.folders for form in folder.forms}
    assert restricted
    assert not restricted & named


def test_the_same_content_gives_the_same_bytes(model, tmp_path):
    packs = []
    for number in range(2):
        shutil.copytree(model, tmp_path / f"{number}/demo-copper")
        out = tmp_path / f"{number}.zip"
        packs.append(make_pack(tmp_path / f"{number}/demo-copper", "archive", "郑", out))
        time.sleep(2.1)  # a zip keeps times by two seconds
    assert packs[0].path.read_bytes() == packs[1].path.read_bytes()


def test_a_pack_is_noted_in_the_case_in_one_entry_with_its_list(bureau):
    packed, folder = bureau
    case = open_case(folder)
    export = case.annex("engagement")["exports"][-1]
    items = case.annex("aux_8")["items"]
    assert (export["purpose"], export["who"], export["format"]) == ("报送盟市工信局", "郑", "zip")
    assert "phones" in export["contains"]
    changed = {".".join(each["path"].split(".")[:2]) for each in journal.read(folder)[-1].changes}
    assert changed == {
        "aux_8.items",
        "engagement.exports",
    }
    excluded = [row for row in items if row["excluded"]]
    assert any(row["title"].endswith("E-Z901") for row in excluded)
    assert all(row["exclusion_reason"] for row in excluded)
    hashes = {each["sha256"] for each in manifest(packed.path)["files"]}
    sent = [row for row in items if not row["excluded"]]
    assert {row["sha256"] for row in sent if "sha256" in row} <= hashes
    (paper,) = [row for row in sent if row["medium"] == ["paper"]]
    assert (paper["ledger_seq"], paper["copies"]) == (5, 2)
    assert fact(case, "secret_items_in_pack") == ()


def test_a_bureau_pack_is_refused_with_everything_that_is_missing_at_once(tmp_path):
    shutil.copytree(PARAMETERS / "demo-machinery", tmp_path / "demo-machinery")
    before = (tmp_path / "demo-machinery/case.yaml").read_bytes()
    with pytest.raises(HandoverError) as refused:
        make_pack(tmp_path / "demo-machinery", "bureau", "郑", tmp_path / "x.zip")
    said = str(refused.value)
    assert "尚未定稿发布" in said
    assert "附件8" in said
    assert len(refused.value.problems) > 2
    assert not (tmp_path / "x.zip").exists()
    assert (tmp_path / "demo-machinery/case.yaml").read_bytes() == before


def test_a_proof_that_was_altered_or_lost_keeps_the_pack_from_being_made(case, tmp_path):
    rows = case.annex("annex_7")["evidence"]
    named = [row["file"] for row in rows if row.get("file") and row.get("sha256")]
    report = case.folder / "issued/V1.0/report.docx"
    report.write_bytes(b"another report")
    with pytest.raises(HandoverError, match="登记时不同"):
        make_pack(case.folder, "enterprise", "郑", tmp_path / "x.zip")
    report.write_bytes(b"the report")
    (case.folder / named[0]).write_bytes(b"altered")
    with pytest.raises(HandoverError, match="登记时不同"):
        make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")
    (case.folder / named[0]).unlink()
    with pytest.raises(HandoverError, match="文件不在"):
        make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases"]


def refused_with(case: Case, words: str, tmp_path: Path, *changes: Change) -> str:
    """Pack a case after changes that it must not survive; return what was said."""
    with writing(case.folder, "测试") as writer:
        writer.apply(list(changes))
    with pytest.raises(HandoverError, match=words) as refused:
        make_pack(case.folder, "archive", "郑", tmp_path / "out/x.zip")
    assert not (tmp_path / "out").exists()
    return str(refused.value)


def proof(number: str, **more: object) -> Change:
    row = {"evidence_no": number, "category": "F", "title": "甲", "secrecy": "general", **more}
    return Change("annex_7.evidence.+", row)


def test_a_row_whose_file_is_a_link_or_is_not_there_is_refused(case, tmp_path):
    (tmp_path / "cases/other.txt").write_text("of another", encoding="utf-8")
    (case.folder / "evidence/link.txt").symlink_to(tmp_path / "cases/other.txt")
    said = refused_with(
        case,
        "在企业文件夹之外，或是符号链接",
        tmp_path,
        proof("E-F902", file="evidence/link.txt"),
        proof("E-F904", file="evidence/gone.txt"),
    )
    assert "evidence/link.txt”：发现：在企业文件夹之外" in said
    assert "evidence/gone.txt”：发现：文件不在" in said


def test_what_is_secret_leaves_under_no_other_name(case, tmp_path):
    (case.folder / "evidence/copy.bin").write_bytes(SECRET_BYTES)
    row = proof("E-F901", file="evidence/copy.bin", title="副本")
    assert "与不得外传的 E-Z901 内容相同" in refused_with(case, "内容相同", tmp_path, row)
    issue = {"version": "V1.1", "files": ["evidence/secret.bin"]}
    refused_with(case, "不得外传", tmp_path, Change("engagement.issues.+", issue))


def test_words_about_where_the_paper_is_kept_are_no_file_however_long(case, tmp_path):
    rows = case.annex("annex_7")["service_ledger"]
    rows[0]["file"] = "纸质件存档案柜" * 60
    with writing(case.folder, "测试") as writer:
        writer.set("annex_7.service_ledger", rows)
    assert make_pack(case.folder, "archive", "郑", tmp_path / "x.zip").files > 10


def test_names_in_a_pack_differ_on_every_system_and_fit_it(case, tmp_path):
    titles = [
        "ABC",
        "abc",
        "caf\u00e9",
        "cafe\u0301",
        "a:b*",
        "CON",
        "长" * 200,
        "..",
        "a\u202egpj.exe",
    ]
    files, changes = [], []
    for number, title in enumerate(titles):
        place = f"evidence/f{number}.x y" if number == 5 else f"evidence/f{number}.txt"
        files.append(NewFile(place, str(number).encode()))
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        changes.append(proof("E-F901", title=title, file=place, sha256=sha256))
    with writing(case.folder, "测试") as writer:
        writer.apply(changes, files)
    found = names(make_pack(case.folder, "bureau", "郑", tmp_path / "x.zip").path)
    mine = [name for name in found if "E-F901" in name]
    assert len({folded(name) for name in mine}) == len(titles)
    assert all(fits_everywhere(name) and len(name) < 100 for name in found)
    assert not any("\u202e" in name for name in found)
    assert unpack(tmp_path / "x.zip", tmp_path / "out").files == len(found) - 1


def test_a_big_blank_file_packs_and_unpacks_again(case, tmp_path):
    content = bytes(6 << 20)
    row = proof("E-F901", file="evidence/a.bmp", sha256=hashlib.sha256(content).hexdigest())
    with writing(case.folder, "测试") as writer:
        writer.apply([row], [NewFile("evidence/a.bmp", content)])
    packed = make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")
    assert unpack(packed.path, tmp_path / "out").bytes > len(content)


def test_more_than_can_be_unpacked_is_not_packed(case, tmp_path, monkeypatch):
    monkeypatch.setattr(zipping, "LIMITS", replace(zipping.LIMITS, entries=20))
    with pytest.raises(HandoverError, match="少于 20 个文件"):
        make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")


def test_forms_in_which_nothing_stands_are_listed_as_such(tmp_path):
    shutil.copytree(PARAMETERS / "demo-empty", tmp_path / "demo-empty")
    done = run(
        *("pack", str(tmp_path / "demo-empty"), "--for", "enterprise", "--who", "郑"),
        *("--out", str(tmp_path / "x.zip")),
    )
    told = manifest(tmp_path / "x.zip")["unfilled"]
    assert [each.split()[0] for each in told] == ["附件6", "辅-2", "辅-6", "辅-10"]
    page = read(tmp_path / "x.zip", "目录.html")
    for each in told:
        assert f"<p>{each}：未填写</p>" in page
        assert f"未填写，没有列入：{each}" in done.output


def test_a_pack_made_before_the_report_is_issued_has_no_values_and_says_that_it_is_a_draft(
    tmp_path,
):
    shutil.copytree(PARAMETERS / "demo-machinery", tmp_path / "demo-machinery")
    done = run(
        *("pack", str(tmp_path / "demo-machinery"), "--for", "enterprise", "--who", "郑"),
        *("--out", str(tmp_path / "x.zip")),
    )
    assert not [name for name in names(tmp_path / "x.zip") if name.endswith(".csv")]
    page = read(tmp_path / "x.zip", "目录.html")
    assert "<p>诊断报告：尚未定稿发布</p>" in page
    assert "（草稿，不完整）" in page
    assert "这份材料包是草稿，不完整" in done.output


def test_a_list_that_the_bureau_signed_for_is_left_alone_and_a_further_one_begins_anew(
    case, tmp_path
):
    make_pack(case.folder, "bureau", "郑", tmp_path / "first.zip")
    receipt = {"receiver": "许示例", "received_on": "2026-11-24", "receipt_no": "17"}
    with writing(case.folder, "测试") as writer:
        writer.apply([Change(f"aux_8.{key}", value) for key, value in receipt.items()])
    signed = open_case(case.folder).annex("aux_8")
    with pytest.raises(HandoverError, match="原清单不再改动"):
        make_pack(case.folder, "bureau", "郑", tmp_path / "second.zip")
    assert open_case(case.folder).annex("aux_8") == signed
    make_pack(case.folder, "archive", "郑", tmp_path / "archive.zip")
    assert open_case(case.folder).annex("aux_8") == signed, "no other pack touches it"

    make_pack(case.folder, "bureau", "郑", tmp_path / "second.zip", None, Wish(again=True))
    now = open_case(case.folder)
    answers = now.annex("aux_8")
    assert not {"receiver", "received_on", "receipt_no", "submitted_on"} & answers.keys()
    (earlier,) = answers["earlier"]
    assert (earlier["submission_no"], earlier["receiver"]) == ("第1次", "许示例")
    kept = now.folder / earlier["file"]
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == earlier["sha256"]
    stood = [cell.text for t in docx.Document(str(kept)).tables for r in t.rows for cell in r.cells]
    assert "许示例" in "".join(stood)
    assert not [each for each in verify(now.folder).problems if "submissions" in str(each)]
    second = form_in(tmp_path / "second.zip", "辅-8_")
    assert "许示例" not in second
    with pytest.raises(HandoverError, match="已有同名"):
        make_pack(case.folder, "bureau", "郑", tmp_path / "second.zip")


def archive(folder: Path) -> Case:
    """Close a case as its last step does."""
    with writing(folder, "测试") as writer:
        last = {"transition": "T18", "from_state": "surveyed", "to_state": "archived"}
        told = {**last, "at": "2026-11-24 09:00", "who": "测试"}
        return writer.apply(
            [
                Change("engagement.history.+", told),
                Change("engagement.state", "archived"),
            ]
        )


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_the_list_of_an_archived_case_stays_and_the_refusal_says_what_to_do(
    case, tmp_path, signed, again
):
    make_pack(case.folder, "bureau", "郑", tmp_path / "first.zip")
    with writing(case.folder, "测试") as writer:
        writer.set("aux_8.received_on", "2026-11-24" if signed else None)
        writer.set("annex_4.risk_note", "报送之后、归档之前又改了一处")
    before = archive(case.folder).data
    with pytest.raises(HandoverError) as refused:
        make_pack(case.folder, "bureau", "郑", tmp_path / "again.zip", None, Wish(again=again))
    (problem,) = refused.value.problems
    assert "案卷已归档，不再改动" in problem.found
    assert ("原清单不再改动" if signed else "辅-8的清单与这次的内容不同：") in problem.found
    assert signed or "附件4" in problem.found
    assert problem.expected.startswith("原来的包原样再交一次；内容确须更正的，先办理更正")
    assert open_case(case.folder).data == before
    assert [each.name for each in tmp_path.glob("*.zip")] == ["first.zip"]
    same, pack = open_case(case.folder), pack_for(load().handover, "bureau")
    refuse_closed_list(same, pack, same.annex("aux_8")["items"])
    # What has no list of its own can still be packed, and is noted.
    make_pack(case.folder, "enterprise", "郑", tmp_path / "enterprise.zip")
    make_pack(case.folder, "archive", "郑", tmp_path / "archive.zip")
    packs = [row["annex"] for row in open_case(case.folder).annex("engagement")["exports"]]
    assert packs[-1].startswith("线下数字化评估诊断案卷")


def form_in(pack: Path, mark: str) -> str:
    """Return the words in the tables of a Word form of a pack."""
    with zipfile.ZipFile(pack) as package:
        name = next(e for e in package.namelist() if mark in e and e.endswith("docx"))
        form = docx.Document(io.BytesIO(package.read(name)))
    cells = [cell.text for table in form.tables for row in table.rows for cell in row.cells]
    return "\n".join(cells).replace("\u200b", "").replace("\u200d", "")


def read(pack: Path, name: str) -> str:
    with zipfile.ZipFile(pack) as package:
        return package.read(name).decode("utf-8")


def test_the_list_follows_the_ledger_names_its_rows_and_prints_the_checksums(bureau):
    packed, folder = bureau
    items = open_case(folder).annex("aux_8")["items"]
    numbers = [row.get("ledger_seq") for row in items]
    assert None not in numbers
    assert numbers == sorted(numbers)
    of = {row["title"]: row["ledger_seq"] for row in items}
    assert of["辅-2 诊断事项告知书及回执（docx）"] == 4
    assert of["培训课件（TR-01）"] == 8
    assert of["两化融合自评估问卷"] == 6, "a proof, but first of all the self-assessment"
    assert of["营业执照副本"] == 11
    assert of["诊断报告 V1.0（docx）"] == 15
    assert of["线上填报用的24项指标值"] == 21
    printed = form_in(packed.path, "辅-8_")
    hashes = [row["sha256"] for row in items if "sha256" in row]
    assert all(each[:16] in printed for each in hashes)
    assert not any(each in printed for each in hashes)


def test_the_index_goes_through_the_ledger_and_says_what_is_lacking(bureau):
    packed, _ = bureau
    page = read(packed.path, "目录.html")
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<h2>五、服务过程材料")[1], re.DOTALL)
    told = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows if "<td" in row]
    assert [each[0] for each in told] == [str(number) for number in range(1, 22)]
    by_number = {int(each[0]): each for each in told}
    assert by_number[1][4].startswith("未附：机构保密承诺书扫描件")
    assert "04_服务过程材料/08_培训课件（TR-01）.txt" in page
    assert by_number[5][4] == "纸质件随同移交"
    assert "送达回执扫描件" in by_number[16][4]
    assert "04_服务过程材料/21_线上填报完成页.png" in names(packed.path)
    assert [each.split()[0] for each in packed.short] == ["1", "16"]


def test_the_row_of_a_ledger_that_is_withheld_takes_its_form_along(case, tmp_path):
    rows = [dict(row) for row in case.annex("annex_7")["service_ledger"]]
    rows[18]["secrecy_handling"] = "withheld"
    with writing(case.folder, "测试") as writer:
        writer.set("annex_7.service_ledger", rows)
    packed = make_pack(case.folder, "bureau", "郑", tmp_path / "x.zip")
    assert not [name for name in names(packed.path) if "辅-7_" in name]
    assert ("附件7-2", "辅-7") in [(each.table, each.number) for each in packed.left_out]
    assert fact(open_case(case.folder), "secret_items_in_pack") == ()


def test_an_archive_holds_every_issued_version_the_case_and_what_its_journal_proves(case, tmp_path):
    issue = {"version": "V1.1", "files": ["issued/V1.1/report.docx"]}
    with writing(case.folder, "测试") as writer:
        files = [NewFile("issued/V1.1/report.docx", b"the corrected report")]
        writer.apply([Change("engagement.issues.+", issue)], files)
    archive = make_pack(case.folder, "archive", "郑", tmp_path / "a.zip").path
    found = [name for name in names(archive) if name.endswith("report.docx")]
    assert found == ["01_诊断报告/V1.0/report.docx", "01_诊断报告/V1.1/report.docx"]
    enterprise = make_pack(case.folder, "enterprise", "郑", tmp_path / "e.zip").path
    with zipfile.ZipFile(enterprise) as package:
        assert package.read("01_诊断报告/report.docx") == b"the corrected report"
    copy = read(archive, "08_案卷/case.yaml")
    assert "enterprise_name: 内蒙古示例铜业有限公司" in copy
    assert "138****0002" in copy
    assert "evidence/secret.bin" not in copy
    lines = read(archive, "08_案卷/流水摘要.csv").splitlines()
    entries = journal.read(case.folder)[: manifest(archive)["journal"]["n"]]
    assert len(lines) == 1 + len(entries)
    assert all(entry.hash in line for entry, line in zip(entries, lines[1:], strict=True))


def test_the_index_says_what_checking_it_cannot_prove(bureau):
    with zipfile.ZipFile(bureau[0].path) as package:
        page = package.read("目录.html").decode("utf-8")
    assert "清单本身没有签名" in page


def test_a_form_in_a_pack_carries_the_number_that_is_noted(bureau):
    packed, folder = bureau
    case = open_case(folder)
    with zipfile.ZipFile(packed.path) as package:
        page = package.read("目录.html").decode("utf-8")
        name = next(each for each in package.namelist() if "附件3_" in each)
        stamped = read_word(io.BytesIO(package.read(name)), folder.parent / "附件3.docx")
    exports = case.annex("engagement")["exports"]
    noted = next(row for row in reversed(exports) if row["annex"] == "annex_3")
    assert stamped == noted["form_no"]
    assert "-F3-" in stamped
    assert stamped in page
    assert noted["purpose"] == "报送盟市工信局"
    assert noted["journal_n"] == manifest(packed.path)["journal"]["n"]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_form_that_comes_back_from_a_pack_does_not_lose_what_it_hid(case, tmp_path, kind):
    packed = make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")
    with zipfile.ZipFile(packed.path) as package:
        name = next(e for e in package.namelist() if "附件7_" in e and e.endswith(kind))
        (tmp_path / f"back.{kind}").write_bytes(package.read(name))
    returned = open_returned(tmp_path / f"back.{kind}", case.definitions)
    found = compare(returned, open_case(case.folder), "back")
    assert found.items == ()
    raw = [raw for table in returned.tables for row in table.rows for raw, _ in row.cells.values()]
    assert HIDDEN in raw


def test_a_field_that_is_kept_back_is_hidden_in_a_pack_and_not_lost_when_that_comes_back(
    case, tmp_path
):
    kept = "有集散控制系统，预识别结论为需进一步核实，后续由主管部门认定。"
    with writing(case.folder, "郑") as writer:
        case = writer.set("annex_2.infrastructure_summary", kept)
    packed = make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")
    with zipfile.ZipFile(packed.path) as package:
        (sheets,) = (e for e in package.namelist() if "附件2_" in e and e.endswith("xlsx"))
        (tmp_path / "back.xlsx").write_bytes(package.read(sheets))
        (words,) = (e for e in package.namelist() if "附件2_" in e and e.endswith("docx"))
        document = docx.Document(io.BytesIO(package.read(words)))
    assert kept[:12] not in "".join(document.element.itertext())
    book = load_workbook(tmp_path / "back.xlsx")
    said = {cell.value for page in book for row in page.iter_rows() for cell in row}
    assert HIDDEN in said
    assert kept not in said
    returned = open_returned(tmp_path / "back.xlsx", case.definitions)
    found = compare(returned, open_case(case.folder), "back")
    assert found.items == ()
    assert found.remarks == ()


def read_word(stream: io.BytesIO, path: Path) -> str:
    """Return the number that a form in a pack carries, as the import reads it."""
    path.write_bytes(stream.getvalue())
    stamp = open_returned(path, load()).stamp
    path.unlink()
    assert stamp is not None
    return stamp.form_no


def test_a_form_in_two_formats_goes_out_under_two_numbers(case, tmp_path):
    make_pack(case.folder, "enterprise", "郑", tmp_path / "x.zip")
    make_pack(case.folder, "enterprise", "郑", tmp_path / "y.zip")
    rows = open_case(case.folder).annex("engagement")["exports"]
    numbers = [row["form_no"] for row in rows]
    assert len(set(numbers)) == len(numbers)
    forms = [(int(r["form_no"][-2:]), r["format"]) for r in rows if r["annex"] == "annex_3"][-4:]
    first = forms[0][0]
    kinds = ["docx", "xlsx"] * 2
    assert forms == [(first + place, kind) for place, kind in enumerate(kinds)]
    packs = [number for number in numbers if number.startswith("enterprise-")]
    assert packs == ["enterprise-01", "enterprise-02"]


def test_a_change_while_the_file_is_written_is_noticed_and_nobody_had_to_wait(
    case, tmp_path, monkeypatch
):
    def write_meanwhile(*told: Any) -> None:
        zipping.zip_into(*told)
        with writing(case.folder, "另一人") as writer:
            writer.set("annex_3.reg_address", "别处")

    monkeypatch.setattr(packing_module, "zip_into", write_meanwhile)
    with pytest.raises(ConflictError, match="打包期间案卷有改动"):
        make_pack(case.folder, "archive", "郑", tmp_path / "out/x.zip")
    assert list((tmp_path / "out").iterdir()) == []
    assert open_case(case.folder).annex("annex_3")["reg_address"] == "别处"


def test_two_packs_of_a_case_into_one_folder_do_not_disturb_each_other(case, tmp_path, monkeypatch):
    def pack_meanwhile(*told: Any) -> None:
        monkeypatch.setattr(packing_module, "zip_into", zipping.zip_into)
        with pytest.raises(HandoverError, match="另一个程序正在"):
            make_pack(case.folder, "enterprise", "甲", tmp_path / "y.zip")
        zipping.zip_into(*told)

    monkeypatch.setattr(packing_module, "zip_into", pack_meanwhile)
    packed = make_pack(case.folder, "archive", "郑", tmp_path / "x.zip")
    assert verify(packed.path).problems == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases", "x.zip"]


def test_a_place_that_cannot_take_the_pack_is_named_itself(case, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for place, words in (
        (tmp_path / "file/x.zip", "已经存在同名的文件"),
        (tmp_path / "cases", "是文件夹"),
        (tmp_path / "x.pdf", "不是材料包的文件名"),
        (tmp_path / ("长" * 100 + ".zip"), "名称太长"),
    ):
        with pytest.raises(HandoverError, match=words) as refused:
            make_pack(case.folder, "archive", "郑", place)
        assert refused.value.problems[0].where in (str(place), str(place.parent))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases", "file"]


def test_a_pack_overwrites_nothing_and_is_never_put_into_the_case(case, tmp_path):
    (tmp_path / "there.zip").write_bytes(b"mine")
    for place in (tmp_path / "there.zip", case.folder / "evidence/x.zip"):
        with pytest.raises(HandoverError):
            make_pack(case.folder, "archive", "郑", place)
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_an_unpacked_pack_verifies_with_dxkit_and_with_the_program_beside_it(bureau, tmp_path):
    out = tmp_path / "解开"
    found = unpack(bureau[0].path, out)
    assert found.files == verify(out).files == verify(bureau[0].path).files
    assert verify(out).problems == verify(bureau[0].path).problems == ()
    alone = [sys.executable, str(out / "verify_evidence.py"), str(out)]
    assert subprocess.run(alone, capture_output=True, check=False).returncode == 0
    victim = next(path for path in sorted(out.rglob("*.csv")))
    victim.write_bytes(victim.read_bytes() + b"\n")
    (out / "extra.txt").write_text("x", encoding="utf-8")
    wrong = {problem.key for problem in verify(out).problems}
    assert wrong == {victim.relative_to(out).as_posix(), "extra.txt"}
    assert subprocess.run(alone, capture_output=True, check=False).returncode == 1


def test_a_case_folder_verifies_too(case):
    assert verify(case.folder).kind == "案卷"
    with pytest.raises(HandoverError, match="没有可以核对的内容"):
        verify(case.folder / "evidence")


@pytest.mark.parametrize("place", ["missing.zip", "报送/包.zip", "报送/解开"])
def test_what_is_named_like_a_file_and_is_not_there_is_no_unknown_enterprise(place):
    with pytest.raises(HandoverError, match="没有这个文件或文件夹"):
        verify(Path(place))


def rewritten(source: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in change.items():
            if name not in old.namelist() and content is not None:
                new.writestr(name, content)
    return target


def test_a_tampered_pack_is_refused_and_leaves_nothing_behind(bureau, tmp_path):
    pack = bureau[0].path
    name = "01_诊断报告/report.docx"
    tampered = {
        "changed": {name: b"other report"},
        "removed": {name: None},
        "added": {"extra.txt": b"x"},
        "unlisted": {"manifest.json": None},
        "odd": {"manifest.json": b'{"format": "dxkit-pack/1", "files": [{"path": "../x"}]}'},
        "out": {
            "manifest.json": json.dumps(
                {"format": "dxkit-pack/1", "files": [{"path": "../x", "sha256": "", "bytes": 0}]}
            ).encode()
        },
    }
    for kind, change in tampered.items():
        path = rewritten(pack, tmp_path / f"{kind}.zip", change)
        with pytest.raises(HandoverError):
            unpack(path, tmp_path / "out")
        assert not (tmp_path / "out").exists(), kind
        assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []
    changed = verify(tmp_path / "changed.zip").problems
    assert [problem.key for problem in changed] == [name]


def test_bytes_that_no_list_tells_of_are_refused(bureau, tmp_path):
    whole = bureau[0].path.read_bytes()
    for name, content in (("before", b"MZ" + whole), ("behind", whole + b"more")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(HandoverError, match="清单之外的数据"):
            verify(tmp_path / name)


def test_a_pack_made_anew_passes_the_list_but_not_the_sum_that_is_told(bureau, tmp_path):
    name, content = "01_诊断报告/report.docx", b"another report"
    told = manifest(bureau[0].path)
    for each in told["files"]:
        if each["path"] == name:
            each.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    change = {name: content, "manifest.json": json.dumps(told).encode()}
    forged = rewritten(bureau[0].path, tmp_path / "forged.zip", change)
    done = run("verify", str(forged))
    assert done.return_value == 0
    assert "清单没有签名" in done.output
    assert bureau[0].sha256 not in done.output
    assert bureau[0].sha256 in run("verify", str(bureau[0].path)).output


def hostile(folder: Path) -> Iterator[Path]:
    def packed(label: str, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
        path = folder / f"{label}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in entries:
                package.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
        return path

    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    yield packed("traversal", ("../evil.txt", b"x"))
    yield packed("absolute", ("/tmp/evil.txt", b"x"))
    yield packed("drive", ("C:\\evil.txt", b"x"))
    yield packed("device", ("a/CON.txt", b"x"))
    yield packed("symlink", (link, b"/etc/passwd"))
    yield packed("bomb", ("zeros", b"\0" * (64 << 20)))
    yield packed("many", *((f"{n}", b"") for n in range(20_001)))
    yield packed("same", ("A.txt", b"1"), ("a.txt", b"2"))
    yield packed("empty")
    secured = bytearray(packed("secured", ("a.txt", b"x")).read_bytes())
    place = secured.find(b"PK\x01\x02") + 8
    secured[place] |= 1
    (folder / "secured.zip").write_bytes(bytes(secured))
    yield folder / "secured.zip"
    (folder / "torn.zip").write_bytes(bytes(secured)[:40])
    yield folder / "torn.zip"
    (folder / "text.zip").write_text("not a zip", encoding="utf-8")
    yield folder / "text.zip"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_zips_are_refused_in_chinese_before_anything_is_written(tmp_path):
    (tmp_path / "in").mkdir()
    for path in hostile(tmp_path / "in"):
        with pytest.raises(HandoverError) as refused:
            unpack(path, tmp_path / "deep/out")
        assert any("\u4e00" <= c <= "\u9fff" for c in refused.value.problems[0].found), path
        assert not (tmp_path / "deep").exists()
    assert not (tmp_path / "evil.txt").exists()


def test_unpacking_leaves_alone_whatever_lies_beside_its_folder(bureau, tmp_path):
    (tmp_path / ".u.part").mkdir()
    (tmp_path / ".u.part" / "mine.txt").write_text("mine", encoding="utf-8")
    unpack(bureau[0].path, tmp_path / "u")
    assert (tmp_path / ".u.part" / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {".u.part", "u"}


def test_unpacking_into_the_folder_one_stands_in_is_refused_in_chinese(
    bureau, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for place in (Path(), Path("x/..")):
        with pytest.raises(HandoverError, match="是当前文件夹"):
            unpack(bureau[0].path, place)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(HandoverError, match="在企业文件夹之内"):
        unpack(bureau[0].path, bureau[1] / "u")


def test_unpacking_needs_a_new_or_empty_folder(bureau, tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used/mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(HandoverError):
        unpack(bureau[0].path, tmp_path / "used")
    (tmp_path / "empty").mkdir()
    assert unpack(bureau[0].path, tmp_path / "empty").files > 10


def key_file(path: Path) -> tuple[Path, str]:
    identity = pyrage.x25519.Identity.generate()
    path.write_text(f"# created: now\n{identity}\n", encoding="utf-8")
    return path, str(identity.to_public())


def test_a_pack_encrypted_to_several_opens_with_each_of_their_keys_and_no_other(case, tmp_path):
    mine, public = key_file(tmp_path / "mine.key")
    theirs, other = key_file(tmp_path / "theirs.key")
    wrong, _ = key_file(tmp_path / "wrong.key")
    recipients = tmp_path / "recipients.txt"
    recipients.write_text(f"# 盟市\n{other}\n\n", encoding="utf-8")
    lock = Lock(read_recipients([public, str(recipients)]))
    packed = make_pack(case.folder, "enterprise", "郑", tmp_path / "p.zip.age", lock)
    assert packed.path.read_bytes().startswith(b"age-encryption.org/v1")
    assert "目录".encode() not in packed.path.read_bytes()
    assert open_case(case.folder).annex("engagement")["exports"][-1]["format"] == "zip.age"
    for number, identity in enumerate((mine, theirs)):
        opened = unpack(packed.path, tmp_path / str(number), Unlock(read_identities(identity)))
        assert verify(opened.folder).problems == ()
    for unlock in (None, Unlock(read_identities(wrong)), Unlock(passphrase="x")):
        with pytest.raises(HandoverError):
            unpack(packed.path, tmp_path / "no", unlock)
    damaged = bytearray(packed.path.read_bytes())
    damaged[-20] ^= 1
    (tmp_path / "damaged.age").write_bytes(damaged)
    with pytest.raises(HandoverError, match="打不开"):
        unpack(tmp_path / "damaged.age", tmp_path / "no", Unlock(read_identities(mine)))
    assert not (tmp_path / "no").exists()


def test_a_key_that_is_none_is_named(tmp_path):
    secret, public = key_file(tmp_path / "mine.key")
    (tmp_path / "empty.txt").write_text("# nobody\n", encoding="utf-8")
    for told in ("age1nonsense", str(tmp_path / "missing.txt"), "", "ssh-ed25519 AAAA"):
        with pytest.raises(HandoverError, match="公钥"):
            read_recipients([told])
    with pytest.raises(HandoverError, match="没有公钥"):
        read_recipients([str(tmp_path / "empty.txt")])
    private = secret.read_text("utf-8").splitlines()[-1]
    for told in (private, str(secret)):
        with pytest.raises(HandoverError) as refused:
            read_recipients([told, "age1x"])
        assert private[20:] not in str(refused.value)
        assert len(refused.value.problems) == 2
    assert read_recipients([f" {public} ", public]) == (public,)
    (tmp_path / "none.key").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(HandoverError, match="没有私钥"):
        read_identities(tmp_path / "none.key")


def test_a_pack_too_big_for_a_passphrase_is_refused_before_memory_is_taken(
    case, tmp_path, monkeypatch
):
    monkeypatch.setattr(sealing, "MOST_BY_PASSPHRASE", 1 << 10)
    with pytest.raises(HandoverError, match="--to 公钥"):
        make_pack(case.folder, "archive", "郑", tmp_path / "x.zip.age", Lock(passphrase="口令"))
    assert [path.name for path in tmp_path.iterdir()] == ["cases"]


def run(*arguments: str, said: str = "") -> Any:
    command = getattr(handing_over, arguments[0])
    return CliRunner().invoke(command, arguments[1:], input=said, standalone_mode=False)


def test_a_passphrase_is_asked_for_on_the_terminal_twice_and_once(case, tmp_path):
    out = tmp_path / "p.zip.age"
    asked = ("pack", str(case.folder), "--for", "enterprise", "--who", "郑", "--out", str(out))
    differs = run(*asked, "--passphrase", said="甲\n乙\n")
    assert isinstance(differs.exception, HandoverError)
    assert not out.exists()
    assert run(*asked, "--passphrase", said="口令\n口令\n").return_value == 0
    wrong = run("unpack", str(out), "--out", str(tmp_path / "o"), said="别的\n")
    assert isinstance(wrong.exception, HandoverError)
    assert run("unpack", str(out), "--out", str(tmp_path / "o"), said="口令\n").return_value == 0
    assert run("verify", str(tmp_path / "o")).return_value == 0
    assert "0 处不符" in run("verify", str(out), said="口令\n").output


def test_the_commands_say_what_they_did(case, tmp_path):
    out = tmp_path / "a.zip"
    done = run("pack", str(case.folder), "--for", "archive", "--who", "郑", "--out", str(out))
    assert "未列入：证明材料 E-Z901（涉密程度：企业秘密）" in done.output
    assert SECRET_WORDS not in done.output
    unknown = run("pack", str(case.folder), "--for", "friends", "--who", "郑")
    assert "bureau（报送盟市工信局）" in str(unknown.exception)
    both = run(
        "pack", str(case.folder), "--for", "archive", "--who", "郑", "--to", "x", "--passphrase"
    )
    assert "两种加密方式选一种" in str(both.exception)


def filed(case: Case) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(filing_table(case).decode("utf-8-sig"))))


def test_the_filing_table_has_the_24_values_of_the_report(case, tmp_path):
    lines = filed(case)
    results = diagnose(case).results
    assert filing_table(case).startswith(b"\xef\xbb\xbf")
    assert [line["填报值"] for line in lines] == [result.words for result in results]
    assert list(lines[0]) == list(HEADS)
    ratio = next(each for each in lines if each["填报值"].endswith("%"))
    assert f"{float(ratio['数值']):.2f}%" == ratio["填报值"]
    share = 100 * float(ratio["分子"].split()[0]) / float(ratio["分母"].split()[0])
    assert abs(share - float(ratio["数值"])) < 0.006
    assert {each["数值"] for each in lines if each["填报值"] in "是否"} <= {"0", "1"}
    out = tmp_path / "24.csv"
    assert run("filing", str(case.folder), "--out", str(out)).return_value == 0
    assert out.read_bytes() == filing_table(case)


def test_what_is_unknown_has_no_value_to_file(tmp_path):
    shutil.copytree(PARAMETERS / "demo-empty", tmp_path / "demo-empty")
    lines = filed(open_case(tmp_path / "demo-empty"))
    assert {(line["填报值"], line["数值"]) for line in lines if line["状态"] == "未知"} == {
        ("", "")
    }
    assert [line for line in lines if line["状态"] == "未知"]


def test_no_text_in_the_filing_table_is_a_formula():
    assert [harmless(each) for each in ("=1", "+1", "-1", "@a", "\t=1", "是")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\t=1",
        "是",
    ]


def test_sizes_are_said_in_words():
    assert [size_words(n) for n in (0, 1023, 1536, 3 << 20)] == [
        "0 字节",
        "1023 字节",
        "1.5 KB",
        "3.0 MB",
    ]


def packing(folder: Path, target: Path) -> subprocess.Popen[bytes]:
    """Start a program that packs, and return when it has imported everything and begins."""
    program = (
        "import sys; from pathlib import Path; from dxkit.handover.packing import make_pack; "
        "print('ready', flush=True); "
        "make_pack(Path(sys.argv[1]), 'enterprise', '甲', Path(sys.argv[2]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(folder), str(target)],
        stdout=subprocess.PIPE,
        env={**os.environ, "DXKIT_HOME": str(paths.workspace())},
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.stdout.close()
    return child


@pytest.mark.slow
def test_a_killed_pack_leaves_the_file_whole_or_absent_and_the_case_unharmed(model, tmp_path):
    dice = random.Random(7)
    folder, out = tmp_path / "demo-copper", tmp_path / "out"
    shutil.copytree(model, folder)
    begun, whole = packing(folder, out / "first.zip"), time.monotonic()
    assert begun.wait() == 0
    takes = time.monotonic() - whole
    finished = 1
    for trial in range(40):
        target = out / f"{trial}.zip"
        child = packing(folder, target)
        time.sleep(dice.uniform(0.2, 1.6) * takes)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert list(journal.verify(folder)) == []
        exports = open_case(folder).annex("engagement").get("exports") or []
        if target.exists():
            finished += 1
            assert verify(target).problems == ()
            assert len(exports) >= finished, "what left the case is noted"
    assert 1 < finished < 41
    make_pack(folder, "enterprise", "甲", out / "last.zip")
    assert [path.name for path in folder.iterdir() if path.name.endswith(".part")] == []
    left = [path.name for path in out.iterdir() if path.suffix != ".zip"]
    assert left == [], "a part left by a killed program is gone after the next pack"
