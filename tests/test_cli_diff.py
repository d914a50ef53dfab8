"""The unified diff is made from the changes: applied to the source it must give the cleaned text, exactly."""

from __future__ import annotations

import re

import pytest
from conftest import small_stages
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.config import CleanConfig
from cleaner.decode import Decoded
from cleaner.edits import Edit, apply
from cleaner.formats import in_own_line_ends
from cleaner.pipeline import Cleaner
from cleaner.report import Tally
from cleaner.report.diff import unified_diff
from cleaner.result import CleanResult, Step

CLEANER = Cleaner(stages=small_stages(CleanConfig()))


def result_of(text: str, *edits: Edit) -> CleanResult:
    return CleanResult(Decoded(text, "str", "given"), apply(text, edits), (Step("noise", edits),))


def patched(text: str, diff: list[str]) -> str:
    """The text after `diff`, as a strict patch program would have it: every line and every count must fit."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    lines = lines if lines[-1] else lines[:-1]
    out: list[str] = []
    at = 0
    hunks = re.split(r"^(?=@@ )", "".join(diff), flags=re.M)
    for hunk in hunks[1:]:
        head, _, body = hunk.partition("\n")
        numbers = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", head)
        assert numbers, head
        start, before, new_start, after = (1 if n is None else int(n) for n in numbers.groups())
        begin = start - 1 if before else start
        out += lines[at:begin]
        assert len(out) == (new_start - 1 if after else new_start)
        at = begin
        body = re.sub(r"\n\\ No newline at end of file\n", "\0", body)
        rows = re.findall(r"[^\n\0]*[\n\0]", body)
        assert sum(row[0] in " -" for row in rows) == before
        assert sum(row[0] in " +" for row in rows) == after
        for row in rows:
            line = row[1:].replace("\0", "")
            if row[0] in " -":
                assert lines[at] == line
                at += 1
            if row[0] in " +":
                out.append(line)
    return "".join(out + lines[at:])


TEXTS = st.text("ab\n\n", max_size=40)
MOVES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.text("xa\n", max_size=3)), max_size=4)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, MOVES)
def test_the_diff_leads_from_the_source_to_the_cleaned_text(text: str, moves: list[tuple[int, int, str]]) -> None:
    edits, at = [], 0
    for skip, length, replacement in moves:
        start = min(at + skip, len(text))
        at = min(start + length, len(text))
        edits.append(Edit(start, at, replacement, "noise", "rule"))
    result = result_of(text, *edits)
    diff = list(unified_diff(result, "a"))
    assert patched(text, diff) == result.text
    assert bool(diff) == (text != result.text)


def test_only_lines_that_change_are_marked() -> None:
    text = "".join(f"line {number}\n" for number in range(30))
    edits = (Edit(7, 14, "", "noise", "rule"), Edit(197, 197, "!", "typos", "rule"))
    diff = "".join(unified_diff(result_of(text, *edits), "a"))
    assert diff == (
        "--- a\n+++ a (cleaned)\n"
        "@@ -1,5 +1,4 @@\n line 0\n-line 1\n line 2\n line 3\n line 4\n"
        "@@ -23,7 +22,7 @@\n line 22\n line 23\n line 24\n-line 25\n+line 25!\n line 26\n line 27\n line 28\n"
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_that_stay_are_no_difference(ending: str) -> None:
    text = ending.join(["one", "teh two", "SPAM", "three", ""])
    result = in_own_line_ends(CLEANER.clean(text.encode()))
    diff = "".join(unified_diff(result, "a"))
    assert diff.count("\n-") == 2
    assert diff.count("\n+") == 2  # the line in the head and the line that was changed
    assert patched(text, list(unified_diff(result, "a"))) == result.text


def test_many_changes_take_time_in_proportion() -> None:
    text = "teh end\n" * 10_000
    assert sum(line.startswith("+the") for line in unified_diff(CLEANER.clean(text), "a")) == 10_000


def test_tallies_add_up() -> None:
    one, other = (Tally.of(CLEANER.clean(text)) for text in ("teh\nSPAM", "teh teh\nperhaps SPAM"))
    assert str(one) == "2 changes: 1 noise (keyword_spam 1), 1 typos"
    assert str(one + other) == "4 changes: 3 typos, 1 noise (keyword_spam 1); 1 flagged"
    assert str(Tally()) == "nothing to change"
    assert one + Tally() == Tally() + one == one
    for part in (Tally(flagged=1), Tally(characters=2)):  # a document may be flagged and otherwise left as it is
        assert Tally() + part == part + Tally() == part
