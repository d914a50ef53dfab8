"""The edit algebra: whatever three stages do one after the other, the composition says exactly the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.edits import Change, Edit, Span, apply, causes, check, compose, invert, locate, tighten

CHAINS = 10_000
ALPHABET = "ab \né\U0001f600"
TEXTS = st.text(ALPHABET, max_size=14)

# One edit as three draws: how much text is skipped before it, how much it replaces, and by what.
MOVES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.text(ALPHABET, max_size=3)), max_size=4)


def edits_for(text: str, moves: Sequence[tuple[int, int, str]], stage: str) -> tuple[Edit, ...]:
    """Sorted, disjoint edits of `text`, every one with a name of its own; insertions and repeated places included."""
    edits, at = [], 0
    for number, (skip, length, replacement) in enumerate(moves):
        start = min(at + skip, len(text))
        at = min(start + length, len(text))
        edits.append(Edit(start, at, replacement, stage, f"{stage}-{number}"))
    return tuple(edits)


def word(number: int, longest: int) -> str:
    """A text of at most `longest` characters that `number` stands for."""
    length, number = number % (longest + 1), number // (longest + 1)
    return "".join(ALPHABET[(number + i * i) % len(ALPHABET)] for i in range(length))


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[str], list[tuple[Edit, ...]]]:
    """A text, and what three stages do to it: the four texts and the three lists of edits between them.

    One draw of bytes, three for every edit: ten thousand chains are then a matter of seconds.
    """
    numbers = draw(st.binary(min_size=1, max_size=40))
    texts, steps = [word(numbers[0], 14)], []
    moves = [(a % 5, b % 5, word(c, 3)) for a, b, c in zip(numbers[1::3], numbers[2::3], numbers[3::3], strict=False)]
    for turn, stage in enumerate(("repair", "noise", "typos")):
        steps.append(edits_for(texts[-1], moves[turn::3], stage))
        texts.append(apply(texts[-1], steps[-1]))
    return texts, steps


@settings(max_examples=CHAINS, deadline=None)
@given(chains())
def test_a_chain_of_three_stages(chain: tuple[list[str], list[tuple[Edit, ...]]]) -> None:
    texts, steps = chain
    source, output = texts[0], texts[-1]
    changes: tuple[Change, ...] = reduce(compose, steps, ())

    assert apply(source, changes) == output
    check(changes, len(source))  # monotone, disjoint, inside the source
    assert apply(output, invert(source, changes)) == source

    kept = Counter(edit for change in changes for edit in change.causes)
    assert kept == Counter(edit for step in steps for edit in step)
    order = {"repair": 0, "noise": 1, "typos": 2}
    for change in changes:
        stages = [order[edit.stage] for edit in change.causes]
        assert stages[-1] == max(stages)  # the author of a change is an edit of the last step that touched it

    tight = tighten(source, changes)
    assert apply(source, tight) == output
    check(tight, len(source))
    for change in tight:
        before, after = source[change.start : change.end], change.replacement
        assert before != after
        assert not before or not after or (before[0] != after[0] and before[-1] != after[-1])

    # The order in which steps are composed is of no importance to what the composition does.
    nested = compose(steps[0], compose(steps[1], steps[2]))
    assert apply(source, nested) == output
    check(nested, len(source))
    assert Counter(edit for change in nested for edit in change.causes) == kept


@settings(max_examples=1500, deadline=None)
@given(TEXTS, MOVES, st.integers(0, 20), st.integers(0, 20))
def test_locate_finds_the_smallest_source(
    text: str, moves: list[tuple[int, int, str]], start: int, length: int
) -> None:
    edits = edits_for(text, moves, "noise")
    changed = apply(text, edits)
    start = min(start, len(changed))
    end = min(start + length, len(changed))
    span = locate(edits, Span(start, end))
    assert 0 <= span.start <= span.end <= len(text)

    origin = origins(text, edits)  # for each character of the changed text, the stretch of the source it comes from
    if start < end:
        assert span == Span(origin[start][0], max(origin[start][0], origin[end - 1][1]))


def origins(text: str, edits: tuple[Edit, ...]) -> list[tuple[int, int]]:
    places, at = [], 0
    for edit in edits:
        places += [(i, i + 1) for i in range(at, edit.start)]
        places += [(edit.start, edit.end)] * len(edit.replacement)
        at = edit.end
    return places + [(i, i + 1) for i in range(at, len(text))]


@settings(max_examples=500, deadline=None)
@given(TEXTS, MOVES)
def test_invert_twice_is_the_same_change(text: str, moves: list[tuple[int, int, str]]) -> None:
    edits = edits_for(text, moves, "repair")
    changed = apply(text, edits)
    twice = invert(changed, invert(text, edits))
    assert [(c.start, c.end, c.replacement) for c in twice] == [(e.start, e.end, e.replacement) for e in edits]
    assert [c.causes for c in twice] == [causes(e) for e in edits]


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.text(ALPHABET, max_size=3)), max_size=4))
def test_an_edit_and_its_inverse_leave_nothing_to_do(text: str, moves: list[tuple[int, int, str]]) -> None:
    edits = tuple(e for e in edits_for(text, moves, "repair") if e.end > e.start)
    there_and_back = compose(edits, invert(text, edits))
    assert apply(text, there_and_back) == text
    assert tighten(text, there_and_back) == ()


def edit(start: int, end: int, replacement: str = "", stage: str = "noise") -> Edit:
    return Edit(start, end, replacement, stage, "rule")


class TestCompose:
    def test_side_by_side_stays_apart(self) -> None:
        changes = compose((edit(0, 2, "X"),), (edit(1, 3, "Y", "typos"),))
        assert [(c.start, c.end, c.replacement) for c in changes] == [(0, 2, "X"), (2, 4, "Y")]

    def test_what_overlaps_is_one_change(self) -> None:
        (change,) = compose((edit(2, 4, "xyz"),), (edit(1, 3, "Q", "typos"),))
        assert (change.start, change.end, change.replacement) == (1, 4, "Qyz")
        assert [c.stage for c in change.causes] == ["noise", "typos"]

    def test_a_removal_swallows_earlier_repairs(self) -> None:
        repairs = (edit(3, 4, "\N{RIGHT SINGLE QUOTATION MARK}", "repair"), edit(8, 9, "", "repair"))
        (change,) = compose(repairs, (edit(0, 12),))
        assert (change.start, change.end, change.replacement) == (0, 13, "")
        assert len(change.causes) == 3

    def test_an_insertion_at_the_place_of_a_removal_has_one_place(self) -> None:
        (change,) = compose((edit(3, 6),), (edit(3, 3, " ", "typos"),))
        assert (change.start, change.end, change.replacement) == (3, 6, " ")

    def test_nothing_is_the_neutral_step(self) -> None:
        step = (edit(1, 2, "x"), edit(4, 4, "y"))
        assert compose((), step) == compose(step, ())


class TestTighten:
    def test_common_ends_go(self) -> None:
        (change,) = tighten("one two three", (Change(0, 13, "one ten three"),))
        assert (change.start, change.end, change.replacement) == (5, 7, "en")

    def test_what_changes_nothing_goes(self) -> None:
        assert tighten("abc", (Change(0, 3, "abc"),)) == ()

    def test_repeated_letters_are_cut_once(self) -> None:
        (change,) = tighten("aaa", (Change(0, 3, "aa"),))
        assert (change.start, change.end, change.replacement) == (2, 3, "")


class TestLocate:
    def test_an_end_inside_a_replacement_moves_outwards(self) -> None:
        assert locate((edit(2, 5, "xyz"),), Span(3, 4)) == Span(2, 5)

    def test_a_removal_at_the_edge_stays_outside(self) -> None:
        changes = (edit(2, 5),)
        assert locate(changes, Span(0, 2)) == Span(0, 2)
        assert locate(changes, Span(2, 4)) == Span(5, 7)

    def test_a_removal_in_the_middle_is_inside(self) -> None:
        assert locate((edit(2, 5),), Span(1, 3)) == Span(1, 6)


@pytest.mark.parametrize(
    "edits",
    [
        (edit(3, 2),),
        (edit(-1, 2),),
        (edit(0, 9),),
        (edit(2, 4), edit(3, 5)),
        (edit(4, 5), edit(0, 1)),
    ],
)
def test_edits_that_are_out_of_order_are_refused(edits: tuple[Edit, ...]) -> None:
    with pytest.raises(ValueError, match="out of order or outside"):
        apply("abcdef", edits)
    with pytest.raises(ValueError, match="out of order or outside"):
        invert("abcdef", edits)


@pytest.mark.parametrize(("one", "other", "shared"), [((0, 2), (2, 3), False), ((0, 3), (2, 5), True)])
def test_spans_overlap(one: tuple[int, int], other: tuple[int, int], shared: bool) -> None:
    assert Span(*one).overlaps(Span(*other)) is shared
    assert Span(*other).overlaps(Span(*one)) is shared
    assert len(Span(*one)) == one[1] - one[0]
