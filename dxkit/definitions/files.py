"""Where each definition file lies and which shape it must have; not what the shapes mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError

from dxkit import strict_yaml
from dxkit.errors import DefinitionError, Problem
from dxkit.models.annex import Annex
from dxkit.models.indicator import Framework, Indicator
from dxkit.models.reference import Benchmarks, Checks, Industries, Regions, Sizes
from dxkit.models.shape import Shape, problems_of

SINGLE: dict[str, type[Shape]] = {
    "framework.yaml": Framework,
    "benchmarks.yaml": Benchmarks,
    "checks.yaml": Checks,
    "regions.yaml": Regions,
    "industries.yaml": Industries,
    "sizes.yaml": Sizes,
}

AnyShape = TypeVar("AnyShape", bound=Shape)


@dataclass
class Files:
    """What was read, by path relative to the definition folder, and what was wrong with it."""

    indicators: dict[str, Indicator] = field(default_factory=dict)
    annexes: dict[str, Annex] = field(default_factory=dict)
    singles: dict[type[Shape], Shape] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def only(self, shape: type[AnyShape]) -> AnyShape:
        """Return the one file of a shape."""
        return cast(AnyShape, self.singles[shape])

    @property
    def complete(self) -> bool:
        """Tell whether every single file could be read."""
        return len(self.singles) == len(SINGLE)

    @property
    def benchmarks(self) -> Benchmarks:
        """Return the benchmark file."""
        return self.only(Benchmarks)

    @property
    def checks(self) -> Checks:
        """Return the file of contradictions."""
        return self.only(Checks)


def read_files(folder: Path) -> Files:
    """Read every definition file below a folder, collecting problems instead of stopping."""
    files = Files()
    digest = hashlib.sha256()
    for path in _paths(folder):
        name = path.relative_to(folder).as_posix()
        shape = _shape_of(name)
        read = _read(path, name, shape, files.problems)
        digest.update(name.encode() + (path.read_bytes() if path.is_file() else b""))
        if isinstance(read, Indicator):
            files.indicators[name] = read
        elif isinstance(read, Annex):
            files.annexes[name] = read
        elif read is not None:
            files.singles[shape] = read
    files.digest = digest.hexdigest()
    return files


def _paths(folder: Path) -> Iterable[Path]:
    yield from (folder / name for name in SINGLE)
    yield from sorted((folder / "indicators").rglob("*.yaml"))
    yield from sorted((folder / "annexes").glob("*.yaml"))


def _shape_of(name: str) -> type[Shape]:
    if name in SINGLE:
        return SINGLE[name]
    return Indicator if name.startswith("indicators/") else Annex


def _read(path: Path, name: str, shape: type[Shape], problems: list[Problem]) -> Shape | None:
    try:
        return shape.of(strict_yaml.read(path, DefinitionError).data)
    except DefinitionError as exc:
        problems.extend(Problem(name, each.key, each.found, each.expected) for each in exc.problems)
    except ValidationError as exc:
        problems.extend(problems_of(exc, name))
    return None
