"""Vectors of sense: learnt from an encoder, which is asked in the right way."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cleaner.errors import DataError
from cleaner.lexicon import DIMENSIONS, SENSES, Lexicon
from cleaner.sentence_encoder import LONGEST, MODEL, TOKENIZER, SentenceEncoder, read_encoder
from cleaner.tokens import word_keys
from cleaner.train import train
from cleaner.train_lexicon import learn_lexicon
from cleaner.train_sense import learn_sense

SEA = ("pier harbour sailor anchor tide", "The sailor dropped an anchor by the pier.")
MONEY = ("loan credit lender mortgage rate", "A lender set the rate of the loan.")


class Fake(SentenceEncoder):
    """Says of a sentence how much of it is about the sea and about money; nothing of "tide" alone."""

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        rows = []
        for sentence in sentences:
            words = set(sentence.lower().strip(".").split())
            row = [len(words & set(about.split())) for about in (SEA[0], MONEY[0])]
            rows.append([0.1, 0.1] if words == {"tide"} else row)
        return np.array(rows, np.float32) + 0.01


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    texts = [f"{SEA[1]} The tide took the harbour.", f"{MONEY[1]} His credit had a mortgage."] * 40
    known = learn_lexicon(texts)
    known.vector[:, DIMENSIONS:] = learn_sense(texts, known, Fake(Path("nowhere")))
    return known


def test_words_point_to_what_their_sentences_say(lexicon: Lexicon) -> None:
    sea, money = (lexicon.vector[lexicon.find(word_keys(words.split())), DIMENSIONS:] for words, _ in (SEA, MONEY))
    assert (sea @ sea.T > 0).all()
    assert (money @ money.T > 0).all()
    assert (sea @ money.T < 0).all()


def test_vectors_of_sense_fit_into_what_is_stored(lexicon: Lexicon) -> None:
    sense = lexicon.vector[:, DIMENSIONS:]
    assert sense.shape == (len(lexicon.key) + 1, SENSES)
    assert np.abs(sense).max() <= 1
    assert not sense[0].any()
    again = Lexicon.from_arrays(lexicon.arrays())
    assert np.abs(again.vector - lexicon.vector).max() < 0.01


IDS = {"a": [5], "b c": [6, 7], "d d d": [8, 8, 8]}


def given_packages(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """Packages that know the sentences of `IDS` and answer with the number of each part of a word and one; what the
    model was given."""
    asked: list[np.ndarray] = []

    class Session:
        def __init__(self, *_: object, **__: object) -> None: ...

        def get_inputs(self) -> list[SimpleNamespace]:
            return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

        def run(self, _: None, given: dict[str, np.ndarray]) -> list[np.ndarray]:
            assert sorted(given) == ["attention_mask", "input_ids"]
            asked.append(given["input_ids"])
            return [np.stack((given["input_ids"], np.ones_like(given["input_ids"])), axis=2).astype(np.float32)]

    class Tokenizer:
        @classmethod
        def from_file(cls, _: str) -> Tokenizer:
            return cls()

        def no_padding(self) -> None: ...

        def enable_truncation(self, longest: int) -> None:
            assert longest == LONGEST

        def encode_batch(self, sentences: list[str]) -> list[SimpleNamespace]:
            return [SimpleNamespace(ids=IDS.get(sentence, [1])) for sentence in sentences]

    runtime = SimpleNamespace(InferenceSession=Session, SessionOptions=SimpleNamespace)
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    monkeypatch.setitem(sys.modules, "tokenizers", SimpleNamespace(Tokenizer=Tokenizer))
    return asked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (MODEL, TOKENIZER):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def test_an_encoder_takes_the_mean_over_each_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = given_packages(monkeypatch)
    encoder = read_encoder(folder)
    found = encoder.encode(["d d d", "a", "b c"])
    wanted = np.array([[8, 1], [5, 1], [6.5, 1]])
    assert found == pytest.approx(wanted / np.linalg.norm(wanted, axis=1, keepdims=True))
    assert asked[-1].tolist() == [[5, 0, 0], [6, 7, 0], [8, 8, 8]]  # short ones first, filled up


def test_the_digest_is_of_both_files(folder: Path) -> None:
    before = SentenceEncoder(folder).digest()
    (folder / TOKENIZER).write_bytes(b"another")
    assert SentenceEncoder(folder).digest() != before


def test_what_is_missing_is_named(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ValueError, match=r"article-cleaner\[encoder\]"):
        read_encoder(folder)
    (folder / TOKENIZER).unlink()
    with pytest.raises(ValueError, match=r"tokenizer.json is missing"):
        read_encoder(folder)
    with pytest.raises(DataError, match=r"tokenizer.json is missing"):
        train(tmp_path, tmp_path / "noise-0.1.0", sentence_encoder=folder)


def test_a_file_that_is_no_encoder_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given_packages(monkeypatch)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no protobuf")

    monkeypatch.setattr(sys.modules["onnxruntime"], "InferenceSession", broken)
    with pytest.raises(ValueError, match=r"no sentence encoder.*no protobuf"):
        read_encoder(folder)
