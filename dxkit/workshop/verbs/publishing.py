"""The verbs about exports: asking for one, stopping it, and taking what it made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dxkit.errors import CaseError
from dxkit.workshop.files import exporting
from dxkit.workshop.files.exporting import ALL_FORMS, FORM_FORMATS, REPORT, REPORT_FORMATS, Job

if TYPE_CHECKING:
    from dxkit.workshop.session import Session

Message = Mapping[str, Any]
Reply = dict[str, Any]


def export(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Begin an export; how it goes is told."""
    _refuse(session)
    job = session.jobs.start(_job(session, message.get("what"), message.get("format")))
    return job.told


def _job(session: Session, what: Any, wanted: Any) -> Job:
    desk = session.desk
    if what == REPORT:
        formats = REPORT_FORMATS if wanted in (None, "all") else (wanted,)
        if not set(formats) <= set(REPORT_FORMATS):
            raise CaseError(f"报告的格式为 {'、'.join(REPORT_FORMATS)}")
        return exporting.report(desk.folder, formats)
    if wanted not in FORM_FORMATS:
        raise CaseError(f"表单的格式为 {'、'.join(FORM_FORMATS)}")
    annex = desk.definitions.annexes.get(what) if isinstance(what, str) else None
    if what != ALL_FORMS and (annex is None or not desk.access.sees(annex)):
        raise CaseError("没有这张表单")
    mark = annex.mark if annex is not None else ""
    return exporting.form(desk.folder, str(what), mark, wanted, desk.visitor.name)


def stop(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Stop an export."""
    _refuse(session)
    job = session.jobs.find(message.get("job"))
    exporting.stop(job)
    return job.told


def download(session: Session, message: Message, _buffers: Sequence[bytes]) -> Reply:
    """Return a piece of what an export made."""
    _refuse(session)
    job = session.jobs.find(message.get("job"))
    told, content = exporting.piece(job, message.get("offset", 0))
    return {**told, "bytes": content}


def _refuse(session: Session) -> None:
    if not session.desk.access.may("export"):
        raise CaseError("您的角色不能导出")


VERBS: dict[str, Callable[[Session, Message, Sequence[bytes]], Reply]] = {
    "export": export,
    "stop": stop,
    "download": download,
}
