"""What the typos model is made of: the error model, the language model's file format, the blend of both sources."""

from __future__ import annotations

import struct
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cleaner.resources import resolve
from cleaner.typos import blend
from cleaner.typos.blend import MODEL_WORDS, contexts
from cleaner.typos.candidates import slip
from cleaner.typos.counts import TextCounts, choose_words
from cleaner.typos.hashed import HashedCounts, pack
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.slips import NEIGHBOURS, by_finger, rate_slips, slips_of
from cleaner.typos.trigrams import Trigrams, read_trigrams


def test_neighbours_on_the_keyboard() -> None:
    assert set(NEIGHBOURS["g"]) == set("rtyfhvbn")
    assert all(letter in NEIGHBOURS[near] for letter, beside in NEIGHBOURS.items() for near in beside)


@pytest.mark.parametrize(
    ("wrong", "right", "finger"),
    [
        ("minidter", "minister", True),  # d beside s
        ("minipter", "minister", False),
        ("minjister", "minister", True),  # j beside i
        ("minizster", "minister", True),
        ("minipster", "minister", False),
        ("minster", "minister", True),
        ("minitser", "minister", True),
    ],
)
def test_slips_of_fingers(wrong: str, right: str, finger: bool) -> None:
    assert by_finger(wrong, right, slip(wrong, right)) is finger


def test_a_slip_of_the_finger_is_likelier_than_another_letter() -> None:
    pairs = [("minidter", "minister"), ("minipter", "minister"), ("mimster", "minister")]
    rated = rate_slips(pairs, slips_of(pairs), [False, False, True], Lexicon(resolve("typos")))
    beside, elsewhere, scanned = rated["channel"].tolist()
    assert beside > elsewhere + 1
    assert scanned > elsewhere
    assert rated["finger"].tolist() == [1.0, 0.0, 0.0]


VOCABULARY = ["</s>", "<s>", "cat", "sat", "the"]
ONES = {"</s>": 0.2, "<s>": 0.9, "cat": 0.2, "sat": 0.2, "the": 0.4}
PAIRS = {("<s>", "the"): 0.5, ("the", "cat"): 0.25, ("cat", "sat"): 0.5, ("sat", "</s>"): 0.5}
TRIPLES = {("<s>", "the", "cat"): 0.5, ("the", "cat", "sat"): 0.75}


