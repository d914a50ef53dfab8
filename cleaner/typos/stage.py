"""The stage: gate, rules, protection, and one answer for each place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from cleaner.config import TyposConfig
from cleaner.edits import Edit
from cleaner.errors import ModelError
from cleaner.protect import dialect, drawn_out, foreign, foreign_beside, marked_sic, repeated, spoken
from cleaner.resources import resolve
from cleaner.typos import glue, loose, pieces
from cleaner.typos.candidates import tight
from cleaner.typos.common import COMMON
from cleaner.typos.confusions import confused
from cleaner.typos.context import BORDER, after, before
from cleaner.typos.gate import LONGEST_CHUNK, Chunk, Gate, case_at, opens_sentence, places
from cleaner.typos.lexicon import FILES, Lexicon
from cleaner.typos.spelling import (
    COLUMNS,
    LOWER,
    OPENING,
    Options,
    Place,
    Readings,
    consider,
    locate_word,
    neighbour,
    plain_form,
    read,
)

REASONS = {
    "missing_space": "A space is missing after punctuation.",
    "stray_stop": "A full stop stands in the middle of a sentence.",
    "space_before_punctuation": "A space stands before punctuation or inside a bracket.",
    "repeated_punctuation": "A comma, semicolon or full stop was typed twice.",
    "doubled_word": "A word was typed twice in a row.",
    "split_word": "A space cuts a word in two.",
    "joined_words": "The space between two words is missing.",
    "line_break_hyphen": "A word was cut at the end of a line.",
    "soft_hyphen": "A soft hyphen was left inside a word.",
    "spelling": "No known word; one slip away stands one that fits the place.",
    "confused_word": "A word that sounds like the right one; the words beside it settle which is meant.",
    "common_misspelling": "A misspelling that stands for one word only.",
    "scanning": "No known word; letters that scanners confuse lead to one that fits the place.",
}

THRESHOLDS = {
    "strict": {"spelling": 0.7, "scanning": 0.7, "joined_words": 0.9, "confused_word": 0.95},
    "normal": {"spelling": 0.55, "scanning": 0.55, "joined_words": 0.75},
}
"""The score from which an edit is applied, by preset and rule; what is not listed is applied from `SPACING`."""

SPACING = 0.9
CAPITAL_PENALTY, LONG, LONG_PENALTY = 50.0, 7, 30.0
"""How many times surer a repair of a capitalised word must be: names are dearer than words. Few long words
are names that differ from a common word by a slip."""

SHORT_PENALTIES = {2: 3.5, 3: 3.5, 4: 1.3}
"""How many times surer a repair of a word of so few letters must be: such a word has many others near."""

_REMEMBERED = 50_000
"""So many unknown words are remembered at most, with what they can stand for."""

_FLOOR = 0.5
"""Proposals below this are not worth showing."""

_QUOTE = ("'", "\u2019")
_OWNED = re.compile(r"([^\W\d_]{2,}['\u2019]s)([a-z]{3,})")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s|m|km|k|bn)")
_LATIN_NAME = re.compile(r"(?:us|ii|i|ae|ensis|um|is|a|ix|es)$")


@dataclass(frozen=True, slots=True)
class _Word:
    """An unknown word of a text."""

    text: str
    start: int
    end: int
    case: int


@dataclass(slots=True)
class _Draft:
    """What is known about a text before its unknown words are judged."""

    edits: list[Edit] = field(default_factory=list)
    words: list[_Word] = field(default_factory=list)


class TyposStage:
    """Proposes repairs of spelling and spacing in English text; other languages pass untouched.

    Args:
        config: preset, words that are right as they stand, rules to switch off (names of `REASONS`).
        model: a model directory; by default the newest one that is shipped.

    Raises:
        ModelError: the model is missing or broken. It is read when the first text comes.
    """

    name = "typos"

    def __init__(self, config: TyposConfig | None = None, model: Path | None = None) -> None:
        self.config = config or TyposConfig()
        self._model = model
        self._allowed = frozenset(word.lower().replace("\u2019", "'") for word in self.config.allow_words)
        self._disabled = frozenset(self.config.disable)
        self._thresholds = THRESHOLDS[self.config.preset]
        self._options: dict[str, Options] = {}

    @cached_property
    def lexicon(self) -> Lexicon:
        """Words and counts, read on first use."""
        lexicon = Lexicon(self._model or resolve("typos"))
        if lexicon.manifest.get("features") != COLUMNS or set(lexicon.manifest["sha256"]) != set(FILES):
            raise ModelError(
                f"{lexicon.folder}: trained for another version of cleaner; install the model that comes with this one"
            )
        return lexicon

    @cached_property
    def _gate(self) -> Gate:
        return Gate(self.lexicon, self._allowed)

    def unknown(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, case) of each word of `text` that no list knows and no capital protects."""
        return self._gate.unknown(text)

    def known(self, word: str) -> bool:
        """Whether a word, as written, needs no spelling."""
        return self._gate.known(word)

    def threshold(self, edit: Edit) -> float:
        """The score from which `edit` is applied."""
        return self._thresholds.get(edit.rule, SPACING)

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        """Sorted, disjoint edits for each text; the same text gives the same edits in any batch."""
        split = [text.split() for text in texts]
        suspects = self._gate.suspects(split)
        drafts = [self._draft(text, chunks, suspects) for text, chunks in zip(texts, split, strict=True)]
        repairs = iter(self._judge([word for draft in drafts for word in draft.words]))
        return [
            self._settle(text, draft, islice(repairs, len(draft.words)))
            for text, draft in zip(texts, drafts, strict=True)
        ]

    def _settle(self, text: str, draft: _Draft, repairs: Iterable[Edit | None]) -> tuple[Edit, ...]:
        """The edits of one text, once its unknown words are judged."""
        edits = [edit for edit in draft.edits if self._english_around(text, edit)]
        edits += [edit for edit in repairs if edit is not None]
        return _disjoint(edit for edit in edits if edit.rule not in self._disabled)

    def _draft(self, text: str, chunks: Sequence[str], suspects: Mapping[str, Chunk]) -> _Draft:
        draft = _Draft()
        if chunks:
            draft.edits += self._everywhere(text, chunks)
            self._look_at_suspects(text, places(text, chunks, suspects), suspects, draft)
        return draft

    def _everywhere(self, text: str, chunks: Sequence[str]) -> Iterator[Edit]:
        """Rules that look at known words too."""
        yield from pieces.doubled(text, chunks, self.lexicon)
        yield from pieces.stranded(text, self.lexicon)
        yield from confused(text, chunks)
        if "-" in text and "\n" in text:
            yield from pieces.line_breaks(text, self.lexicon)
        if "\u00ad" in text:
            yield from pieces.soft_hyphens(text, self.lexicon)

    def _look_at_suspects(
        self, text: str, found: Iterable[tuple[int, str]], suspects: Mapping[str, Chunk], draft: _Draft
    ) -> None:
        words: list[tuple[int, int, int]] = []
        for start, written in found:
            chunk, end = suspects[written], start + len(written)
            if chunk.weak:
                draft.edits += pieces.split_known(text, start, self.lexicon)
            draft.edits += self._spacing(text, start, end, chunk)
            for first, last, form in chunk.words:
                case = case_at(text, start + first, start + last, form)
                if case is not None and self._unprotected(text, start + first, start + last):
                    words.append((start + first, start + last, case))
        often = repeated(text[start:end].lower() for start, end, _ in words)
        for where in words:
            self._look_at_word(text, where, often, draft)

    def _look_at_word(self, text: str, where: tuple[int, int, int], often: frozenset[str], draft: _Draft) -> None:
        """Repairs that need no judgement at once; otherwise the word, to be judged with all others."""
        start, end, case = where
        written = text[start:end]
        edit = (
            common_misspelling(text, start, end, case)
            or owned(text, start, end, self._gate.known)
            or pieces.split_word(text, start, end, self.lexicon)
        )
        if edit is not None:
            draft.edits.append(edit)
        elif len(written) > 2 and written.lower() not in often and (case != OPENING or written.lower() not in COMMON):
            draft.words.append(_Word(text, start, end, case))

    def _spacing(self, text: str, start: int, end: int, chunk: Chunk) -> Iterator[Edit]:
        lexicon, known = self.lexicon, self._gate.known
        found = None
        if chunk.loose:
            found = loose.loose(text, start, end, known)
        elif chunk.twice:
            found = glue.twice(text, start, end)
        if found is not None:
            yield found
        if chunk.glued:
            yield from glue.glued(text, start, end, lexicon, known)

    def _judge(self, words: Sequence[_Word]) -> list[Edit | None]:
        """The repair of each word; None where there is none."""
        options = self._consider([plain_form(word.text[word.start : word.end]) for word in words])
        open_words = []
        for number, (word, option) in enumerate(zip(words, options, strict=True)):
            if option:
                place = locate_word(word.text, word.start, word.end, word.case)
                if not self._foreign(place):
                    open_words.append((number, place, option))
        edits: list[Edit | None] = [None] * len(words)
        readings = self._read([place for _, place, _ in open_words], [option for _, _, option in open_words])
        for (number, _, _), reading in zip(open_words, readings, strict=True):
            if reading is not None:
                edits[number] = _repair(words[number], *reading)
        return edits

    def _foreign(self, place: Place) -> bool:
        """Whether a word stands among words of another language."""
        known = self._gate.known
        return (
            foreign(_nearby(place.before, place.after), known)
            or foreign_beside(place.before[:-3:-1], known)
            or foreign_beside(place.after[:2], known)
        )

    def _consider(self, words: Sequence[str]) -> list[Options]:
        """What each word can stand for; words that come again, in other texts, are not looked up again."""
        fresh = sorted(set(words).difference(self._options))
        found = dict(zip(fresh, consider(fresh, self.lexicon), strict=True))
        if len(self._options) < _REMEMBERED:
            self._options |= found
        return [found[word] if word in found else self._options[word] for word in words]

    def _read(self, places: Sequence[Place], options: Sequence[Options]) -> list[tuple[str, float] | None]:
        """The surer reading of each place, as one word or as two, and its probability; None where there is none."""
        if not places:
            return []
        spelling, joined = read(places, options, self.lexicon)
        spelling.right[:] = [
            right if right is not None and self._plausible(place, right) else None
            for place, right in zip(places, spelling.right, strict=True)
        ]
        rated = zip(
            spelling.right, self._probabilities("spelling", spelling),
            joined.right, self._probabilities("joined", joined), strict=True,
        )  # fmt: skip
        return [_surer(*readings) for readings in rated]

    def _unprotected(self, text: str, start: int, end: int) -> bool:
        word = text[start:end]
        if spoken(word) or drawn_out(word, self._gate.known) or text[start - 1 : start] in _QUOTE:
            return False
        if dialect(text, end) or marked_sic(text, end):
            return False
        cut = text[end : end + 2] == "-\n" or text[max(0, start - 2) : start] == "-\n"
        return not cut  # a piece of a word cut at the end of a line is no word

    def _plausible(self, place: Place, right: str) -> bool:
        """Whether a repair is more than another form of the word, and no name for what may be a name."""
        if place.case == OPENING and self.lexicon.names[right.capitalize()]:
            return False
        if right[1:] == place.word and _behind_a_name(place.before, bool(self.lexicon.names[right.capitalize()])):
            return False  # the letter that is missing may be the capital of a name: United tates
        return plausible(place, right, self._gate.known)

    def _probabilities(self, trees: str, readings: Readings) -> list[float]:
        """The probability of each reading, 0 where there is none."""
        found = [number for number, right in enumerate(readings.right) if right is not None]
        chances = np.zeros(len(readings.right))
        if found:
            chances[found] = self.lexicon.trees[trees].probability(readings.rows[found])
        return chances.tolist()

    def _english_around(self, text: str, edit: Edit) -> bool:
        """Whether the words around an edit are English."""
        start, end = edit.start, edit.end
        while start and text[start - 1].isalpha() and edit.start - start < LONGEST_CHUNK:
            start -= 1
        while text[end : end + 1].isalpha() and end - edit.end < LONGEST_CHUNK:
            end += 1
        return not foreign(_nearby(before(text, start), after(text, end)), self._gate.known)


