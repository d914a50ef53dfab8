"""The model directory: what is written is read again, and what is broken is refused with advice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZipFile

import numpy as np
import pytest
from conftest import ROOT, inside_lines

from cleaner.arrays import LOCAL_HEADER, read_arrays
from cleaner.collective import COLUMNS as COLLECTIVE_COLUMNS
from cleaner.config import NoiseConfig
from cleaner.dataset import read_documents
from cleaner.errors import ModelError
from cleaner.features import COLUMNS, OF_MEANING, SENSE, evidence
from cleaner.inserts import COLUMNS as INSERT_COLUMNS
from cleaner.manifest import sha256
from cleaner.model import FAR, SEEN_FIRST, SENTENCE, NoiseModel, dirtiness, load, probability
from cleaner.network import REACH, Network
from cleaner.noise import load_cached
from cleaner.policy import noise_labels
from cleaner.resources import resolve
from cleaner.strata import STRATA
from cleaner.tokens import tokenize
from cleaner.train_network import rounded
from cleaner.train_write import ALIGNED, predictions, write_model
from cleaner.units import segment
from cleaner.verdicts import VERDICTS

SHIPPED = resolve("noise")
MODEL = load_cached("noise")

TEXT = """Fares rise on the island ferry
Share on Facebook
The ferry company will raise its fares by a tenth in May, its director told the council on Tuesday. cheap flights
The council had asked for another year.

Sign up for our newsletter and get the best stories in your inbox."""


def margins(model: NoiseModel, text: str) -> np.ndarray:
    tokens = tokenize([text])
    return model.score(tokens, segment(tokens, model.lexicon), 2.0).margin


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model, written again."""
    out = tmp_path_factory.mktemp("models") / "noise-7.0.0"
    write_model(MODEL, {"documents": 1}, out, 20, [TEXT])
    return out


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "noise-7.0.0"))


def test_a_model_is_read_as_it_was_written(written: Path) -> None:
    again = load(written)
    assert again.labeller.names == MODEL.labeller.names
    assert again.cut(2.0).tolist() == pytest.approx(MODEL.cut(2.0).tolist(), abs=1e-4)
    for name, array in MODEL.arrays().items():
        assert np.array_equal(again.arrays()[name], array), name
    assert margins(again, TEXT) == pytest.approx(margins(MODEL, TEXT), abs=1e-3)


def test_weights_are_read_as_numpy_reads_them_and_used_where_they_stand(written: Path) -> None:
    """What is not packed begins where the processor reads it at once, whatever the length of the names before it."""
    content = (written / "weights.npz").read_bytes()
    found = read_arrays(content)
    with np.load(written / "weights.npz") as arrays:
        assert list(found) == arrays.files
        for name, array in arrays.items():
            assert found[name].dtype == array.dtype, name
            assert np.array_equal(found[name], array), name
    with ZipFile(written / "weights.npz") as archive:
        for entry in archive.infolist():
            start = entry.header_offset + LOCAL_HEADER.size + len(entry.filename) + len(entry.extra)
            assert entry.compress_type or start % ALIGNED == 0, entry.filename
    there = np.frombuffer(content, np.uint8)
    assert sum(array.nbytes for array in found.values() if np.may_share_memory(array, there)) > len(content) / 2


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("packed", [np.savez, np.savez_compressed])
def test_any_arrays_are_read_as_numpy_reads_them(packed: Callable[..., None], order: Any) -> None:
    arrays = {
        "table": np.arange(12, dtype=np.float32).reshape(3, 4, order=order), "one": np.array(3.5),
        "none": np.zeros((0, 2)), "flags": np.array([True, False]), "words": np.array(["tide", "mill"]),
        "odd": np.arange(7, dtype=np.uint64),
    }  # fmt: skip
    stream = BytesIO()
    packed(stream, **arrays)
    found = read_arrays(stream.getvalue())
    assert set(found) == set(arrays)
    for name, array in found.items():
        assert array.dtype == arrays[name].dtype
        assert array.shape == arrays[name].shape
        assert array.flags.aligned
        assert (array == arrays[name]).all()


