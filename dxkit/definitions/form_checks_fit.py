"""Whether the checks of forms only look at fields, columns, codes and policies that exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from dxkit.definitions.files import Files
from dxkit.definitions.requirements_fit import Course, term_problems
from dxkit.definitions.tables_fit import codes_problems, columns_of
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import TEXTS, Field
from dxkit.models.asking import is_own
from dxkit.models.askings import Among, IsCode
from dxkit.models.form_checks import FormCheck, FormChecks


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every check that is there twice or looks at what is not there."""
    course = Course(files)
    for file, form in files.of(FormChecks).items():
        if form.annex not in course.annexes:
            if not course.is_unread(f"annexes/{form.annex}.yaml"):
                yield Problem(file, "annex", form.annex, "已有的一张表")
            continue
        if PurePosixPath(file).stem != form.annex:
            yield Problem(file, "annex", form.annex, f"与文件名一致：{form.annex}.yaml")
        yield from repeated(file, "checks.id", (check.id for check in form.checks))
        for check in form.checks:
            yield from _check(file, form.annex, check, course)


def _check(file: str, annex: str, check: FormCheck, course: Course) -> Iterator[Problem]:
    fields = {field.key: field for field in course.annexes[annex].fields}
    own = {**fields, **dict(course.annexes[annex].questions())}
    table = fields.get(check.table or "")
    if check.table is not None and (table is None or not table.columns):
        yield Problem(file, f"{check.id}.table", check.table, f"{annex} 的一张明细表或矩阵")
        return
    columns = columns_of(table) if table else {}
    named = (
        *check.where_filled,
        *check.needs.own,
        *(str(term) for term in check.needs.terms if is_own(term)),
    )
    for key in named:
        if key not in columns and key not in own:
            yield Problem(file, check.id, f"没有“{key}”", "本表的字段或明细表的列")
    for term in check.needs.terms:
        if not is_own(term):
            yield from term_problems(file, check.id, term, course)
    yield from _codes(file, check, columns or own)
    yield from _examples(file, check, course)


def _codes(file: str, check: FormCheck, known: dict[str, Field]) -> Iterator[Problem]:
    picked = dict(check.where)
    if isinstance(check.needs, IsCode) and is_own(check.needs.value):
        picked[str(check.needs.value)] = check.needs.is_
    for key, codes in picked.items():
        if key not in known:
            yield Problem(file, f"{check.id}.where", key, "本表的字段或明细表的列")
        elif known[key].type not in TEXTS:
            yield from codes_problems(file, f"{check.id}.{key}", codes, known[key])


def _examples(file: str, check: FormCheck, course: Course) -> Iterator[Problem]:
    if isinstance(check.needs, Among):
        for path in check.needs.within:
            yield from _place(file, check.id, path, course)
    for example in (*check.passes, *check.fails):
        for key in example.policies.keys() - course.policies:
            yield Problem(file, check.id, f"没有参数“{key}”", "已有的参数")


def _place(file: str, place: str, path: str, course: Course) -> Iterator[Problem]:
    """Yield why a path leads to no field and to no column of a table."""
    annex, _, rest = path.partition(".")
    table, _, column = rest.partition(".")
    known = course.tables(annex).get(table)
    if path in course.fields or course.is_unread_form(path):
        return
    if known is None or column not in columns_of(known):
        yield Problem(file, place, f"没有“{path}”", "已有的字段，或 附件.明细表.列")
