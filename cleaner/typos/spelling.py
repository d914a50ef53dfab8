"""Unknown words: what they can stand for, and how sure that is. One code path for training and inference.

All places of a batch are rated together: what depends on letters alone is plain Python, word by word; counts are looked
up and scores are computed for all candidates at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.protect import ENGLISH, FOREIGN
from cleaner.typos.candidates import LONGEST, scanned, sounds
from cleaner.typos.context import BORDER, after, before, normal
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.slips import Slip, rate_slips, slips_of

Floats = NDArray[np.float64]
Neighbours = tuple[str, str, str, str]
"""The counted forms of two tokens before a place and two behind it, in the order of the text."""

Columns = dict[str, Floats]
"""Features by name; each of shape (n,)."""

FAMILIAR = -13.0
"""Words two slips away are looked for when no candidate has this log frequency, about 2,000 in 10**9."""

FREQUENCY, LEFT, RIGHT, THREE, SAME_SOUND, LONGER = 0.82, 0.34, 0.37, 0.9, 0.9, 0.45
"""Weights of what speaks for a repair beside its slip: how frequent it is, how it fits its left and its right
neighbour, how often three words were counted in a row with it (log), whether it sounds like what is written, and how
much longer it is than that."""

NO_READING = -40.0
"""Stands for the log probability of the best reading where there is none."""

UNLIKELY = -28.0
"""Readings below this log probability are not considered further; trees have never found one of them sure."""

_INFLECTIONS = frozenset(("s", "es", "d"))

MOST = 20.0
"""The largest margin that counts, in log probability; also that of the only candidate."""

LOWER, OPENING, UPPER = 0, 1, 2
"""Case of a word: lower; capitalised at the start of a sentence; all capitals."""

FEATURES = (
    "score", "margin", "share", "triple_left", "triple_around", "triple_right", "frequency", "slip_cost",
    "channel", "finger", "left_gain", "right_gain", "insert", "delete", "change", "swap", "scan", "sound",
    "doubled_letter", "first_letter", "last_letter", "left_seen", "right_seen", "length", "letters_mean", "letters_min",
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
BEGINNINGS = frozenset((
    "un", "re", "non", "pre", "anti", "over", "under", "out", "super", "sub", "inter", "multi", "micro", "mega",
    "mini", "post", "pro", "semi", "bio", "geo", "neuro", "photo", "electro", "hydro", "thermo", "nano", "eco",
    "cyber", "tele", "counter", "de", "dis", "mis", "mid", "co", "hyper", "ultra", "trans", "auto", "poly", "mono",
    "di", "tri", "chemo", "immuno", "cardio", "gastro", "pseudo", "psycho", "socio", "techno", "petro", "agro",
    "aero", "astro", "info", "radio", "crypto", "paleo", "palaeo",
))  # fmt: skip
_LONGEST_ENDING = max(map(len, _ENDINGS))
_LONGEST_BEGINNING = max(map(len, BEGINNINGS))


class Place(NamedTuple):
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


class Options(NamedTuple):
    """What an unknown word can stand for, whatever stands around it.

    Attributes:
        repairs: the known words that it can be a misspelling of, sorted.
        scans: those of them that a scanner can have confused with it.
        halves: the pairs of known words that it consists of.
    """

    repairs: Sequence[str]
    scans: frozenset[str]
    halves: Sequence[tuple[str, str]]

    def __bool__(self) -> bool:
        return bool(self.repairs or self.halves)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The likeliest reading of each of n places.

    Attributes:
        right: what a place should read, None where no reading is likely; length n.
        rows: what describes the reading, see FEATURES and JOINED_FEATURES; zeros where there is none;
            shape (n, features).
    """

    right: list[str | None]
    rows: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Rated:
    """The best reading of those places that have one, of n places.

    Attributes:
        chosen: numbers of the readings, of all that were rated; shape (m,).
        here: the places that they belong to, ascending; shape (m,).
        score: log probability of the best reading of each place, NO_READING where there is none; shape (n,).
        columns: features of the chosen readings; each of shape (m,).
    """

    chosen: NDArray[np.intp]
    here: NDArray[np.intp]
    score: Floats
    columns: Columns


