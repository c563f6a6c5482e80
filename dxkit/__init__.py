"""dxkit: the workbench for offline digitalisation diagnosis; only the version lives here."""

__version__ = "0.1.0"
