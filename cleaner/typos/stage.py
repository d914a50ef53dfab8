"""The stage: gate, rules, protection, and one answer for each place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from cleaner.config import TyposConfig
from cleaner.edits import Edit
from cleaner.errors import ModelError
from cleaner.protect import Signs, dialect, drawn_out, foreign, marked_sic, repeated, spoken
from cleaner.resources import resolve
from cleaner.revision import Revision
from cleaner.typos import again, glue, loose, pieces
from cleaner.typos.again import Passage
from cleaner.typos.caution import DERIVED_PENALTY, lowered
from cleaner.typos.common import COMMON
from cleaner.typos.confusions import TRIGGERS, confused
from cleaner.typos.context import after, before
from cleaner.typos.gate import LONGEST_CHUNK, Chunk, Gate, case_at
from cleaner.typos.lexicon import FILES, Lexicon
from cleaner.typos.look import Look, looks
from cleaner.typos.repairs import Word, behind_a_name, common_misspelling, nearby, owned, plausible, repair, surer
from cleaner.typos.spelling import (
    COLUMNS,
    FEATURES,
    LOWER,
    OPENING,
    Options,
    Place,
    Readings,
    consider,
    locate_word,
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

_REMEMBERED = 50_000
"""So many unknown words are remembered at most, with what they can stand for."""

_QUOTE = ("'", "\u2019")
"""A word right behind one of these is a piece of another, or quoted."""


@dataclass(slots=True)
class _Draft:
    """What is known about a text before its unknown words are judged."""

    text: str
    edits: list[Edit] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)


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
        return Gate(self.lexicon, self._allowed, TRIGGERS)

    @cached_property
    def _signs(self) -> Signs:
        return Signs(self._gate.known)

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
        drafts = list(map(self._draft, texts, looks(texts, self._gate)))
        return list(map(_disjoint, self._settled(drafts)))

    def review(self, revisions: Sequence[Revision]) -> list[tuple[Edit, ...]]:
        """What `propose` finds for texts of which it has seen an earlier form, in less time where they changed
        little."""
        plans = list(map(again.passages, revisions))
        needed = [_needed(r, found) for r, found in zip(revisions, plans, strict=True)]
        seen = iter(looks([stretch for stretches in needed for stretch in stretches], self._gate))
        drafts = []
        for number, (revision, found, stretches) in enumerate(zip(revisions, plans, needed, strict=True)):
            at = list(islice(seen, len(stretches)))
            draft = self._draft_again(revision, found, at) if found else self._draft(revision.text, *at)
            if draft is None:
                plans[number] = None
                draft = self._draft(revision.text, *looks([revision.text], self._gate))
            drafts.append(draft)
        settled = self._settled(drafts)
        edits = [
            again.joined(revision, found, _disjoint(raw), raw) if found else _disjoint(raw)
            for revision, found, raw in zip(revisions, plans, settled, strict=True)
        ]
        rest = iter(self.propose([r.text for r, found in zip(revisions, edits, strict=True) if found is None]))
        return [next(rest) if found is None else found for found in edits]

    def _settled(self, drafts: Sequence[_Draft]) -> list[list[Edit]]:
        """All edits of each text, once its unknown words are judged."""
        repairs = iter(self._judge([word for draft in drafts for word in draft.words]))
        settled = []
        for draft in drafts:
            edits = [edit for edit in draft.edits if self._english_around(draft.text, edit)]
            edits += [edit for edit in islice(repairs, len(draft.words)) if edit is not None]
            settled.append([edit for edit in edits if edit.rule not in self._disabled])
        return settled

    def _draft(self, text: str, look: Look) -> _Draft:
        draft = _Draft(text, list(self._everywhere(text, look)))
        draft.edits += self._spaced(text, look.found, look.suspects)
        words = self._doubtful(text, look.found, look.suspects)
        self._look_at_words(words, repeated(text[start:end].lower() for start, end, _ in words), draft)
        return draft

    def _draft_again(self, revision: Revision, found: Sequence[Passage], looks: Sequence[Look]) -> _Draft | None:
        """The same of the passages; None where another word may be one that the text repeats.

        Args:
            revision: what has become of the text.
            found: its passages.
            looks: for each of them a look at where words are judged, and one at what stood there.
        """
        text, before = revision.text, revision.before
        draft = _Draft(text)
        words: list[tuple[int, int, int]] = []
        stood: list[tuple[int, int, int]] = []
        for p, look, earlier in zip(found, looks[::2], looks[1::2], strict=True):
            draft.edits += (
                edit._replace(start=edit.start + p.first, end=edit.end + p.first)
                for edit in self._everywhere(text[p.first : p.last], look.moved(p.start - p.first))
            )
            here, there = look.moved(p.start).found, earlier.moved(p.start - p.back[0]).found
            draft.edits += self._spaced(text, here, look.suspects)
            words += self._doubtful(text, here, look.suspects)
            stood += self._doubtful(before, there, earlier.suspects)
        often = self._repeated_still(
            Counter(text[start:end].lower() for start, end, _ in words),
            Counter(before[start:end].lower() for start, end, _ in stood),
            {text[start:end].lower() for start, end, _ in words if not again.counts(found, start)},
            text, again.rest(text, found),
        )  # fmt: skip
        if often is None:
            return None
        self._look_at_words(words, often, draft)
        return draft

    def _repeated_still(
        self,
        now: Counter[str],
        formerly: Counter[str],
        outside: Set[str],
        text: str,
        rest: Sequence[tuple[int, int]],
    ) -> frozenset[str] | None:
        """Which unknown words of some passages a text repeats; None where that has changed for one that stands
        where the first look's edits still hold.

        Args:
            now, formerly: how often the passages hold each of them.
            outside: those that the passages hold outside of their cores.
            text: the whole text.
            rest: the stretches of it that have not changed.
        """
        forms = {form for form in now.keys() | formerly.keys() if now[form] < 2 or not formerly[form]}
        chunks = again.chunks_with(text, rest, forms)
        suspects = self._gate.suspects([chunk for _, chunk in chunks])
        found = [(start, chunk) for start, chunk in chunks if chunk in suspects]
        elsewhere = Counter(text[start:end].lower() for start, end, _ in self._doubtful(text, found, suspects))
        held = outside | {form for form in forms if elsewhere[form]}
        if any((elsewhere[f] + now[f] > 1) != (elsewhere[f] + formerly[f] > 1) for f in held):
            return None
        return frozenset(form for form in now if elsewhere[form] + now[form] > 1)

    def _everywhere(self, text: str, look: Look) -> Iterator[Edit]:
        """Rules that look at known words too."""
        yield from pieces.doubled(text, look.twins, self.lexicon)
        yield from pieces.stranded(text, self.lexicon)
        yield from confused(text, look.triggers)
        if "-" in text and "\n" in text:
            yield from pieces.line_breaks(text, self.lexicon)
        if "\u00ad" in text:
            yield from pieces.soft_hyphens(text, self.lexicon)

    def _spaced(self, text: str, found: Iterable[tuple[int, str]], suspects: Mapping[str, Chunk]) -> Iterator[Edit]:
        """Repairs of spacing in and between chunks."""
        for start, written in found:
            chunk = suspects[written]
            if chunk.weak:
                yield from pieces.split_known(text, start, self.lexicon)
            if chunk.loose or chunk.twice or chunk.glued:
                yield from self._spacing(text, start, start + len(written), chunk)

    def _doubtful(
        self, text: str, found: Iterable[tuple[int, str]], suspects: Mapping[str, Chunk]
    ) -> list[tuple[int, int, int]]:
        """(start, end, case) of the unknown words that nothing protects where they stand."""
        words = []
        for start, written in found:
            for first, last, form in suspects[written].words:
                case = case_at(text, start + first, start + last, form)
                if case is not None and self._unprotected(text, start + first, start + last):
                    words.append((start + first, start + last, case))
        return words

    def _look_at_words(self, words: Iterable[tuple[int, int, int]], often: frozenset[str], draft: _Draft) -> None:
        """Repairs that need no judgement at once; the other words are to be judged together."""
        for start, end, case in words:
            self._look_at_word(start, end, case, often, draft)

    def _look_at_word(self, start: int, end: int, case: int, often: frozenset[str], draft: _Draft) -> None:
        text = draft.text
        written = text[start:end]
        edit = (
            common_misspelling(text, start, end, case)
            or owned(text, start, end, self._gate.known)
            or pieces.split_word(text, start, end, self.lexicon)
        )
        if edit is not None:
            draft.edits.append(edit)
        elif len(written) > 2 and written.lower() not in often and (case != OPENING or written.lower() not in COMMON):
            draft.words.append(Word(text, start, end, case))

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

    def _judge(self, words: Sequence[Word]) -> list[Edit | None]:
        """The repair of each word; None where there is none."""
        located = (locate_word(word.text, word.start, word.end, word.case) for word in words)
        placed = [(number, place) for number, place in enumerate(located) if not self._foreign(place)]
        options = self._consider([place.word for _, place in placed])
        open_words = [(*found, option) for found, option in zip(placed, options, strict=True) if option]
        edits: list[Edit | None] = [None] * len(words)
        readings = self._read([place for _, place, _ in open_words], [option for _, _, option in open_words])
        for (number, _, _), reading in zip(open_words, readings, strict=True):
            if reading is not None:
                edits[number] = repair(words[number], *reading)
        return edits

    def _foreign(self, place: Place) -> bool:
        """Whether a word stands among words of another language."""
        signs = self._signs
        return (
            foreign(nearby(place.before, place.after), signs)
            or signs.not_english(place.before[:-3:-1])
            or signs.not_english(place.after[:2])
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
        derived = spelling.rows[:, FEATURES.index("derived")].tolist()
        ones = [
            lowered(chance, DERIVED_PENALTY) if with_ending else chance
            for chance, with_ending in zip(self._probabilities("spelling", spelling), derived, strict=True)
        ]
        twos = self._probabilities("joined", joined)
        return [surer(*readings) for readings in zip(spelling.right, ones, joined.right, twos, strict=True)]

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
        if right[1:] == place.word and behind_a_name(place.before, bool(self.lexicon.names[right.capitalize()])):
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
        return not foreign(nearby(before(text, start), after(text, end)), self._signs)


def site_words(texts: Iterable[str], stage: TyposStage, documents: int) -> list[str]:
    """The unknown words in lower case that at least so many of the texts hold; sorted."""
    held: Counter[str] = Counter()
    for text in texts:
        held.update({plain_form(text[start:end]) for start, end, case in stage.unknown(text) if case == LOWER})
    return sorted(word for word, number in held.items() if number >= documents)


def _needed(revision: Revision, found: Sequence[Passage] | None) -> list[str]:
    """What a second look at a text needs a look at: its passages and what stood there, or all of it."""
    if not found:
        return [revision.text]
    return [stretch for p in found for stretch in (revision.text[p.start : p.end], again.earlier(revision, p))]


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
