"""The precise rules: what they mean, and the look-alikes that they must leave alone."""

from __future__ import annotations

import re
import time
import tomllib

import pytest
from conftest import ROOT

from cleaner.config import NoiseConfig
from cleaner.noise import load_cached
from cleaner.policy import REMOVE, labels
from cleaner.rule_forms import FORMS
from cleaner.rule_forms.controls import Surroundings
from cleaner.rules import LONGEST, RULES, rule_matches
from cleaner.tokens import tokenize
from cleaner.units import segment

LEXICON = load_cached(NoiseConfig().model).lexicon


def found(text: str) -> set[tuple[str, str, str]]:
    """(words, rule, label) of the units that a rule recognises."""
    tokens = tokenize([text])
    units = segment(tokens, LEXICON)
    return {
        (tokens.text(units.first[unit], units.last[unit]), rule, label)
        for unit, rule, label in rule_matches([text], tokens, units)
    }


def rules_of(text: str) -> set[str]:
    return {rule for _, rule, _ in found(text)}


CASES = tomllib.loads((ROOT / "tests" / "cases" / "noise" / "rules.toml").read_text(encoding="utf-8"))
NOISE, LATER = CASES["noise"], CASES["later"]


def listed(lines: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(rule, line) for rule, some in lines.items() for line in some]


@pytest.mark.parametrize(("rule", "line"), listed(NOISE) + listed(LATER))
def test_what_a_rule_means_alone_and_between_paragraphs(rule: str, line: str) -> None:
    assert rules_of(line) == ({rule} if line in NOISE.get(rule, ()) else set())
    assert rules_of(f"The ferry is late.\n{line}\nNobody knows why.") == {rule}
    assert "ferry" not in " ".join(words for words, _, _ in found(f"The ferry is late.\n{line}\nNobody knows why."))


@pytest.mark.parametrize("text", CASES["look_alikes"])
def test_look_alikes(text: str) -> None:
    assert found(text) == set()
    assert found(f"The ferry is late.\n{text}\nNobody knows why.") == set()


BIO = "Ruth Calder covers the harbour for the Courier. She lives on a boat."
STORY = "The mill will close.\nIt is old, and nobody has bought a wheel for years.\nThe owners will meet in June."


def test_who_the_author_of_the_byline_is() -> None:
    text = f"Mill to close by May\nBy Ruth Calder and Amos Field\n{STORY}\n{BIO}\nNobody knows why."
    assert {(words, rule) for words, rule, _ in found(text)} == {
        ("Ruth Calder covers the harbour for the Courier", "about_author"),
        ("She lives on a boat", "about_author"),
    }
    assert found(text.replace("By Ruth", "By Rose")) == set()  # another one's
    assert found(f"{BIO}\nMill to close by May\nBy Ruth Calder\n{STORY}") == set()  # above the byline
    assert found(f"Mill to close\nBy Ruth Calder\n{BIO}\n{STORY}\n{STORY}") == set()  # above the story
    assert found(text.replace("covers", "sold")) == set()  # says nothing of the kind
    assert found(text.replace("owners", "owners and Ruth Calder")) == set()  # it is her story
    assert found(f"Mill to close\nBy Ruth Calder\n{STORY} {BIO}") == set()  # not a line of its own
    assert found(text.replace("By Ruth Calder and Amos Field", "By Ruth Calder’s own account it is late.")) == set()
    assert found("Mill to close\n" + "It is old.\n" * 8 + f"By Ruth Calder\n{BIO}") == set()  # no byline any more
    assert found("Mill to close\nBy Ruth Calder") == found("By Ruth") == found("by") == set()
    many = [text, "The ferry is late.", BIO, text, f"Mill to close\nBy Ruth Calder\n{STORY}\n{BIO}"]
    tokens = tokenize(many)
    units = segment(tokens, LEXICON)
    assert [int(units.document[unit]) for unit, _, _ in rule_matches(many, tokens, units)] == [0, 0, 3, 3, 4, 4]


@pytest.mark.parametrize("text", ["READ MORE BOOKS, SAYS MINISTER", "Read more – and live longer, doctors say"])
def test_headlines(text: str) -> None:
    assert found(f"{text}\nThe plan was made known on Monday.") == set()


PROSE = (
    "The harbour board closed the ferry stage for a week because the piles below it had begun to move.",
    "Divers will look at each of them before the first boat may land there again, said the engineer in charge of it.",
)


@pytest.mark.parametrize(("rule", "line"), listed(CASES["buttons"]))
class TestWordsOfButtons:
    """What they mean in prose alone, and that they stay elsewhere."""

    def test_in_prose(self, rule: str, line: str) -> None:
        assert rules_of("\n".join((*PROSE, line))) == {rule}
        assert rules_of("\n".join(("Ferry stage closed", "By Ruth Calder", *PROSE, line, "Sign in"))) >= {rule}
        single = " " not in line.strip("[]»! ")
        assert rules_of("\n".join((PROSE[0], line, PROSE[1]))) == (set() if single else {rule})

    def test_behind_a_colon(self, rule: str, line: str) -> None:
        assert found("\n".join((*PROSE, "On the door, in red letters, somebody had painted just this:", line))) == set()

    def test_as_a_headline_or_behind_a_sentence_or_without_prose(self, rule: str, line: str) -> None:
        for text in (line, "\n".join((line, *PROSE)), f"{PROSE[0]} {line}\n{PROSE[1]}", f"It is late.\n{line}\nWhy?"):
            assert found(text) == set()

    @pytest.mark.parametrize("heading", ["What the divers saw", "2 carrots", "Harbour board, 3"])
    def test_among_headings_or_items(self, rule: str, line: str, heading: str) -> None:
        for lines in ((PROSE[0], heading, PROSE[1], line, PROSE[1]), (PROSE[0], line, PROSE[1], heading, PROSE[1])):
            assert found("\n".join(lines)) == set()

    def test_where_the_text_speaks_of_them(self, rule: str, line: str) -> None:
        words = line.strip("[]»! ")
        for sentence in (f"Nobody had asked for “{words}” until then.", f"{words}s and the like came later."):
            assert found("\n".join((PROSE[0], line, f"{PROSE[1]} {sentence}"))) == set()


