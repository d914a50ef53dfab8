"""Unknown words: what they can stand for, and how sure that is. One code path for training and inference.

All places of a batch are rated together: what depends on letters alone is plain Python, word by word; counts are looked
up and scores are computed for all candidates at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cleaner.protect import ENGLISH, FOREIGN
from cleaner.typos.candidates import LONGEST, scanned, slip, sounds
from cleaner.typos.context import BORDER, after, before, normal
from cleaner.typos.lexicon import Lexicon

Floats = NDArray[np.float64]
Neighbours = tuple[str, str, str, str]
"""The counted forms of two tokens before a place and two behind it, in the order of the text."""

Slip = tuple[str, int, str]
"""Kind, place and letters of a slip; see `cleaner.typos.candidates.slip`."""

FAMILIAR = -13.0
"""Words two slips away are looked for when no candidate has this log frequency, about 2,000 in 10**9."""

THREE = 0.6
"""Weight of three words that were counted in a row, on log (1 + count)."""

TWO_SLIPS, SAME_SOUND = -8.0, 1.5
"""What two slips cost, and what a word gains that sounds like what is written; log probabilities."""

NO_SPLIT = -40.0
"""Stands for the log probability of a reading as two words where there is none."""

MOST = 20.0
"""The largest margin that counts, in log probability; also that of the only candidate."""

LOWER, OPENING, UPPER = 0, 1, 2
"""Case of a word: lower; capitalised at the start of a sentence; all capitals."""

FEATURES = (
    "score", "margin", "share", "triple_left", "triple_around", "triple_right", "frequency", "slip_cost",
    "left_gain", "right_gain", "insert", "delete", "change", "swap", "scan", "sound", "doubled_letter",
    "first_letter", "last_letter", "left_seen", "right_seen", "length", "letters_mean", "letters_min",
    "letters_gain", "rare", "seen", "seen_left", "seen_right", "compound", "derived", "inflected", "apostrophe",
    "candidates", "case", "capital_before", "capital_after", "unknown_near", "unknown_share", "foreign_near",
    "english_near", "hyphen", "quoted", "joins", "splits",
)  # fmt: skip
"""The columns of a row about one word, in order."""

JOINED_FEATURES = (
    "score", "margin", "first_frequency", "second_frequency", "gain", "left_gain", "right_gain", "pair_seen",
    "first_length", "second_length", "first_english", "second_english", "spelling_score", "letters_mean", "rare",
    "seen", "compound", "derived", "case", "capital_before", "capital_after", "unknown_near", "unknown_share",
    "foreign_near", "english_near", "hyphen", "quoted",
)  # fmt: skip
"""The columns of a row about two joined words, in order."""

COLUMNS = {"spelling": list(FEATURES), "joined": list(JOINED_FEATURES)}
"""The columns that each model expects; a manifest names those that its trees were trained on."""


_ENDINGS = frozenset((
    "s", "es", "ed", "d", "er", "ers", "ing", "ings", "ly", "ness", "less", "like", "ish", "y", "ist", "ists", "ism",
    "able", "ful", "ity", "al", "ize", "ise", "ized", "ised", "izing", "ising", "ization", "isation", "ee", "ship",
    "hood", "wise", "ville", "gate", "fest", "ian", "ians", "ification", "o", "ie", "ies",
))  # fmt: skip
_BEGINNINGS = frozenset((
    "un", "re", "non", "pre", "anti", "over", "under", "out", "super", "sub", "inter", "multi", "micro", "mega",
    "mini", "post", "pro", "semi", "bio", "geo", "neuro", "photo", "electro", "hydro", "thermo", "nano", "eco",
    "cyber", "tele", "counter", "de", "dis", "mis", "mid", "co", "hyper", "ultra", "trans", "auto", "poly", "mono",
    "di", "tri", "chemo", "immuno", "cardio", "gastro", "pseudo", "psycho", "socio", "techno", "petro", "agro",
    "aero", "astro", "info", "radio", "crypto", "paleo", "palaeo",
))  # fmt: skip
_LONGEST_ENDING = max(map(len, _ENDINGS))
_LONGEST_BEGINNING = max(map(len, _BEGINNINGS))


@dataclass(frozen=True, slots=True)
class Place:
    """An unknown word where it stands.

    Attributes:
        word: in lower case, with straight apostrophes.
        case: LOWER, OPENING or UPPER.
        before, after: the tokens around it as written, nearest last and first.
        hyphen: it is a part of a hyphenated word.
        quoted: it stands directly within quotation marks.
    """

    word: str
    case: int
    before: Sequence[str]
    after: Sequence[str]
    hyphen: bool
    quoted: bool

    def neighbours(self) -> Neighbours:
        """The counted forms of what stands next to the word."""
        return (
            neighbour(self.before, -2), neighbour(self.before, -1), neighbour(self.after, 0), neighbour(self.after, 1),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readings:
    """The likeliest reading of each of n places.

    Attributes:
        right: what a place should read, None where no reading was found; length n.
        rows: what describes the reading, see FEATURES and JOINED_FEATURES; zeros where there is none;
            shape (n, features).
    """

    right: list[str | None]
    rows: Floats


def neighbour(written: Sequence[str], at: int) -> str:
    """The counted form of the token at `at`, the border where there is none."""
    return normal(written[at]) if -len(written) <= at < len(written) else BORDER


def locate_word(text: str, start: int, end: int, case: int) -> Place:
    """The place of the word `text[start:end]`."""
    sides = text[start - 1 : start], text[end : end + 1]
    quoted = (
        sides[0] in ('"', "\u201c", "'", "\u2018") and sides[1] in ('"', "\u201d", "'", "\u2019") and "" not in sides
    )
    word = text[start:end].lower().replace("\u2019", "'")
    return Place(word, case, before(text, start), after(text, end), "-" in sides, quoted)


def read(places: Sequence[Place], lexicon: Lexicon) -> tuple[Readings, Readings]:
    """The likeliest readings of unknown words: as one known word, and as two without their space."""
    if not places:
        return Readings([], np.zeros((0, len(FEATURES)))), Readings([], np.zeros((0, len(JOINED_FEATURES))))
    around = [place.neighbours() for place in places]
    known = _columns_of_words(places, lexicon) | _columns_of_places(places, lexicon)
    cuts = _rate_splits(places, around, lexicon)
    spelling = _read_as_one(places, around, known | {"splits": cuts.best}, lexicon)
    joined = _read_as_two(places, cuts, known | {"spelling_score": spelling.rows[:, 0]}, lexicon)
    return spelling, joined


_INFLECTIONS = frozenset(("s", "es", "d"))

Columns = dict[str, Floats]
"""Features by name; each of shape (n,)."""


def _read_as_one(
    places: Sequence[Place], around: Sequence[Neighbours], known: Columns, lexicon: Lexicon
) -> Readings:
    found, scans = candidates([place.word for place in places], lexicon)
    right: list[str | None] = [None] * len(places)
    rows = np.zeros((len(places), len(FEATURES)))
    rows[:, 0] = NO_SPLIT
    owner = np.repeat(np.arange(len(places)), [len(words) for words in found])
    if not len(owner):
        return Readings(right, rows)
    repairs = list(chain.from_iterable(found))
    owners = owner.tolist()
    rated, slips = _rate([places[n].word for n in owners], repairs, [around[n] for n in owners], lexicon)
    best, margin, share = _choose(owner, rated["score"])
    here = owner[best]
    columns = {name: column[best] for name, column in rated.items()} | {name: c[here] for name, c in known.items()}
    columns |= {"margin": margin, "share": share, "candidates": np.array([float(len(words)) for words in found])[here]}
    chosen = [(places[o], repairs[n], slips[n], scans[o]) for n, o in zip(best.tolist(), here.tolist(), strict=True)]
    columns |= _columns_of_repairs(chosen, [around[n] for n in here.tolist()], columns["letters_mean"], lexicon)
    rows[here] = np.column_stack([columns[name] for name in FEATURES])
    for place, repair in zip(here.tolist(), best.tolist(), strict=True):
        right[place] = repairs[repair]
    return Readings(right, rows)


def candidates(words: Sequence[str], lexicon: Lexicon) -> tuple[list[list[str]], list[frozenset[str]]]:
    """The known words that each word can stand for, and those among them that a scanner can have confused.

    They are one slip away, or a syllable was written once too often or too seldom; two slips away only where nothing
    familiar is nearer.
    """
    near = lexicon.near.find(words)
    scans = [frozenset(scanned(word, lexicon.words)) if len(word) <= LONGEST else frozenset() for word in words]
    for word, found, scan in zip(words, near, scans, strict=True):
        if scan:
            found[:] = sorted(scan.union(found))
        if all(lexicon.log_frequency(repair) < FAMILIAR for repair in found):
            found[:] = sorted({*found, *lexicon.two_slips.find(word)})
    return near, scans


def _rate(
    words: Sequence[str], repairs: Sequence[str], around: Sequence[Neighbours], lexicon: Lexicon
) -> tuple[Columns, list[Slip]]:
    """How likely each repair of a word is where it stands, and by what slip the word came from it."""
    left, right = [sides[1] for sides in around], [sides[2] for sides in around]
    slips = [slip(word, repair) for word, repair in zip(words, repairs, strict=True)]
    cost = np.array([lexicon.slip_cost(kind, letters) if kind != "other" else TWO_SLIPS for kind, _, letters in slips])
    sound = np.array([float(sounds(word) == sounds(repair)) for word, repair in zip(words, repairs, strict=True)])
    three = [
        lexicon.pairs.many([f"{sides[0]} {sides[1]} {repair}" for sides, repair in zip(around, repairs, strict=True)]),
        lexicon.pairs.many([f"{sides[1]} {repair} {sides[2]}" for sides, repair in zip(around, repairs, strict=True)]),
        lexicon.pairs.many([f"{repair} {sides[2]} {sides[3]}" for sides, repair in zip(around, repairs, strict=True)]),
    ]
    frequency, left_gain, right_gain, left_seen, right_seen = lexicon.fits(left, repairs, right)
    score = cost + frequency + left_gain + right_gain + SAME_SOUND * sound + THREE * np.log1p(sum(three))
    return {
        "score": score, "slip_cost": cost, "sound": sound, "triple_left": three[0], "triple_around": three[1],
        "triple_right": three[2], "frequency": frequency, "left_gain": left_gain, "right_gain": right_gain,
        "left_seen": left_seen, "right_seen": right_seen,
    }, slips  # fmt: skip


def _choose(owner: NDArray[np.intp], score: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The best of the scores of each owner: (its number, how far the second is behind, its share of probability).

    `owner` is sorted. Of equal scores the last one wins.
    """
    order = np.lexsort((score, owner))
    last = np.flatnonzero(np.append(np.diff(owner) != 0, True))
    best = order[last]
    second = order[last - 1]
    margin = np.where((last > 0) & (owner[second] == owner[best]), score[best] - score[second], MOST)
    first = np.concatenate(([0], last[:-1] + 1))
    behind = np.maximum(score - np.repeat(score[best], last - first + 1), -50.0)
    return best, np.minimum(margin, MOST), 1.0 / np.add.reduceat(np.exp(behind), first)


