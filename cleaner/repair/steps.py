"""Repairs one after the other on the same text, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from cleaner.edits import Edit, apply, compose, tighten

Repair = Callable[[str], list[Edit]]


def step(repair: Repair, text: str, steps: list[list[Edit]]) -> str:
    """`text` after `repair`, whose edits are added to `steps` if there are any."""
    edits = repair(text)
    if edits:
        steps.append(edits)
        text = apply(text, edits)
    return text


def composed(text: str, steps: Sequence[Sequence[Edit]]) -> tuple[Edit, ...]:
    """What several steps do to `text` as one list of edits, each in the name of the rule that came first."""
    if len(steps) <= 1:
        return tuple(steps[0]) if steps else ()
    changes = tighten(text, reduce(compose, steps, ()))
    return tuple(Edit(c.start, c.end, c.replacement, "repair", c.causes[0].rule) for c in changes)
