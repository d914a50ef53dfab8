"""Training from our own documents alone: quick, the same bytes each time, and good enough for plain spam."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from joblib import Parallel

from cleaner.config import CleanConfig, NoiseConfig
from cleaner.dataset import Document, Labelled
from cleaner.errors import DataError
from cleaner.hosts import Host
from cleaner.lexicon import Lexicon
from cleaner.manifest import sha256
from cleaner.model import NoiseModel, load
from cleaner.ngrams import TABLE_BITS
from cleaner.noise import load_cached
from cleaner.pipeline import Cleaner
from cleaner.resources import resolve
from cleaner.tokens import tokenize, word_keys
from cleaner.train import train
from cleaner.train_lexicon import learn_lexicon
from cleaner.train_material import LEFTOVERS, gather, measured_documents, random_phrases
from cleaner.train_network import train_network
from cleaner.train_side import _noise_network
from cleaner.train_units import (
    CLEAN,
    DOUBTFUL,
    MOVED_WEIGHT,
    NOISE,
    OFF_TOPIC,
    OWN,
    UnitTable,
    unit_table,
    unit_targets,
    word_targets,
)
from cleaner.typos.trigrams import installed_model
from cleaner.units import segment
from cleaner.vocabulary import FOLDS, fold_of

DATA = ROOT / "training_data"
MADE = 60
PAGES = 60
"""Of the labelled pages so many teach here: each of the others would only take its time."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our labelled documents and the vocabulary, with few of the pages."""
    folder = tmp_path_factory.mktemp("data") / "training_data"
    shutil.copytree(DATA, folder)
    pages = (DATA / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "pages.jsonl").write_text("\n".join(pages[:: len(pages) // PAGES]) + "\n", encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Trained:
    """A model made in this process, with networks trained side by side.

    Attributes:
        here: the model directory.
        jobs: how many processes were asked for, each time.
    """

    here: Path
    jobs: tuple[int, ...]


@contextmanager
def side_by_side() -> Iterator[list[int]]:
    """So that little material is trained on as much is; the list gets the number of processes of each time."""
    jobs: list[int] = []

    def parallel(count: int, **options: Any) -> Parallel:
        jobs.append(count)
        return Parallel(2 if count == -1 else count, **options)  # on a machine with one core, too

    with pytest.MonkeyPatch.context() as patch:
        for module in ("train_side", "train_inserts", "train_collective", "train_units"):
            patch.setattr(f"cleaner.{module}.MANY", 10)
            patch.setattr(f"cleaner.{module}.Parallel", parallel)
        yield jobs


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Trained:
    here = tmp_path_factory.mktemp("models") / "noise-0.1.0"
    with side_by_side() as jobs:
        train(data, here, made=MADE, language_model=installed_model())
    return Trained(here, tuple(jobs))


def in_another_process(*arguments: str) -> str:
    """What Python prints, in a process that orders sets and dictionaries in another way."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "77"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, env=environment, text=True, timeout=300, check=True).stdout


LEXICON_AND_PAGE_SIDE = """
import sys
from pathlib import Path
import numpy as np
from cleaner.train import _lexicon, _page_side
from cleaner.train_material import gather
from cleaner.typos.trigrams import installed_model, read_trigrams
data, out, made = sys.argv[1:]
material = gather(Path(data), None, int(made), 20)
installed = installed_model()
lexicon = _lexicon(material, 20, read_trigrams(installed) if installed else None, None, None)
side, _ = _page_side(material.pages or material.documents, lexicon, 20)
np.savez(out, **lexicon.arrays(), **side.arrays("page"))
"""


THE_COMMAND_WITHOUT_THESE = """
import cleaner.train
from cleaner.cli import cli
cleaner.train._lexicon = cleaner.train._page_side = None
cli()
"""


def test_lexicon_and_page_side_are_the_same_bytes_in_another_process(
    trained: Trained, data: Path, tmp_path: Path
) -> None:
    in_another_process("-c", LEXICON_AND_PAGE_SIDE, str(data), str(tmp_path / "parts.npz"), str(MADE))
    with np.load(tmp_path / "parts.npz") as other, np.load(trained.here / "weights.npz") as here:
        assert len(other.files) > 10
        assert [name for name in other.files if other[name].tobytes() != here[name].tobytes()] == []


def test_all_else_is_the_same_bytes_by_the_command_in_another_process_with_networks_trained_one_by_one(
    trained: Trained, data: Path, tmp_path: Path
) -> None:
    """And what is kept is not learnt again."""
    assert trained.jobs == (-1,) * len(trained.jobs)
    assert len(trained.jobs) >= 6  # two networks for each side, the one for other stories, the joins
    there = tmp_path / "noise-0.1.0"
    arguments = ["train", str(there), "--data", str(data), "--made", str(MADE), "--keep", str(trained.here)]
    assert in_another_process("-c", THE_COMMAND_WITHOUT_THESE, *arguments) == f"{there}\n"
    names = sorted(path.name for path in trained.here.iterdir())
    assert names == sorted(path.name for path in there.iterdir())
    bytes_of = {folder: {name: sha256(folder / name) for name in names} for folder in (there, trained.here)}
    assert {name for name in names if bytes_of[there][name] != bytes_of[trained.here][name]} == {"manifest.json"}
    manifest, first = (json.loads((folder / "manifest.json").read_text("utf-8")) for folder in (there, trained.here))
    assert (first["data"]["kept"], manifest["data"]["kept"]) == (None, first["files"]["weights.npz"])
    for one in (manifest, first):
        del one["data"]["kept"], one["data"]["language_model"]
    assert manifest == first


def test_the_manifest_tells_what_it_was_made_of(trained: Trained) -> None:
    manifest = json.loads((trained.here / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["version"], manifest["seed"]) == ("noise", "0.1.0", 20)
    assert manifest["data"]["documents"] > MADE
    assert manifest["data"]["units"]["noise"] > 500
    assert str(trained.here.parent) not in json.dumps(manifest)
    assert sorted(manifest["cuts"], key=float) == ["0.5", "1", "2", "5", "20"]


def test_the_small_model_finds_plain_spam(trained: Trained) -> None:
    cleaner = Cleaner(CleanConfig(stages=("noise",), noise=NoiseConfig(model=str(trained.here), budget=20.0)))
    article = [
        "The ferry company will raise its fares by a tenth in May, its director told the council on Tuesday.",
        "The council had asked for another year, but the ships are old and the repairs are dear.",
        "It meets again in June, when the new timetable will be on the table.",
    ]
    spam = [
        "Sign up for our newsletter and get the best stories in your inbox every morning.",
        "Buy cheap designer handbags online, free shipping, order now at www.cheap-bags.example",
        "READ MORE: Ten quiet beaches you can reach without a car",
    ]
    text = "\n".join([article[0], spam[0], article[1], spam[1], article[2], spam[2]])
    cleaned = cleaner.clean(text).text.split("\n")
    assert [line for line in article if line not in cleaned] == []
    assert len([line for line in spam if line not in cleaned]) >= 2


def test_the_small_model_harms_little_of_its_own_material(trained: Trained, data: Path) -> None:
    cleaner = Cleaner(CleanConfig(stages=("noise",), noise=NoiseConfig(model=str(trained.here))))
    clean = [d.text for _, d in gather(data, None, 60, 4).documents if not d.spans][:60]
    words = sum(len(text.split()) for text in clean)
    lost = sum(len(mark.text.split()) for result in cleaner.clean_many(clean) for mark in result.removed)
    assert words > 3000
    assert lost < words * 0.03


def test_the_trained_model_has_its_parts(trained: Trained) -> None:
    model: NoiseModel = load(trained.here)
    assert {"keyword_spam", "newsletter", "share_bar", "legal_footer"} <= set(model.labeller.names)
    assert np.isfinite([value for budget in model.cuts for value in np.ravel(model.cuts[budget])]).all()
    assert load_cached(str(trained.here)) is load_cached(str(trained.here))
    assert resolve(str(trained.here)) == trained.here


def test_a_model_directory_is_never_overwritten(trained: Trained, data: Path) -> None:
    with pytest.raises(DataError, match="exists; a model directory is never overwritten"):
        train(data, trained.here, made=MADE)


def test_too_little_data_is_an_error(tmp_path: Path) -> None:
    first = (DATA / "genres.jsonl").read_text(encoding="utf-8").split("\n")[0]
    (tmp_path / "a.jsonl").write_text(first + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="labelled documents are too few"):
        train(tmp_path, tmp_path / "noise-0.1.0")
    assert not (tmp_path / "noise-0.1.0").exists()


def test_broken_data_name_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "x"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:1: the field 'spans' is missing"):
        train(tmp_path, tmp_path / "noise-0.1.0")


# Parts ----------------------------------------------------------------------------------------------------------------


def test_targets_of_words_and_units() -> None:
    text = "😀 The ferry is late. cheap loans The cook sleeps. Wheat prices fell. Who knows?\nA caption"
    quotes = {"cheap loans": "keyword_spam", "Wheat prices fell.": "off_topic", "Who": "?", "A caption": "caption"}
    spans = tuple(Labelled(text.index(q), text.index(q) + len(q), label) for q, label in quotes.items())
    documents = [Document("a", "Nothing here."), Document("b", text, spans)]
    tokens = tokenize([document.text for document in documents])
    kinds = word_targets(documents, tokens)
    words = [tokens.text(i, i + 1) for i in range(len(tokens))]
    assert [word for word, kind in zip(words, kinds, strict=True) if kind == NOISE] == ["cheap", "loans"]
    assert [word for word, kind in zip(words, kinds, strict=True) if kind == OFF_TOPIC] == ["Wheat", "prices", "fell"]
    assert [word for word, kind in zip(words, kinds, strict=True) if kind == DOUBTFUL] == ["Who"]
    units = segment(tokens, load_cached("noise").lexicon)
    found = {
        tokens.text(a, b): int(kind)
        for a, b, kind in zip(units.first, units.last, unit_targets(documents, tokens, units), strict=True)
    }
    assert (found["Nothing here"], found["A caption"], found["Wheat prices fell"]) == (CLEAN, CLEAN, OFF_TOPIC)


def small_lexicon() -> Lexicon:
    articles = [
        "The ferry left the harbour. The captain of the ferry was calm. A gull sat on the harbour wall.",
        "In the harbour the captain met Ruth Calder. Ruth Calder keeps the harbour wall.",
    ]
    return learn_lexicon(articles * 6, size=50)


def test_what_a_lexicon_learns() -> None:
    lexicon = small_lexicon()
    the, ferry, ruth, unknown = lexicon.find(word_keys(["the", "Ferry", "ruth", "zebra"])).tolist()
    assert unknown == 0
    assert lexicon.frequency[the] > lexicon.frequency[ferry] > 0
    assert lexicon.function[the]
    assert not lexicon.function[ferry]
    assert lexicon.namelike[ruth] > 0 > lexicon.namelike[ferry]
    keys = word_keys(["harbour", "wall", "gull", "captain", "zebra", "quagga"])
    known, strength = lexicon.pairs(keys, lexicon.find(keys), np.array([0, 2, 4]), np.array([1, 3, 5]))
    assert known.tolist() == [True, False, False]
    assert strength[0] > 0 > strength[1]  # two frequent words that were never seen side by side
    assert strength[2] == 0  # nothing follows from two rare ones
    assert lexicon.pairs(keys, lexicon.find(keys), np.array([0, 1]))[0].tolist() == [True, False]


def test_word_pairs_are_learnt_from_other_articles_where_there_are_any() -> None:
    hosts, apart = ["The grey gull ate the bread. " * 3], ["The harbour wall fell on the harbour road. " * 3]
    keys = word_keys(["grey", "gull", "harbour", "wall"])
    for articles, expected in ((apart, [False, True]), ((), [True, True])):
        lexicon = learn_lexicon(hosts + apart, articles, size=40)
        known, _ = lexicon.pairs(keys, lexicon.find(keys), np.array([0, 2]))
        assert known.tolist() == expected


def test_a_lexicon_is_stored_in_few_bits_and_read_again() -> None:
    lexicon = small_lexicon()
    again = Lexicon.from_arrays(lexicon.arrays())
    assert np.array_equal(again.key, lexicon.key)
    assert np.array_equal(again.function, lexicon.function)
    assert np.abs(again.frequency[1:] - np.minimum(lexicon.frequency[1:], 15.9)).max() < 0.07  # more is never needed
    assert np.abs(again.vector - lexicon.vector).max() < 0.01
    stored = Lexicon.from_arrays(again.arrays()).arrays()
    assert all(np.array_equal(stored[name], array) for name, array in again.arrays().items())


def test_a_network_learns_what_decides() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(3000, 6)).astype(np.float32)
    target = (rows[:, 1] > 0) ^ (rows[:, 3] > 0)  # no straight line tells these apart
    network = train_network(rows[:2500], target[:2500], np.ones(2500, np.float32), seed=3)
    right = (network.log_odds(rows[2500:]) > 0) == target[2500:]
    assert right.mean() > 0.85
    again = train_network(rows[:2500], target[:2500], np.ones(2500, np.float32), seed=3)
    assert np.array_equal(again.inner, network.inner)


def test_networks_that_do_not_see_all_columns_stand_side_by_side() -> None:
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(2000, 3)).astype(np.float32)
    target = rows[:, 0] + rows[:, 1] > 0
    weight = np.ones(len(rows), np.float32)
    first, other = (train_network(rows, target, weight, copies=1, hidden=([n],)) for n in (0, 1))
    both = train_network(rows, target, weight, copies=1, hidden=([0], [1]))
    assert not first.inner[0].any()
    assert not other.inner[1].any()
    mean = (first.log_odds(rows) + other.log_odds(rows)) / 2
    assert both.log_odds(rows) == pytest.approx(mean, abs=1e-3)
    right = [((network.log_odds(rows) > 0) == target).mean() for network in (first, other, both)]
    assert right[2] > max(right[:2]) + 0.1  # each knows but one half of what decides


def test_phrases_of_the_articles_are_the_same_each_time() -> None:
    article = "the ferry company will raise fares because repairs become dear while ships grow old and crews leave " * 3
    phrases = random_phrases((article,), seed=5, count=50)
    assert phrases == random_phrases((article,), seed=5, count=50)
    assert phrases != random_phrases((article,), seed=6, count=50)
    words = set(article.split())
    assert all(2 <= len(phrase.split()) <= 4 and set(phrase.split()) <= words for phrase in phrases)


def test_articles_that_measure_are_whole_and_cut_and_of_trusted_sources() -> None:
    lines = [f"The ferry left pier {n} on time." for n in range(9)]
    hosts = [Host("a", "\n".join(lines), "bbc"), Host("b", "\n".join(lines), "blog"), Host("c", "\n", "bbc")]
    for seed in range(8):
        documents = [d for _, d in measured_documents(hosts, seed) if "bulletin" not in d.id]
        assert [d.id for d in documents] == ["a/whole", "a/short", "c/whole"]
        assert 1 <= documents[1].text.count("\n") + 1 <= 4
        assert documents[1].text in documents[0].text


def test_bulletins_that_measure_are_strung_together_from_news() -> None:
    def host(number: int, source: str) -> Host:
        lines = (f"Ferry {number} of the {source} is late", "Nobody knew why it was late.", "It came at noon.")
        return Host(f"{source}/{number}", "\n".join(lines), source)

    hosts = [host(number, source) for number in range(60) for source in ("bbc", "isot", "own", "blog")]
    found = [(fold, d) for fold, d in measured_documents(hosts, 3) if "bulletin" in d.id]
    assert len(found) > 30
    several = 0
    for fold, document in found:
        assert document.source == "bulletin"
        headlines = [line for line in document.text.split("\n") if line.endswith("late")]
        sources = {line.split()[4] for line in headlines}
        assert sources <= {"bbc", "isot"}
        assert {fold_of(f"{line.split()[4]}/{line.split()[1]}") for line in headlines} <= {fold}
        several += len(headlines) > 1
    assert several > 10


def test_articles_with_a_known_fault_measure_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = "Menu of the harbour pages"
    monkeypatch.setattr("cleaner.sources.FAULTS", {md5(fault.encode()).hexdigest()[:16]})
    lines = ["The ferry is late", "Nobody knew why.", f" {fault} ", "It came at noon."]
    hosts = [Host("a", "\n".join(lines), "bbc"), Host("b", "\n".join(lines[:2]), "bbc")]
    for seed in range(8):
        found = [d for _, d in measured_documents(hosts, seed)]
        assert found
        assert not any(fault in d.text for d in found)


def test_a_file_that_is_no_language_model_is_named(data: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "model.bin"
    wrong.write_bytes(b"nothing of the kind")
    with pytest.raises(DataError, match="not a language model"):
        train(data, tmp_path / "noise-0.1.0", made=MADE, language_model=wrong)


def test_documents_with_the_noise_of_a_page_count_less() -> None:
    text = "The ferry was late again on Monday.\nWall tiles near me"
    span = (Labelled(36, 54, "keyword_spam"),)
    made = [
        Document("moved", text, span, source="bbc", detail=("m:kw/line",)),
        Document("injected", text, span, source="bbc", detail=("a:kw/line",)),
        Document("moved-own", text, span, source="own", detail=("m:kw/line",)),
        Document("own", text, span, source="own"),
        Document("own-clean", text, source="own"),
    ]
    tables = [np.zeros((2, 1 << TABLE_BITS), np.float32)] * FOLDS
    units = unit_table([(0, document) for document in made], small_lexicon(), tables)
    weights = [set(units.weight[units.document == n].astype(float).round(3).tolist()) for n in range(len(made))]
    assert weights == [{MOVED_WEIGHT}, {1.0}, {2 * MOVED_WEIGHT}, {2 * MOVED_WEIGHT}, {2.0}]
    assert units.labelled.tolist() == [number in (0, 2, 3) for number in units.document]


def test_documents_that_measure_have_a_source_and_no_weight() -> None:
    text = "The ferry left the harbour on time."
    noise = Labelled(0, 9, "keyword_spam")
    dealt = [(0, Document("a", text, source="own")), (0, Document("b", text, source="bbc"))]
    dealt.append((0, Document("c", text, (noise,), source="bbc")))
    measured = [(0, Document("d", text, source="bbc")), (0, Document("e", text, source="own"))]
    tables = [np.zeros((2, 1 << TABLE_BITS), np.float32)] * FOLDS
    units = unit_table(dealt, small_lexicon(), tables, measured)
    first = [int(np.flatnonzero(units.document == number)[0]) for number in range(5)]
    assert units.source[first].tolist() == [-1, 1, -1, 1, OWN]
    assert (units.weight[first] > 0).tolist() == [True, True, True, False, False]


def test_networks_learn_nothing_from_documents_that_measure() -> None:
    rng = np.random.default_rng(2)
    rows, target = rng.normal(size=(400, 5)).astype(np.float32), np.repeat([CLEAN, NOISE], 200).astype(np.int8)
    none, number = np.zeros(400, np.int8), np.arange(400)
    weight = np.where(number % 4, 1, 0).astype(np.float32)
    units = UnitTable(rows, target, weight, weight + 1, none, number, none, none > 0, none > 0, number, none > 0)
    with_them, without = (_noise_network(table, 3, 1) for table in (units, units.where(weight > 0)))
    assert np.array_equal(with_them.inner, without.inner)


def test_what_stands_on_a_page_is_in_the_fold_of_the_page(data: Path) -> None:
    """Whether all noise of a page moves, or a piece of it is put into an article: no network is tested on a piece whose
    other copies it has learnt."""
    paths = (data / "pages.jsonl", *data.glob(LEFTOVERS))
    pages = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    folds: dict[str, set[int]] = defaultdict(set)  # a few words stand on pages of two folds
    for page in pages:
        for span in page["spans"]:
            if len(span["quote"].split()) > 6 and "\n" not in span["quote"]:
                folds[span["quote"]].add(fold_of(page["site"]))
    assert sum(map(len, folds.values())) < 1.02 * len(folds)
    material = gather(data, None, 400, 4)
    seen = [
        (number, piece)
        for number, document in (*material.documents, *material.inserted)
        if document.source != "own" or not document.id.startswith("page-")
        for span in document.spans
        if (piece := document.text[span.start : span.end]) in folds
    ]
    assert len(seen) > 100
    assert [piece for number, piece in seen if number not in folds[piece]] == []
