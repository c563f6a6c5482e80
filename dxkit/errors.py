"""What can go wrong that a user can mend, and only that: each problem in one Chinese line."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it stands, what was found and what would be right."""

    where: str
    key: str = ""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """Say the problem in one Chinese line, leaving out what is not known."""
        place = f"{self.where} 的“{self.key}”" if self.key else self.where
        found = f"发现：{self.found}" if self.found else ""
        expected = f"应为：{self.expected}" if self.expected else ""
        said = "；".join(part for part in (found, expected) if part)
        return f"{place}：{said}" if said else place


# By name: not every system has every one of them.
_OS_WORDS = {
    "EACCES": ("没有权限", "可以读写、没有被别的程序打开的文件或文件夹"),
    "EPERM": ("没有权限", "可以读写、没有被别的程序打开的文件或文件夹"),
    "ENOENT": ("没有这个文件或文件夹", "存在的文件或文件夹"),
    "EEXIST": ("已经存在同名的文件或文件夹", "一个没有用过的名称"),
    "EISDIR": ("是文件夹", "一个文件"),
    "ENOTDIR": ("不是文件夹", "一个文件夹"),
    "ENOTEMPTY": ("文件夹不是空的", "一个空文件夹"),
    "ENOSPC": ("磁盘已满", "有空余空间的位置"),
    "EDQUOT": ("超出了磁盘配额", "有空余空间的位置"),
    "EFBIG": ("文件太大", "较小的文件"),
    "EROFS": ("所在磁盘只读", "可以写入的位置"),
    "ENAMETOOLONG": ("名称太长", "较短的名称"),
    "EINVAL": ("名称或内容不被系统接受", "一般的文件名"),
    "ELOOP": ("符号链接绕成了圈", "不经过符号链接的路径"),
    "EMFILE": ("同时打开的文件太多", "较少的同时进行数目"),
    "ENOMEM": ("内存不足", "较少的同时进行数目"),
    "EIO": ("磁盘读写出错", "完好、可以读写的磁盘"),
    "EBUSY": ("正被别的程序占用", "没有被别的程序打开的文件"),
    "EXDEV": ("不在同一个磁盘上", "同一磁盘上的位置"),
}


def os_problem(exc: OSError) -> Problem:
    """Say in Chinese what the system refused; of two paths the one to be made is named."""
    found, expected = _OS_WORDS.get(errno.errorcode.get(exc.errno or 0, ""), (_unknown(exc), ""))
    path = exc.filename if exc.filename2 is None else exc.filename2
    where = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else "读写文件"
    return Problem(where, "", found, expected)


def _unknown(exc: OSError) -> str:
    return f"系统错误，编号 {exc.errno}" if exc.errno else str(exc) or "读写出错"


class DxkitError(Exception):
    """Something the user can mend; carries every problem found, not just the first."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """Show the Chinese lines instead of a traceback where IPython displays the error."""
        return [str(problem) for problem in self.problems]


class DefinitionError(DxkitError):
    """The definition files do not form a consistent set."""


class CaseError(DxkitError):
    """A case folder cannot be read, or holds answers that its forms refuse."""


class LockedError(CaseError):
    """The course of a case has closed what would be changed."""


class ConflictError(DxkitError):
    """A change was based on a value that is no longer there."""


class ParameterError(DxkitError):
    """A notebook or a command was given a parameter that it does not have."""


class ExportError(DxkitError):
    """A notebook cannot be turned into the document asked for."""


class FormError(DxkitError):
    """A returned form cannot be read, or is no form of this case."""


class EvidenceError(DxkitError):
    """A file is not fit to be evidence, or the ledger of evidence cannot take it."""


class BlockedError(DxkitError):
    """A step of the course cannot be taken yet; every blocker is named."""


class HandoverError(DxkitError):
    """A pack cannot be made, opened or trusted."""


class ProtectionError(DxkitError):
    """Figures of many enterprises cannot be told without telling of one, or cannot be trusted."""


class FontError(DxkitError):
    """Chinese text would come out as boxes."""
