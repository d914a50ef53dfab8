"""Who speaks, and to whom: evidence that knows no topic.

News tells of others, and "you", "we" and "I" stand in its quotations. A newsletter pitch, a cookie notice, a comment or
an advert speaks to its reader outside of any. So what counts is which persons a unit names outside of quotation marks,
how often its document does elsewhere, and which kinds of function words it is made of (style by function words:
Mosteller & Wallace 1963; registers by persons and verbs: Biber 1988).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.stretches import Stretches
from cleaner.tokens import OPEN, QUOTE, SPACE, Bools, Ints, Tokens, has, word_keys

_WORDS = {
    "you": "you your yours yourself u",
    "we": "we our us ours ourselves",
    "i": "i my me mine myself",
    "they": "he she they him her them his hers their it its who",
    "say": "said says say told asked added explained argues argued claims believes",
    "article": "the a an",
    "preposition": "of in on at by for from with to into over under between after before during through against about",
    "be": "is are was were be been being am",
    "have": "has have had having",
    "modal": "can will would may might could should must shall cannot",
    "wh": "what which how why when where whether",
    "not": "not no never nor t",
    "here": "this these here below above now today",
    "and": "and or but",
    "call": "call please thank thanks get click sign see read find join view share follow visit check learn try buy "
    "shop order",
}
"""Kinds of words; a word is of one kind only."""
KINDS = tuple(_WORDS)
PERSONS = 3
"""The first kinds are persons who are rarely named outside of quotations in news."""
_OPENERS = tuple(KINDS.index(name) for name in ("you", "we", "i", "they", "not", "here", "call"))
"""Kinds that tell something as the first word of a unit."""
MANY = 4
"""Persons named more often than this count no more."""

VOICE = (
    "opens_quoted", "ends_quoted", "quoted",
    *(f"{name}_{of}" for name in KINDS[:PERSONS] for of in ("spoken", "share", "elsewhere")),
    *(f"of_{name}" for name in KINDS), "doc_quoted",
    *(f"first_{KINDS[n]}" for n in _OPENERS),
)  # fmt: skip
"""The names of the columns that `voice` gives."""

_IS_QUOTE = np.array([chr(byte) in "\"'`" for byte in range(256)])


def kinds_of_rows(keys: NDArray[np.uint64]) -> NDArray[np.int8]:
    """The kind of each word of a lexicon, -1 for most; sorted keys of shape (n,), gives (n + 1,) with row 0 for unknown
    words."""
    kinds = np.full(len(keys) + 1, -1, np.int8)
    for number, words in enumerate(_WORDS.values()):
        wanted = word_keys(words.split())
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        if len(keys):
            kinds[at[keys[at] == wanted] + 1] = number
    return kinds


def quoted(tokens: Tokens) -> Bools:
    """Which words stand inside a quotation that was opened on their line; shape (m,).

    A quotation mark that touches the word behind it, with a blank or a line end before, opens one; any other closes it,
    unless it is an apostrophe. A line end closes it too: a quotation that goes on is opened again.
    """
    gap, begins = tokens.gap, (tokens.lines > 0) | tokens.border
    marked = (has(gap, QUOTE) | begins).nonzero()[0]
    start = tokens.start.take(marked)
    near = tokens.buffer.take(start - 1)
    curly = (near >= 0x98) & (near <= 0x9F)  # U+2018 to U+201F, the last of three bytes
    curly &= (tokens.buffer.take(start - 2, mode="clip") == 0x80) & (tokens.buffer.take(start - 3, mode="clip") == 0xE2)
    of_mark, at_line = gap.take(marked), begins.take(marked)
    opens = has(of_mark, QUOTE) & (_IS_QUOTE.take(near) | curly) & (has(of_mark, SPACE | OPEN) | at_line)
    events = opens | at_line | ((of_mark & ~np.uint16(QUOTE)) != 0)
    marked, opens = marked[events], opens[events] & ~tokens.border.take(marked[events])
    state = np.zeros(len(tokens), np.bool_)
    if len(marked):
        bounds = np.append(marked, len(tokens))
        state[marked[0] :] = np.repeat(opens, bounds[1:] - bounds[:-1])
    return state


def voice(
    tokens: Tokens, first: Ints, last: Ints, document: Ints, kind: NDArray[np.int8]
) -> dict[str, NDArray[np.generic]]:
    """The columns `VOICE` of each unit.

    Args:
        tokens: the batch.
        first, last: the words of the units, half-open, ascending and disjoint; no other word is of a kind; shape (k,).
        document: number of each unit's document; shape (k,).
        kind: of each word, as `kinds_of_rows` tells; shape (m,).
    """
    inside = quoted(tokens)
    units, words = Stretches.of(first, last), np.maximum(last - first, 1).astype(np.float32)
    whole = np.bincount(document, words).take(document)

    def elsewhere(counts: NDArray[np.float32], of: NDArray[np.float64]) -> NDArray[np.float64]:
        """How often in a hundred words of the rest of the document."""
        total = np.bincount(document, counts).take(document) - counts
        return np.asarray(np.log1p(100 * np.maximum(total, 0) / np.maximum(of, 1)), np.float64)

    in_quotes = units.sums(inside)
    found: dict[str, NDArray[np.generic]] = {
        "opens_quoted": inside.take(first), "ends_quoted": inside.take(last - 1), "quoted": in_quotes / words,
        "doc_quoted": np.bincount(document, in_quotes).take(document) / np.maximum(whole, 1),
    }  # fmt: skip
    known = (kind >= 0).nonzero()[0]
    owner = first.searchsorted(known, "right") - 1
    cell = owner * len(KINDS) + kind.take(known)
    counts = np.bincount(cell, minlength=len(first) * len(KINDS)).reshape(-1, len(KINDS)).astype(np.float32)
    for number, name in enumerate(KINDS):
        found[f"of_{name}"] = counts[:, number] / words
    aloud = cell[(kind.take(known) < PERSONS) & ~inside.take(known)]
    counts = np.bincount(aloud, minlength=len(first) * len(KINDS)).reshape(-1, len(KINDS)).astype(np.float32)
    for number, name in enumerate(KINDS[:PERSONS]):
        spoken = counts[:, number]
        found[f"{name}_spoken"], found[f"{name}_share"] = np.minimum(spoken, MANY), spoken / words
        found[f"{name}_elsewhere"] = elsewhere(spoken, whole - words)
    opener = kind.take(first)
    for number in _OPENERS:
        found[f"first_{KINDS[number]}"] = opener == number
    return found
