"""The region of one year: its enterprises rolled up, beside last year and published values."""

from dxkit.region.view import Region, open_region

__all__ = ["Region", "open_region"]