def neighbour(written: Sequence[str], at: int) -> str:
    """The counted form of the token at `at`, the border where there is none."""
    return normal(written[at]) if -len(written) <= at < len(written) else BORDER


def locate_word(text: str, start: int, end: int, case: int) -> Place:
    """The place of the word `text[start:end]`."""
    sides = text[start - 1 : start], text[end : end + 1]
    quoted = (
        sides[0] in ('"', "\u201c", "'", "\u2018") and sides[1] in ('"', "\u201d", "'", "\u2019") and "" not in sides
    )
    return Place(plain_form(text[start:end]), case, before(text, start), after(text, end), "-" in sides, quoted)


def plain_form(written: str) -> str:
    """A word in lower case with straight apostrophes."""
    return written.lower().replace("\u2019", "'")


def consider(words: Sequence[str], lexicon: Lexicon) -> list[Options]:
    """What each of several words can stand for.

    A repair is one slip away, or a syllable was written once too often or too seldom; two slips away only where nothing
    familiar is nearer and nothing hints that the word exists.
    """
    options = []
    for word, near in zip(words, lexicon.near.find(words), strict=True):
        scans = frozenset(scanned(word, lexicon.words)) if len(word) <= LONGEST else frozenset()
        repairs = sorted(scans.union(near)) if scans else near
        if all(lexicon.log_frequency(repair) < FAMILIAR for repair in repairs) and not lexicon.rare[word]:
            repairs = sorted({*repairs, *lexicon.two_slips.find(word)})
        options.append(Options(repairs, scans, halves(word, lexicon)))
    return options


