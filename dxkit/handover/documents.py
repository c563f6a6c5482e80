"""The forms of a case as files for others: what must stay is hidden, the same bytes every time."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from dxkit.case import Case
from dxkit.forms.returned import Stamp
from dxkit.forms.sending import form_bytes
from dxkit.models.annex import Annex
from dxkit.models.handover import FormFormat

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def form_file(case: Case, annex: Annex, kind: FormFormat, stamp: Stamp, moment: str) -> bytes:
    """Return a filled form; `case` is what may be seen, `moment` stands as its date (ISO, UTC)."""
    return settled(form_bytes(annex, case.definitions, case, stamp, kind), moment)


def settled(package: bytes, moment: str) -> bytes:
    """Return an Office package that does not tell when it was written, but when its content was."""
    result = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(package)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>" + moment.encode() + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return result.getvalue()
