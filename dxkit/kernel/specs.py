"""The kernel specification of forked kernels: who gets it, and how a server gets ready for it."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_client.kernelspec import (
    NATIVE_KERNEL_NAME,
    KernelSpec,
    KernelSpecManager,
    NoSuchKernel,
)

from dxkit.kernel import zygotes
from dxkit.kernel.provisioner import ForkProvisioner

FORKED = "dxkit"
"""The kernel specification that comes with this package."""
PROVISIONER = "dxkit-fork"
"""The name under which its provisioner is registered."""


class ForkedKernelSpecManager(KernelSpecManager):
    """Gives the forked kernel to every notebook written for the ordinary one.

    A server is told of it as `kernel_spec_manager_class`; notebooks then keep the kernel's name
    that stock tools know.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return a specification by name.

        Raises:
            NoSuchKernel: if there is none.
        """
        if kernel_name == NATIVE_KERNEL_NAME:
            try:
                return super().get_kernel_spec(FORKED)
            except NoSuchKernel:  # run from a checkout that was never installed
                self.log.warning("The kernel %s is not installed; kernels are ordinary", FORKED)
        return super().get_kernel_spec(kernel_name)


def warm_up(specs: KernelSpecManager, kernel_name: str, env: Mapping[str, str]) -> None:
    """Begin to import what kernels of a name need, if they are forked; return at once.

    The first kernel then starts as fast as every other, given that it is started in this
    environment.
    """
    spec = specs.get_kernel_spec(kernel_name)
    provisioner = spec.metadata.get("kernel_provisioner", {})
    if provisioner.get("provisioner_name") == PROVISIONER and ForkProvisioner().fork:
        zygotes.prepare(provisioner.get("config", {}).get("preload", []), env)
