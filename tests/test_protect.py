"""What typo repair must leave alone, judged from the characters and from a few words around."""

from __future__ import annotations

import pytest

from cleaner.protect import Signs, dialect, domain_like, drawn_out, foreign, marked_sic, opaque, repeated, spoken

ENGLISH = frozenset("the old town was quiet when we came back from market with bread and cheese for supper".split())


@pytest.mark.parametrize(
    "chunk",
    ["https://example.org/a", "www.example.org", "me@example.org", "@name", "#topic", "a_b", "f()", "x.call(y)", "a/b",
     "3.5kg",
     "$1,200", "50%", "a=b", "<b>", "[1]", "index.html", "setup.py", "a.b.c.d", ".NET", "10:30"],
)  # fmt: skip
def test_addresses_code_and_figures_are_opaque(chunk: str) -> None:
    assert opaque(chunk)


@pytest.mark.parametrize(
    "chunk", ["word", "word,", "(word", "aim.is", "bread,milk", 'night."The', "well-known", "U.S.", "don't", "5aid"]
)
def test_words_and_their_typos_are_not_opaque(chunk: str) -> None:
    assert not opaque(chunk)


def test_a_site_begins_with_a_capital_or_has_a_long_ending() -> None:
    assert domain_like("Scroll", "in")
    assert domain_like("medium", "news")
    assert not domain_like("aim", "is")
    assert not domain_like("Palmyra", "The")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the old town was quiet when we came back", False),
        ("from market with bread and cheese for supper", False),
        ("la vieja ciudad estaba tranquila cuando volvimos", True),
        ("die alte Stadt war ruhig als wir kamen", True),
        ("Mr Cavusoglu Ankara Friday", False),
        ("\u0432 \u0433\u043e\u0440\u043e\u0434\u0435 the shop \u0442\u0438\u0445\u043e", True),
        ("\u7684 \u503c the shop", True),
        ("", False),
    ],
)
def test_a_passage_is_foreign_by_the_words_around(words: str, expected: bool) -> None:
    assert foreign(words.split(), Signs(ENGLISH.__contains__)) is expected


@pytest.mark.parametrize("word", ["gonna", "Gonna", "y\u2019all", "wisnae"])
def test_speech_is_meant(word: str) -> None:
    assert spoken(word)


@pytest.mark.parametrize("word", ["sooo", "yesss", "hmmmm", "haaaa", "Nooooo", "grrr"])
def test_drawn_out_words_are_meant(word: str) -> None:
    assert drawn_out(word, {"hmmm", "ha", "no"}.__contains__)


@pytest.mark.parametrize("word", ["offfering", "goverment", "feeelings", "committee", "willl", "businesss"])
def test_a_letter_typed_three_times_in_a_long_word_is_no_emphasis(word: str) -> None:
    assert not drawn_out(word, {"will", "business"}.__contains__)


def test_a_lost_ending_is_dialect() -> None:
    assert dialect("talkin' loud", 6)
    assert not dialect("talking loud", 7)
    assert not dialect("the boys' hats", 8)


def test_sic_vouches_for_the_word_before() -> None:
    assert marked_sic('we "recieved" [sic] it', 12)
    assert not marked_sic("we recieved it", 11)


def test_repeated_words_come_twice() -> None:
    assert repeated(["a", "b", "a"]) == {"a"}
