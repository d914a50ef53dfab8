"""Reads a language model of three words in the binary format of CMU Sphinx. Needed for training only.

The format is that of `ngram_model_trie.c` in PocketSphinx (BSD): probabilities in a table of 65,536 values for each
order, n-grams as packed bits, sorted by their last word, then the word before it, then the first one.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"Trie Language Model"
_VALUES = 1 << 16
_BASE = 1e-4
"""Log probabilities are stored to the base 1.0001; in that unit this is one of the natural log."""

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trigrams:
    """A language model as probabilities of runs of words.

    Attributes:
        words: the vocabulary, <s> and </s> among it; length v.
        ones: probability of each word; shape (v,).
        pairs: numbers of two words in the order of the text; shape (2, m).
        pair_chances: probability of both together; shape (m,).
        triples: numbers of three words; shape (3, k).
        triple_chances: probability of all three together; shape (k,).
    """

    words: list[str]
    ones: Floats
    pairs: Numbers
    pair_chances: Floats
    triples: Numbers
    triple_chances: Floats


def installed_model() -> Path | None:
    """The English language model that comes with PocketSphinx, None where that is not installed."""
    try:
        folder = resources.files("pocketsphinx")
    except ModuleNotFoundError:
        return None
    path = Path(str(folder / "model" / "en-us" / "en-us.lm.bin"))
    return path if path.is_file() else None


def read_trigrams(path: Path) -> Trigrams:
    """Read a model of order three.

    Raises:
        ValueError: the file is of another format or order.
    """
    content = path.read_bytes()
    at = len(_MAGIC)
    if not content.startswith(_MAGIC) or content[at] != 3:
        raise ValueError(f"{path}: not a language model of CMU Sphinx in binary form, order 3")
    size, pairs_size, triples_size = np.frombuffer(content, "<u4", 3, at + 1).tolist()
    at += 1 + 3 * 4 + 4
    tables = np.frombuffer(content, "<f4", 3 * _VALUES, at).reshape(3, _VALUES).astype(np.float64)
    at += tables.size * 4
    record = np.dtype([("chance", "<f4"), ("back_off", "<f4"), ("first", "<u4")])
    ones = np.frombuffer(content, record, size + 1, at)
    at += ones.nbytes
    word_bits, link_bits = size.bit_length(), triples_size.bit_length()
    pair_bits, triple_bits = word_bits + 32 + link_bits, word_bits + 16
    packed_pairs = np.frombuffer(content, np.uint8, ((1 + pairs_size) * pair_bits + 7) // 8 + 8, at)
    at += len(packed_pairs)
    packed_triples = np.frombuffer(content, np.uint8, ((1 + triples_size) * triple_bits + 7) // 8 + 8, at)
    at += len(packed_triples) + 4
    words = content[at:].decode("utf-8").split("\0")[:size]

    firsts = np.maximum.accumulate(ones["first"].astype(np.int64))
    last = np.repeat(np.arange(size), np.diff(firsts))  # the last word of each pair
    number = len(last)
    before = _bits(packed_pairs, number, pair_bits, 0, word_bits)
    log_one = ones["chance"][:size] * _BASE
    log_one[words.index("<s>")] = log_one[words.index("</s>")]  # a start is certain; sentences start as often as end
    pair_logs = log_one[before] + _BASE * tables[0][_bits(packed_pairs, number, pair_bits, word_bits + 16, 16)]
    links = np.maximum.accumulate(_bits(packed_pairs, number + 1, pair_bits, word_bits + 32, link_bits))
    ending = np.repeat(np.arange(number), np.diff(links))  # the pair that ends each triple
    number = len(ending)
    first = _bits(packed_triples, number, triple_bits, 0, word_bits)
    order = np.argsort(before * size + last)
    beginning = np.searchsorted((before * size + last)[order], first * size + before[ending])
    last_logs = _BASE * tables[2][_bits(packed_triples, number, triple_bits, word_bits, 16)]
    return Trigrams(
        words, np.exp(log_one.astype(np.float64)), np.array([before, last]), np.exp(pair_logs),
        np.array([first, before[ending], last[ending]]), np.exp(pair_logs[order[beginning]] + last_logs),
    )  # fmt: skip


def _bits(packed: NDArray[np.uint8], number: int, width: int, offset: int, bits: int) -> Numbers:
    """A field of `bits` bits from each of the first records of `width` bits; shape (number,)."""
    place = np.arange(number, dtype=np.int64) * width + offset
    padded = np.concatenate((packed, np.zeros(8, np.uint8)))
    value = np.zeros(number, np.uint64)
    for byte in range(8):
        value |= padded[(place >> 3) + byte].astype(np.uint64) << np.uint64(8 * byte)
    return ((value >> (place & 7).astype(np.uint64)) & np.uint64((1 << bits) - 1)).astype(np.int64)
