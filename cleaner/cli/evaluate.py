"""`cleaner evaluate`: how good it is, in figures, and whether they hold the floors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from cleaner.cli.streams import FOUND, emit_text, say
from cleaner.cli.train import data_folder
from cleaner.config import CleanConfig, NoiseConfig

_FOLDER = click.Path(path_type=Path)


@click.command("evaluate")
@click.option("--model", default="noise", show_default=True, help="Noise model: a name, or a model directory.")
@click.option("--budget", type=float, metavar="WORDS", help="Clean words that may be lost per 10,000.")
@click.option("--data", type=_FOLDER, metavar="DIR", help="Our own test documents; training_data/ of a checkout.")
@click.option("--sources", type=_FOLDER, metavar="DIR", help="The public corpora that sources.toml names; else none.")
@click.option("--gate", is_flag=True, help="Compare with the floors; exit code 1 if one is missed.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as a JSON object.")
def command(
    model: str, budget: float | None, data: Path | None, sources: Path | None, gate: bool, as_json: bool
) -> None:
    """Measure on documents that no model was trained on: recall, precision, and the harm that is done.

    Shares are between 0 and 1; "lost" and "harm" are words and wrong edits per 10,000 clean words. Without --sources
    only our own documents are used; --gate then compares the floors that hold for these.
    """
    data = data_folder(data, sources)
    noise = NoiseConfig(model=model)
    config = CleanConfig(noise=noise if budget is None else replace(noise, budget=budget))
    from cleaner.evaluate import missed, run

    figures = run(config, data, sources)
    emit_text(json.dumps(figures, indent=1) + "\n" if as_json else "".join(_table(figures)))
    if not gate:
        return
    below = missed(figures)
    for sentence in below:
        say(sentence)
    say(f"{len(below)} floors are missed" if below else "all floors are held")
    if below:
        raise click.exceptions.Exit(FOUND)


def _table(figures: Mapping[str, float]) -> list[str]:
    width = max(map(len, figures), default=0)
    return [f"{name:{width}}  {value:10.4f}\n" for name, value in figures.items()]
