"""The README cannot rot: what it names exists, and what exists it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dxkit import strict_yaml
from dxkit.cli import commands
from dxkit.models.rules import AllOf

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_told_and_every_command_told_exists(name: str) -> None:
    told = set(re.findall(r"uv run dxkit ([a-z]+)", text(name)))
    assert told == set(commands.commands)


@pytest.mark.parametrize("name", READMES)
def test_both_show_the_two_commands(name: str) -> None:
    assert "pip install uv && uv run dxkit batch" in text(name)
    assert "pip install uv && uv run pytest" in text(name)


@pytest.mark.parametrize("name", READMES)
def test_links_and_pictures_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text(name))
    assert [each for each in targets if not (ROOT / each).exists()] == []


def test_every_room_of_the_package_is_in_the_plan() -> None:
    plan = text("README.md").split("## How it is built")[1].split("## Add an indicator")[0]
    rooms = {
        path.stem for path in (ROOT / "dxkit").iterdir() if path.suffix == ".py" or path.is_dir()
    }
    told_elsewhere = {"__init__", "__main__", "__pycache__", "errors", "paths"}
    missing = {room for room in rooms - told_elsewhere if not re.search(rf"\b{room}\b", plan)}
    assert missing == set()


def test_the_rule_shown_in_the_readme_is_one_the_loader_takes() -> None:
    block = re.search(r"        rule:\n((?:          .*\n)+)", text("README.md"))
    assert block is not None
    AllOf.of(strict_yaml.parse(re.sub(r"(?m)^ {10}", "", block.group(1)), "README").data)
