"""The page to explore the region: three choices, by keyboard too; only for who leads all cases."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dxkit.cohort import Figure
from dxkit.definitions import load
from dxkit.notebook import CACHE
from dxkit.percentages import percent
from dxkit.region import open_region
from dxkit.widgets import exploring
from dxkit.widgets.exploring import Explorer
from tests.site import ROOT, Site, serving, workspace

DEFINITIONS = load()
CASES = ("demo-copper", "demo-dairy", "demo-empty")
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = workspace(tmp_path_factory.mktemp("region"), *CASES)
    shutil.copy(ROOT / "notebooks" / "region.ipynb", made / "notebooks" / "region.ipynb")
    return made


def figures(folder: Path, by: str, indicator: str) -> dict[str, Figure]:
    rolled = open_region(folder / "parameters", DEFINITIONS, jobs=1).by(by)
    return {
        group.name: rolled.figure(indicator, place) for place, (group,) in enumerate(rolled.groups)
    }


def test_a_choice_shows_what_the_roll_up_says(folder: Path) -> None:
    explorer = Explorer(str(folder / "parameters"))
    assert [*explorer.choices] == ["by", "indicator", "year"]
    explorer.chosen = {**explorer.chosen, "by": "size", "indicator": "equipment_digital_rate"}
    assert explorer.answers == explorer.chosen
    assert "生产设备数字化率，按企业规模" in explorer.shown
    for name, figure in figures(folder, "size", "equipment_digital_rate").items():
        assert f">{name}<" in explorer.shown
        words = "未知" if figure.mean is None else percent(figure.mean)
        assert words in explorer.shown


def test_what_is_none_of_the_choices_changes_nothing(folder: Path) -> None:
    explorer = Explorer(str(folder / "parameters"))
    before = explorer.shown
    explorer.chosen = {"by": "../secret", "indicator": "nothing", "year": "1"}
    assert explorer.shown == before


def test_a_folder_without_cases_says_so_on_the_page(tmp_path: Path) -> None:
    explorer = Explorer(str(tmp_path))
    assert "没有企业" in explorer.shown
    assert explorer.choices == {}


def test_the_page_is_there_before_the_cases_are_read_and_says_how_many_are(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path / "cohort.parquet"))
    monkeypatch.setattr(exploring, "_BETWEEN", 0.0)

    async def words() -> list[str]:
        explorer, said = Explorer(str(folder / "parameters")), []
        explorer.observe(lambda change: said.append(change["new"]), names="waiting")
        assert explorer.choices == {}
        while explorer.waiting:
            await asyncio.sleep(0.01)
        assert explorer.answers == explorer.chosen != {}
        assert "按盟市" in explorer.shown
        return said

    *read, drawing, last = asyncio.run(words())
    assert [re.findall(r"\d+", each) for each in read] == [["3", "1"], ["3", "2"], ["3", "3"]]
    assert (drawing, last) == ("正在汇总……", "")


def test_a_fault_of_the_program_is_told_instead_of_waiting_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("除数为零")

    monkeypatch.setattr(exploring, "begin_region", fails)
    told: list[Callable[[], object]] = []
    explorer = Explorer.__new__(Explorer)
    explorer._closed = False
    with pytest.raises(ZeroDivisionError):
        explorer._open(str(folder), told.append)
    told[-1]()
    assert explorer.waiting == ""
    assert "ZeroDivisionError：除数为零" in explorer.shown


def test_a_page_that_was_taken_away_reads_no_further(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path / "cohort.parquet"))
    explorer = Explorer.__new__(Explorer)
    explorer._closed = True
    told: list[Callable[[], object]] = []
    explorer._open(str(folder / "parameters"), told.append)
    assert told == []
    assert not (tmp_path / "cohort.parquet").exists()


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with serving(folder) as running:
        yield running


def opened(browser: Browser, site: Site, size: dict[str, int], token: str = "") -> Page:
    context = browser.new_context(locale="zh-CN", viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"http://127.0.0.1:{site.port}/enter?token={token or site.token}&to=/region")
    return page


@pytest.mark.slow
def test_the_leader_explores_by_keyboard_on_a_laptop(
    browser: Browser, site: Site, folder: Path
) -> None:
    page = opened(browser, site, LAPTOP)
    title = page.get_by_role("heading", level=2)
    expect(title).to_have_text(re.compile("关键工序数控化率，按盟市"))
    page.get_by_label("分组").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("按行业门类"))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(title).to_have_text(re.compile("生产设备数字化率，按行业门类"))
    expect(page.get_by_role("status")).to_have_text("")
    rows = page.locator("tbody tr")
    found = figures(folder, "section", "equipment_digital_rate")
    assert rows.count() == len(found) + 1
    first = next(iter(found.values()))
    assert first.mean is not None
    expect(rows.first).to_contain_text(percent(first.mean))
    assert page.locator("figure img").get_attribute("alt")
    serious = [
        each["id"] for each in Axe().run(page).response["violations"] if each["impact"] != "minor"
    ]
    assert serious == []


@pytest.mark.slow
def test_nothing_of_the_page_is_wider_than_a_phone(browser: Browser, site: Site) -> None:
    page = opened(browser, site, PHONE)
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("指标").select_option(label="24 应用电子商务的企业比例")
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("应用电子商务"))


@pytest.mark.slow
def test_who_does_not_lead_all_cases_finds_no_such_page(browser: Browser, site: Site) -> None:
    assert 'href="/region"' in site.visitor().ask("/").text
    for name, role, cases in (("甲", "member", ()), ("乙", "reader", ()), ("丙", "leader", CASES)):
        other = site.invited(name, role, *cases)
        assert other.ask("/region").status == 404
        assert 'href="/region"' not in other.ask("/").text
