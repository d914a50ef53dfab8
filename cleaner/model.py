"""The noise model: an immutable directory of plain arrays, checked when loaded, evaluated with NumPy alone."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from struct import error as StructError
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cleaner.arrays import read_arrays
from cleaner.beside import MOST, margins
from cleaner.candidates import Ground
from cleaner.collective import COLUMNS as COLLECTIVE_COLUMNS
from cleaner.collective import Collective
from cleaner.correction import FILE as CORRECTION
from cleaner.correction import Correction
from cleaner.errors import ModelError
from cleaner.features import COLUMNS, SENSE, STRANGE, Evidence, evidence
from cleaner.inserts import COLUMNS as INSERT_COLUMNS
from cleaner.inserts import NOTHING, InsertModel, Inserts
from cleaner.labeller import Labeller, Pieces
from cleaner.lexicon import Lexicon
from cleaner.manifest import contents, read_manifest
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.policy import labels
from cleaner.strange import StrangeWords
from cleaner.strata import strata
from cleaner.tokens import Bools, Ints, Tokens
from cleaner.units import Units
from cleaner.verdicts import VERDICTS, Layout, verdicts

FORMAT = 12
WEIGHTS = "weights.npz"
FAR = -5.0
"""Log odds up to which no further network is asked, nor how strange words are: most units of news. Asking from
-6 on finds as much (noise-2.1.0), from -8 on .0005 more (noise-2.0.0)."""
SURELY_ARTICLE = -3.0
"""Log odds up to which a unit counts as no noise when its document is told from a page, before all networks of the page
side are asked: of 105,257 units that this side takes for noise 17 were below by its first network and 3 by the mean of
two (noise-1.8.0)."""
NO_PAGE = -2.0
"""The same by the first network alone, to tell which documents the others are asked about: of 2,174 that are judged as
pages none was missed, nor would be with -1.5; with -1 one (noise-1.9.0)."""
NEARLY_ALL = 0.9
"""From this share on all rows are judged: to pick out the others would cost more."""
SENTENCE = 6
"""Words from which a unit may be a sentence of another story."""
RECURS = 0.6
"""A sentence of which more than this share stands elsewhere in its document, too, is of no other story: two in three.
Of 90,500 sentences 739 passed the cut, none of them above .27 (noise-1.8.0)."""
FIRST_PART = 4
"""One of so many networks that tell sentences of another story is asked alone; the others only where it says more than
`FAR`. It never said less than -3.5 of one of the 739."""
SEEN_FIRST = len(COLUMNS) - len(SENSE) - len(STRANGE)
"""Columns that the first network sees."""
STRANGE_AT = slice(len(COLUMNS) - len(STRANGE), len(COLUMNS))
"""Where `STRANGE` stands among the columns."""


MENTION, SURELY_TEXT = -1.5, -5.0
"""Log odds, counted from the cut, down to which a unit is worth mentioning, and below which it surely is text."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What the model says of each unit; shape (k,) each.

    Attributes:
        margin: log odds above the cut: the unit is noise of a kind that may be removed.
        off_topic: log odds above the cut: it is a sentence of another story, given that it is no other noise.
    """

    margin: Floats
    off_topic: Floats

    def with_certain(self, units: Sequence[int]) -> Floats:
        """The margins with those of some units, which a rule has found, as high as counts."""
        margin = self.margin.copy()
        margin[list(units)] = MOST
        return margin

    def moved(self, at: Ints, by: float) -> Scores:
        """The same with the margin of some units changed."""
        if not len(at):
            return self
        margin = self.margin.copy()
        margin[at] += np.float32(by)
        return Scores(margin, self.off_topic)


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two views of the model.

    Attributes:
        tables: weights of the two text scores by n-gram slot; shape (2, 2**TABLE_BITS).
        first: the network over the evidence of a unit, `SENSE` and `STRANGE` aside.
        sense: the same over all of it but what the vectors of meaning tell; asked where the first does not say enough.
        second: two networks in one, which see the same as these two, and the verdicts of their mean around the unit.
        strange: tells which words are strange to their document, where the side asks; all but the first network see it.
    """

    tables: Floats
    first: Network
    sense: Network
    second: Network
    strange: StrangeWords | None = None

    def rows(self, found: Evidence) -> Floats:
        """Evidence and verdicts as this side sees them; shape (k, len(COLUMNS) + len(VERDICTS))."""
        return self._judged(found)[0]

    def log_odds(self, found: Evidence) -> tuple[Floats, Floats]:
        """The same rows, and the mean of the log odds before and after the verdicts; of the first network's alone where
        they say enough."""
        rows, odds = self._judged(found)
        return rows, _asked_again(self.second, rows, odds)

    def page_odds(self, found: Evidence, cut: float) -> tuple[Floats, Floats]:
        """The same log odds above a cut, and how far each document is to be judged as a whole page (`dirtiness`).

        Of a document that is no page only the signs of the former count. So no more networks are asked about documents
        that are none by the first one, and the last one not about most units of the others.
        """
        tokens, units, rows = found.tokens, found.units, found.rows(self.tables, len(VERDICTS))
        odds = self.first.log_odds(rows[:, :SEEN_FIRST])
        margin = odds - np.float32(cut)
        share = dirtiness(tokens, units, odds - np.float32(NO_PAGE))
        inside = (share > 0)[units.document]
        if not inside.any():
            return margin, share
        if not inside.all():
            units, rows, odds = units.where(inside), rows[inside], odds[inside]
        odds = self._stacked(Layout.of(tokens, units), rows, odds)
        some = _asked_again(self.second, rows, odds, SURELY_ARTICLE) - np.float32(cut)
        share = dirtiness(tokens, units, some)
        rest = (share > 0)[units.document] & (odds <= SURELY_ARTICLE)
        if rest.any():
            some[rest] = _asked_again(self.second, rows[rest], odds[rest]) - np.float32(cut)
            share = dirtiness(tokens, units, some)
        margin[inside] = some
        return margin, share

    def _judged(self, found: Evidence) -> tuple[Floats, Floats]:
        rows = found.rows(self.tables, len(VERDICTS))
        odds = self.first.log_odds(rows[:, :SEEN_FIRST])
        if self.strange is not None:
            near = (odds > FAR).nonzero()[0]
            rows[near, STRANGE_AT] = self.strange.columns(found, found.units.first[near], found.units.last[near])
        return rows, self._stacked(Layout.of(found.tokens, found.units), rows, odds)

    def _stacked(self, layout: Layout, rows: Floats, odds: Floats) -> Floats:
        """Log odds before the verdicts, from those of the first network; writes the verdicts into the rows."""
        odds = _asked_again(self.sense, rows[:, : len(COLUMNS)], odds)
        rows[:, len(COLUMNS) :] = verdicts(layout, odds)
        return odds

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Arrays to store under `name`."""
        networks: dict[str, NDArray[np.generic]] = {}
        for part in _NETWORKS:
            networks |= getattr(self, part).arrays(f"{name}_{part}")
        if self.strange is not None:
            networks |= self.strange.arrays(f"{name}_strange")
        return {f"{name}_tables": self.tables.astype(np.float16), **networks}

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, Any]) -> Side:
        """The side that `arrays(name)` gave."""
        first, sense, second = (Network.from_arrays(f"{name}_{part}", arrays) for part in _NETWORKS)
        strange = StrangeWords.from_arrays(f"{name}_strange", arrays)
        return cls(np.asarray(arrays[f"{name}_tables"], np.float32), first, sense, second, strange)


_NETWORKS = ("first", "sense", "second")


def _asked_again(network: Network, rows: Floats, odds: Floats, least: float = FAR) -> Floats:
    """The mean of log odds and what another network says, where they are above `least`: not far from any cut."""
    near = (odds > least).nonzero()[0]
    said = network.log_odds(rows)[near] if len(near) > NEARLY_ALL * len(rows) else network.log_odds(rows[near])
    odds = odds.copy()
    odds[near] = (odds[near] + said) / 2
    return odds


class Judgement(NamedTuple):
    """What the model says of a batch.

    Attributes:
        scores: of its units.
        inserts: what is found inside units of documents that are articles.
        ground: these documents.
        articles: which units are theirs; shape (k,).
        shift: what a correction has added to the margin of each unit; shape (k,).
    """

    scores: Scores
    inserts: Inserts
    ground: Ground
    articles: Bools
    shift: Floats


@dataclass(frozen=True, eq=False)
class NoiseModel:
    """A trained model; `cleaner.train` makes it.

    A scraped article with a few stray words and the text of a whole page call for different judgement, so the model has
    two sides, trained apart; how dirty a document is decides how much each of them counts.

    Attributes:
        lexicon: what running text looks like.
        article, page: the two sides.
        off_topic: the network for sentences of another story, over the evidence of the article side.
        labeller: which label a piece of noise has.
        cuts: log odds of the article side from which a unit is removed: by budget (clean words lost per 10,000) one
            number for each kind of unit (`cleaner.strata.STRATA`).
        beside_cuts: the same for documents that hold noise beyond doubt (`cleaner.beside`).
        page_cut: log odds of the page side from which a unit is removed.
        flag_cut: log odds from which a sentence is flagged as off-topic.
        inserts: finds words put into a sentence.
        collective: judges again what stays where something goes.
        correction: what was learnt from the documents of a user (`cleaner train --add`), if anything.
    """

    lexicon: Lexicon
    article: Side
    page: Side
    off_topic: Network
    labeller: Labeller
    cuts: Mapping[float, tuple[float, ...]]
    beside_cuts: Mapping[float, tuple[float, ...]]
    page_cut: float
    flag_cut: float
    inserts: InsertModel
    collective: Collective
    correction: Correction | None = None

    def score(self, tokens: Tokens, units: Units, budget: float) -> Scores:
        """Score the units of a batch for a harm budget (clean words lost per 10,000)."""
        return self.judge(tokens, units, budget).scores

    def judge(self, tokens: Tokens, units: Units, budget: float) -> Judgement:
        """The same, and what is found inside units of documents that are articles."""
        found = of_pages = evidence(tokens, units, self.lexicon)
        long = lines_of(tokens, units) > LINES[0]
        if long.any():  # no other document is ever judged as a page
            article_scores, page_scores = found.ngrams.paired_scores(self._paired_tables)
            found, of_pages = replace(found, scores=article_scores), replace(found, scores=page_scores)
        rows, odds = self.article.log_odds(found)
        cuts = self._cuts(budget)
        article = margins(units.document, strata(rows), odds, cuts.units, cuts.beside, len(long))
        margin, mixed = article.copy(), np.zeros(len(long), np.bool_)
        if long.any():
            of_pages = of_pages.of_documents(long)
            page, share = self.page.page_odds(of_pages, self.page_cut)
            mixed, dirt, pages = share > 0, share[of_pages.units.document], long[units.document]
            margin[pages] = (1 - dirt) * article[pages] + dirt * page
        shift = np.zeros(len(units), np.float32)
        if self.correction:
            shift = self.correction.shift(tokens, units, self.lexicon)
            margin += shift
        articles = ~mixed
        ground = Ground(found, self.article.tables, self.article.strange, rows, odds).of_documents(articles)
        inserts = self.inserts.find(ground, cuts.inserts) if articles.any() else NOTHING
        scores = Scores(margin, self._off_topic_margin(units, rows))
        return Judgement(scores, inserts, ground, articles[units.document], shift)

    def judge_again(self, judgement: Judgement, certain: Sequence[int], budget: float) -> tuple[Scores, Inserts]:
        """The scores and what is found inside units once more, with what else goes where it is known what goes.

        Args:
            judgement: what was said first, as it decides.
            certain: units that are noise whatever their score.
            budget: the harm budget.
        """
        scores, inserts, ground, inside, shift = judgement
        if not inside.any():
            return scores, inserts
        margin = scores.with_certain(certain)
        cut = self._cuts(budget).collective
        again, inserts = self.collective.settled(ground, margin[inside], inserts, cut, shift[inside])
        margin[inside] = again
        margin[list(certain)] = scores.margin[list(certain)]
        return Scores(margin, scores.off_topic), inserts

    def _off_topic_margin(self, units: Units, rows: Floats) -> Floats:
        """Log odds above the cut that a unit is of another story; fewer words than `SENTENCE` tell nothing."""
        margin = np.full(len(units), -np.inf, np.float32)
        likely = (units.last - units.first >= SENTENCE) & (rows[:, COLUMNS.index("recur")] <= RECURS)
        some = likely.nonzero()[0]
        near = some[self._off_topic_first.log_odds(rows[some]) > FAR]
        margin[near] = self.off_topic.log_odds(rows[near]) - np.float32(self.flag_cut)
        return margin

    @cached_property
    def _off_topic_first(self) -> Network:
        return self.off_topic.part(FIRST_PART)

    @cached_property
    def _paired_tables(self) -> NDArray[np.complex64]:
        """The weights of both sides, to be looked up together: half as many places of memory are far away."""
        paired = np.empty(self.article.tables.shape, np.complex64)
        paired.real, paired.imag = self.article.tables, self.page.tables
        return paired

    def cut(self, budget: float) -> Floats:
        """The log odds for a budget, one for each kind of unit; interpolated on the logarithm of the budget."""
        return self._cuts(budget).units

    def _cuts(self, budget: float) -> _Cuts:
        """All cuts for a budget, kept once they are known."""
        if budget not in self._known_cuts:
            of_all = (self.cuts, self.beside_cuts, self.inserts.cuts, self.collective.cuts)
            self._known_cuts[budget] = _Cuts(*(interpolated(cuts, budget) for cuts in of_all))
        return self._known_cuts[budget]

    @cached_property
    def _known_cuts(self) -> dict[float, _Cuts]:
        return {}

    def label(self, pieces: Pieces) -> list[str]:
        """The label of each piece of noise."""
        return self.labeller.label(pieces, self.lexicon)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the manifest, to be stored."""
        return {
            **self.lexicon.arrays(),
            **self.labeller.arrays(),
            **self.article.arrays("article"),
            **self.page.arrays("page"),
            **self.off_topic.arrays("off_topic"),
            **self.inserts.arrays(),
            **self.collective.arrays(),
        }


