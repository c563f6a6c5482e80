"""What the kernel of a page has imported before anybody comes."""

from __future__ import annotations

from jupyter_client.kernelspec import KernelSpec

from dxkit.kernel.specs import FORKED, ForkedKernelSpecManager

FOR_PAGES = ("dxkit.widgets.page", "dxkit.workshop.rehearsal:rehearse")
"""Less than notebooks at large need: what draws and tabulates would only cost time and memory, for
exports run in a process of their own."""


class PageSpecs(ForkedKernelSpecManager):
    """Gives the forked kernel with what pages need to every page."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return a specification by name.

        Raises:
            NoSuchKernel: if there is none.
        """
        spec = super().get_kernel_spec(kernel_name)
        if kernel_name == FORKED:
            spec.metadata["kernel_provisioner"]["config"]["preload"] = [*FOR_PAGES]
        return spec
