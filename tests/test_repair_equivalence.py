"""What is said to be the same as ftfy's is the same: the test for badness, the repair of a segment, whole texts."""

from __future__ import annotations

import json
import random
import re

import ftfy
import pytest
from conftest import ROOT
from ftfy.badness import MOJIBAKE_CATEGORIES
from ftfy.badness import is_bad as ftfy_is_bad

from cleaner.config import RepairConfig
from cleaner.edits import Span, apply
from cleaner.repair import RepairStage
from cleaner.repair.badness import BAD_LINE, SUSPICIOUS
from cleaner.repair.lines import _at_once
from cleaner.repair.mojibake import decode_variants, fix_segment
from cleaner.repair.reasons import DIFFERENCES
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


def test_a_document_that_was_misread_as_a_whole_is_decoded_as_by_ftfy() -> None:
    """The short cut by one decoding for all lines gives what ftfy gives for each line."""
    rng = random.Random(6)
    taken = 0
    for _ in range(1_500):
        codec = rng.choice(("latin-1", "cp1252", "cp1252", "cp1250"))
        lines = [
            misread(" ".join(rng.choices(WORDS, k=rng.randint(1, 7))), codec, rng) for _ in range(rng.randint(1, 6))
        ]
        if rng.random() < 0.2:
            lines.append(made(rng))
        text = "\n".join(lines)
        bad, at = [], 0
        for line in text.splitlines(keepends=True) if "\x85" not in text else ():
            bad += [Span(at, at + len(line))] if SUSPICIOUS.search(line) else []
            at += len(line)
        edits = _at_once(text, bad) if bad else None
        if edits is not None:
            taken += 1
            fixed = apply(text, [edit for found in edits for edit in found])
            assert fixed == "".join(map(ftfy.fix_encoding, text.splitlines(keepends=True))), text
    assert taken > 300


DIRT = (
    "&amp; &lt; &eacute; &#233; &EACUTE; &bogus; &#x110000; &amp;amp;lt; <b> \x85 \u2028 \x1b[31m \ud83d \ude00 "
    "\ufeff \x07 \u200b \x92 \xad %C3%A9 \\u00e9 \ufffd"
).split(" ")
EXACT, USUAL = RepairStage(RepairConfig(exact=True)), RepairStage()


def fixed(stage: RepairStage, text: str) -> str:
    return apply(text, stage.propose([text])[0])


def test_exact_mode_gives_what_ftfy_gives() -> None:
    """Whole documents with every kind of damage; `benchmarks/repair.py --texts 100000` does the same on more."""
    rng = random.Random(8)
    changed = 0
    for _ in range(2_500):
        lines = [made(rng) for _ in range(rng.randint(1, 4))]
        text = rng.choice("\n\n\u2028").join(lines)
        while rng.random() < 0.7:
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(DIRT) + text[at:]
        expected = ftfy.fix_text(text, HARMLESS)
        changed += expected != text
        assert fixed(EXACT, text) == expected, text
    assert changed > 2_000


@pytest.mark.parametrize(
    ("option", "theirs"),
    [
        ({}, {}),
        ({"entities": False}, {"unescape_html": False}),
        ({"invisibles": False}, {"remove_control_chars": False, "remove_terminal_escapes": False}),
        ({"uncurl_quotes": True}, {"uncurl_quotes": True}),
        ({"ligatures": True}, {"fix_latin_ligatures": True}),
        ({"widths": True}, {"fix_character_width": True}),
        ({"normalization": "NFC"}, {"normalization": "NFC"}),
    ],
)
def test_exact_mode_has_the_options_of_ftfy(option: dict[str, object], theirs: dict[str, object]) -> None:
    stage, config = RepairStage(RepairConfig(exact=True, **option)), HARMLESS._replace(**theirs)  # type: ignore[arg-type]
    text = "“Itâ€™s” &eacute; ﬁne\n\x1b[1mＡ\x07 e\u0301 caf&eacute;\n<b> caf&eacute; schÃ¶n"
    assert fixed(stage, text) == ftfy.fix_text(text, config)


MEANT = {
    "entities_beside_tags": ("<b>Caf&eacute;</b>\nA caf&eacute; &lt; a bar", "<b>Café</b>\nA café &lt; a bar"),
    "next_line_ends_a_line": ("The first line.\x85The second one.", "The first line.\nThe second one."),
    "evidence_of_the_document": ("Gr├╢├ƒe z├ñhlt immer\nf├╝r\nsch├╢n ist es", "Größe zählt immer\nfür\nschön ist es"),
    "text_about_mojibake": ("This encoding error turns é into Ã©.", "This encoding error turns é into Ã©."),
    "invisible_characters": ("infor\xadmation at zero\u200bwidth", "information at zerowidth"),
    "escapes": ("The caf\\u00e9 is na\\u00efve.", "The café is naïve."),
    "byte_c0_before_a_line_end": ("voilÃƒÂ\xa0 LÃ€\nBon", "voilà LÀ\nBon"),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_what_differs_from_ftfy_is_meant(name: str) -> None:
    source, meant = MEANT[name]
    theirs = ftfy.fix_text(source, HARMLESS)
    assert fixed(USUAL, source) == meant != theirs
    assert fixed(EXACT, source) == (meant if name == "byte_c0_before_a_line_end" else theirs)
    assert f"`{name}`" in (ROOT / "docs" / "rules" / "repair.md").read_text(encoding="utf-8")


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
