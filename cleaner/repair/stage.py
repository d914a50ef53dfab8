"""The repair stage: a fixed order of repairs on the whole document, again until nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cleaner.config import RepairConfig
from cleaner.edits import Edit
from cleaner.repair import characters
from cleaner.repair.entities import entity_edits
from cleaner.repair.escapes import escape_edits
from cleaner.repair.exact import as_ftfy
from cleaner.repair.lines import mojibake_edits
from cleaner.repair.steps import Repair, composed, step
from cleaner.repair.suspicion import CHARACTERS, ENTITIES, ESCAPES, MOJIBAKE, needs

ROUNDS = 32
"""Damage on damage: an escape of an entity of mojibake takes three rounds; only text that was made for it takes ten."""


class RepairStage:
    """Proposes the repair of encoding and character damage.

    Args:
        config: which repairs to make; by default those that do no harm to clean text.
    """

    name = "repair"
    settles = True

    def __init__(self, config: RepairConfig | None = None) -> None:
        config = config or RepairConfig()
        self._edits = as_ftfy(config) if config.exact else self._beyond_ftfy
        self._decoding = _decoding(config)
        self._junk = _JUNK if config.invisibles else ()
        self._options = _options(config)

    def threshold(self, edit: Edit) -> float:
        """Repairs are deterministic: every one is applied."""
        return 0.0

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        """Edits for each text: sorted, disjoint, tight."""
        return [self._edits(text) for text in texts]

    def _beyond_ftfy(self, text: str) -> tuple[Edit, ...]:
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
        return composed(text, steps)

    def _decode(self, text: str, need: int, steps: list[list[Edit]]) -> tuple[str, int]:
        """Until nothing is left: what is decoded may be damaged in turn, and junk may be half of a letter."""
        for _ in range(ROUNDS):
            before = text
            for wanted, repair in self._decoding:
                if need & wanted:
                    text = step(repair, text, steps)
            if text == before:
                break
            need = needs(text)
        return text, need

    def _tidy(self, text: str, need: int, steps: list[list[Edit]]) -> str:
        for repair in self._junk if need & CHARACTERS else ():
            text = step(repair, text, steps)
        for repair in self._options:
            text = step(repair, text, steps)
        return text


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
        chosen.append(partial(characters.normalization_edits, form=config.normalization))
    return tuple(chosen)
