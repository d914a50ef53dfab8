"""Units tile the text, and begin where noise may begin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.config import NoiseConfig
from cleaner.noise import load_cached
from cleaner.tokens import tokenize
from cleaner.units import Boundary, extents, segment, units

LEXICON = load_cached(NoiseConfig().model).lexicon

PIECES = st.lists(
    st.sampled_from(
        "The|council|met|.|. |! |\n|\n\n| |  |, |(|) |[|] |“|” |'|Dr. |www.a.example|http://b.example/c |cheap tyres"
        "| — |•|it’s|7.5|漢字|é|😀|\ud800|\0|\u2028|\t|...|?|\u00a0".split("|")
    )
    | st.text(max_size=3),
    max_size=30,
).map("".join)


def split(text: str) -> list[str]:
    return [text[unit.span.start : unit.span.end] for unit in units(text, LEXICON)]


@given(PIECES)
@settings(max_examples=400)
def test_units_tile_the_text(text: str) -> None:
    found = units(text, LEXICON)
    assert "".join(split(text)) == text
    borders = [unit.span.start for unit in found] + [len(text)]
    assert borders[0] == 0
    assert all(unit.span.end == following for unit, following in zip(found, borders[1:], strict=True))
    assert len(found) == 1 or all(len(unit.span) for unit in found)


@given(PIECES)
@settings(max_examples=200)
def test_extents_are_disjoint_and_begin_and_end_with_no_blank(text: str) -> None:
    tokens = tokenize([text])
    found = segment(tokens, LEXICON)
    spans = extents([text], tokens, found.first, found.last)
    assert len(spans) == len(found)
    last = 0
    for span in spans:
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip(" \n\t\r\u00a0\u2028")
        last = span.end


@given(st.lists(PIECES, min_size=1, max_size=5))
def test_units_do_not_depend_on_the_batch(texts: list[str]) -> None:
    together = segment(tokenize(texts), LEXICON)
    for number, text in enumerate(texts):
        alone, here = segment(tokenize([text]), LEXICON), together.document == number
        assert together.left[here].tolist() == alone.left.tolist()
        first = together.first[here]
        assert (first - (first[:1] if len(first) else 0)).tolist() == alone.first.tolist()
        assert (together.last[here] - first).tolist() == (alone.last - alone.first).tolist()


@pytest.mark.parametrize(
    ("text", "pieces", "kind"),
    [
        ("The train left.\nIt was late.", ["The train left.\n", "It was late."], Boundary.LINE),
        ("The train left. It was late.", ["The train left. ", "It was late."], Boundary.SENTENCE),
        ("The train left! It was late.", ["The train left! ", "It was late."], Boundary.SENTENCE),
        ("The train left. cheap tyres", ["The train left. ", "cheap tyres"], Boundary.SENTENCE),
        ("The train left.” It was late.", ["The train left.” ", "It was late."], Boundary.SENTENCE),
        ("They stayed at home.cheap tyres", ["They stayed at home.", "cheap tyres"], Boundary.GLUED),
        ("Nobody heard of it in 2004.Subscribe now", ["Nobody heard of it in 2004.", "Subscribe now"], Boundary.GLUED),
        ("They stayed at home.61 shares", ["They stayed at home.", "61 shares"], Boundary.GLUED),
        ("News | Sport", ["News ", "| Sport"], Boundary.BAR),
        ("The train left • Sport", ["The train left ", "• Sport"], Boundary.BAR),
        ("Help for the ferry © 2020 Pier Post", ["Help for the ferry ", "© 2020 Pier Post"], Boundary.BAR),
        ("See www.a.example", ["See ", "www.a.example"], Boundary.LINK),
        ("[Advertisement] the glacier shrank", ["[Advertisement] ", "the glacier shrank"], Boundary.BRACKET),
        ("cheap hair oil The bishop said so", ["cheap hair oil ", "The bishop said so"], Boundary.SEAM),
    ],
)
def test_boundaries(text: str, pieces: list[str], kind: Boundary) -> None:
    assert split(text) == pieces
    assert units(text, LEXICON)[1].kind == kind


def test_behind_an_address_a_unit_begins() -> None:
    assert split("see www.a.example for more") == ["see ", "www.a.example ", "for more"]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Marsh of St. Mary's Hospital said so.",
        "It was approx. forty per cent.",
        "The ship drew 2.1 metres of water.",
        "J. R. Hale was elected.",
        "The tide came in, the tide went out; nobody saw it: nobody at all.",
        "The well-known inn (built in 1902) burnt down.",
        "it’s the boys' boat",
        "word",
    ],
)
def test_what_is_one_unit(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize("text", ["", "\n", "...", "!!! ???", " \t\n", "\u2028"])
def test_a_text_without_words_is_one_unit(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(One.) Two", ["(One.)", "Two"]),
        ("“One two.” “Three four.”", ["“One two.”", "“Three four.”"]),
        ("One.\n***\nTwo.", ["One.", "Two."]),
        ("  One.  \n  “Two.”  ", ["One.", "“Two.”"]),
        ("— One… | Two", ["— One…", "| Two"]),
        ("Café.Zoë 漢字.\n😀 naïve", ["Café.", "Zoë 漢字.", "😀 naïve"]),
        ("[One] two three", ["[One]", "two three"]),
        ("Back to top ↑\nTwo.", ["Back to top ↑", "Two."]),
        ("[ Paid post ]\n\n» Two.", ["[ Paid post ]", "» Two."]),
        ("One.\nNext ›", ["One.", "Next ›"]),
        ("One. ★ ★\n***\nTwo.", ["One. ★ ★", "Two."]),
    ],
)
def test_extents_take_the_signs_that_belong_to_the_words(text: str, expected: list[str]) -> None:
    tokens = tokenize([text])
    found = segment(tokens, LEXICON)
    spans = extents([text], tokens, found.first, found.last)
    assert [text[span.start : span.end] for span in spans] == expected


def test_extents_of_a_later_text_in_a_batch() -> None:
    texts = ["Übergang – eins.", "😀 Über alles.\nZoë"]
    tokens = tokenize(texts)
    found = segment(tokens, LEXICON)
    here = found.document == 1
    spans = extents(texts, tokens, found.first[here], found.last[here])
    assert [texts[1][span.start : span.end] for span in spans] == ["😀 Über alles.", "Zoë"]


def test_nothing_has_no_extents() -> None:
    assert extents(["text"], tokenize(["text"]), np.zeros(0, np.int64), np.zeros(0, np.int64)) == []
    assert len(segment(tokenize([]), LEXICON)) == 0
    assert np.array_equal(segment(tokenize(["...", ""]), LEXICON).first, [])
