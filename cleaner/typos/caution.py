"""How much surer than others some repairs must be: those of what may be a name, a coinage or a word of few letters."""

from __future__ import annotations

from cleaner.typos.spelling import LOWER

CAPITAL_PENALTY, LONG, LONG_PENALTY = 50.0, 7, 30.0
"""How many times surer a repair of a capitalised word must be: names are dearer than words. Few long words
are names that differ from a common word by a slip."""

SHORT_PENALTIES = {2: 3.5, 3: 3.5, 4: 1.3}
"""How many times surer a repair of a word of so few letters must be: such a word has many others near."""

DERIVED_PENALTY = 1.8
"""The same for a word that may be a new one with a common ending: raisiny."""


def weighed(score: float, case: int, length: int) -> float:
    """The score with the odds against a capitalised word and a short one raised."""
    for_names = CAPITAL_PENALTY if length < LONG else LONG_PENALTY
    penalty = SHORT_PENALTIES.get(length, 1.0) if case == LOWER else for_names
    return lowered(score, penalty)


def lowered(score: float, penalty: float) -> float:
    """The probability whose odds are smaller by a factor."""
    odds = score / (1.0 - min(score, 0.999999)) / penalty
    return odds / (1.0 + odds)
