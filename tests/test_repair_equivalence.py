"""What is said to be the same as ftfy's is the same: the test for badness, the repair of a segment, whole texts."""

from __future__ import annotations

import json
import random
import re

import ftfy
from conftest import ROOT
from ftfy.badness import MOJIBAKE_CATEGORIES
from ftfy.badness import is_bad as ftfy_is_bad

from cleaner.edits import apply
from cleaner.repair import RepairStage
from cleaner.repair.badness import BAD_LINE, SUSPICIOUS
from cleaner.repair.mojibake import decode_variants, fix_segment
from cleaner.repair.suspicion import MOJIBAKE, needs

HARMLESS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, normalization=None, explain=False
)
CLASSES = re.compile(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]")
CHARACTERS = [chr(point) for point in range(0x80, 0x10000) if CLASSES.match(chr(point))]
CONTEXT = list(" \n\tabzAZ0.,?!_-中ж\xf3\xb2\xb3ûπìÃÂŒœØÙàГўВЂВС€βāΒ√≈‚Ä")
CODECS = ("latin-1", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "mac_roman", "cp437", "iso-8859-2")
WORDS = "café naïve “quote” it’s Łódź Привет мир ελληνικά 中文字 €5 😀 à la São Ü été".split()


def misread(text: str, codec: str, rng: random.Random) -> str:
    read = []
    for byte in text.encode():
        try:
            read.append(bytes((byte,)).decode(codec))
        except UnicodeDecodeError:
            read.append(rng.choice((chr(byte), "\ufffd")))
    return "".join(read)


def made(rng: random.Random) -> str:
    """A line of words, of which some were misread, some twice, with lost no-break spaces, with a stray character."""
    codec = rng.choice(CODECS)
    words = [rng.choice(WORDS) for _ in range(rng.randint(1, 6))]
    text = rng.choice((" ", "")).join(misread(word, codec, rng) if rng.random() < 0.6 else word for word in words)
    if rng.random() < 0.3:
        text = misread(text, rng.choice(CODECS), rng)
    if rng.random() < 0.3:
        text = text.replace("\xa0", " ")
    if rng.random() < 0.2:
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice(CHARACTERS) + text[place:]
    return text


def test_badness_is_that_of_ftfy_for_pairs() -> None:
    """Every pair of characters that ftfy has classes for, in two contexts."""
    rng = random.Random(1)
    for first in CHARACTERS:
        for second in rng.sample(CHARACTERS, 60) + CONTEXT[:12]:
            for text in (f"{first}{second}", f"a{first}{second} "):
                assert (BAD_LINE.search(text) is not None) == ftfy_is_bad(text), text


def test_badness_is_that_of_ftfy_for_longer_texts() -> None:
    rng = random.Random(2)
    bad = 0
    for _ in range(30_000):
        text = "".join(rng.choice(CHARACTERS if rng.random() < 0.6 else CONTEXT) for _ in range(rng.randint(3, 7)))
        expected = ftfy_is_bad(text)
        bad += expected
        assert (BAD_LINE.search(text) is not None) == expected, text
        assert not expected or SUSPICIOUS.search(f"line\n{text}"), text
    assert 3_000 < bad < 27_000  # both answers were put to the test


def test_the_quick_test_lets_nothing_suspicious_pass() -> None:
    """In text of any density: what `SUSPICIOUS` finds is announced, wherever it stands."""
    rng = random.Random(5)
    found = 0
    for _ in range(12_000):
        piece = "".join(rng.choice(CHARACTERS if rng.random() < 0.6 else CONTEXT) for _ in range(rng.randint(2, 6)))
        filler = rng.choice(("", "plain words ", "слова ", "字", "\U0001f600 ")) * rng.randint(0, 9)
        text = f"{filler}{piece}{rng.choice(('', filler, chr(10)))}"
        if SUSPICIOUS.search(text):
            found += 1
            assert needs(text) & MOJIBAKE, text
    assert found > 2_000


def test_a_segment_is_repaired_as_by_ftfy() -> None:
    rng = random.Random(3)
    changed = 0
    for _ in range(6_000):
        text = made(rng)
        expected = ftfy.fix_encoding(text)
        changed += expected != text
        assert fix_segment(text)[0] == expected, text
    assert changed > 2_000


def test_variants_of_utf_8_are_read_as_by_ftfy() -> None:
    rng = random.Random(4)
    pieces = [
        b"\xc0\x80",
        b"\xed\xa0\xbd\xed\xb2\xa9",
        b"\xed\xa0\xbd",
        b"\xed\x95\x9c",
        b"a",
        "é中".encode(),
        b"\xe2\x80",
        b"\xc0",
    ]
    for _ in range(3_000):
        raw = b"".join(rng.choice(pieces) for _ in range(rng.randint(1, 5)))
        try:
            expected = raw.decode("utf-8-variants")
        except UnicodeDecodeError:
            expected = None
        try:
            read = decode_variants(raw)
        except UnicodeDecodeError:
            read = None
        assert read == expected, raw


def test_where_ftfy_recovers_the_text_so_do_we() -> None:
    """Over the project's own cases: nothing that ftfy gets right is lost."""
    stage = RepairStage()
    path = ROOT / "training_data" / "repair_cases.jsonl"
    solved = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        source = case["input"].replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        if ftfy.fix_text(source, HARMLESS) == case["gold"]:
            solved += 1
            assert apply(source, stage.propose([source])[0]) == case["gold"], case
    assert solved > 250
