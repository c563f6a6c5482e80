"""Where the site can be reached: on this machine, and by others in the same network."""

from __future__ import annotations

import ipaddress
import socket

import psutil

HERE = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # only with --lan, which says so
_INSIDE = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "utun", "tun", "zt", "wg")


def in_network() -> list[str]:
    """Return this machine's addresses in its networks, the likeliest to be meant first."""
    found = [
        each.address
        for name, every in psutil.net_if_addrs().items()
        if not name.lower().startswith(_INSIDE)
        for each in every
        if each.family == socket.AF_INET and _is_of_network(each.address)
    ]
    usual = _usual()
    return sorted(dict.fromkeys(found), key=lambda each: (each != usual, not _is_private(each)))


def _is_of_network(address: str) -> bool:
    told = ipaddress.ip_address(address)
    return not (told.is_loopback or told.is_link_local or told.is_unspecified)


def _is_private(address: str) -> bool:
    return ipaddress.ip_address(address).is_private


def _usual() -> str:
    """Return the address that this machine would speak from; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
            return str(asking.getsockname()[0])
        except OSError:
            return ""


def is_local(host: str) -> bool:
    """Tell whether a host, as a browser names it, is the machine it runs on."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