def site_words(texts: Iterable[str], stage: TyposStage, documents: int) -> list[str]:
    """The unknown words in lower case that at least so many of the texts hold; sorted."""
    held: Counter[str] = Counter()
    for text in texts:
        held.update({plain_form(text[start:end]) for start, end, case in stage.unknown(text) if case == LOWER})
    return sorted(word for word, number in held.items() if number >= documents)


def _surer(spelling: str | None, one: float, joined: str | None, two: float) -> tuple[str, float] | None:
    """The surer reading of a word: as one with a probability of `one`, or as two words with `two`."""
    right, score = (spelling, one) if one >= two else (joined, two)
    return None if right is None or score < _FLOOR else (right, score)


def _repair(word: _Word, right: str, score: float) -> Edit:
    """The edit that makes a word read `right`."""
    written = word.text[word.start : word.end]
    if (right[1:] == written or written[0].isdigit()) and opens_sentence(word.text, word.start):
        right = right.capitalize()  # the letter that is missing or misread was the capital
    rule = "joined_words" if " " in right else "scanning" if _digits(written) else "spelling"
    score = _weighed(score, word.case, len(written))
    return tight(word.text, word.start, word.end, in_case(right, written), rule, score)


def _behind_a_name(before: Sequence[str], called_so: bool) -> bool:
    """Whether a capital before a word may begin a name that the word goes on with: not one that opens a sentence, if
    nobody is `called_so`."""
    if not before or not before[-1][0].isupper():
        return False
    opens = neighbour(before, -2) == BORDER
    return called_so or not opens