def _columns_of_repairs(
    chosen: Sequence[tuple[Place, str, Slip, frozenset[str]]], around: Sequence[Neighbours], letters: Floats,
    lexicon: Lexicon,
) -> Columns:  # fmt: skip
    rows = []
    for (place, repair, (kind, at, pair), scans), sides, mean in zip(chosen, around, letters.tolist(), strict=True):
        word = place.word
        doubled = kind in ("insert", "delete") and len(pair) == 2 and pair[0] == pair[1]
        inflected = word[len(repair) :] in _INFLECTIONS and word.startswith(repair)
        inflected = inflected or (repair[len(word) :] in _INFLECTIONS and repair.startswith(word))
        joined = [lexicon.log_frequency(w) for w in (sides[1] + word, word + sides[2]) if w in lexicon.words]
        rows.append((
            kind == "insert", kind == "delete", kind == "change", kind == "swap", repair in scans, doubled, at == 0,
            at >= max(len(word), len(repair)) - 1, lexicon.spelt_like_english(repair)[0] - mean, inflected,
            "'" in word or "'" in repair, lexicon.pairs[f"{sides[1]} {word}"], lexicon.pairs[f"{word} {sides[2]}"],
            max(joined, default=-30.0),
        ))  # fmt: skip
    names = (
        "insert", "delete", "change", "swap", "scan", "doubled_letter", "first_letter", "last_letter",
        "letters_gain", "inflected", "apostrophe", "seen_left", "seen_right", "joins",
    )  # fmt: skip
    return _named(names, rows)


