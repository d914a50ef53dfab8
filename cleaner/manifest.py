"""The manifest of a model directory: what the model is, and the digests of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
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


def checked(path: Path, digest: str | None) -> mmap:
    """A file of a model; it stays where it is, so that only what is asked for takes memory.

    Args:
        path: of the file.
        digest: its sha256 in the manifest.

    Raises:
        ModelError: it is missing, empty, or was changed.
    """
    try:
        with path.open("rb") as stream:
            content = mmap(stream.fileno(), 0, access=ACCESS_READ)
    except FileNotFoundError:
        raise ModelError(f"{path} is missing; install the model again") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is empty"
        raise ModelError(f"{path}: {reason}; install the model again") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelError(f"{path} was changed since the model was made (sha256 differs); install the model again")
    return content


def contents(directory: Path, manifest: Mapping[str, Any]) -> dict[str, mmap]:
    """Every file that the manifest lists, checked.

    Raises:
        ModelError: a file is missing, empty, or was changed.
    """
    return {name: checked(directory / name, digest) for name, digest in manifest.get("files", {}).items()}
