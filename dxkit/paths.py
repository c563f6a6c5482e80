"""Where the folders of a workspace are; nothing else knows a folder's name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def workspace() -> Path:
    """Return the folder that holds parameters/ and outputs/.

    That is `DXKIT_HOME` if set, else the nearest folder at or above the current one that has a
    `parameters` folder, else the checkout that dxkit is installed from, else the current folder.
    """
    if home := os.environ.get("DXKIT_HOME"):
        return Path(home).resolve()
    here = Path.cwd()
    candidates = [here, *here.parents, _PACKAGE.parent]
    return next((folder for folder in candidates if (folder / "parameters").is_dir()), here)


def parameters() -> Path:
    """Return the folder with one folder per enterprise."""
    return workspace() / "parameters"


def outputs() -> Path:
    """Return the folder for everything that can be made again."""
    return workspace() / "outputs"


def peers() -> Path:
    """Return the folder that benchmark packs are put into to be compared with."""
    return workspace() / "peers"


def releases() -> Path:
    """Return the folder that remembers what benchmark packs have told; never to be deleted."""
    return workspace() / "releases"


def private() -> Path:
    """Return the folder for what belongs to this machine alone, as the keys of a workshop."""
    return workspace() / ".dxkit"


def definitions() -> Path:
    """Return the folder of the definition files, or the one `DXKIT_DEFINITIONS` names."""
    return Path(os.environ.get("DXKIT_DEFINITIONS") or _PACKAGE)


def templates() -> Path:
    """Return the folder with what a user restyles: the workspace's own, else the one shipped."""
    return _shipped("templates")


def notebooks() -> Path:
    """Return the folder of the notebooks: the workspace's own, else the ones shipped."""
    return _shipped("notebooks")


def _shipped(name: str) -> Path:
    candidates = (workspace() / name, _PACKAGE.parent / name, _PACKAGE / name)
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])
