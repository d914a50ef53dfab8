"""Unknown words: what they can stand for, and how sure that is. One code path for training and inference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.protect import ENGLISH, FOREIGN
from cleaner.typos.candidates import LONGEST, near, scanned, slip, sounds, syllables
from cleaner.typos.context import BORDER, after, before, normal
from cleaner.typos.lexicon import Lexicon

FAMILIAR = -13.0
"""Words two slips away are looked for when no candidate has this log frequency, about 2,000 in 10**9."""

THREE = 0.6
"""Weight of three words that were counted in a row, on log (1 + count)."""

TWO_SLIPS, SAME_SOUND = -8.0, 1.5
"""What two slips cost, and what a word gains that sounds like what is written; log probabilities."""

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
"""The columns of a row, in order."""

_ENDINGS = (
    "s", "es", "ed", "d", "er", "ers", "ing", "ings", "ly", "ness", "less", "like", "ish", "y", "ist", "ists", "ism",
    "able", "ful", "ity", "al", "ize", "ise", "ized", "ised", "izing", "ising", "ization", "isation", "ee", "ship",
    "hood", "wise", "ville", "gate", "fest", "ian", "ians", "ification", "o", "ie", "ies",
)  # fmt: skip
_BEGINNINGS = (
    "un", "re", "non", "pre", "anti", "over", "under", "out", "super", "sub", "inter", "multi", "micro", "mega",
    "mini", "post", "pro", "semi", "bio", "geo", "neuro", "photo", "electro", "hydro", "thermo", "nano", "eco",
    "cyber", "tele", "counter", "de", "dis", "mis", "mid", "co", "hyper", "ultra", "trans", "auto", "poly", "mono",
    "di", "tri", "chemo", "immuno", "cardio", "gastro", "pseudo", "psycho", "socio", "techno", "petro", "agro",
    "aero", "astro", "info", "radio", "crypto", "paleo", "palaeo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An unknown word where it stands.

    Attributes:
        word: in lower case, with straight apostrophes.
        case: LOWER, OPENING or UPPER.
        before, after: the tokens around it as written, nearest last and first.
        hyphen: it is a part of a hyphenated word.
        quoted: it stands directly within quotation marks.
        name: how often the capitalised form is known as a name.
    """

    word: str
    case: int
    before: Sequence[str]
    after: Sequence[str]
    hyphen: bool
    quoted: bool
    name: float


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest repair of a place, and the row that describes it (see FEATURES)."""

    right: str
    row: tuple[float, ...]


def neighbour(written: Sequence[str], at: int) -> str:
    """The counted form of the token at `at`, the border where there is none."""
    return normal(written[at]) if -len(written) <= at < len(written) else BORDER


def locate_word(text: str, start: int, end: int, case: int, lexicon: Lexicon) -> Place:
    """The place of the word `text[start:end]`."""
    word = text[start:end]
    sides = text[start - 1 : start], text[end : end + 1]
    quoted = (
        sides[0] in ('"', "\u201c", "'", "\u2018") and sides[1] in ('"', "\u201d", "'", "\u2019") and "" not in sides
    )
    capital = word[:1].upper() + word[1:].lower()
    name = lexicon.names[capital] if case else 0.0
    return Place(
        word.lower().replace("\u2019", "'"), case, before(text, start), after(text, end), "-" in sides, quoted, name,
    )  # fmt: skip


def guess(place: Place, lexicon: Lexicon) -> Guess | None:
    """The likeliest repair, or None where no known word is near."""
    word = place.word
    if len(word) > LONGEST:
        return None
    by_scanner = frozenset(scanned(word, lexicon.words))
    found = sorted({*near(word, lexicon.words), *by_scanner, *syllables(word, lexicon.words)})
    if all(lexicon.log_frequency(right) < FAMILIAR for right in found):
        found += [right for right in lexicon.two_slips.find(word) if right not in found]
    if not found:
        return None
    left, right = neighbour(place.before, -1), neighbour(place.after, 0)
    triples = [seen_in_three(place, candidate, lexicon) for candidate in found]
    scores = [
        _score(word, candidate, left, right, lexicon) + THREE * math.log1p(sum(three))
        for candidate, three in zip(found, triples, strict=True)
    ]  # fmt: skip
    rated = sorted(zip(scores, found, triples, strict=True), reverse=True)
    best_score, best, three = rated[0]
    margin = best_score - rated[1][0] if len(rated) > 1 else 20.0
    share = 1.0 / sum(math.exp(max(score - best_score, -50.0)) for score, _, _ in rated)
    row = (
        best_score, min(margin, 20.0), share, *three,
        *_slip_features(word, best, by_scanner, left, right, lexicon),
        *_word_features(word, best, left, right, lexicon),
        float(len(found)),
        *_place_features(place, lexicon),
        *_alternatives(place, left, right, lexicon),
    )  # fmt: skip
    return Guess(best, row)


def seen_in_three(place: Place, candidate: str, lexicon: Lexicon) -> tuple[float, float, float]:
    """How often a candidate was counted with two neighbours before it, around it, behind it."""
    left, right = neighbour(place.before, -1), neighbour(place.after, 0)
    return (
        lexicon.pairs[f"{neighbour(place.before, -2)} {left} {candidate}"],
        lexicon.pairs[f"{left} {candidate} {right}"],
        lexicon.pairs[f"{candidate} {right} {neighbour(place.after, 1)}"],
    )


def _score(word: str, candidate: str, left: str, right: str, lexicon: Lexicon) -> float:
    kind, _, letters = slip(word, candidate)
    cost = lexicon.slip_cost(kind, letters) if kind != "other" else TWO_SLIPS
    return cost + lexicon.fit(left, candidate, right) + (SAME_SOUND if sounds(word) == sounds(candidate) else 0.0)


def _slip_features(
    word: str, best: str, by_scanner: frozenset[str], left: str, right: str, lexicon: Lexicon
) -> tuple[float, ...]:
    kind, at, letters = slip(word, best)
    doubled = kind in ("insert", "delete") and len(letters) == 2 and letters[0] == letters[1]
    return (
        lexicon.log_frequency(best), lexicon.slip_cost(kind, letters) if kind != "other" else TWO_SLIPS,
        lexicon.left_gain(left, best), lexicon.right_gain(best, right),
        *(float(kind == name) for name in ("insert", "delete", "change", "swap")), float(best in by_scanner),
        float(sounds(word) == sounds(best)), float(doubled),
        float(at == 0), float(at >= max(len(word), len(best)) - 1),
        float(lexicon.pairs[f"{left} {best}"]), float(lexicon.pairs[f"{best} {right}"]),
    )  # fmt: skip


def _word_features(word: str, best: str, left: str, right: str, lexicon: Lexicon) -> tuple[float, ...]:
    mean, smallest = lexicon.spelt_like_english(word)
    return (
        float(len(word)), mean, smallest, lexicon.spelt_like_english(best)[0] - mean,
        lexicon.rare[word], lexicon.pairs[word], lexicon.pairs[f"{left} {word}"], lexicon.pairs[f"{word} {right}"],
        float(is_compound(word, lexicon)), float(is_derived(word, lexicon)),
        float(word in (best + "s", best + "es", best + "d") or best in (word + "s", word + "es", word + "d")),
        float("'" in word or "'" in best),
    )  # fmt: skip


def _place_features(place: Place, lexicon: Lexicon) -> tuple[float, ...]:
    words = [w for w in (*place.before[-8:], *place.after[:8]) if w[0].isalpha()]
    lower = [w.replace("\u2019", "'") for w in words if w[0].islower()]
    unknown = sum(not lexicon.known(w) for w in lower)
    capital = [side and side[0][:1].isupper() for side in (place.before[-1:], place.after[:1])]
    return (
        float(place.case), float(bool(capital[0])), float(bool(capital[1])), float(unknown),
        unknown / (len(lower) + 1), float(sum(w in FOREIGN or not w.isascii() for w in lower)),
        float(sum(w in ENGLISH for w in lower)), float(place.hyphen), float(place.quoted),
    )  # fmt: skip


def _alternatives(place: Place, left: str, right: str, lexicon: Lexicon) -> tuple[float, float]:
    """How well the word goes together with a neighbour, and how well it goes as two words; -30 where it does not."""
    joined = [lexicon.log_frequency(w) for w in (left + place.word, place.word + right) if w in lexicon.words]
    return max(joined, default=-30.0), best_split(place.word, left, right, lexicon)[0]


def best_split(word: str, left: str, right: str, lexicon: Lexicon) -> tuple[float, int]:
    """(log probability, cut) of the best reading as two known words; (-40, 0) where there is none."""
    return max(splits(word, left, right, lexicon), default=(-40.0, 0))


def splits(word: str, left: str, right: str, lexicon: Lexicon) -> list[tuple[float, int]]:
    """(log probability, cut) of each reading of `word` as two known words between two neighbours."""
    found = []
    for cut in range(1, len(word)):
        first, second = word[:cut], word[cut:]
        if first not in lexicon.words or second not in lexicon.words:
            continue
        if (cut == 1 and first not in ("a", "i")) or (cut == len(word) - 1 and second != "a"):
            continue
        score = (
            lexicon.log_frequency(first) + lexicon.left_gain(left, first) + lexicon.left_gain(first, second)
            + lexicon.log_frequency(second) + lexicon.right_gain(second, right)
        )  # fmt: skip
        found.append((score, cut))
    return found


JOINED_FEATURES = (
    "score", "margin", "first_frequency", "second_frequency", "gain", "left_gain", "right_gain", "pair_seen",
    "first_length", "second_length", "first_english", "second_english", "spelling_score", "letters_mean", "rare",
    "seen", "compound", "derived", "case", "capital_before", "capital_after", "unknown_near", "unknown_share",
    "foreign_near", "english_near", "hyphen", "quoted",
)  # fmt: skip
"""The columns of a row about two joined words, in order."""


def guess_joined(place: Place, spelling: Guess | None, lexicon: Lexicon) -> Guess | None:
    """The likeliest reading of an unknown word as two words without their space, or None.

    Args:
        place: the word.
        spelling: the likeliest repair as one word, the rival reading.
        lexicon: words and counts.
    """
    word, left, right = place.word, neighbour(place.before, -1), neighbour(place.after, 0)
    if not 4 <= len(word) <= LONGEST + 6 or not word.isalpha():
        return None
    rated = sorted(splits(word, left, right, lexicon), reverse=True)
    if not rated:
        return None
    score, cut = rated[0]
    first, second = word[:cut], word[cut:]
    row = (
        score, min(score - rated[1][0], 20.0) if len(rated) > 1 else 20.0,
        lexicon.log_frequency(first), lexicon.log_frequency(second), lexicon.left_gain(first, second),
        lexicon.left_gain(left, first), lexicon.right_gain(second, right), lexicon.pairs[f"{first} {second}"],
        float(len(first)), float(len(second)), float(first in ENGLISH), float(second in ENGLISH),
        spelling.row[0] if spelling else -40.0, lexicon.spelt_like_english(word)[0], lexicon.rare[word],
        lexicon.pairs[word],
        float(is_compound(word, lexicon)), float(is_derived(word, lexicon)), *_place_features(place, lexicon),
    )  # fmt: skip
    return Guess(f"{first} {second}", row)


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
    for ending in _ENDINGS:
        stem = word[: -len(ending)]
        if len(stem) > 2 and word.endswith(ending):
            if stem in words or stem + "e" in words or (stem[-1] == "i" and stem[:-1] + "y" in words):
                return True
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in words:
                return True
    return any(word.startswith(b) and len(word) - len(b) > 3 and word[len(b) :] in words for b in _BEGINNINGS)


COLUMNS = {"spelling": list(FEATURES), "joined": list(JOINED_FEATURES)}
"""The columns that each model expects; a manifest names those that its trees were trained on."""