class _Cuts(NamedTuple):
    """The cuts for one budget: of units, of units beside sure noise, of words inside sentences, and of both once it is
    known what goes."""

    units: Floats
    beside: Floats
    inserts: Floats
    collective: Floats


def interpolated(cuts: Mapping[float, tuple[float, ...]], budget: float) -> Floats:
    """The cuts for a budget between those that are known, on the logarithm of the budget."""
    budgets = sorted(cuts)
    columns = zip(*(cuts[b] for b in budgets), strict=True)
    return np.array([np.interp(np.log(budget), np.log(budgets), column) for column in columns], np.float32)


SHARES, LINES = (0.04, 0.12), (40, 120)
"""A document passes from an article to a whole page between these shares of noise words and these numbers of lines."""


def lines_of(tokens: Tokens, units: Units) -> Floats:
    """How many lines with words each document has."""
    begins = tokens.lines[units.first] > 0
    return np.bincount(units.document, begins, len(tokens.text_start) - 1).astype(np.float32)


def dirtiness(tokens: Tokens, units: Units, page_margin: Floats) -> Floats:
    """How far each document is to be judged as a whole page, from 0 to 1: it must be long in lines and surely hold
    much noise."""
    count = len(tokens.text_start) - 1
    words = (units.last - units.first).astype(np.float64)
    noisy = np.bincount(units.document, words * (page_margin > 0), count) / np.maximum(
        np.bincount(units.document, words, count), 1
    )
    lines = lines_of(tokens, units)
    shares = np.clip((noisy - SHARES[0]) / (SHARES[1] - SHARES[0]), 0, 1)
    return (shares * np.clip((lines - LINES[0]) / (LINES[1] - LINES[0]), 0, 1)).astype(np.float32)


