"""`cleaner train --add`: a model adapted to labelled documents, the check that guards it, and what a bad file says."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from conftest import ROOT

from cleaner.config import CleanConfig, NoiseConfig
from cleaner.correction import LIMIT, Correction, phrases
from cleaner.dataset import Document, Labelled, read_documents, write_documents
from cleaner.errors import DataError
from cleaner.model import load
from cleaner.ngrams import TABLE_BITS
from cleaner.noise import NoiseStage, explain
from cleaner.pipeline import Cleaner
from cleaner.resources import resolve
from cleaner.tokens import tokenize
from cleaner.train_add import Report, add
from cleaner.units import segment

Call = Callable[..., Result]

DATA = ROOT / "training_data"
BASE = resolve("noise")
PITCH = "Members of the Tidewater Circle steer the quay for less than a ferry ticket."
"""Noise that reads like text: only labels can tell."""


def documents(count: int, pitch: str = PITCH, mark: bool = True) -> list[Document]:
    """Articles with the pitch behind the second paragraph, marked as noise or not."""
    rng = random.Random(4)
    who = "the harbour board,a fisherman,the bishop,two teachers,the mayor,the ferry company".split(",")
    what = (
        "asked for a longer pier,counted the boats by hand,closed the bridge on Monday,wrote to the minister,"
        "sold the old mill to a brewery,promised to dredge the channel"
    ).split(",")
    made = []
    for number in range(count):
        lines = [
            " ".join(
                f"{rng.choice(who).capitalize()} {rng.choice(what)} after {rng.randrange(90)} days." for _ in "abc"
            )
            for _ in range(4)
        ]
        start = sum(len(line) + 1 for line in lines[:2])
        text = "\n".join([*lines[:2], pitch, *lines[2:]])
        spans = (Labelled(start, start + len(pitch), "newsletter"),) if mark else ()
        made.append(Document(f"d{number}", text, spans, site="harbour.example"))
    return made


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    folder = tmp_path_factory.mktemp("add")
    write_documents(folder / "labels.jsonl", documents(30))
    return folder / "mine", add([folder / "labels.jsonl"], BASE, folder / "mine", DATA)


def test_more_is_found_on_documents_held_out(added: tuple[Path, Report]) -> None:
    report = added[1]
    assert (report.documents, report.folds) == (30, 5)
    assert report.before.recall < 0.5 < 0.8 < report.after.recall
    assert report.after.lost <= report.before.lost


def test_clean_text_loses_no_more_than_the_budget_or_than_before(added: tuple[Path, Report]) -> None:
    check = added[1].check
    assert set(check) == set(load(BASE).cuts)
    assert all(after <= max(budget, before) for budget, (before, after) in check.items())


def test_the_model_is_used_like_any_other(added: tuple[Path, Report]) -> None:
    config = NoiseConfig(model=str(added[0]))
    text = documents(31)[-1].text
    assert PITCH in Cleaner(CleanConfig(stages=("noise",))).clean(text).text
    result = Cleaner(CleanConfig(stages=("noise",), noise=config)).clean(text)
    assert PITCH not in result.text
    assert [mark.text.strip() for mark in result.removed] == [PITCH]
    (edits,) = NoiseStage(config).propose([text])
    edit = next(edit for edit in edits if PITCH in text[edit.start : edit.end])
    assert "own_labels" in dict(explain(text, edit, config))


OTHER = "Friends of the Alder Mole lend their oars to whoever asks before noon."
"""Noise of ours that the model misses, which is nothing like what the user labelled."""


def test_what_is_missed_of_our_own_noise_is_not_learnt(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    ours = [replace(d, id=f"ours-{d.id}", site="alder.example") for d in documents(30, OTHER)]
    assert all(OTHER in Cleaner(CleanConfig(stages=("noise",))).clean(d.text).text for d in ours[:3])
    write_documents(data / "own.jsonl", [*ours, *read_documents(DATA / "genres.jsonl")])
    write_documents(tmp_path / "labels.jsonl", documents(30))
    add([tmp_path / "labels.jsonl"], BASE, tmp_path / "mine", data)
    mine = Cleaner(CleanConfig(stages=("noise",), noise=NoiseConfig(model=str(tmp_path / "mine"))))
    assert PITCH not in mine.clean(documents(31)[-1].text).text
    assert OTHER in mine.clean(documents(31, OTHER)[-1].text).text


def test_the_same_labels_give_the_same_bytes(added: tuple[Path, Report], tmp_path: Path) -> None:
    write_documents(tmp_path / "labels.jsonl", documents(30))
    add([tmp_path / "labels.jsonl"], BASE, tmp_path / "mine", DATA)
    for file in added[0].iterdir():
        assert (tmp_path / "mine" / file.name).read_bytes() == file.read_bytes()
    manifest = json.loads((added[0] / "manifest.json").read_text())
    assert manifest["base"] == BASE.name
    assert manifest["added"]["documents"] == 30
    assert set(manifest["files"]) == {"weights.npz", "correction.npz", "predictions.jsonl"}


def test_a_correction_is_bounded_and_knows_only_its_phrases() -> None:
    lexicon = load(BASE).lexicon
    tokens = tokenize([PITCH, "It was one of the first to go there."])
    units = segment(tokens, lexicon)
    slots = phrases(tokens, units, lexicon).slot
    table = np.zeros(1 << TABLE_BITS, np.float32)
    table[slots[slots > 0]] = 50
    shift = Correction(table, 0.5).shift(tokens, units, lexicon)
    assert shift[0] == LIMIT / 2
    assert abs(shift[-1]) < LIMIT / 2
    again = Correction.from_arrays(Correction(table, 0.5).arrays())
    assert (again.table == table).all()


def test_labels_that_mark_article_text_are_refused(tmp_path: Path) -> None:
    names = ("look_alikes", "genres", "life", "local", "lists", "trade", "world")
    own = [d for name in names for d in read_documents(DATA / f"{name}.jsonl")]
    wrong = [replace(d, spans=(Labelled(0, len(d.text), "advert"),)) for d in own]
    write_documents(tmp_path / "labels.jsonl", wrong)
    with pytest.raises(DataError, match=r"clean text would lose .* nothing was written"):
        add([tmp_path / "labels.jsonl"], BASE, tmp_path / "mine", DATA)
    assert not (tmp_path / "mine").exists()


ROW = json.dumps({"id": "a", "text": "One two three.", "spans": [{"start": 0, "end": 3, "label": "advert"}]})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([ROW] * 4, "labels.jsonl: 4 labelled documents; at least 5 are needed"),
        ([ROW] * 6 + ["{"], "labels.jsonl:7: "),
        ([ROW, '{"id": "b"}'], "labels.jsonl:2: the field 'text' is missing"),
        ([ROW, '["b"]'], "labels.jsonl:2: not a JSON object"),
        ([ROW.replace("advert", "adverts")], "labels.jsonl:1: unknown label 'adverts'"),
        ([ROW.replace('"end": 3', '"end": 99')], "labels.jsonl:1: the span 0-99 is empty or outside the text"),
        ([ROW.replace('"label"', '"quote": "two", "label"')], "labels.jsonl:1: the quote 'two' is not the text at 0-3"),
        ([ROW.replace('"end": 3', '"end": "3"')], "labels.jsonl:1: "),
        (['{"id": "a", "text": "One two three.", "spans": []}'] * 6, "no document has a span of noise"),
    ],
)
def test_a_bad_file_of_labels_says_where(call: Call, tmp_path: Path, lines: list[str], message: str) -> None:
    (tmp_path / "labels.jsonl").write_text("\n".join(lines) + "\n")
    result = call("train", "mine", "--add", "labels.jsonl", "--data", DATA)
    assert result.exit_code == 123
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "mine").exists()


def test_the_command_prints_before_and_after(call: Call, tmp_path: Path) -> None:
    write_documents(tmp_path / "one.jsonl", documents(12))
    write_documents(tmp_path / "two.jsonl", documents(30)[12:])
    arguments = ("train", "mine", "--add", "one.jsonl", "--add", "two.jsonl", "--data", DATA)
    result = call(*arguments)
    assert result.exit_code == 0, result.stderr
    assert "30 documents, 420 words of noise; 5 folds, each held out once" in result.stdout
    assert "noise found, held out" in result.stdout
    assert result.stdout.count("lost of our clean text") == len(load(BASE).cuts)
    again = call(*arguments)
    assert again.exit_code == 123
    assert "mine exists" in again.stderr
    stacked = call("train", "more", "--add", "one.jsonl", "--base", "mine", "--data", DATA)
    assert stacked.exit_code == 123
    assert "was made by --add" in stacked.stderr
    assert "no model and no directory" in call("train", "more", "--add", "one.jsonl", "--base", "nois").stderr
    assert "missing.jsonl: No such file" in call("train", "more", "--add", "missing.jsonl", "--data", DATA).stderr