@pytest.mark.parametrize("step", CASES["steps"])
@pytest.mark.parametrize(
    "screen",
    "app browsers button clicked cursor device drop-down icons laptop logged_in password screens settings sidebar"
    " software tapping toolbar user webpage websites web_page".split(),
)
def test_steps_stay_where_the_text_speaks_of_screens(step: str, screen: str) -> None:
    text = "\n".join((PROSE[0], step, f"{PROSE[1]} The {screen.replace('_', ' ')} shows it."))
    assert {rule for _, rule, _ in found(text)} <= {"related_pointer"}


def test_what_a_text_speaks_of_is_looked_up_once_for_each_wording() -> None:
    """Else many such lines below much prose would take quadratic time."""
    looked_up: list[str] = []

    class Rest(str):
        def __contains__(self, words: object) -> bool:
            looked_up.append(str(words))
            return str.__contains__(self, str(words))

    around = Surroundings("\n".join((*PROSE, "Print", "Menu", "Print")))
    around.__dict__["_rest"] = Rest("\n".join(PROSE).lower())
    end = len(around._text)
    said = [around.are_leftovers(words, end, end) for words in ("Print", "Menu", "print", "PRINT", "boat")]
    assert said == [True] * 4 + [False]
    assert looked_up == ["print", "menu", "boat"]


@pytest.mark.parametrize("line", [line for _, line in listed(LATER)])
def test_what_must_be_a_line_is_none_behind_a_sentence(line: str) -> None:
    forms = [form for form in FORMS if re.fullmatch(form.pattern, line, re.IGNORECASE)]
    expected = {form.rule for form in forms if not form.whole}
    assert rules_of(f"The ferry is late.\nNobody knows why. {line}") <= expected


def test_a_rule_means_the_whole_line_or_a_whole_unit() -> None:
    line = found("Copyright 2017 The Daily Ledger. All rights reserved.\nThe ferry is late.")
    assert {rule for _, rule, _ in line} == {"rights_reserved"}
    left = set("Copyright 2017 The Daily Ledger. All rights reserved.".replace(".", "").split())
    assert left - {word for words, _, _ in line for word in words.replace(".", "").split()} == set()
    assert found("The ferry is late. All rights reserved. Nobody knows why.") == {
        ("All rights reserved", "rights_reserved", "legal_footer")
    }
    assert found("The ferry is late, all rights reserved, nobody knows why.") == set()


def test_a_rule_speaks_of_its_own_text_in_a_batch() -> None:
    texts = ["The ferry is late.", "", "5 min read\nThe ferry is late.", "Tweet this"]
    tokens = tokenize(texts)
    units = segment(tokens, LEXICON)
    matches = rule_matches(texts, tokens, units)
    assert [(int(units.document[unit]), rule) for unit, rule, _ in matches] == [(2, "read_time"), (3, "share_buttons")]


@pytest.mark.parametrize(
    "line",
    [
        "Updated " + "12:31 am " * 12 + "updated " + "12:31 am " * 12 + "x",
        "Published " + "3 May 2024 " * 20 + "x",
        "Log in" + " | Home" * 33 + "!",
        "Photo: " + "Ana / " * 40 + "x",
        "more from " + "A " * 100 + "x",
        "Home" + " > A" * 60 + ".",
        "Listen to this article" + " " * 200 + "x",
        "You are here: Home" + " > A" * 60 + ".",
        "Photo by Ana " + "van Ana " * 30 + "x",
        "Image courtesy of " + "Ana / " * 40 + "x",
        "Share this on " + "via " * 50 + "x",
        "Estimated reading time" + " " * 200 + "x",
    ],
)
def test_no_line_takes_long(line: str) -> None:
    begin = time.process_time()
    for _ in range(20):
        found(f"It is late.\n{line}")
    assert time.process_time() - begin < 2  # an expression that tries all ways takes minutes for one


def test_no_rule_means_a_long_line() -> None:
    line = "This site uses cookies" + " and more cookies" * 8
    assert rules_of(line) == {"cookie_banner"}
    assert rules_of(line + " " * LONGEST + "and milk") == set()


def test_every_rule_is_tried_here_and_its_label_is_removed() -> None:
    assert {*NOISE, *LATER, "about_author"} == set(RULES)
    given = {label for _, line in listed(NOISE) for _, _, label in found(line)}
    given |= {label for _, line in listed(LATER) for _, _, label in found(f"The ferry is late.\n{line}")}
    assert all(labels()[label].action == REMOVE for label in given)
