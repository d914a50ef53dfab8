"""How likely a slip is: the error model, in three parts that are weighed against each other.

People misspell as the table of letters says that was counted in lists of misspellings; fingers hit the key beside the
right one; scanners confuse what looks alike. A slip is as likely as the three together make it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.typos.candidates import slip
from cleaner.typos.lexicon import Lexicon

Slip = tuple[str, int, str]
"""Kind, place and letters of a slip; see `cleaner.typos.candidates.slip`."""

KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

TWO_SLIPS = -8.0
"""Log probability of two slips in one word."""

PERSON, PERSON_SHARE, KEY_SHARE, SCANNER_SHARE = 0.6, -1.9, 2.1, -0.2
"""Weight of the table of letters, and the shares (log) of people, fingers and scanners. These and the weights in
`cleaner.typos.spelling` were fitted together: a logit over the candidates of 35,000 errors."""

NEVER = -99.0
_WAYS = {"insert": 7.0, "delete": 1.0, "change": 6.0, "swap": 1.0}
"""In how many ways fingers can make a slip of this kind at one place."""


def key_neighbours() -> Mapping[str, str]:
    """letter -> the letters beside it on the keyboard."""
    found = {}
    for r, row in enumerate(KEY_ROWS):
        for c, letter in enumerate(row):
            rows = KEY_ROWS[max(0, r - 1) : r + 2]
            found[letter] = "".join(x for line in rows for x in line[max(0, c - 1) : c + 2] if x != letter)
    return found


NEIGHBOURS = key_neighbours()


def by_finger(wrong: str, right: str, made: Slip) -> bool:
    """Whether fingers make this slip: a key too many or a wrong one only beside (or on) a right one."""
    kind, at, _ = made
    if kind == "change":
        return wrong[at] in NEIGHBOURS.get(right[at], "")
    if kind == "insert":
        return any(
            wrong[at] == key or wrong[at] in NEIGHBOURS.get(key, "") for key in (*wrong[:at][-1:], *wrong[at + 1 :][:1])
        )
    return kind in ("delete", "swap")


def slips_of(pairs: Sequence[tuple[str, str]]) -> list[Slip]:
    """How each wrong form came from its right one."""
    return [slip(wrong, right) for wrong, right in pairs]


def rate_slips(
    pairs: Sequence[tuple[str, str]], slips: Sequence[Slip], scans: Sequence[bool], lexicon: Lexicon
) -> dict[str, NDArray[np.float64]]:
    """The features of n slips.

    Args:
        pairs: (wrong form, right form).
        slips: how the one came from the other.
        scans: whether a scanner can have confused them.
        lexicon: holds the table of letters.

    Returns:
        "slip_cost", the log probability by the table of letters; "finger", see `by_finger`; "channel", the log
        probability by all three parts, up to a constant; each of shape (n,).
    """
    cost = np.array([lexicon.slip_cost(k, letters) if k != "other" else TWO_SLIPS for k, _, letters in slips])
    finger = np.array([by_finger(*pair, made) for pair, made in zip(pairs, slips, strict=True)], np.float64)
    ways = np.array(
        [_WAYS.get(kind, 1.0) * 4.0 * len(right) for (_, right), (kind, _, _) in zip(pairs, slips, strict=True)]
    )
    parts = (
        PERSON * cost + PERSON_SHARE,
        np.where(finger > 0, KEY_SHARE - np.log(ways), NEVER),
        np.where(np.array(scans, np.bool_), SCANNER_SHARE, NEVER),
    )
    return {"slip_cost": cost, "finger": finger, "channel": np.logaddexp(np.logaddexp(parts[0], parts[1]), parts[2])}
