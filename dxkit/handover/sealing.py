"""Packs encrypted to named recipients or with a passphrase, in the age format, and opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage

from dxkit.errors import HandoverError, Problem, os_problem

SUFFIX = ".age"
_MAGIC, _ARMOUR, _BY_PASSPHRASE = b"age-encryption.org/", b"-----BEGIN AGE", b"-> scrypt "
MOST_BY_PASSPHRASE = 512 * 2**20


@dataclass(frozen=True)
class Lock:
    """To whom a pack is encrypted: public keys, or whoever knows a passphrase."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""


@dataclass(frozen=True)
class Unlock:
    """With what a pack is opened: secret keys, or a passphrase."""

    identities: tuple[str, ...] = ()
    passphrase: str = ""


@dataclass(frozen=True)
class _Kind:
    """Keys of one kind: what they are called, how they begin, and what judges them."""

    label: str
    begins: str
    judge: Callable[[str], object]


_PUBLIC = _Kind("公钥", "age1", pyrage.x25519.Recipient.from_str)
_SECRET = _Kind("私钥", "AGE-SECRET-KEY-1", pyrage.x25519.Identity.from_str)


def read_recipients(told: Sequence[str]) -> tuple[str, ...]:
    """Return public keys from keys and files with one key a line, each judged.

    Raises:
        HandoverError: with every key that is none and every file that cannot be read or names
            nobody.
    """
    problems: list[Problem] = []
    keys: list[str] = []
    for each in map(str.strip, told):
        try:
            is_key = each.startswith(_PUBLIC.begins)
            keys += [each] if is_key else _lines(each, _PUBLIC)
            problems += _wrong([each], each, _PUBLIC) if is_key else ()
        except HandoverError as refused:
            problems += refused.problems
    if problems:
        raise HandoverError(problems)
    return tuple(dict.fromkeys(keys))


def read_identities(path: Path) -> tuple[str, ...]:
    """Return the secret keys in a file as age-keygen writes it.

    Raises:
        HandoverError: if there are none in it.
    """
    return tuple(_lines(str(path), _SECRET))


def _lines(file: str, kind: _Kind) -> list[str]:
    """Return the keys in a file, each judged; what a secret key says is never told."""
    if file.startswith(_SECRET.begins):
        expected = f"{kind.label}文件的位置"
        raise HandoverError(Problem("密钥", "", "命令里写了私钥，私钥不能示人", expected))
    try:
        lines = [line.strip() for line in Path(file).read_text("utf-8").splitlines()]
    except (FileNotFoundError, IsADirectoryError):
        found, expected = (
            f"不是{kind.label}，也没有这个文件",
            f"以 {kind.begins} 开头的{kind.label}",
        )
        raise HandoverError(
            Problem(file, "", found, f"{expected}，或每行一个{kind.label}的文件")
        ) from None
    except OSError as error:
        raise HandoverError(os_problem(error)) from error
    except ValueError:
        expected = f"每行一个{kind.label}的文件"
        raise HandoverError(Problem(file, "", "不是文本文件", expected)) from None
    keys = [line for line in lines if line and not line.startswith("#")]
    if problems := list(_wrong(keys, file, kind)):
        raise HandoverError(problems)
    return keys


def _wrong(keys: Sequence[str], where: str, kind: _Kind) -> Iterator[Problem]:
    expected = f"以 {kind.begins} 开头的完整 age {kind.label}"
    if not keys:
        yield Problem(where, "", f"没有{kind.label}", expected)
    for number, key in enumerate(keys, start=1):
        try:
            kind.judge(key)
        except (pyrage.RecipientError, pyrage.IdentityError):
            yield Problem(where, "", f"第 {number} 个不是{kind.label}", expected)


def encrypt(source: BinaryIO, target: BinaryIO, lock: Lock) -> None:
    """Write what a stream holds encrypted to another one.

    Raises:
        HandoverError: if it is too big for a passphrase, with which all of it is held in memory.
    """
    if lock.passphrase:
        _refuse_big(source, "材料包", "小一些的包，或用 --to 公钥加密")
        target.write(pyrage.passphrase.encrypt(source.read(), lock.passphrase))
        return
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in lock.recipients]
    pyrage.encrypt_io(source, target, recipients)


def _refuse_big(source: BinaryIO, where: str, expected: str) -> None:
    size = source.seek(0, 2)
    source.seek(0)
    if size > MOST_BY_PASSPHRASE:
        found = f"{size >> 20} MB，用口令加密的须整个读入内存，不超过 {MOST_BY_PASSPHRASE >> 20} MB"
        raise HandoverError(Problem(where, "", found, expected))


def is_encrypted(begins: bytes) -> bool:
    """Tell by its first bytes whether a file is encrypted with age."""
    return begins.startswith((_MAGIC, _ARMOUR))


def wants_passphrase(begins: bytes) -> bool:
    """Tell by its first bytes whether a file was encrypted with a passphrase."""
    return begins.startswith(_MAGIC) and _BY_PASSPHRASE in begins[:200]


def decrypt(source: BinaryIO, target: BinaryIO, unlock: Unlock, where: str) -> None:
    """Write what an encrypted stream holds to another one.

    Raises:
        HandoverError: if the key is not one of the recipients', or the file was altered.
    """
    try:
        if unlock.passphrase:
            _refuse_big(source, where, "用公钥加密的包")
            target.write(pyrage.passphrase.decrypt(source.read(), unlock.passphrase))
            return
        identities = [pyrage.x25519.Identity.from_str(key) for key in unlock.identities]
        pyrage.decrypt_io(source, target, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        found = "打不开：密钥不符，或文件已损坏"
        raise HandoverError(Problem(where, "", found, "收件人的私钥，或打包时的口令")) from error
