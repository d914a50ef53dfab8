"""The list below a heading of other stories goes with it."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.completion import BELOW_HEADING, MOST_STORIES, complete_lists
from cleaner.edits import Edit
from cleaner.model import Scores
from cleaner.noise import explain, load_cached
from cleaner.rules import rule_matches
from cleaner.tokens import tokenize
from cleaner.units import segment

LEXICON = load_cached("noise").lexicon


def gone(text: str, margin: float = BELOW_HEADING + 1, before: tuple[str, ...] = ()) -> list[str]:
    """The lines that go although each is so far from its cut."""
    texts = [*before, text]
    tokens = tokenize(texts)
    units = segment(tokens, LEXICON)
    low = np.full(len(units), margin, np.float32)
    pointers = [unit for unit, rule, _ in rule_matches(texts, tokens, units) if rule == "related_pointer"]
    raised = complete_lists(tokens, units, Scores(low, low), pointers).margin
    return [tokens.text(a, b) for a, b, m in zip(units.first, units.last, raised, strict=True) if m > 0]


LINES = ["Ferry pilots call off their strike", "What is the harbour levy", "Mill to close by May"]
LIST = "\n".join(LINES)
END = "Nobody knows why the ferry is late."


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"It is late.\n\nRelated stories\n{LIST}\n\n{END}", LINES),
        (f"It is late.\nRelated stories\n{LIST}", LINES),
        (f"It is late.\nRelated stories\n{LIST}\n{END}", LINES[:2]),  # the last one may be the heading of what follows
        (f"It is late.\n\nRelated stories\n\n{LIST}\n\n{END}", LINES),
        ("It is late.\n\n" + "\n\n".join(["Related stories", *LINES, END]), LINES[:2]),
        (f"It is late.\n\nRelated stories\n\n{END}\n\n{LIST}", []),
        (f"It is late.\nREAD MORE: Ten things that nobody knew about the old tunnel\n{LIST}", []),  # a headline itself
        (f"It is late.\nMore about the ferry\n{LIST}", []),
        ("It is late.\nRelated stories", []),
        ("It is late.\nRelated stories\n" + "\n".join(["Mill to close by May"] * (MOST_STORIES + 1)), []),
        ("It is late.\nRelated stories\nIs it late? We tried\nIs it?", ["Is it late", "We tried", "Is it"]),
    ],
)  # fmt: skip
def test_which_lines_go_with_a_heading(text: str, lines: list[str]) -> None:
    assert gone(text) == lines
    assert gone(text, before=("It is late.\nRelated stories", "", END)) == lines  # others of the batch change nothing


def test_what_is_surely_text_stays() -> None:
    assert gone(f"It is late.\nRelated stories\n{LIST}", BELOW_HEADING - 1) == []


def test_explain_says_when_a_line_goes_with_the_heading_above_it() -> None:
    text = (
        "The strike at the refinery has ended after the union accepted a rise of four per cent.\n"
        "Work began again on Saturday morning with the early shift.\n\n"
        "Related stories\nThe quiet end of the Dunmore line\nWhat the beekeeper told her daughter\n"
        "A winter without ferries"
    )
    lines = text.split("\n")[-3:]
    edits = [Edit(at := text.index(line), at + len(line), "", "noise", "line") for line in lines]
    reasons = [explain(text, edit) for edit in edits]
    assert any([name for name, _ in found] == ["below_heading"] and found[0][1] > 0 for found in reasons)
    first = Edit(0, 86, "", "noise", "line")
    assert "below_heading" not in dict(explain(text, first))
