"""Exactly what `ftfy.fix_text` does with the same settings, and nothing that goes beyond it (`RepairConfig.exact`).

Each segment (a line; a piece of a very long one) is repaired by itself, by ftfy's functions in ftfy's order, until
nothing changes. What differs is that a segment in which nothing is suspicious is not looked at any further, that
mojibake goes through the faster `fix_segment`, and that entities that were escaped very often take linear time.

Source: ftfy 6.3 (Apache 2.0), `ftfy.fix_text` and `ftfy.fix_and_explain`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from ftfy import fixes

from cleaner.config import RepairConfig
from cleaner.edits import Edit
from cleaner.repair import characters
from cleaner.repair.alignment import Repaired, differences
from cleaner.repair.entities import RULE as ENTITY_RULE
from cleaner.repair.entities import every_entity
from cleaner.repair.mojibake import C1_CONTROL, SEGMENT, fix_segment
from cleaner.repair.steps import Repair, composed, step
from cleaner.repair.suspicion import ENTITIES, ESCAPES, needs

_LEVELS = 8
"""So often entities are decoded one level at a time, with the other repairs between; then all that are left at once."""


def as_ftfy(config: RepairConfig) -> Callable[[str], tuple[Edit, ...]]:
    """The function that gives the edits of a text that ftfy would make with the settings of `config`."""
    repairs = tuple(_repairs(config))
    asked = config.ligatures or config.widths or config.uncurl_quotes or bool(config.normalization)

    def edits(text: str) -> tuple[Edit, ...]:
        if not asked and not needs(text) & ~ESCAPES:
            return ()
        return tuple(_by_segment(text, repairs, config.entities, asked))

    return edits


def _by_segment(text: str, repairs: tuple[Repair, ...], entities: bool, asked: bool) -> Iterator[Edit]:
    for start, segment in _segments(text):
        entities = entities and "<" not in segment  # and so for the rest of the text
        need = needs(segment) & ~ESCAPES
        if asked or need & ~ENTITIES or (entities and need):
            for edit in _repaired(segment, repairs, entities):
                yield edit._replace(start=edit.start + start, end=edit.end + start)


def _segments(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(text):
        end = min(text.find("\n", at) + 1 or len(text), at + SEGMENT)
        yield at, text[at:end]
        at = end


def _repaired(segment: str, repairs: tuple[Repair, ...], entities: bool) -> tuple[Edit, ...]:
    steps: list[list[Edit]] = []
    before, current = None, segment
    for level in count():
        if current == before:
            break
        before = current
        if entities:
            current = step(_one_level if level < _LEVELS else every_entity, current, steps)
        for repair in repairs:
            current = step(repair, current, steps)
    return composed(segment, steps)


def _repairs(config: RepairConfig) -> Iterator[Repair]:
    """ftfy's repairs in ftfy's order."""
    yield _mojibake
    yield _named(C1_CONTROL, fixes.fix_c1_controls)
    if config.ligatures:
        yield _named(characters.LIGATURE, fixes.fix_latin_ligatures)
    if config.widths:
        yield _named(characters.WIDTH, fixes.fix_character_width)
    if config.uncurl_quotes:
        yield _named(characters.QUOTE, fixes.uncurl_quotes)
    yield _named(characters.LINE_BREAK, fixes.fix_line_breaks)
    yield _named(characters.SURROGATE, fixes.fix_surrogates)
    if config.invisibles:
        yield _named(characters.TERMINAL, fixes.remove_terminal_escapes)
        yield _named(characters.CONTROL, fixes.remove_control_chars)
    if config.normalization:
        yield partial(characters.normalization_edits, form=config.normalization)


def _one_level(text: str) -> list[Edit]:
    return _differences(text, fixes.unescape_html(text), ENTITY_RULE)


def _mojibake(text: str) -> list[Edit]:
    fixed, rule = fix_segment(text)
    return _differences(text, fixed, rule)


def _named(rule: str, fix: Callable[[str], str]) -> Repair:
    return lambda text: _differences(text, fix(text), rule)


def _differences(text: str, fixed: str, rule: str) -> list[Edit]:
    return [] if fixed == text else differences(text, Repaired(0, len(text), fixed, rule))
