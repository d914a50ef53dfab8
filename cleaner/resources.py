"""Where the shipped files are: models and the noise policy, in a checkout and in an installed wheel alike.

In a wheel they lie inside the package (`cleaner/_data/`), in a checkout where people edit them (`models/`,
`training_data/labels.toml`). Nothing else in the package knows the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cleaner.errors import ModelError
from cleaner.hints import did_you_mean

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_data"
_CHECKOUT = _PACKAGE.parent
_VERSIONED = re.compile(r"(?P<name>[a-z][a-z0-9_]*)-(?P<version>\d+(?:\.\d+)*)")


def resolve(name: str) -> Path:
    """The directory of a model.

    Args:
        name: a shipped model ("noise": its newest version; "noise-1.0.0": this one), or else the path of a model
            directory. A directory that has the name of a shipped model is reached as "./noise".

    Raises:
        ModelError: there is no such model and no such directory; the message names the models there are.
    """
    shipped = _shipped()
    if name in shipped:
        return shipped[name]
    if name and Path(name).is_dir():
        return Path(name)
    if Path(name).is_file():
        raise ModelError(f"{name}: a model is a directory, this is a file")
    known = ", ".join(path.name for path in models()) or f"none are shipped in {models_path()}"
    hint = did_you_mean(Path(name).name, shipped, f"known models: {known}")
    raise ModelError(f"no model and no directory '{name}'; {hint}")


def beside(name: str, folder: Path) -> str:
    """A model as a file of settings names it: the name of a shipped one as it is, the path of a directory from the
    file's folder."""
    return name if not name or name in _shipped() else os.path.join(folder, name)


def models() -> list[Path]:
    """The directories of all shipped models, by name and ascending version."""
    folder = models_path()
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((path for path in found if path.is_dir() and _VERSIONED.fullmatch(path.name)), key=_order)


def models_path() -> Path:
    """The folder that holds the shipped models."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT) / "models"


def labels_path() -> Path:
    """The noise policy, `labels.toml`."""
    return _INSTALLED / "labels.toml" if _INSTALLED.is_dir() else _CHECKOUT / "training_data" / "labels.toml"


def documents_path() -> Path:
    """The folder of our own labelled documents, with which `cleaner train --add` checks its result."""
    return _INSTALLED / "documents" if _INSTALLED.is_dir() else _CHECKOUT / "training_data"


def _shipped() -> dict[str, Path]:
    """The shipped models: the newest version of each by its name alone, and all by name and version."""
    versions = models()
    return {_name(path): path for path in versions} | {path.name: path for path in versions}


def _name(path: Path) -> str:
    return path.name.rpartition("-")[0]


def _order(path: Path) -> tuple[str, tuple[int, ...]]:
    return _name(path), tuple(int(part) for part in path.name.rpartition("-")[2].split("."))
