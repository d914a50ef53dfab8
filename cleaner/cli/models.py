"""`cleaner models`: what models there are, and whether they are whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from cleaner.cli.streams import FAILED, emit_text, say
from cleaner.errors import ModelError


@click.group("models", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the models that are installed: name and version, files, size, place."""
    if context.invoked_subcommand is not None:
        return
    from cleaner.manifest import read_manifest
    from cleaner.resources import models, models_path

    folders = models()
    if not folders:
        say(f"no models in {models_path()}; make one with 'cleaner train'")
    for folder in folders:
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        try:
            files = f"{len(_digests(read_manifest(folder)))} files"
        except ModelError as error:
            files = f"broken: {error}"
        emit_text(f"{folder.name:20} {files:>8} {size / 1e6:8.1f} MB  {folder}\n")


@command.command("verify")
@click.argument("names", nargs=-1, metavar="[MODEL...]")
def verify(names: Sequence[str]) -> None:
    """Check every file of the models against the digests in their manifests. MODEL is a name or a directory."""
    from cleaner.manifest import contents, read_manifest
    from cleaner.resources import models, resolve

    failed = False
    for name in names or [str(folder) for folder in models()]:
        try:
            folder = resolve(name)
            manifest = read_manifest(folder)
            digests = _digests(manifest)
            if not digests:
                raise ModelError(f"{folder}/manifest.json lists no files; install the model again")
            contents(folder, {"files": digests})
        except ModelError as error:
            say(str(error))
            failed = True
            continue
        emit_text(f"{folder.name}: {len(digests)} files as they were made\n")
    if failed:
        raise click.exceptions.Exit(FAILED)


def _digests(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """The files of a model with their digests, as its manifest lists them."""
    digests = manifest.get("files") or manifest.get("sha256")
    return digests if isinstance(digests, Mapping) else {}
