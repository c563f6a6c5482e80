"""Who may come into the workshop: people with their roles, cases and links."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import category

from filelock import FileLock

from dxkit import paths
from dxkit.definitions import load
from dxkit.definitions.roles_fit import LEADER
from dxkit.errors import ParameterError, Problem
from dxkit.models.roles import Role

FILE = "workshop.json"
LONGEST_NAME = 40
MOST = 200
LOCK_SECONDS = 10
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Kinds of signs by which a name would look like another's: what shows nothing or turns round."""


@dataclass(frozen=True)
class Participant:
    """One person with a link of their own."""

    id: str
    name: str
    role: str
    token: str
    created: str
    cases: tuple[str, ...] | None = None
    """The cases the link opens; None for all there are."""
    revoked: str | None = None
    """When the link was withdrawn."""

    @property
    def plays(self) -> Role | None:
        """Return the person's role; None if the definitions do not have it any more."""
        return load().roles.get(self.role)

    @property
    def called(self) -> str:
        """Return the name of the role."""
        return self.plays.label if self.plays else self.role

    @property
    def views(self) -> tuple[str, ...]:
        """Return the pages of a case that the role opens."""
        return self.plays.views if self.plays else ()

    @property
    def invites(self) -> bool:
        """Tell whether this person may invite others: not who leads some cases only."""
        return self.plays is not None and "invite" in self.plays.may and self.cases is None

    def may_open(self, case: str) -> bool:
        """Tell whether the link opens a case."""
        return self.revoked is None and (self.cases is None or case in self.cases)


@dataclass(frozen=True)
class _Kept:
    secret: str
    mark: str
    people: tuple[Participant, ...]


class Participants:
    """The list of participants as it lies in its file, read anew whenever somebody changed it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or paths.private()) / FILE
        self._seen: tuple[int, int, int] | None = None
        self._kept = self._begin()

    @property
    def secret(self) -> str:
        """Return what cookies are signed with."""
        return self._read().secret

    @property
    def cookie(self) -> str:
        """Return the name of the cookie, so that two workshops on one machine do not collide."""
        return f"dxkit-{self._read().mark}"

    def all(self) -> tuple[Participant, ...]:
        """Return everybody whose link holds."""
        return tuple(each for each in self._read().people if each.revoked is None)

    def leader(self, name: str) -> Participant:
        """Return the leader whose link the server prints, inviting one if there is none."""
        led = (each for each in self.all() if each.invites)
        return next(led, None) or self.invite(name, LEADER, None)

    def of(self, participant: str) -> Participant | None:
        """Return the person of an id, unless the link was withdrawn."""
        return next((each for each in self.all() if each.id == participant), None)

    def holder(self, token: str) -> Participant | None:
        """Return whose link a token is; a near miss takes as long to compare as any other."""
        given = token.encode("utf-8", "replace")
        fits = [hmac.compare_digest(each.token.encode(), given) for each in self.all()]
        return next((each for each, fit in zip(self.all(), fits, strict=True) if fit), None)

    def invite(self, name: str, role: str, cases: Collection[str] | None) -> Participant:
        """Add a person.

        Raises:
            ParameterError: if name or role are no fit ones, or there are too many people.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise ParameterError(
                Problem("姓名", "", f"{len(name)} 个字", f"1 至 {LONGEST_NAME} 个字")
            )
        if any(category(sign) in _UNSEEN or sign in "\ufffe\uffff" for sign in name):
            raise ParameterError(Problem("姓名", "", "有看不见的字符", "看得见的文字"))
        if role not in (known := load().roles):
            expected = "、".join(each.label for each in known.values())
            raise ParameterError(Problem("身份", "", role, expected))
        new = Participant(
            secrets.token_hex(6),
            name,
            role,
            secrets.token_urlsafe(24),
            _now(),
            None if cases is None else tuple(cases),
        )

        def added(people: tuple[Participant, ...]) -> tuple[Participant, ...]:
            if sum(each.revoked is None for each in people) >= MOST:
                raise ParameterError(Problem("参加人", "", f"已有 {MOST} 人", "先收回不用的链接"))
            return (*people, new)

        self._change(added)
        return new

    def revoke(self, participant: str) -> None:
        """Withdraw a link for good.

        Raises:
            ParameterError: if nobody else could lead afterwards, or there is no such person.
        """

        def without(people: tuple[Participant, ...]) -> tuple[Participant, ...]:
            left = [each for each in people if each.revoked is None and each.id != participant]
            if not any(each.id == participant for each in people):
                raise ParameterError(Problem("参加人", "", "没有这个人", "名单中的一人"))
            if not any(each.invites for each in left):
                raise ParameterError(Problem("参加人", "", "只剩这一位组长", "先添加另一位组长"))
            return tuple(
                replace(each, revoked=each.revoked or _now()) if each.id == participant else each
                for each in people
            )

        self._change(without)

    def _begin(self) -> _Kept:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):  # a folder of another user's, or on a disk that knows no owners
            self.path.parent.chmod(0o700)
        if not self.path.is_file():
            with self._locked():
                if not self.path.is_file():
                    self._write(_Kept(secrets.token_urlsafe(32), secrets.token_hex(4), ()))
        return self._load()

    def _read(self) -> _Kept:
        if self._stamp() not in (None, self._seen):
            self._kept = self._load()
        return self._kept

    def _load(self) -> _Kept:
        seen = self._stamp()
        try:
            raw: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            people = tuple(_person(each) for each in raw["participants"])
            kept = _Kept(str(raw["secret"]), str(raw["mark"]), people)
        except (ValueError, KeyError, TypeError, AttributeError):
            found = "内容已损坏"
            problem = Problem(str(self.path), "", found, "删去此文件后重新邀请，或从备份恢复")
            raise ParameterError(problem) from None
        self._seen = seen
        return kept

    def _change(self, change: Callable[[tuple[Participant, ...]], tuple[Participant, ...]]) -> None:
        with self._locked():
            kept = self._load()
            self._write(replace(kept, people=change(kept.people)))
        self._kept = self._load()

    def _locked(self) -> FileLock:
        return FileLock(self.path.with_suffix(".lock"), timeout=LOCK_SECONDS, mode=0o600)

    def _write(self, kept: _Kept) -> None:
        """Write the file whole or not at all, readable by its owner only."""
        raw = {
            "secret": kept.secret,
            "mark": kept.mark,
            "participants": [asdict(each) for each in kept.people],
        }
        part = self.path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(raw, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _person(raw: dict[str, Any]) -> Participant:
    cases = raw["cases"]
    return Participant(**{**raw, "cases": None if cases is None else tuple(map(str, cases))})


def _now() -> str:
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")