def packed(records: list[tuple[tuple[int, int], ...]]) -> bytes:
    """Records of (value, bits), the first field in the lowest bits, with the padding of the format."""
    number = at = 0
    for record in records:
        for value, bits in record:
            number |= value << at
            at += bits
    width = sum(bits for _, bits in records[0])
    return number.to_bytes(((1 + len(records)) * width + 7) // 8 + 8, "little")


def write_model(path: Path) -> None:
    """A model of `VOCABULARY` as PocketSphinx writes it. `PAIRS` and `TRIPLES` are chances of the last word."""
    code = {word: number for number, word in enumerate(VOCABULARY)}
    pairs = sorted(PAIRS, key=lambda pair: (code[pair[1]], code[pair[0]]))
    triples = sorted(TRIPLES, key=lambda triple: tuple(code[word] for word in reversed(triple)))
    tables = np.zeros((3, 1 << 16), "<f4")
    tables[0, : len(pairs)] = [np.log(PAIRS[pair]) * 1e4 for pair in pairs]
    tables[2, : len(triples)] = [np.log(TRIPLES[triple]) * 1e4 for triple in triples]
    ones = b"".join(
        struct.pack("<ffI", np.log(ONES[word]) * 1e4, 0.0, sum(code[pair[1]] < code[word] for pair in pairs))
        for word in VOCABULARY
    ) + struct.pack("<ffI", 0.0, 0.0, len(pairs))
    bits, link = len(VOCABULARY).bit_length(), len(triples).bit_length()
    starts = [sum((pairs.index(triple[1:]) < number) for triple in triples) for number in range(len(pairs) + 1)]
    pair_records = [((code[pair[0]], bits), (0, 16), (n, 16), (starts[n], link)) for n, pair in enumerate(pairs)]
    last = ((0, bits), (0, 16), (0, 16), (starts[-1], link))
    triple_records = [((code[triple[0]], bits), (n, 16)) for n, triple in enumerate(triples)]
    body = packed([*pair_records, last])[: ((1 + len(pairs)) * sum(b for _, b in last) + 7) // 8 + 8]
    names = "\0".join([*VOCABULARY, ""]).encode()
    header = b"Trie Language Model" + bytes([3]) + struct.pack("<IIII", len(VOCABULARY), len(pairs), len(triples), 0)
    path.write_bytes(
        header + tables.tobytes() + ones + body + packed(triple_records) + struct.pack("<I", len(names)) + names
    )


def test_a_language_model_is_read(tmp_path: Path) -> None:
    write_model(tmp_path / "small.lm.bin")
    model = read_trigrams(tmp_path / "small.lm.bin")
    assert model.words == VOCABULARY
    expected = {("<s>", "the"): 0.1, ("the", "cat"): 0.1, ("cat", "sat"): 0.1, ("sat", "</s>"): 0.1}
    found = {tuple(VOCABULARY[n] for n in pair): p for pair, p in zip(model.pairs.T, model.pair_chances, strict=True)}
    assert found == pytest.approx(expected, rel=1e-3)
    runs = {tuple(VOCABULARY[n] for n in run): p for run, p in zip(model.triples.T, model.triple_chances, strict=True)}
    assert runs == pytest.approx({("<s>", "the", "cat"): 0.05, ("the", "cat", "sat"): 0.075}, rel=1e-3)


def test_another_file_is_no_language_model(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else, long enough for a header")
    with pytest.raises(ValueError, match="not a language model"):
        read_trigrams(tmp_path / "other")


def model_of(pairs: dict[tuple[str, str], float]) -> Trigrams:
    code = {word: number for number, word in enumerate(VOCABULARY)}
    numbers = np.array([[code[pair[side]] for pair in pairs] for side in (0, 1)])
    none = np.zeros((3, 0), np.int64)
    ones = np.array([ONES[word] for word in VOCABULARY])
    return Trigrams(VOCABULARY, ones, numbers, np.array(list(pairs.values())), none, np.zeros(0))


def counted() -> TextCounts:
    words = Counter({"the": 40, "cat": 20, ",": 10, ".": 10})
    pairs = Counter({"the cat": 20, "cat ,": 10, "the zzz": 1, "zzz cat": 2})
    return TextCounts(words=words, pairs=pairs, triples=Counter({"the cat ,": 9, ". the cat": 1}))


def test_both_sources_are_added() -> None:
    table = contexts(counted(), {"the", "cat", "sat"}, model_of({("<s>", "the"): 1e-6, ("the", "cat"): 1e-6}))
    assert table["the"] == pytest.approx(40 + 0.4 * MODEL_WORDS)
    assert table["the cat"] == pytest.approx(20 + 1e-6 * MODEL_WORDS)
    assert table[". the"] == pytest.approx(1e-6 * MODEL_WORDS)  # the start of a sentence is a border
    assert table["cat ,"] == pytest.approx(10 * blend.MOST_DILUTED)  # grows as "cat" does, up to a limit
    assert "the zzz" not in table  # once, and no word
    assert table["zzz cat"] == 2
    assert ". the cat" not in table  # below the floor


def test_the_text_alone_will_do() -> None:
    table = contexts(counted(), {"the", "cat"}, None)
    assert table["the cat"] == 20
    assert table["cat ,"] == 10
    assert table["the cat ,"] == 9


def test_people_stammer_in_the_language_model() -> None:
    assert "the the" not in contexts(counted(), {"the", "cat"}, model_of({("the", "the"): 1e-4}))


def test_words_of_the_language_model_are_names_unless_they_look_misspelt() -> None:
    counts = TextCounts(words=Counter({"television": 100}), lower=Counter({"television": 100}))
    words = choose_words({"television": 10}, [], {"television": 5}, counts, ["kwiatkowski", "televison", "television"])
    assert "Kwiatkowski" in words.names
    assert not {"Televison", "Television"} & set(words.names)


def test_coarse_levels_stay_near_the_count() -> None:
    counts = {f"w{n}": float(n) for n in range(1, 200)} | {"small": 0.1}
    table = HashedCounts(pack(counts, grain=4))
    for text, count in counts.items():
        assert 0.8 < (1 + table[text]) / (1 + count) < 1.25
        assert table[text] > 0
