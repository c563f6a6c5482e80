"""Which notebooks get a forked kernel, and what that kernel finds imported; all others do not."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from dxkit.kernel import zygotes
from dxkit.kernel.provisioner import LAUNCHER
from dxkit.kernel.specs import PROVISIONER

OURS = "dxkit.engine.app"
"""What runs in the fork, imported before it."""
_MAJOR, _MINOR = sys.version_info[:2]
PYTHON = {"python", f"python{_MAJOR}", f"python{_MAJOR}.{_MINOR}"}
"""What a specification calls the interpreter that asks; jupyter_client has the same names."""
OWN_KERNELS = {"km", "kernel_manager_class"}
"""Options of an engine that say how a kernel is started; a fork is not started so."""


def modules_for(kernel_name: str, options: Mapping[str, Any]) -> list[str]:
    """Return what a notebook's kernel is forked with.

    A process that was forked from a zygote itself forks from the same one. Elsewhere a kernel of
    ours finds what its specification names, a usual one nothing but what every kernel imports.

    Args:
        kernel_name: the name of its specification.
        options: what the engine was told.

    Raises:
        NotForkedError: if it must be started in the usual way.
    """
    if os.environ.get("DXKIT_KERNEL") == "ordinary":
        raise zygotes.NotForkedError("DXKIT_KERNEL says ordinary")
    if not zygotes.available():
        raise zygotes.NotForkedError("this system does not fork")
    if not all(
        map(os.path.isabs, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
    ):
        raise zygotes.NotForkedError("PYTHONPATH means another folder in every notebook's folder")
    if others := sorted(OWN_KERNELS & {key for key, value in options.items() if value is not None}):
        raise zygotes.NotForkedError(f"{others[0]} was asked for")
    preloaded = _preloaded(kernel_name)
    inherited = zygotes.inherited()
    return preloaded if inherited is None else inherited


@cache
def _preloaded(kernel_name: str) -> list[str]:
    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        raise zygotes.NotForkedError(f"no kernel {kernel_name} is installed") from None
    if (reason := _why_not(spec)) is not None:
        raise zygotes.NotForkedError(f"{reason} of the kernel {kernel_name} is not ours")
    provisioner = spec.metadata.get("kernel_provisioner", {})
    return [OURS, *provisioner.get("config", {}).get("preload", [])]


def _why_not(spec: KernelSpec) -> str | None:
    """Return what of a specification a fork of this interpreter cannot be, None if all is well."""
    program, *rest = spec.argv
    if program not in PYTHON and program != sys.executable:
        return "the program"
    if rest[:2] != ["-m", LAUNCHER] or rest[2:] != ["-f", "{connection_file}"]:
        return "the command"
    if spec.env or spec.interrupt_mode not in ("", "signal"):
        return "the environment"
    provisioner = spec.metadata.get("kernel_provisioner", {}).get("provisioner_name", PROVISIONER)
    return None if provisioner in (PROVISIONER, "local-provisioner") else "the provisioner"
