"""The manifest of a model directory: what the model is, and the digests of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleaner.errors import ModelError


def sha256(path: Path) -> str:
    """The digest of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of a model directory.

    Raises:
        ModelError: it is missing or no JSON object.
    """
    path = directory / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}; a model directory has a manifest.json") from error
    except ValueError as error:
        raise ModelError(f"{path}: not valid JSON ({error}); install the model again") from error
    if not isinstance(manifest, dict):
        raise ModelError(f"{path}: not a JSON object; install the model again")
    return manifest


def contents(directory: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file that the manifest lists, read and checked against its digest. What was checked is what is used then,
    whatever becomes of the file.

    Raises:
        ModelError: a file is missing or was changed.
    """
    found = {}
    for name, digest in manifest.get("files", {}).items():
        path = directory / name
        if not path.is_file():
            raise ModelError(f"{path} is missing; install the model again")
        found[name] = path.read_bytes()
        if hashlib.sha256(found[name]).hexdigest() != digest:
            raise ModelError(f"{path} was changed since the model was made (sha256 differs); install the model again")
    return found