def load(directory: Path) -> NoiseModel:
    """Load a noise model: format, digests, compatibility, labels, in this order.

    Raises:
        ModelError: the directory is no noise model, was tampered with, or was made for another version.
    """
    manifest = read_manifest(directory)
    if manifest.get("kind") != "noise" or manifest.get("format") != FORMAT:
        raise ModelError(
            f"{directory}: kind {manifest.get('kind')!r}, format {manifest.get('format')!r}; this version of cleaner "
            f"reads 'noise' models of format {FORMAT}: train it again with 'cleaner train'"
        )
    files = contents(directory, manifest)
    if tuple(manifest.get("columns", ())) != COLUMNS + VERDICTS + INSERT_COLUMNS + COLLECTIVE_COLUMNS:
        raise ModelError(
            f"{directory}: made for other evidence than this version computes; train it again with 'cleaner train'"
        )
    unknown = [name for name in manifest.get("labels", ()) if name not in labels()]
    if unknown:
        raise ModelError(
            f"{directory}: the noise policy has no label {', '.join(map(repr, unknown))}; train the model again with "
            "'cleaner train'"
        )
    correction = None
    path = directory / WEIGHTS
    try:
        if CORRECTION in files:
            path = directory / CORRECTION
            correction = Correction.from_arrays(read_arrays(files[CORRECTION]))
        path = directory / WEIGHTS
        return _assemble(manifest, read_arrays(files[WEIGHTS]), correction)
    except (KeyError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, StructError, zlib.error) as error:
        raise ModelError(f"{path} cannot be read ({error}); install the model again") from error


def _assemble(manifest: Mapping[str, Any], arrays: Mapping[str, Any], correction: Correction | None) -> NoiseModel:
    return NoiseModel(
        Lexicon.from_arrays(arrays),
        Side.from_arrays("article", arrays),
        Side.from_arrays("page", arrays),
        Network.from_arrays("off_topic", arrays),
        Labeller.from_arrays(manifest["labels"], arrays),
        _cuts(manifest["cuts"]),
        _cuts(manifest["beside_cuts"]),
        manifest["page_cut"],
        manifest["flag_cut"],
        InsertModel.from_arrays(arrays, _cuts(manifest["insert_cuts"])),
        Collective.from_arrays(arrays, _cuts(manifest["collective_cuts"])),
        correction,
    )


def _cuts(stored: Mapping[str, Sequence[float]]) -> dict[float, tuple[float, ...]]:
    return {float(budget): tuple(cuts) for budget, cuts in stored.items()}


def probability(log_odds: float) -> float:
    """The probability for log odds."""
    return 1 / (1 + math.exp(-min(max(log_odds, -30.0), 30.0)))