def _columns_of_words(places: Sequence[Place], lexicon: Lexicon) -> Columns:
    names = ("length", "letters_mean", "letters_min", "rare", "seen", "compound", "derived")
    rows = [
        (len(word), *lexicon.spelt_like_english(word), lexicon.rare[word], lexicon.pairs[word],
         is_compound(word, lexicon), is_derived(word, lexicon))
        for word in (place.word for place in places)
    ]  # fmt: skip
    return _named(names, rows)


def _columns_of_places(places: Sequence[Place], lexicon: Lexicon) -> Columns:
    names = (
        "case", "capital_before", "capital_after", "unknown_near", "unknown_share", "foreign_near", "english_near",
        "hyphen", "quoted",
    )  # fmt: skip
    rows = []
    for place in places:
        lower = [w.replace("\u2019", "'") for w in (*place.before[-8:], *place.after[:8]) if w[0].islower()]
        unknown = sum(w not in lexicon.words and not lexicon.known(w) for w in lower)
        capital = [bool(side) and side[0][0].isupper() for side in (place.before[-1:], place.after[:1])]
        rows.append((
            place.case, *capital, unknown, unknown / (len(lower) + 1),
            sum(w in FOREIGN or not w.isascii() for w in lower), sum(w in ENGLISH for w in lower),
            place.hyphen, place.quoted,
        ))  # fmt: skip
    return _named(names, rows)