def halves(word: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """The readings of a word as two known words."""
    if not 4 <= len(word) <= LONGEST + 6 or not word.isalpha():
        return []
    words = lexicon.words
    return [
        (word[:cut], word[cut:])
        for cut in range(1, len(word))
        if word[:cut] in words and word[cut:] in words
        and (cut > 1 or word[0] in "ai") and (cut < len(word) - 1 or word[-1] == "a")
    ]  # fmt: skip


def read(places: Sequence[Place], options: Sequence[Options], lexicon: Lexicon) -> tuple[Readings, Readings]:
    """The likeliest readings of unknown words: as one known word, and as two without their space.

    Args:
        places: the words where they stand.
        options: what each of them can stand for, as `consider` finds it.
        lexicon: words and counts.
    """
    around = [place.neighbours() for place in places]
    ones = [(n, repair) for n, option in enumerate(options) for repair in option.repairs]
    twos = [(n, pair) for n, option in enumerate(options) for pair in option.halves]
    pairs = [(places[n].word, repair) for n, repair in ones]
    slips = slips_of(pairs)
    rated = rate_slips(pairs, slips, [repair in options[n].scans for n, repair in ones], lexicon)
    one = _best([n for n, _ in ones], len(places), _rate_repairs(ones, rated, places, around, lexicon))
    two = _best([n for n, _ in twos], len(places), _rate_halves(twos, around, lexicon))
    needed = np.union1d(one.here, two.here)
    known = _columns_of_places([places[n] for n in needed.tolist()], lexicon)
    spelling, joined = [_of(known, np.searchsorted(needed, rated.here)) | rated.columns for rated in (one, two)]
    repairs = [(n, ones[at][1], slips[at]) for n, at in zip(one.here.tolist(), one.chosen.tolist(), strict=True)]
    spelling |= {"splits": two.score[one.here], "candidates": np.array([len(options[n].repairs) for n in one.here])}
    spelling |= _columns_of_repairs(repairs, places, options, around, spelling["letters_mean"], lexicon)
    split = [(n, twos[at][1]) for n, at in zip(two.here.tolist(), two.chosen.tolist(), strict=True)]
    joined |= {"spelling_score": one.score[two.here]} | _columns_of_halves([pair for _, pair in split])
    return (
        _readings(len(places), [(n, repair) for n, repair, _ in repairs], spelling, FEATURES),
        _readings(len(places), [(n, f"{first} {second}") for n, (first, second) in split], joined, JOINED_FEATURES),
    )


def _readings(number: int, chosen: Sequence[tuple[int, str]], columns: Columns, names: Sequence[str]) -> Readings:
    right: list[str | None] = [None] * number
    for place, reading in chosen:
        right[place] = reading
    rows = np.zeros((number, len(names)))
    if chosen:
        rows[[place for place, _ in chosen]] = np.column_stack([columns[name] for name in names])
    return Readings(right, rows)


def _of(columns: Columns, at: NDArray[np.intp]) -> Columns:
    return {name: column[at] for name, column in columns.items()}


def _best(owners: Sequence[int], number: int, columns: Columns) -> _Rated:
    """The best reading of each of `number` places, if it is likely at all; of equals the last. `owners` is sorted."""
    owner = np.array(owners, np.intp)
    score = columns["score"]
    best_of = np.full(number, NO_READING)
    if not owners:
        return _Rated(owner, owner, best_of, columns | {"margin": score, "share": score})
    order = np.lexsort((score, owner))
    last = np.flatnonzero(np.append(np.diff(owner) != 0, True))
    best, second = order[last], order[last - 1]
    alone = (last == 0) | (owner[second] != owner[best])
    margin = np.where(alone, MOST, np.minimum(score[best] - score[second], MOST))
    first = np.concatenate(([0], last[:-1] + 1))
    behind = np.maximum(score - np.repeat(score[best], last - first + 1), -50.0)
    share = 1.0 / np.add.reduceat(np.exp(behind), first)
    best_of[owner[best]] = score[best]
    likely = score[best] >= UNLIKELY
    chosen = best[likely]
    columns = _of(columns, chosen) | {"margin": margin[likely], "share": share[likely]}
    return _Rated(chosen, owner[chosen], best_of, columns)


def _rate_repairs(
    ones: Sequence[tuple[int, str]], slips: Columns, places: Sequence[Place], around: Sequence[Neighbours],
    lexicon: Lexicon,
) -> Columns:  # fmt: skip
    """How likely each repair of a word is where the word stands."""
    repairs, sides = [repair for _, repair in ones], [around[n] for n, _ in ones]
    sound = np.array([float(sounds(places[n].word) == sounds(repair)) for n, repair in ones])
    trio = list(zip(sides, repairs, strict=True))
    three_words = [
        *(f"{older} {left} {repair}" for (older, left, _, _), repair in trio),
        *(f"{left} {repair} {right}" for (_, left, right, _), repair in trio),
        *(f"{repair} {right} {later}" for (_, _, right, later), repair in trio),
    ]
    behind, between, ahead = np.split(lexicon.pairs.many(three_words), 3)
    frequency, left_gain, right_gain, left_seen, right_seen = lexicon.fits(
        [left for _, left, _, _ in sides], repairs, [right for _, _, right, _ in sides]
    )
    context = LEFT * left_gain + RIGHT * right_gain + THREE * np.log1p(behind + between + ahead)
    longer = np.array([len(repair) - len(places[n].word) for n, repair in ones], np.float64)
    return slips | {
        "score": slips["channel"] + FREQUENCY * frequency + context + SAME_SOUND * sound + LONGER * longer,
        "sound": sound, "triple_left": behind, "triple_around": between, "triple_right": ahead,
        "frequency": frequency, "left_gain": left_gain, "right_gain": right_gain, "left_seen": left_seen,
        "right_seen": right_seen,
    }  # fmt: skip


def _rate_halves(
    twos: Sequence[tuple[int, tuple[str, str]]], around: Sequence[Neighbours], lexicon: Lexicon
) -> Columns:
    """How likely each reading of a word as two words is where the word stands."""
    firsts, seconds = [first for _, (first, _) in twos], [second for _, (_, second) in twos]
    left, right = [around[n][1] for n, _ in twos], [around[n][2] for n, _ in twos]
    first_frequency, left_gain, gain, _, pair_seen = lexicon.fits(left, firsts, seconds)
    second_frequency, _, right_gain, _, _ = lexicon.fits(firsts, seconds, right)
    return {
        "score": first_frequency + left_gain + gain + second_frequency + right_gain,
        "first_frequency": first_frequency, "second_frequency": second_frequency, "gain": gain,
        "left_gain": left_gain, "right_gain": right_gain, "pair_seen": pair_seen,
    }  # fmt: skip


def _columns_of_repairs(
    repairs: Sequence[tuple[int, str, Slip]], places: Sequence[Place], options: Sequence[Options],
    around: Sequence[Neighbours], letters: Floats, lexicon: Lexicon,
) -> Columns:  # fmt: skip
    rows = []
    for (n, repair, (kind, at, pair)), mean in zip(repairs, letters.tolist(), strict=True):
        word, left, right = places[n].word, around[n][1], around[n][2]
        inflected = word[len(repair) :] in _INFLECTIONS and word.startswith(repair)
        inflected = inflected or (repair[len(word) :] in _INFLECTIONS and repair.startswith(word))
        rows.append((
            kind == "insert", kind == "delete", kind == "change", kind == "swap", repair in options[n].scans,
            kind in ("insert", "delete") and len(pair) == 2 and pair[0] == pair[1], at == 0,
            at >= max(len(word), len(repair)) - 1, lexicon.spelt_like_english(repair)[0] - mean, inflected,
            "'" in word or "'" in repair, lexicon.pairs[f"{left} {word}"], lexicon.pairs[f"{word} {right}"],
            max([lexicon.log_frequency(w) for w in (left + word, word + right) if w in lexicon.words], default=-30.0),
        ))  # fmt: skip
    names = (
        "insert", "delete", "change", "swap", "scan", "doubled_letter", "first_letter", "last_letter",
        "letters_gain", "inflected", "apostrophe", "seen_left", "seen_right", "joins",
    )  # fmt: skip
    return _named(names, rows)


def _columns_of_halves(pairs: Sequence[tuple[str, str]]) -> Columns:
    return _named(
        ("first_length", "second_length", "first_english", "second_english"),
        [(len(first), len(second), first in ENGLISH, second in ENGLISH) for first, second in pairs],
    )


def _columns_of_places(places: Sequence[Place], lexicon: Lexicon) -> Columns:
    names = (
        "length", "letters_mean", "letters_min", "rare", "seen", "compound", "derived", "case", "capital_before",
        "capital_after", "unknown_near", "unknown_share", "foreign_near", "english_near", "hyphen", "quoted",
    )  # fmt: skip
    words, rows = lexicon.words, []
    for place in places:
        word = place.word
        lower = [w for w in (*place.before[-8:], *place.after[:8]) if w[0].islower()]
        unlisted = [w.replace("\u2019", "'") for w in lower if w not in words]
        unknown = len(unlisted) - sum(map(lexicon.known, unlisted))
        foreign = sum(map(FOREIGN.__contains__, lower)) + len(unlisted) - sum(map(str.isascii, unlisted))
        rows.append((
            len(word), *lexicon.spelt_like_english(word), lexicon.rare[word], lexicon.pairs[word],
            is_compound(word, lexicon), is_derived(word, lexicon), place.case,
            *(bool(side) and side[0][0].isupper() for side in (place.before[-1:], place.after[:1])),
            unknown, unknown / (len(lower) + 1), foreign, sum(map(ENGLISH.__contains__, lower)), place.hyphen,
            place.quoted,
        ))  # fmt: skip
    return _named(names, rows)


def _named(names: Sequence[str], rows: Sequence[Sequence[float]]) -> Columns:
    return dict(zip(names, np.array(rows, np.float64).reshape(-1, len(names)).T, strict=True))


def is_compound(word: str, lexicon: Lexicon) -> bool:
    """Whether two longer known words make up the word: chatbot, wheatbelt."""
    words = lexicon.words
    return any(
        word[:cut] in words and word[cut:] in words
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
        word[:length] in BEGINNINGS and word[length:] in words
        for length in range(2, min(_LONGEST_BEGINNING, len(word) - 4) + 1)
    )
