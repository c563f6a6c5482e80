"""Which kernel a notebook gets that asks for Python: the forked one."""

from __future__ import annotations

from jupyter_client.kernelspec import (
    NATIVE_KERNEL_NAME,
    KernelSpec,
    KernelSpecManager,
    NoSuchKernel,
)

FORKED = "dxkit"
"""The kernel specification that comes with this package."""


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
