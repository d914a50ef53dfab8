"""Word vectors that others have learnt: formats, directions, mistakes in files."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

from cleaner.errors import DataError
from cleaner.lexicon import DIMENSIONS
from cleaner.tokens import word_keys
from cleaner.train import train
from cleaner.train_lexicon import learn_lexicon
from cleaner.word_vectors import read_vectors

LINES = ["pier 1 0 0.5", "harbour 0.9 0.1 0.4", ", 3 3 3", "loan 0 1 -0.5", "credit 0.1 0.9 -0.4", "the 0 0 0.1"]


def written(folder: Path, text: str, name: str = "vectors.txt") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize(("name", "header"), [("v.txt", ""), ("v.txt.gz", ""), ("v.vec", "6 3\n")])
def test_text_files_are_read(tmp_path: Path, name: str, header: str) -> None:
    found = read_vectors(written(tmp_path, header + "\n".join(LINES) + "\n", name))
    assert found.words == ("pier", "harbour", "loan", "credit", "the")
    assert found.vectors[1].tolist() == pytest.approx([0.9, 0.1, 0.4])


def test_arrays_are_read_like_text(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    words = [line.split()[0] for line in LINES]
    parquet.write_table(pyarrow.table({"index": words}), tmp_path / "small_index.parquet")
    np.save(tmp_path / "small_emb.npy", np.array([line.split()[1:] for line in LINES], np.float32))
    of_text = read_vectors(written(tmp_path, "\n".join(LINES)))
    of_arrays = read_vectors(tmp_path)
    assert of_arrays.words == of_text.words
    assert of_arrays.digest() == of_text.digest()


def test_directions_are_of_unit_length_and_keep_what_is_alike(tmp_path: Path) -> None:
    vectors = read_vectors(written(tmp_path, "\n".join(LINES)))
    found = vectors.of(word_keys(["loan", "pier", "zebra", "harbour", "credit"]), 2)
    assert np.linalg.norm(found, axis=1).tolist() == pytest.approx([1, 1, 0, 1, 1])
    assert found[1] @ found[3] > 0.9 > 0 > found[0] @ found[1]
    assert vectors.of(word_keys(["loan"]), 8).shape == (1, 8)


def test_a_lexicon_takes_its_vectors_from_them(tmp_path: Path) -> None:
    vectors = read_vectors(written(tmp_path, "\n".join(LINES)))
    lexicon = learn_lexicon(["The pier and the harbour."] * 9, vectors=vectors)
    rows = lexicon.find(word_keys(["pier", "harbour", "and"]))
    assert (rows > 0).all()
    content = vectors.of(word_keys(["pier", "harbour"]), DIMENSIONS)
    assert np.allclose(lexicon.vector[rows[:2], :DIMENSIONS], content)
    assert not lexicon.vector[rows[2]].any()  # a function word
    assert not lexicon.vector[0].any()
    assert not lexicon.vector[:, DIMENSIONS:].any()  # no encoder told of their sense


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pier 1 2\nloan 1 x\n", "line 2: no numbers behind a word"),
        ("pier 1 2\nloan 1\n", "line 2: 1 numbers behind a word, 2 are expected"),
        ("pier\n", "line 1: 0 numbers"),
        ("", "no word vectors"),
        (", 1 2\n", "no word vectors"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, problem: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ValueError, match=problem):
        read_vectors(path)
    with pytest.raises(DataError, match=problem):
        train(tmp_path, tmp_path / "noise-0.1.0", word_vectors=path)


def test_a_folder_without_arrays_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no word vectors"):
        read_vectors(tmp_path)


@pytest.mark.parametrize(("name", "content"), [("v.txt", b"\x89PNG\xff\xfe 1 2\n"), ("v.txt.gz", b"no gzip at all")])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match="no word vectors in text form"):
        read_vectors(tmp_path / name)


def test_without_pyarrow_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match=r"article-cleaner\[parquet\]"):
        read_vectors(tmp_path)