def _named(names: Sequence[str], rows: Sequence[Sequence[float]]) -> Columns:
    return dict(zip(names, np.array(rows, np.float64).reshape(-1, len(names)).T, strict=True))


@dataclass(frozen=True, slots=True)
class _Cuts:
    """The readings of n places as two known words.

    Attributes:
        owner: the place of each reading, ascending; shape (m,).
        halves: the two words of each reading; length m.
        columns: see `JOINED_FEATURES`; each of shape (m,).
        best: log probability of the best reading of each place, NO_SPLIT where there is none; shape (n,).
    """

    owner: NDArray[np.intp]
    halves: Sequence[tuple[str, str]]
    columns: Columns
    best: Floats


def _rate_splits(places: Sequence[Place], around: Sequence[Neighbours], lexicon: Lexicon) -> _Cuts:
    cuts = [(n, first, second) for n, place in enumerate(places) for first, second in splits(place.word, lexicon)]
    best = np.full(len(places), NO_SPLIT)
    owner = np.array([n for n, _, _ in cuts], np.intp)
    halves = [(first, second) for _, first, second in cuts]
    if not cuts:
        return _Cuts(owner, halves, {}, best)
    firsts, seconds = [first for first, _ in halves], [second for _, second in halves]
    left, right = [around[n][1] for n, _, _ in cuts], [around[n][2] for n, _, _ in cuts]
    first_frequency, left_gain, gain, _, pair_seen = lexicon.fits(left, firsts, seconds)
    second_frequency, _, right_gain, _, _ = lexicon.fits(firsts, seconds, right)
    score = first_frequency + left_gain + gain + second_frequency + right_gain
    np.maximum.at(best, owner, score)
    columns = {
        "score": score, "first_frequency": first_frequency, "second_frequency": second_frequency, "gain": gain,
        "left_gain": left_gain, "right_gain": right_gain, "pair_seen": pair_seen,
    }  # fmt: skip
    return _Cuts(owner, halves, columns, best)


def splits(word: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """The readings of a word as two known words."""
    return [
        (word[:cut], word[cut:])
        for cut in range(1, len(word))
        if word[:cut] in lexicon.words and word[cut:] in lexicon.words
        and (cut > 1 or word[0] in "ai") and (cut < len(word) - 1 or word[-1] == "a")
    ]  # fmt: skip


def _read_as_two(places: Sequence[Place], cuts: _Cuts, known: Columns, lexicon: Lexicon) -> Readings:
    right: list[str | None] = [None] * len(places)
    rows = np.zeros((len(places), len(JOINED_FEATURES)))
    if not cuts.halves:
        return Readings(right, rows)
    best, margin, _ = _choose(cuts.owner, cuts.columns["score"])
    here = cuts.owner[best]
    halves = [cuts.halves[n] for n in best.tolist()]
    columns = {name: column[best] for name, column in cuts.columns.items()} | {n: c[here] for n, c in known.items()}
    columns |= {"margin": margin} | _named(
        ("first_length", "second_length", "first_english", "second_english"),
        [(len(first), len(second), first in ENGLISH, second in ENGLISH) for first, second in halves],
    )
    rows[here] = np.column_stack([columns[name] for name in JOINED_FEATURES])
    for place, (first, second) in zip(here.tolist(), halves, strict=True):
        word = places[place].word
        if 4 <= len(word) <= LONGEST + 6 and word.isalpha():
            right[place] = f"{first} {second}"
    return Readings(right, rows)


def is_compound(word: str, lexicon: Lexicon) -> bool:
    """Whether two longer known words make up the word: chatbot, wheatbelt."""
    return any(
        word[:cut] in lexicon.words and word[cut:] in lexicon.words
        and min(lexicon.log_frequency(word[:cut]), lexicon.log_frequency(word[cut:])) > -14.5
        for cut in range(3, len(word) - 2)
    )  # fmt: skip


def is_derived(word: str, lexicon: Lexicon) -> bool:
    """Whether a known word with a common beginning or ending makes up the word: podcasters, neurochemistry."""
    words = lexicon.words
    for length in range(1, min(_LONGEST_ENDING, len(word) - 3) + 1):
        if word[-length:] in _ENDINGS:
            stem = word[:-length]
            if stem in words or stem + "e" in words or (stem[-1] == "i" and stem[:-1] + "y" in words):
                return True
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in words:
                return True
    return any(
        word[:length] in _BEGINNINGS and word[length:] in words
        for length in range(2, min(_LONGEST_BEGINNING, len(word) - 4) + 1)
    )