def test_the_same_model_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_model(load(written), {"documents": 1}, tmp_path / "noise-7.0.0", 20, [TEXT])
    for path in written.iterdir():
        assert (tmp_path / "noise-7.0.0" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_manifest_tells_what_the_model_is(written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == "7.0.0"
    assert manifest["columns"] == list(COLUMNS + VERDICTS + INSERT_COLUMNS + COLLECTIVE_COLUMNS)
    assert set(manifest["packages"]) == {"numpy", "scikit-learn"}
    assert manifest["files"] == {name: sha256(written / name) for name in ("predictions.jsonl", "weights.npz")}


def test_the_shipped_model_gives_its_reference_predictions() -> None:
    path = SHIPPED / "predictions.jsonl"
    if not path.is_file() or not path.stat().st_size:
        pytest.skip("this model was written without reference predictions")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows
    for row in rows:
        found = predictions(MODEL, row["text"])["units"]
        assert [unit[:2] for unit in found] == [unit[:2] for unit in row["units"]]
        assert [unit[2] for unit in found] == pytest.approx([unit[2] for unit in row["units"]], abs=0.02)


def test_the_shipped_model_knows_every_label_that_it_may_give() -> None:
    assert set(MODEL.labeller.names) <= set(noise_labels()) - {"off_topic"}
    assert len(MODEL.labeller.names) > 8


# What is broken -------------------------------------------------------------------------------------------------------


def change_manifest(directory: Path, **values: Any) -> None:
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest.update(values)
    path.write_text(json.dumps({k: v for k, v in manifest.items() if v is not None}), encoding="utf-8")


def break_weights(directory: Path, data: bytes) -> None:
    """Other weights, whose digest the manifest has."""
    (directory / "weights.npz").write_bytes(data)
    digests = {name: sha256(directory / name) for name in ("predictions.jsonl", "weights.npz")}
    change_manifest(directory, files=digests)


def flip_a_byte(directory: Path) -> None:
    path = directory / "weights.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def without(directory: Path, name: str) -> None:
    (directory / name).unlink()


def cut_short(directory: Path) -> None:
    break_weights(directory, (directory / "weights.npz").read_bytes()[:5000])


def with_objects(directory: Path) -> None:
    """Weights of which one would have to be unpickled, and all others as they are."""
    arrays = dict(read_arrays((directory / "weights.npz").read_bytes()))
    stream = BytesIO()
    np.savez(stream, **arrays | {"lexicon_function": arrays["lexicon_function"].astype(object)})
    break_weights(directory, stream.getvalue())


def packed_otherwise() -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_BZIP2) as archive:
        archive.writestr("lexicon_key.npy", b"")
    return stream.getvalue()


def rewrite(directory: Path, name: str, text: str) -> None:
    (directory / name).write_text(text, encoding="utf-8")


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a changed byte": (flip_a_byte, r"weights\.npz was changed .*sha256.*install the model again"),
    "no weights": (lambda d: without(d, "weights.npz"), r"weights\.npz is missing; install the model again"),
    "no predictions": (lambda d: without(d, "predictions.jsonl"), r"predictions\.jsonl is missing"),
    "no manifest": (lambda d: without(d, "manifest.json"), r"manifest\.json: No such file.*has a manifest\.json"),
    "broken manifest": (lambda d: rewrite(d, "manifest.json", "{"), r"not valid JSON .*install the model again"),
    "a list": (lambda d: rewrite(d, "manifest.json", "[]"), r"not a JSON object"),
    "no UTF-8": (lambda d: _not_utf8(d), r"not valid JSON"),
    "another format": (lambda d: change_manifest(d, format=99), r"format 99; .*'noise' models of format 12: train"),
    "another kind": (lambda d: change_manifest(d, kind="typos"), r"kind 'typos'"),
    "other columns": (lambda d: change_manifest(d, columns=list(COLUMNS[1:])), r"other evidence .*'cleaner train'"),
    "other order": (lambda d: change_manifest(d, columns=list(COLUMNS[::-1])), r"other evidence"),
    "a strange label": (lambda d: change_manifest(d, labels=["keyword_spam", "gossip"]), r"no label 'gossip'; train"),
    "no cuts": (lambda d: change_manifest(d, cuts=None), r"'cuts'.*install the model again"),
    "no cuts of inserts": (lambda d: change_manifest(d, insert_cuts=None), r"'insert_cuts'.*install the model again"),
    "cuts of a wrong type": (lambda d: change_manifest(d, cuts=[1.0]), r"cannot be read .*install the model again"),
    "cut short": (cut_short, r"weights\.npz cannot be read"),
    "no archive": (lambda d: break_weights(d, b"weights"), r"weights\.npz cannot be read"),
    "empty": (lambda d: break_weights(d, b""), r"weights\.npz cannot be read"),
    "Python objects": (with_objects, r"weights\.npz cannot be read"),
    "packed otherwise": (lambda d: break_weights(d, packed_otherwise()), r"weights\.npz cannot be read .*packed"),
}  # fmt: skip


def _not_utf8(directory: Path) -> None:
    (directory / "manifest.json").write_bytes(b"\xff\xfe{")


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_broken_is_refused_with_advice(name: str, copy: Path) -> None:
    damage, message = DAMAGE[name]
    damage(copy)
    with pytest.raises(ModelError, match=message):
        load(copy)


