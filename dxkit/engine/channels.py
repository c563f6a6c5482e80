"""The client's end: what nbclient takes for the channels of a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_client.session import Session

from dxkit.engine.ear import Ear


class QuickSession(Session):
    """The usual session, which reads of all the times in a message that which nbclient notes."""

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> dict[str, Any]:
        """Return a message."""
        _, header, parent, metadata, told, *buffers = msg_list
        opened = self.unpack(header)
        opened["date"] = datetime.fromisoformat(opened["date"])
        return {
            "header": opened,
            "msg_id": opened["msg_id"],
            "msg_type": opened["msg_type"],
            "parent_header": self.unpack(parent),
            "metadata": self.unpack(metadata),
            "content": self.unpack(told),
            "buffers": [memoryview(each) for each in buffers],
        }


class HeardChannel:
    """One channel, as nbclient reads and writes it."""

    def __init__(self, name: str, ear: Ear, session: Session) -> None:
        self._name = name
        self._ear = ear
        self._session = session

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message.

        Raises:
            Empty: if there is none in time.
            DeadKernelError: if there never will be an answer.
        """
        frames = await self._ear.take(self._name[0], timeout)
        _, rest = self._session.feed_identities(frames)
        return self._session.deserialize(rest)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._session.send(self, message)  # type: ignore[arg-type]

    def send_multipart(self, frames: Sequence[Any], **_: Any) -> None:
        """Send what the session has made of a message."""
        self._ear.say(self._name, frames)


class NotebookKernelClient(KernelClient):
    """The usual client, which talks over one pair of sockets."""

    def __init__(self, ear: Ear) -> None:
        super().__init__(session=QuickSession())
        self.session.key = b""  # nobody else can write on the socket
        self._ear = ear
        self._shell = HeardChannel("shell", ear, self.session)
        self._iopub = HeardChannel("iopub", ear, self.session)

    @property
    def shell_channel(self) -> Any:
        """The channel for requests and answers."""
        return self._shell

    @property
    def iopub_channel(self) -> Any:
        """The channel for outputs."""
        return self._iopub

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Do nothing: they are there."""

    def stop_channels(self) -> None:
        """Close them."""
        self._ear.close()

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Do nothing: a fork is ready, or it is none."""

    def is_alive(self) -> bool:
        """Return whether the kernel has not been heard to end."""
        return not self._ear.over
