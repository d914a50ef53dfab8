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


def verify(directory: Path, manifest: Mapping[str, Any]) -> None:
    """Check every file that the manifest lists against its digest.

    Raises:
        ModelError: a file is missing or was changed.
    """
    for name, digest in manifest.get("files", {}).items():
        path = directory / name
        if not path.is_file():
            raise ModelError(f"{path} is missing; install the model again")
        if sha256(path) != digest:
            raise ModelError(f"{path} was changed since the model was made (sha256 differs); install the model again")
