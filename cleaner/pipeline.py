"""The pipeline: source -> decode -> stages -> result. A stage proposes, the `Cleaner` applies by threshold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from cleaner.config import CleanConfig
from cleaner.decode import Decoded, decode, line_endings
from cleaner.edits import Edit, Replacement, apply, compose
from cleaner.errors import BinaryInputError
from cleaner.result import CleanResult, Mark, Step
from cleaner.revision import Revision

if TYPE_CHECKING:
    from cleaner.sites.book import Book
    from cleaner.sites.rules import SiteRules

BATCH = 1024
BATCH_SIZE = 1_000_000
"""Documents that go through the stages together, and their characters or bytes, whichever is reached first: so calls
into NumPy are few even in the later passes, which only some of the documents need."""

PORTION = 512_000
"""Characters that a stage is given at a time, more or less. With fewer, what a call costs whatever the text counts for
more; with more, memory grows and time hardly falls."""

PASSES = 4
"""A document that a pass has changed goes through again, until nothing changes: cleaning twice then changes nothing
more.
What an earlier pass only flagged is judged afresh by the next. Nearly every document settles in the second pass."""

_WORD = re.compile(r"\w+")


class Stage(Protocol):
    """A pure function from a batch of texts to edits, with a name and a threshold.

    A stage that has an attribute `settles` that is true promises that it proposes nothing for a text to which all its
    edits were applied, and is not asked again about that text. One that has a method `review`, from
    `cleaner.revision.Revision`s to what `propose` finds for their texts, is asked by it about texts of which it has
    seen an earlier form.
    """

    @property
    def name(self) -> str: ...

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        """Sorted, disjoint edits for each text; the same text gives the same edits in any batch."""
        ...

    def threshold(self, edit: Edit) -> float:
        """The score from which `edit` is applied; above 1.0 it is only flagged."""
        ...


def build_stages(config: CleanConfig) -> tuple[Stage, ...]:
    """The stages that `config` names, in the order of `STAGES`. Each is imported only when it is used."""
    stages: list[Stage] = []
    if "repair" in config.stages:
        from cleaner.repair import RepairStage

        stages.append(RepairStage(config.repair))
    if "typos" in config.stages:
        from cleaner.typos import TyposStage

        stages.append(TyposStage(config.typos))
    if "noise" in config.stages:
        from cleaner.noise import NoiseStage

        stages.append(NoiseStage(config.noise))
    return tuple(stages)


Given = TypeVar("Given", str, Revision)
Review = Callable[[Sequence[Revision]], list[tuple[Edit, ...]]]


class _Look(NamedTuple):
    """A stage's last look at a document.

    Attributes:
        text: what it was given.
        proposed: what it has proposed.
        edits: the same as the rules of the site have it.
        step: how many steps had changed the document until then.
    """

    text: str
    proposed: tuple[Edit, ...]
    edits: tuple[Edit, ...]
    step: int


Judged = list[dict[int, _Look]]
"""For each stage, by document: its last look."""


class Cleaner:
    """Cleans documents; build one and use it for many.

    Args:
        config: what to do; the default removes by the noise policy within a budget of 2 clean words per 10,000.
        stages: run these instead of the stages that `config` names.

    Raises:
        ModelError: a model is missing or broken.
        ConfigError: the rules of a site that `config` names are missing, or cannot be understood.
    """

    def __init__(self, config: CleanConfig | None = None, stages: Sequence[Stage] | None = None) -> None:
        self.config = config or CleanConfig()
        self._book = _open_book(self.config)
        self.stages = build_stages(self.config) if stages is None else tuple(stages)
        self._settling = {number for number, stage in enumerate(self.stages) if getattr(stage, "settles", False)}

    def clean(self, source: str | bytes, site: str = "") -> CleanResult:
        """Clean one document.

        Args:
            source: the document.
            site: the site that it is from, for the rules in `config.sites`.

        Raises:
            BinaryInputError: `source` is bytes that are no text.
            ConfigError: the rules of the site cannot be understood.
        """
        return self._clean_batch([decode(source)], [site])[0]

    def clean_many(self, sources: Iterable[str | bytes], sites: Iterable[str] = ()) -> Iterator[CleanResult]:
        """Clean a stream of documents: lazily, in batches, in order.

        Binary bytes do not end the stream: their result has an empty text, `decoded.method == "binary"` and a warning.

        Args:
            sources: the documents.
            sites: the site of each, for the rules in `config.sites`; those that are missing at the end are unknown.
        """
        batch: list[Decoded] = []
        names: list[str] = []
        size = 0
        for source, site in zip(sources, chain(sites, repeat("")), strict=False):
            batch.append(_decode_or_refuse(source))
            names.append(site)
            size += len(source)
            if len(batch) == BATCH or size >= BATCH_SIZE:
                yield from self._clean_batch(batch, names)
                batch, names, size = [], [], 0
        yield from self._clean_batch(batch, names)

    def _clean_batch(self, sources: Sequence[Decoded], sites: Sequence[str]) -> list[CleanResult]:
        texts = [source.text for source in sources]
        steps: dict[int, tuple[Step, ...]] = {}  # by document; most have none, and cost next to nothing
        for i, text in enumerate(texts):
            if "\r" in text:  # in memory every line ends in LF, whatever stages run
                _take(texts, steps, i, Step("decode", line_endings(text)))
        active = list(range(len(texts)))
        judged: Judged = [{} for _ in self.stages]
        for _ in range(PASSES):
            active = self._pass(texts, steps, active, judged, sites)
            if not active:
                break
        return [self._result(source, texts[i], steps.get(i, ())) for i, source in enumerate(sources)]

    def _pass(
        self,
        texts: list[str],
        steps: dict[int, tuple[Step, ...]],
        active: list[int],
        judged: Judged,
        sites: Sequence[str],
    ) -> list[int]:
        """Take the active documents through all stages once; those that it changed.

        A stage that is given the text that it was given last is not asked again.
        """
        before = texts.copy()
        for i in active if steps else ():
            if i in steps:
                steps[i] = _settled(steps[i])
        for number, stage in enumerate(self.stages):
            known = judged[number]
            new = [i for i in active if i not in known or known[i].text != texts[i]] if known else active
            if new:
                given = texts if len(new) == len(texts) else [texts[i] for i in new]
                proposals = edits = self._proposals(number, given, new, steps, known)
                if self._book is not None:
                    edits = _amended(stage, given, proposals, [self._book.rules(sites[i]) for i in new])
                for i, text, proposed, amended in zip(new, given, proposals, edits, strict=True):
                    known[i] = _Look(text, proposed, amended, len(_changes(steps, i)))
            for i in active:
                if known[i].edits:
                    step = _step(stage, known[i].edits)
                    _take(texts, steps, i, step)
                    if number in self._settling and not step.withheld:
                        known[i] = _Look(texts[i], (), (), len(_changes(steps, i)))
        return [i for i in active if texts[i] != before[i]] if texts != before else []

    def _proposals(
        self,
        number: int,
        texts: Sequence[str],
        documents: Sequence[int],
        steps: Mapping[int, tuple[Step, ...]],
        known: Mapping[int, _Look],
    ) -> list[tuple[Edit, ...]]:
        """What a stage proposes for the texts of some documents; of those that it knows in an earlier form it is told
        what has changed, if it wants to know."""
        stage = self.stages[number]
        review: Review | None = getattr(stage, "review", None)
        if review is None or not any(i in known for i in documents):
            return _in_portions(stage.propose, texts)
        found: dict[int, tuple[Edit, ...]] = {}
        fresh = [(i, text) for i, text in zip(documents, texts, strict=True) if i not in known]
        found |= zip([i for i, _ in fresh], _in_portions(stage.propose, [text for _, text in fresh]), strict=True)
        revised = [
            (i, Revision(known[i].text, known[i].proposed, text, reduce(compose, _changes(steps, i)[known[i].step :])))
            for i, text in zip(documents, texts, strict=True)
            if i in known
        ]
        found |= zip([i for i, _ in revised], _in_portions(review, [revision for _, revision in revised]), strict=True)
        return [found[i] for i in documents]

    def _result(self, source: Decoded, text: str, steps: tuple[Step, ...]) -> CleanResult:
        result = CleanResult(source, text, steps, source.warnings)
        if steps and any(edit.label for step in steps for edit in step.applied):
            return self._within_limit(result)
        return result

    def _within_limit(self, result: CleanResult) -> CleanResult:
        """The result; the untouched document instead where more was removed than the user allows."""
        text, removed = result.decoded.text, result.removed
        words, most = _words_in(text, removed), self.config.max_removed
        enough = int(min(words / most, len(text))) + 1 if most else len(text)
        if next(islice(_WORD.finditer(text), enough, None), None):  # so many words need not be counted further
            return result
        total = len(_WORD.findall(text))
        if words <= most * total:
            return result
        withheld = tuple(Edit(mark.start, mark.end, "", "noise", mark.rule, mark.score, mark.label) for mark in removed)
        warning = (
            f"left as it is: {words / total:.0%} of its words would be removed, "
            f"the limit is {self.config.max_removed:.0%} (--max-removed)"
        )
        return CleanResult(result.decoded, text, (Step("noise", (), withheld),), (*result.warnings, warning))


def clean(source: str | bytes) -> str:
    """The cleaned text of one document, with the default settings; see `Cleaner` for more.

    >>> clean("Our military aim.is to capture the hill.")
    'Our military aim is to capture the hill.'
    """
    return _default().clean(source).text


@cache
def _default() -> Cleaner:
    return Cleaner()


def _open_book(config: CleanConfig) -> Book | None:
    """The rules of sites that `config` names; most calls name none and need not import what reads them."""
    if not (config.sites or config.site):
        return None
    from cleaner.sites.book import open_book

    return open_book(config)


def _decode_or_refuse(source: str | bytes) -> Decoded:
    try:
        return decode(source)
    except BinaryInputError as error:
        return Decoded("", "binary", "binary", warnings=(str(error),))


def _in_portions(
    ask: Callable[[Sequence[Given]], list[tuple[Edit, ...]]], given: Sequence[Given]
) -> list[tuple[Edit, ...]]:
    """What a stage answers, asked in portions of about the same size: a small rest would cost as a large one does."""
    whole = sum(map(len, given))
    portions = max(1, round(whole / PORTION))
    if portions == 1:
        return ask(given) if given else []
    proposals: list[tuple[Edit, ...]] = []
    start = size = 0
    for i, text in enumerate(given):
        size += len(text)
        if size * portions >= whole or i + 1 == len(given):
            proposals += ask(given[start : i + 1])
            start, size = i + 1, 0
    return proposals


def _changes(steps: Mapping[int, tuple[Step, ...]], document: int) -> list[Sequence[Replacement]]:
    """What has changed a document, step by step."""
    return [step.applied for step in steps.get(document, ()) if step.applied]


def _amended(
    stage: Stage, texts: Sequence[str], proposals: Sequence[tuple[Edit, ...]], rules: Sequence[SiteRules | None]
) -> list[tuple[Edit, ...]]:
    """The proposals for each text as the rules of its site have them."""
    from cleaner.sites.amend import amended

    return [
        edits if found is None else amended(stage, text, edits, found)
        for text, edits, found in zip(texts, proposals, rules, strict=True)
    ]


def _step(stage: Stage, edits: tuple[Edit, ...]) -> Step:
    applied = tuple(edit for edit in edits if edit.score >= stage.threshold(edit))
    withheld = tuple(edit for edit in edits if edit.score < stage.threshold(edit)) if len(applied) < len(edits) else ()
    return Step(stage.name, applied, withheld)


def _take(texts: list[str], steps: dict[int, tuple[Step, ...]], document: int, step: Step) -> None:
    """Carry out what `step` applies to the text of a document, and record it."""
    texts[document] = apply(texts[document], step.applied)
    steps[document] = (*steps.get(document, ()), step)


def _words_in(text: str, marks: Sequence[Mark]) -> int:
    """The words in marks; where what a later pass removes encloses what an earlier one did, they count once."""
    words = end = 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        words += len(_WORD.findall(text, max(mark.start, end), max(mark.end, end)))
        end = max(end, mark.end)
    return words


def _settled(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps that changed something, without what they withheld."""
    return tuple(Step(step.stage, step.applied) for step in steps if step.applied)
