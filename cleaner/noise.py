"""Stage: off-topic text and boilerplate, from a two-word fragment inside a sentence to a whole block.

Units are scored by the model (`cleaner.model`) and by a small layer of precise rules. What lies above the cut for the
user's harm budget is removed; a run of such units goes as one piece, with the separator that came with it. A
well-formed
sentence of another story is only flagged.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from cleaner.blas import one_thread
from cleaner.candidates import Ground
from cleaner.collective import COLUMNS as COLLECTIVE_COLUMNS
from cleaner.collective import Going
from cleaner.completion import complete_lists
from cleaner.config import NoiseConfig
from cleaner.edits import Edit, Span
from cleaner.features import COLUMNS as UNIT_COLUMNS
from cleaner.features import evidence
from cleaner.guards import guard_quotations, guarded, settled
from cleaner.inserts import COLUMNS as INSERT_COLUMNS
from cleaner.inserts import NOTHING, Inserts
from cleaner.labeller import Pieces
from cleaner.model import MENTION, Judgement, NoiseModel, Scores, load, probability
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.policy import KEEP, REMOVE, actions
from cleaner.resources import resolve
from cleaner.rules import POINTER, RULES, rule_matches
from cleaner.sites.reasons import SITE_RULES
from cleaner.tokens import Ints, Tokens, tokenize
from cleaner.units import Boundary, Units, extents, segment
from cleaner.verdicts import VERDICTS

REASONS = {
    "line": "a line that is not part of the article, by its words, its shape and its place",
    "sentence": "a sentence that is not part of the article, by its words, its shape and its neighbours",
    "fragment": "a few words behind or before a sentence that belong to neither",
    "insert": "a few words inside a sentence, which reads on without them, or behind a line without a full stop",
    "block": "several units in a row that are not part of the article",
    "off_topic": "a well-formed sentence that does not speak of what the article speaks of",
    **RULES,
    **SITE_RULES,
}

APPLIED = 0.5
"""Scores are stated so that the cut for the chosen budget stands at this value."""
NEVER = 2.0
"""The threshold of what is only flagged."""
FRAGMENT_WORDS = 6
"""A part of a line of at most this many words is called a fragment, even where it ends like a sentence."""


@dataclass(frozen=True)
class NoiseStage:
    """Proposes the removal of noise.

    Args:
        config: model, budget, and what to do with which label.

    Raises:
        ModelError: the model is missing or broken.
        ConfigError: `config` names an unknown label.
    """

    config: NoiseConfig
    name: str = "noise"

    def __post_init__(self) -> None:
        _ = self.actions, self.model

    @cached_property
    def model(self) -> NoiseModel:
        return load_cached(self.config.model)

    @cached_property
    def actions(self) -> dict[str, str]:
        return actions(self.config)

    @cached_property
    def _removed(self) -> frozenset[str]:
        return frozenset(label for label, action in self.actions.items() if action == REMOVE)

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        """Edits for each text: removals of noise, and off-topic sentences to flag."""
        with one_thread():
            return self._proposed(texts)

    def _proposed(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        tokens = tokenize(texts)
        units = segment(tokens, self.model.lexicon)
        if not len(units):
            return [() for _ in texts]
        rules = {unit: (rule, label) for unit, rule, label in rule_matches(texts, tokens, units)}
        scores, inserts = self.scored(tokens, units, list(rules))
        if pointers := [unit for unit, (rule, _) in rules.items() if rule == POINTER]:
            scores = complete_lists(tokens, units, scores, pointers)
        inserts, holders = _apart(units, list(rules), inserts, scores)
        wanted = (scores.margin > MENTION) | (scores.off_topic > 0)
        wanted[list(rules)] = True
        wanted[holders] = False
        proposals: list[tuple[Edit, ...]] = [()] * len(texts)
        if not wanted.any() and not len(inserts.first):
            return proposals
        found = self._judged(tokens, units, wanted.nonzero()[0], scores, rules)
        found += [_Found(first, last, "insert", "", probability(m)) for first, last, m in inserts.rows()]
        labelled = self._labelled(tokens, sorted(found, key=lambda f: f.first))
        begin = np.array([f.first for f in labelled], np.int64)
        spans = extents(texts, tokens, begin, np.array([f.last for f in labelled], np.int64))
        starts = np.searchsorted(tokens.document[begin], np.arange(len(texts) + 1)).tolist()
        for document, (start, end) in enumerate(pairwise(starts)):
            if end > start:
                proposals[document] = _edits(texts[document], labelled[start:end], spans[start:end], self._removed)
        return proposals

    def scored(self, tokens: Tokens, units: Units, certain: Sequence[int]) -> tuple[Scores, Inserts]:
        """The scores as they decide, and what is found inside units: judged, guarded, and judged again once it is known
        what goes."""
        first = self.first_judgement(tokens, units, certain)
        scores, inserts = self.model.judge_again(first, certain, self.config.budget)
        rose = inserts.margin > first.inserts.margin
        if rose.any():
            inserts = replace(inserts, margin=np.where(rose, guard_quotations(tokens, inserts).margin, inserts.margin))
        raised = scores.margin > first.scores.margin
        if not raised.any():
            return first.scores, inserts
        here = np.isin(units.document, units.document[raised])
        some = Scores(scores.margin[here], scores.off_topic[here])
        surely = np.isin(here.nonzero()[0], certain).nonzero()[0].tolist()
        again = settled(tokens, units.where(here), some, self.model.lexicon, surely)
        margin = first.scores.margin.copy()
        margin[raised] = again.margin[raised[here]]
        return replace(first.scores, margin=margin), inserts

    def first_judgement(self, tokens: Tokens, units: Units, certain: Sequence[int]) -> Judgement:
        """What the model says before it is known what goes, guarded."""
        first = self.model.judge(tokens, units, self.config.budget)
        scores, inserts = guarded(tokens, units, first.scores, first.inserts, self.model.lexicon, certain)
        return first._replace(scores=scores, inserts=inserts)

    def threshold(self, edit: Edit) -> float:
        """0.5 for labels to remove, out of reach for labels to flag."""
        return APPLIED if self.actions[edit.label] == REMOVE else NEVER

    def _judged(
        self, tokens: Tokens, units: Units, wanted: Ints, scores: Scores, rules: Mapping[int, tuple[str, str]]
    ) -> list[_Found]:
        """What the wanted units are; the label of those that the model found is still open."""
        found = []
        kinds, noisy = _kinds(tokens, units, wanted), scores.margin[wanted] > MENTION
        odds = np.where(noisy, scores.margin[wanted], scores.off_topic[wanted])
        first, last = units.first[wanted].tolist(), units.last[wanted].tolist()
        columns = zip(wanted.tolist(), first, last, kinds, noisy.tolist(), odds.tolist(), strict=True)
        for unit, begin, end, kind, noise, score in columns:
            if unit in rules:
                found.append(_Found(begin, end, *rules[unit], 1.0))
            elif noise:
                found.append(_Found(begin, end, kind, "", probability(score)))
            else:
                found.append(_Found(begin, end, "off_topic", "off_topic", probability(score)))
        return found

    def _labelled(self, tokens: Tokens, found: list[_Found]) -> list[_Found]:
        """The same with labels; without what the user wants to keep. What is found side by side on a line has one."""
        groups: list[list[_Found]] = []
        for f in found:
            before = groups[-1][-1] if groups else None
            if before is not None and _of_one_piece(tokens, before, f):
                groups[-1].append(f)
            else:
                groups.append([f])
        names = self.model.label(_pieces(tokens, groups, self._removed))
        labelled = [f._replace(label=name) for name, group in zip(names, groups, strict=True) for f in group]
        return [f for f in labelled if self.actions[f.label] != KEEP]


class _Found(NamedTuple):
    """Words that were found, half-open."""

    first: int
    last: int
    rule: str
    label: str
    score: float


def _of_one_piece(tokens: Tokens, one: _Found, other: _Found) -> bool:
    """Whether two that still have no label stand side by side on a line, and both go or both stay."""
    beside = one.last == other.first and tokens.lines[other.first] == 0
    return beside and not one.label and not other.label and (one.score >= APPLIED) == (other.score >= APPLIED)


def _pieces(tokens: Tokens, groups: Sequence[Sequence[_Found]], removed: Collection[str]) -> Pieces:
    """The groups as pieces to be labelled; `removed` names the labels to remove."""
    first = np.array([group[0].first for group in groups], np.int64)
    last = np.array([group[-1].last for group in groups], np.int64)
    goes = np.array([group[0].score >= APPLIED and group[0].label in ("", *removed) for group in groups], np.bool_)
    opening = tokens.lines[first] > 0
    line = opening & (tokens.lines[last] > 0)
    follows = np.zeros(len(groups), np.bool_)
    follows[1:] = line[1:] & line[:-1] & (first[1:] == last[:-1]) & (goes[1:] == goes[:-1])
    texts = [tokens.text(a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    return Pieces(texts, line, opening, follows, [group[0].label for group in groups])


@cache
def load_cached(name: str) -> NoiseModel:
    """The model of that name; loaded once a process."""
    return load(resolve(name))


PART = -2.0
"""Log odds from which words go rather than all that their unit is, where one or the other is noise: the rest may be
true."""


def _apart(units: Units, certain: Sequence[int], inserts: Inserts, scores: Scores) -> tuple[Inserts, Ints]:
    """The inserts to remove, none of them in units that a rule has found; and the units that hold these and stay.

    Where a unit would go as a whole, an insert in it need not even be likely: with "Mill to close by May | sofas near
    me" the rest of the line is saved.
    """
    if not len(inserts.first):
        return NOTHING, NOTHING.first
    holds = units.first.searchsorted(inserts.first, "right") - 1
    ends = units.first.searchsorted(inserts.last - 1, "right") - 1
    of_unit = np.minimum(scores.margin[holds], scores.margin[ends])
    part = (inserts.odds > PART) & (of_unit > 0)
    inserts = replace(inserts, margin=np.where(part, np.maximum(inserts.margin, of_unit), inserts.margin))
    ruled = np.zeros(len(units), np.bool_)
    ruled[list(certain)] = True
    chosen = (inserts.margin > 0) & ~ruled[holds] & ~ruled[ends]
    if not chosen.any():
        return NOTHING, NOTHING.first
    inserts, holds, ends = inserts.chosen(chosen), holds[chosen], ends[chosen]
    return inserts, np.concatenate([np.arange(a, b + 1) for a, b in zip(holds, ends, strict=True)] or [holds])


def _kinds(tokens: Tokens, units: Units, wanted: Ints) -> list[str]:
    """Whether each of the wanted units is a line, a sentence or a fragment."""
    first, last = units.first[wanted], units.last[wanted]
    whole = (tokens.lines[first] > 0) & (tokens.lines[last] > 0)
    following = np.append(units.left, Boundary.LINE)[wanted + 1]
    ends = (following == Boundary.LINE) | (following == Boundary.SENTENCE)
    sentence = ends & (last - first > FRAGMENT_WORDS)
    kinds = np.where(whole, 0, np.where(sentence, 1, 2)).tolist()
    return [("line", "sentence", "fragment")[kind] for kind in kinds]


def _edits(text: str, found: Sequence[_Found], spans: Sequence[Span], removed: frozenset[str]) -> tuple[Edit, ...]:
    """Removals for runs of neighbouring units of one text, one edit a label; what is only flagged, and doubts, one by
    one. `removed` names the labels to remove."""
    edits: list[Edit] = []
    at = 0
    while at < len(found):
        end = at + 1
        if _removable(found[at], removed):
            while end < len(found) and _removable(found[end], removed) and found[end].first == found[end - 1].last:
                end += 1
            edits += _run(text, found[at:end], spans[at:end])
        else:
            f, span = found[at], spans[at]
            edits.append(Edit(span.start, span.end, "", "noise", f.rule, f.score, f.label))
        at = end
    return _disjoint(edits)


def _removable(found: _Found, removed: frozenset[str]) -> bool:
    return found.score >= APPLIED and found.label in removed


def _run(text: str, found: Sequence[_Found], spans: Sequence[Span]) -> list[Edit]:
    """A run of removals: together they take one separator along; where the label changes, a new edit begins."""
    whole = with_separator(text, Span(spans[0].start, spans[-1].end))
    edits = []
    start = 0
    for i in range(1, len(found) + 1):
        if i < len(found) and found[i].label == found[start].label:
            continue
        left = whole.start if start == 0 else spans[start].start
        right = whole.end if i == len(found) else spans[i].start
        best = max(found[start:i], key=lambda f: f.score)
        rule = best.rule if i - start == 1 or best.rule in RULES else "block"
        edits.append(Edit(left, right, "", "noise", rule, min(f.score for f in found[start:i]), best.label))
        start = i
    return edits


def _disjoint(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return tuple(kept)


def with_separator(text: str, span: Span) -> Span:
    """`span` with the separator that goes with it: the lesser of the two beside it, so that the greater one stays.

    A line end counts for more than a blank. At either end of the text the other side's separator goes; what blank space
    ends the text stays.
    """
    start, end = span.start, span.end
    while start and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    if start == 0:
        return Span(span.start, end) if end < len(text) else span
    if end == len(text) or _weight(text[start : span.start]) <= _weight(text[span.end : end]):
        return Span(start, span.end)
    return Span(span.start, end)


def _weight(separator: str) -> tuple[int, int]:
    """Line ends count before blanks; where there are any, blanks are indentation and count nothing."""
    lines = separator.count("\n")
    return lines, 0 if lines else len(separator)


def explain(text: str, edit: Edit, config: NoiseConfig | None = None) -> list[tuple[str, float]]:
    """The evidence that speaks most for or against removing the unit at `edit`: (name, change of log odds without it).

    Each column is replaced by its middle value over the other units of the text, one at a time (occlusion; after
    Zeiler & Fergus 2014). For a rule the list is empty: the rule itself is the reason. Of a unit that goes because
    others do, it is the evidence of `cleaner.collective`, or "below_heading": how much what stands in a list below
    "Related stories" counts for more.
    """
    if edit.rule in RULES or edit.rule in SITE_RULES:
        return []
    stage = NoiseStage(config or NoiseConfig())
    model = stage.model
    tokens = tokenize([text])
    units = segment(tokens, model.lexicon)
    found = evidence(tokens, units, model.lexicon)
    rows, odds = model.article.log_odds(found)
    if edit.rule == "insert":
        ground = Ground(found, model.article.tables, model.article.strange, rows, odds)
        return _explain_insert(text, edit, model, ground)
    spans = extents([text], tokens, units.first, units.last)
    inside = [i for i, span in enumerate(spans) if span.start < edit.end and edit.start < span.end]
    network = model.off_topic if edit.rule == "off_topic" else model.article.second
    if not inside:
        return []
    unit = max(inside, key=lambda i: float(network.log_odds(rows)[i]))
    if edit.rule != "off_topic" and (by_others := _explain_by_others(stage, tokens, units, unit, text)):
        return by_others
    found_by_labels = model.correction.shift(tokens, units, model.lexicon)[unit] if model.correction else 0.0
    own = [("own_labels", float(found_by_labels))] if found_by_labels else []
    names = UNIT_COLUMNS + VERDICTS
    return own + _occlusion(network, names, rows[unit], np.median(rows, axis=0))


def _explain_by_others(
    stage: NoiseStage, tokens: Tokens, units: Units, unit: int, text: str
) -> list[tuple[str, float]]:
    """The same for a unit that goes because others do; without a column stands its mean over all that are judged again.
    Empty if it goes, or stays, by itself."""
    rules = {number: rule for number, rule, _ in rule_matches([text], tokens, units)}
    scores = stage.scored(tokens, units, list(rules))[0]
    below = complete_lists(tokens, units, scores, [number for number, rule in rules.items() if rule == POINTER])
    if scores.margin[unit] <= 0 < below.margin[unit]:
        return [("below_heading", float(below.margin[unit] - scores.margin[unit]))]
    first = stage.first_judgement(tokens, units, list(rules))
    certain = first.scores.with_certain(list(rules))
    going = Going.of(first.ground, certain, first.inserts) if first.articles.all() else None
    if going is None or scores.margin[unit] <= 0:
        return []
    here, these = going.units()
    at = (here == unit).nonzero()[0]
    network = stage.model.collective.units
    return _occlusion(network, COLLECTIVE_COLUMNS, going.rows(these)[at[0]], network.mean) if len(at) else []


def _explain_insert(text: str, edit: Edit, model: NoiseModel, ground: Ground) -> list[tuple[str, float]]:
    """The same for words inside a sentence: without a column stands its mean over all sentences."""
    these, rows, _ = model.inserts.judged(ground)
    spans = extents([text], ground.found.tokens, these.first, these.last)
    inside = [i for i, span in enumerate(spans) if span.start < edit.end and edit.start < span.end]
    network = model.inserts.second
    return _occlusion(network, INSERT_COLUMNS, rows[inside[0]], network.mean) if inside else []


def _occlusion(network: Network, names: Sequence[str], row: Floats, instead: Floats) -> list[tuple[str, float]]:
    """Numbered columns ("meaning_3") say nothing one by one and are replaced together."""
    columns: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        columns.setdefault(re.sub(r"_\d+$", "", name), []).append(place)
    trial = np.repeat(row[None], len(columns) + 1, axis=0)
    for number, places in enumerate(columns.values(), 1):
        trial[number, places] = instead[places]
    score = network.log_odds(trial)
    gain = [(name, float(score[0] - score[number])) for number, name in enumerate(columns, 1)]
    return sorted((g for g in gain if abs(g[1]) > 0.01), key=lambda g: -abs(g[1]))


__all__ = ["REASONS", "NoiseStage", "explain", "load_cached", "with_separator"]
