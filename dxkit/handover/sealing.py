"""Packs encrypted to named recipients or with a passphrase, in the age format, and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage

from dxkit.errors import HandoverError, Problem, os_problem

SUFFIX = ".age"
_MAGIC, _ARMOUR, _BY_PASSPHRASE = b"age-encryption.org/", b"-----BEGIN AGE", b"-> scrypt "
_RECIPIENT, _IDENTITY = "age1", "AGE-SECRET-KEY-1"


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


def read_recipients(told: Sequence[str]) -> tuple[str, ...]:
    """Return public keys from keys and files with one key a line, each judged.

    Raises:
        HandoverError: with every key that is none and every file that cannot be read.
    """
    return _keys(
        [key for each in told for key in _lines(each, _RECIPIENT)], pyrage.x25519.Recipient
    )


def read_identities(path: Path) -> tuple[str, ...]:
    """Return the secret keys in a file as age-keygen writes it.

    Raises:
        HandoverError: if there are none in it.
    """
    keys = _keys(_lines(str(path), _IDENTITY), pyrage.x25519.Identity)
    if not keys:
        expected = f"以 {_IDENTITY} 开头的一行"
        raise HandoverError(Problem(str(path), "", "没有私钥", expected))
    return keys


def _lines(told: str, begins: str) -> list[str]:
    if told.startswith(begins):
        return [told]
    try:
        lines = Path(told).read_text("utf-8").splitlines()
    except OSError as error:
        raise HandoverError(os_problem(error)) from error
    except UnicodeDecodeError:
        raise HandoverError(Problem(told, "", "不是文本文件", "每行一个密钥的文件")) from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _keys(lines: Sequence[str], kind: type[pyrage.x25519.Recipient]) -> tuple[str, ...]:
    problems = []
    for line in lines:
        try:
            kind.from_str(line)
        except (pyrage.RecipientError, pyrage.IdentityError):
            problems.append(Problem("密钥", "", f"{line[:12]}……", "完整的 age 密钥"))
    if problems:
        raise HandoverError(problems)
    return tuple(lines)


def encrypt(source: BinaryIO, target: BinaryIO, lock: Lock) -> None:
    """Write what a stream holds encrypted to another one."""
    if lock.passphrase:
        target.write(pyrage.passphrase.encrypt(source.read(), lock.passphrase))
        return
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in lock.recipients]
    pyrage.encrypt_io(source, target, recipients)


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
            target.write(pyrage.passphrase.decrypt(source.read(), unlock.passphrase))
            return
        identities = [pyrage.x25519.Identity.from_str(key) for key in unlock.identities]
        pyrage.decrypt_io(source, target, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        found = "打不开：密钥不符，或文件已损坏"
        raise HandoverError(Problem(where, "", found, "收件人的私钥，或打包时的口令")) from error
