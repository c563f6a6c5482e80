"""Forms as Word files: written to be filled in, and read back when they return."""

from dxkit.forms.word.read import read_word
from dxkit.forms.word.write import write_word

__all__ = ["read_word", "write_word"]
