"""Forms as Excel workbooks: written blank or filled, read back however they were edited."""

from dxkit.forms.excel.read import read_form
from dxkit.forms.excel.write import write_form

__all__ = ["read_form", "write_form"]
