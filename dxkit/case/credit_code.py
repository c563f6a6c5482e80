"""Whether a unified social credit code looks right; a wrong one is doubted, never refused."""

from __future__ import annotations

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError


def doubt(code: str) -> str | None:
    """Return what is odd about a code, None if nothing is.

    Real codes that fail the check digit exist, so this is only ever a warning (GB 32100-2015).
    """
    try:
        uscc.validate(code)
    except ValidationError:
        return f"统一社会信用代码 {code} 的校验位不符，请对照营业执照核对"
    return None
