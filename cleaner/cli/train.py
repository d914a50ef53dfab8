"""`cleaner train`: labelled documents in, a model directory out."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.streams import emit_text, say
from cleaner.errors import CleanerError
from cleaner.resources import labels_path

_FOLDER = click.Path(path_type=Path)

SEED = 20


@click.command("train")
@click.argument("output", type=_FOLDER, metavar="OUTPUT")
@click.option("--data", type=_FOLDER, metavar="DIR", help="Our labelled documents; training_data/ of a checkout.")
@click.option("--sources", type=_FOLDER, metavar="DIR", help="The public corpora that sources.toml names; else none.")
@click.option("--made", type=click.IntRange(min=1), default=24_000, show_default=True, help="Documents to make.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of everything that is drawn.")
def command(output: Path, data: Path | None, sources: Path | None, made: int, seed: int) -> None:
    """Train a noise model and write it to the folder OUTPUT, e.g. models/noise-1.1.0; the same bytes each time.

    Documents are made by injecting noise into clean articles. Without --sources only our own documents are used: quick,
    and good enough to try a change, but not as good as the shipped model.
    """
    data = data_folder(data, sources)
    from cleaner.train import train

    say(f"training with what is in {data}" + (f" and {sources}" if sources else ""))
    train(data, output, sources, made, seed)
    emit_text(f"{output}\n")
    say(f"now measure it: cleaner evaluate --model {output}")


def data_folder(data: Path | None, sources: Path | None) -> Path:
    """The folder of our labelled documents, `data` or that of the checkout; refuses folders that are none."""
    data = data or labels_path().parent
    for folder, option in ((data, "--data"), (sources, "--sources")):
        if folder is not None and not folder.is_dir():
            raise click.UsageError(f"{option}: {folder} is no folder")
    if not any(data.glob("*.jsonl")):
        raise CleanerError(f"{data}: no labelled documents (*.jsonl); name their folder with --data")
    return data
