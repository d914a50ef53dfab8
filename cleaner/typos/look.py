"""The first look at many texts at once: where something can be wrong in each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.typos.chunks import Chunks
from cleaner.typos.confusions import TRIGGERS
from cleaner.typos.gate import Chunk, Gate


class Look(NamedTuple):
    """What a first look finds in a text.

    Attributes:
        found: where the chunks stand that something can be wrong with, in order.
        suspects: what that is, for these and others.
        triggers: where words stand that may be mistaken for others; see `cleaner.typos.confusions.confused`.
        twins: the words that stand twice in a row.
    """

    found: Sequence[tuple[int, str]]
    suspects: Mapping[str, Chunk]
    triggers: Sequence[tuple[int, str, str]]
    twins: Collection[str]


def looks(texts: Sequence[str], gate: Gate) -> list[Look]:
    """A look at each of some texts; `gate` must watch `TRIGGERS`."""
    chunks = Chunks.of(texts)
    numbers, written, suspects = gate.look(chunks)
    behind = iter(chunks.behind(numbers[[chunk in TRIGGERS for chunk in written]]))
    hits = list(zip(chunks.places(numbers), written, strict=True))
    found = []
    for (first, last), twins in zip(pairwise(chunks.parts(numbers)), chunks.twins(), strict=True):
        here = [hit for hit in hits[first:last] if hit[1] in suspects]
        triggers = [(*hit, next(behind)) for hit in hits[first:last] if hit[1] in TRIGGERS]
        found.append(Look(here, suspects, triggers, twins))
    return found