def _nearby(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The words among ten tokens on either side."""
    return [token for token in (*before[-10:], *after[:10]) if token[0].isalpha()]


def plausible(place: Place, right: str, known: Callable[[str], bool]) -> bool:
    """Whether a repair is more than a change of form: not the Latin name of a species, no lengthened or foreign
    word."""
    word = place.word
    if ("'" in word and "'" not in right) or (word[-2:] == "in" and right == word + "g"):
        return False  # nothin: as it is spoken
    if place.hyphen and word == right + "s":
        return False  # dine-arounds
    if _digits(word) and (
        _ORDINAL.fullmatch(word) is not None
        or len(word) != len(right)
        or not word.rstrip("0123456789")
        or (len(word) > 4 and word[-1].isdigit() and known(word[:-1]))  # the number of a footnote
    ):
        return False
    species = place.case == LOWER and place.before and place.before[-1][:1].isupper() and len(place.before[-1]) > 3
    latin = _LATIN_NAME.search(word) if species else None
    return latin is None or (word[-3:] == right[-3:] and latin[0] not in ("us", "ii", "ae", "ensis", "um"))


def common_misspelling(text: str, start: int, end: int, case: int) -> Edit | None:
    """The repair of a word that everybody knows to be wrong; a name may look like one, so not before a capital."""
    written = text[start:end]
    right = COMMON.get(written.lower())
    if right is None or (case != LOWER and not re.match(r"[,;]? [a-z]", text[end : end + 3]) and not written.isupper()):
        return None
    return tight(text, start, end, in_case(right, written), "common_misspelling", 0.97)


def owned(text: str, start: int, end: int, known: Callable[[str], bool]) -> Edit | None:
    """The space that is missing behind a possessive: people'seyes."""
    match = _OWNED.fullmatch(text, start, end)
    if match is None or not known(match[1]) or not known(match[2]):
        return None
    return Edit(match.start(2), match.start(2), " ", "typos", "joined_words", 0.95)


def in_case(right: str, written: str) -> str:
    """`right` with the capitals and apostrophes of what was written."""
    if written.isupper():
        right = right.upper()
    elif written[0].isupper():
        right = right[0].upper() + right[1:]
    return right.replace("'", "\u2019") if "\u2019" in written else right


def _weighed(score: float, case: int, length: int) -> float:
    """The score with the odds against a capitalised word and a short one raised."""
    for_names = CAPITAL_PENALTY if length < LONG else LONG_PENALTY
    penalty = SHORT_PENALTIES.get(length, 1.0) if case == LOWER else for_names
    odds = score / (1.0 - min(score, 0.999999)) / penalty
    return odds / (1.0 + odds)


def _digits(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _disjoint(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits in order; of two that touch, the surer one (the earlier one on a draw)."""
    kept: list[Edit] = []
    for edit in sorted(set(edits), key=lambda e: (e.start, e.end, e.rule)):
        if kept and edit.start <= kept[-1].end:
            if edit.score > kept[-1].score:
                kept[-1] = edit
            continue
        kept.append(edit)
    return tuple(kept)