def test_the_digest_is_checked_before_the_arrays_are_read(copy: Path) -> None:
    (copy / "weights.npz").write_bytes(b"weights")
    with pytest.raises(ModelError, match="sha256"):
        load(copy)


def test_arrays_that_would_be_unpickled_are_refused(copy: Path) -> None:
    from io import BytesIO

    stream = BytesIO()
    np.savez(stream, lexicon_key=np.array([{"a": 1}], dtype=object))
    break_weights(copy, stream.getvalue())
    with pytest.raises(ModelError, match="cannot be read"):
        load(copy)


# Scores ---------------------------------------------------------------------------------------------------------------


def test_a_larger_budget_never_has_a_higher_cut() -> None:
    cuts = [MODEL.cut(budget) for budget in (0.1, 0.5, 0.7, 1, 2, 3, 5, 10, 20, 100)]
    for smaller, larger in pairwise(cuts):
        assert (smaller >= larger).all()
    assert (cuts[0] == cuts[1]).all()  # below the smallest calibrated budget nothing is known
    assert cuts[0].shape == (len(STRATA),)


def test_a_calibrated_budget_has_its_own_cut() -> None:
    for budget, cut in MODEL.cuts.items():
        assert MODEL.cut(budget).tolist() == pytest.approx(cut)


def test_labels_of_plain_noise() -> None:
    assert MODEL.label(inside_lines([])) == []
    plain = inside_lines(["Share on Facebook", "Sign up for our daily newsletter"])
    assert MODEL.label(plain) == ["share_bar", "newsletter"]


def test_a_label_does_not_depend_on_the_batch() -> None:
    texts = ["Share on Facebook", "", "cheap flights", "...", "All rights reserved.\nTerms of use", "\ud800"]
    assert MODEL.label(inside_lines(texts)) == [MODEL.label(inside_lines([text]))[0] for text in texts]


def test_dirtiness_needs_many_lines_and_much_noise() -> None:
    texts = ["buy now\n" * 90 + "The council met.\n" * 40, "buy now\nThe council met.", "The council met.\n" * 130]
    tokens = tokenize(texts)
    units = segment(tokens, MODEL.lexicon)
    buys = np.array([tokens.text(a, b).startswith("buy") for a, b in zip(units.first, units.last, strict=True)])
    assert dirtiness(tokens, units, np.where(buys, 3, -3).astype(np.float32)).tolist() == [1, 0, 0]


def test_pages_are_told_from_articles_as_if_all_networks_were_asked_about_all_units() -> None:
    prose = "The council met on Monday, and the harbour board agreed to repair the pier before the winter comes.\n"
    menu = "Home\nShare on Facebook\nSign up for our newsletter\nMost read\nTerms of use\nAll rights reserved\n"
    tokens = tokenize([prose * 40, menu * 10 + prose * 10, prose * 30 + menu])
    units = segment(tokens, MODEL.lexicon)
    found, cut = evidence(tokens, units, MODEL.lexicon), MODEL.page_cut
    asked = MODEL.page.log_odds(found)[1] - np.float32(cut)
    margin, share = MODEL.page.page_odds(found, cut)
    assert share.tolist() == pytest.approx(dirtiness(tokens, units, asked).tolist(), abs=1e-6)
    assert share[0] == 0 < share[1]
    page = (share > 0)[units.document]
    assert margin[page] == pytest.approx(asked[page], abs=1e-4)


def test_probability() -> None:
    assert probability(0.0) == pytest.approx(0.5)
    assert probability(1000.0) == pytest.approx(1.0)
    assert 0 < probability(-1000.0) < 1e-9
    assert [probability(odds) for odds in (-2.0, 2.0)] == pytest.approx([0.1192, 0.8808], abs=1e-4)


# The network ----------------------------------------------------------------------------------------------------------


def small_network(seed: int = 4, columns: int = 5, hidden: int = 3) -> Network:
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    scale = np.abs(draw(columns)) + np.float32(0.5)
    return Network(draw(columns), scale, draw(columns, hidden), draw(hidden), draw(hidden), 0.25)


def test_the_network_is_what_its_formula_says() -> None:
    net, rows = small_network(), np.random.default_rng(5).normal(size=(7, 5)).astype(np.float32)
    for row, score in zip(rows, net.log_odds(rows), strict=True):
        total = net.outer_bias
        for unit in range(3):
            z = [(row[c] - net.mean[c]) / net.scale[c] for c in range(5)]
            inner = sum(z[c] * net.inner[c, unit] for c in range(5)) + net.inner_bias[unit]
            total += max(0.0, float(inner)) * float(net.outer[unit])
        assert float(score) == pytest.approx(total, abs=1e-4)


