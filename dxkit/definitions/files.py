"""Where each definition file lies and which shape it must have; not what the shapes mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import ValidationError

from dxkit import strict_yaml
from dxkit.errors import DefinitionError, Problem
from dxkit.models.annex import Annex
from dxkit.models.costs import Costs
from dxkit.models.form_checks import FormChecks
from dxkit.models.handover import HandoverPlan
from dxkit.models.indicator import Framework, Indicator
from dxkit.models.lifecycle import Lifecycle, Policies, Rules
from dxkit.models.reference import Benchmarks, Checks, Industries, Regions, Sizes
from dxkit.models.regional import Regional
from dxkit.models.roles import Roles
from dxkit.models.seeds import Materials, PlannedTasks, SelfChecks, ServiceRecords, Survey
from dxkit.models.shape import Shape, problems_of

QUESTIONS = "annex_6"
EVIDENCE = "annex_7"
COURSE = "engagement"
POLICIES = "policies.yaml"
LIFECYCLE = "lifecycle.yaml"
HANDOVER = "handover.yaml"
ROLES = "roles.yaml"
SELF_CHECK = "annex_1"
SURVEY = "annex_8"

# The forms that the report and the rules rest on; a set without one of them cannot be worked with.
REQUIRED = (
    SELF_CHECK,
    "annex_2",
    "annex_3",
    "annex_4",
    "annex_5",
    QUESTIONS,
    EVIDENCE,
    SURVEY,
    "annex_9",
    "engagement",
    *(f"aux_{number}" for number in range(1, 11)),
)

SINGLE: dict[str, type[Shape]] = {
    "framework.yaml": Framework,
    "benchmarks.yaml": Benchmarks,
    "checks.yaml": Checks,
    "regions.yaml": Regions,
    "industries.yaml": Industries,
    "sizes.yaml": Sizes,
    "costs.yaml": Costs,
    "regional.yaml": Regional,
    POLICIES: Policies,
    LIFECYCLE: Lifecycle,
    HANDOVER: HandoverPlan,
    ROLES: Roles,
    "annexes/seeds/annex_4_tasks.yaml": PlannedTasks,
    "annexes/seeds/annex_7_materials.yaml": Materials,
    "annexes/seeds/annex_7_service.yaml": ServiceRecords,
    "annexes/seeds/annex_1_checks.yaml": SelfChecks,
    "annexes/seeds/annex_8_dimensions.yaml": Survey,
}

AnyShape = TypeVar("AnyShape", bound=Shape)


@dataclass
class Files:
    """What was read, by path relative to the definition folder, and what was wrong with it."""

    read: dict[str, Shape] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def of(self, shape: type[AnyShape]) -> dict[str, AnyShape]:
        """Return the files of one shape by path; of some shapes there is only one."""
        return {name: each for name, each in self.read.items() if isinstance(each, shape)}

    def only(self, shape: type[AnyShape]) -> AnyShape:
        """Return the one file of a shape."""
        return next(iter(self.of(shape).values()))

    def annex(self, annex_id: str) -> Annex | None:
        """Return an annex; None if it is not there or could not be read."""
        return next((each for each in self.of(Annex).values() if each.id == annex_id), None)

    @property
    def indicators_by_id(self) -> dict[str, Indicator | None]:
        """Return the indicators by id; where a file could not be read, its name leads to None."""
        unread = dict.fromkeys(PurePosixPath(name).stem for name in self.unread_indicators)
        return {**unread, **{each.id: each for each in self.of(Indicator).values()}}

    @property
    def unread_indicators(self) -> list[str]:
        """Return the paths of the indicator files that could not be read."""
        return [name for name in self.unread if name.startswith("indicators/")]


def read_files(folder: Path) -> Files:
    """Read every definition file below a folder, collecting problems instead of stopping."""
    files = Files()
    if not folder.is_dir():
        files.problems.append(Problem(str(folder), "", "没有这个文件夹", "存放定义文件的文件夹"))
        return files
    digest = hashlib.sha256()
    for name in _names(folder):
        shape = _read(folder / name, name, files.problems)
        if shape is None:
            files.unread.append(name)
            continue
        files.read[name] = shape
        digest.update(name.encode() + (folder / name).read_bytes())
    if not files.indicators_by_id:
        files.problems.append(Problem("indicators", "", "没有指标文件", "每个指标一份 .yaml 文件"))
    files.problems.extend(_misplaced(folder))
    files.digest = digest.hexdigest()
    return files


_WITHIN: dict[str, type[Shape]] = {
    "annexes": Annex,
    "form_checks": FormChecks,
    "indicators": Indicator,
    "rules": Rules,
}
"""The folders in which every file is read, and what it must be."""
_FOUND = ("annexes/*.yaml", "form_checks/*.yaml", "indicators/**/*.yaml", "rules/*.yaml")


def _names(folder: Path) -> Iterator[str]:
    """Yield every path that is read: those that must be there, then those that are."""
    must = [*SINGLE, *(f"annexes/{each}.yaml" for each in REQUIRED)]
    yield from must
    found = (path for pattern in _FOUND for path in folder.glob(pattern))
    yield from sorted({path.relative_to(folder).as_posix() for path in found} - {*must})


def _misplaced(folder: Path) -> Iterator[Problem]:
    """Name what looks like a definition file but would never be read."""
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*/**/*.y*ml"))):
        name = path.relative_to(folder).as_posix()
        within = name.partition("/")[0]
        if path.suffix == ".yml" and within in (*_WITHIN, name):
            yield Problem(name, "", "扩展名为 .yml", f"扩展名为 .yaml：{path.stem}.yaml")
        elif within == "annexes" and name.count("/") > 1 and name not in SINGLE:
            yield Problem(name, "", "此处的文件不会被读取", "放在 annexes 之下，或删去")


def _shape_of(name: str) -> type[Shape]:
    if name in SINGLE:
        return SINGLE[name]
    return _WITHIN[name.partition("/")[0]]


def _read(path: Path, name: str, problems: list[Problem]) -> Shape | None:
    if not path.is_file():
        found = "是文件夹" if path.is_dir() else "没有这个文件"
        problems.append(Problem(name, "", found, "定义文件，缺了它整套定义不能使用"))
        return None
    try:
        text = strict_yaml.read(path, DefinitionError)
        return _shape_of(name).of(text.data)
    except DefinitionError as exc:
        problems.extend(Problem(name, each.key, each.found, each.expected) for each in exc.problems)
    except ValidationError as exc:
        problems.extend(_with_line(each, text) for each in problems_of(exc, name))
    return None


def _with_line(problem: Problem, text: strict_yaml.YamlText) -> Problem:
    line = text.lines.get(problem.key) if problem.key else None
    return replace(problem, key=f"{problem.key}（第 {line} 行）") if line else problem
