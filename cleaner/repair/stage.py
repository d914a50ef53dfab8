"""The repair stage: a fixed order of repairs on the whole document, again until nothing changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import reduce

from cleaner.config import RepairConfig
from cleaner.edits import Edit, apply, compose, tighten
from cleaner.repair import characters
from cleaner.repair.alignment import Repaired, differences
from cleaner.repair.entities import entity_edits
from cleaner.repair.escapes import escape_edits
from cleaner.repair.lines import mojibake_edits
from cleaner.repair.reasons import NORMALIZATION
from cleaner.repair.suspicion import CHARACTERS, ENTITIES, ESCAPES, MOJIBAKE, needs

ROUNDS = 8
"""Damage on damage: an escape of an entity of mojibake takes three rounds; what needs more than eight is left for the
next pass of the pipeline."""

Repair = Callable[[str], list[Edit]]


class RepairStage:
    """Proposes the repair of encoding and character damage.

    Args:
        config: which repairs to make; by default those that do no harm to clean text.
    """

    name = "repair"

    def __init__(self, config: RepairConfig | None = None) -> None:
        config = config or RepairConfig()
        self._decoding = _decoding(config)
        self._junk = _JUNK if config.invisibles else ()
        self._options = _options(config)

    def threshold(self, edit: Edit) -> float:
        """Repairs are deterministic: every one is applied."""
        return 0.0

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        """Edits for each text: sorted, disjoint, tight."""
        return [self._edits(text) for text in texts]

    def _edits(self, text: str) -> tuple[Edit, ...]:
        need = needs(text)
        if not need and not self._options:
            return ()
        steps: list[list[Edit]] = []
        current = text
        for _ in range(ROUNDS):
            current, need = self._decode(current, need, steps)
            tidied = self._tidy(current, need, steps)
            if tidied == current:
                break
            current, need = tidied, needs(tidied)
        return _composed(text, steps)

    def _decode(self, text: str, need: int, steps: list[list[Edit]]) -> tuple[str, int]:
        """Until nothing is left: what is decoded may be damaged in turn, and junk may be half of a letter."""
        for _ in range(ROUNDS):
            before = text
            for wanted, repair in self._decoding:
                if need & wanted:
                    text = _step(repair, text, steps)
            if text == before:
                break
            need = needs(text)
        return text, need

    def _tidy(self, text: str, need: int, steps: list[list[Edit]]) -> str:
        for repair in self._junk if need & CHARACTERS else ():
            text = _step(repair, text, steps)
        for repair in self._options:
            text = _step(repair, text, steps)
        return text


def _step(repair: Repair, text: str, steps: list[list[Edit]]) -> str:
    edits = repair(text)
    if edits:
        steps.append(edits)
        text = apply(text, edits)
    return text


def _composed(text: str, steps: list[list[Edit]]) -> tuple[Edit, ...]:
    """What several steps do as one list of edits, each in the name of the rule that came first."""
    if len(steps) <= 1:
        return tuple(steps[0]) if steps else ()
    changes = tighten(text, reduce(compose, steps, ()))
    return tuple(Edit(c.start, c.end, c.replacement, "repair", c.causes[0].rule) for c in changes)


_JUNK: tuple[Repair, ...] = (characters.terminal_edits, characters.control_edits, characters.invisible_edits)


def _decoding(config: RepairConfig) -> tuple[tuple[int, Repair], ...]:
    entities = ((ENTITIES, entity_edits),) if config.entities else ()
    escapes = ((ESCAPES, escape_edits),) if config.escapes else ()
    return (
        *escapes,
        *entities,
        (CHARACTERS, characters.surrogate_edits),
        (CHARACTERS, characters.line_break_edits),
        (MOJIBAKE, mojibake_edits),
    )


def _options(config: RepairConfig) -> tuple[Repair, ...]:
    chosen: list[Repair] = []
    if config.ligatures:
        chosen.append(characters.ligature_edits)
    if config.widths:
        chosen.append(characters.width_edits)
    if config.uncurl_quotes:
        chosen.append(characters.quote_edits)
    if config.normalization:
        chosen.append(_normalization(config.normalization))
    return tuple(chosen)


def _normalization(form: str) -> Repair:
    def edits(text: str) -> list[Edit]:
        normal = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        return [] if normal == text else differences(text, Repaired(0, len(text), normal, NORMALIZATION))

    return edits