def test_one_odd_number_cannot_decide_alone() -> None:
    net = small_network()
    far, farther = net.mean.copy(), net.mean.copy()
    far[2] += REACH * net.scale[2]
    farther[2] += 1e6 * net.scale[2]
    odds = net.log_odds(np.array([far, farther], np.float32))
    assert odds[0] == pytest.approx(odds[1], abs=1e-4)


def test_the_arrays_of_a_network_make_the_network() -> None:
    net, rows = small_network(), np.zeros((2, 5), np.float32)
    net = replace(net, inner=rounded(net.inner))
    again = Network.from_arrays("topic", net.arrays("topic"))
    assert again.log_odds(rows).tolist() == net.log_odds(rows).tolist()
    with pytest.raises(KeyError):
        Network.from_arrays("article", net.arrays("topic"))


def test_a_part_of_a_network_estimates_the_whole() -> None:
    net, rows = small_network(), np.random.default_rng(6).normal(size=(7, 5)).astype(np.float32)
    twice = (np.concatenate([part, part], axis=-1) for part in (net.inner, net.inner_bias, net.outer / 2))
    twins = Network(net.mean, net.scale, *twice, net.outer_bias)
    assert twins.part(2).log_odds(rows) == pytest.approx(twins.log_odds(rows), abs=1e-4)
    assert twins.part(2).log_odds(rows) == pytest.approx(net.log_odds(rows), abs=1e-4)


def test_no_rows_have_no_scores() -> None:
    assert small_network().log_odds(np.zeros((0, 5), np.float32)).shape == (0,)


def test_a_model_is_loaded_once() -> None:
    assert load_cached("noise") is load_cached(NoiseConfig().model)


def test_the_shipped_model_lies_in_the_checkout() -> None:
    assert SHIPPED.parent == ROOT / "models"


def test_further_networks_are_asked_where_the_first_does_not_rule_noise_out() -> None:
    text = "The ferry was late on Monday, the harbour board said. cheap sofas online\nSign up for our newsletter"
    tokens = tokenize([text])
    found, side = evidence(tokens, segment(tokens, MODEL.lexicon), MODEL.lexicon), MODEL.article
    rows, odds = side.log_odds(found)
    evidence_alone = rows[:, : len(COLUMNS)]
    first, sense = side.first.log_odds(evidence_alone[:, :SEEN_FIRST]), side.sense.log_odds(evidence_alone)
    far = first <= FAR
    assert far.any()
    assert not far.all()
    assert odds[far] == pytest.approx(first[far], abs=1e-4)
    both = (first + sense) / 2
    assert odds[~far] == pytest.approx((both + side.second.log_odds(rows))[~far] / 2, abs=1e-4)


@pytest.mark.parametrize(("network", "hidden"), [("first", SENSE), ("sense", OF_MEANING)])
def test_networks_see_meaning_or_sense(network: str, hidden: tuple[str, ...]) -> None:
    inner = getattr(MODEL.article, network).inner
    unseen = [place for name in hidden if (place := COLUMNS.index(name)) < len(inner)]
    assert not inner[unseen].any()
    assert all(part.any() for part in np.delete(inner, unseen, axis=0)[:40])


def test_only_whole_sentences_may_be_of_another_story() -> None:
    text = "The ferry was late on Monday. Tigers won.\nThe opera house will stage four new works by young composers."
    tokens = tokenize([text])
    units = segment(tokens, MODEL.lexicon)
    off_topic = MODEL.score(tokens, units, 2.0).off_topic
    assert np.isfinite(off_topic).any()
    assert not np.isfinite(off_topic[units.last - units.first < SENTENCE]).any()


def test_sentences_that_are_ruled_out_early_are_of_no_other_story() -> None:
    texts = [document.text for document in read_documents(ROOT / "training_data" / "genres.jsonl")]
    stray = [max(text.split("\n"), key=len).split(". ")[0] for text in texts]
    mixed = [f"{text}\n\n{sentence}." for text, sentence in zip(texts, stray[7:] + stray[:7], strict=True)]
    tokens = tokenize(mixed)
    units = segment(tokens, MODEL.lexicon)
    off_topic = MODEL.score(tokens, units, 2.0).off_topic
    rows = MODEL.article.rows(evidence(tokens, units, MODEL.lexicon))
    whole = np.where(units.last - units.first >= SENTENCE, MODEL.off_topic.log_odds(rows) - MODEL.flag_cut, -np.inf)
    looked_at = np.isfinite(off_topic)
    assert off_topic[looked_at] == pytest.approx(whole[looked_at], abs=1e-4)
    assert (whole[looked_at] > 0).any()
    assert (whole[~looked_at] < -1).all()
    assert looked_at.mean() < 0.4
