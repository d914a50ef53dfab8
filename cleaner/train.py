"""Trains the noise model: labelled documents -> a model directory, the same bytes each time.

1. Clean articles, and a language model where there is one, teach the `Lexicon`.
2. Documents are gathered in folds that share no article, topic, phrase, template or site (`cleaner.synthesis`).
3. A linear text model is trained; each fold is scored by one that has not seen it, so that what comes next learns how
   far the text score can be trusted on words that nobody has seen.
4. Networks are trained on the evidence. Steps 2 to 4 are done more than once, with other documents each time, and the
   mean of what was learnt counts (`cleaner.train_mean`).
5. Networks that have not seen a fold tell what its clean articles would lose, and the cut for each harm budget follows
   from that (conformal risk control, Angelopoulos et al. 2022).
6. What finds words put into a sentence learns from documents of its own (`cleaner.train_inserts`).
7. What all these would remove from documents that they have not seen teaches what else goes then
   (`cleaner.train_collective`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from cleaner.errors import DataError
from cleaner.features import COLUMNS, OF_MEANING, SENSE, STRANGE
from cleaner.lexicon import DIMENSIONS, Lexicon
from cleaner.manifest import read_manifest, sha256
from cleaner.model import (
    SEEN_FIRST,
    SENTENCE,
    NoiseModel,
    Side,
    load,
)
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.sentence_encoder import SentenceEncoder, read_encoder
from cleaner.train_collective import train_collective
from cleaner.train_cuts import all_cuts, beside_cuts, flag_cut, page_cut
from cleaner.train_focus import focused
from cleaner.train_inserts import Judged, train_inserts
from cleaner.train_labels import train_labels
from cleaner.train_lexicon import learn_lexicon
from cleaner.train_material import Material, gather, read_labelled
from cleaner.train_mean import mean_side
from cleaner.train_network import COPIES, train_network
from cleaner.train_sense import learn_sense
from cleaner.train_strange import learn_strange
from cleaner.train_units import CLEAN, MANY, NOISE, OFF_TOPIC, Dealt, UnitTable, learn_tables, unit_table
from cleaner.train_write import REFERENCES, write_model
from cleaner.typos.trigrams import Trigrams, read_trigrams
from cleaner.verdicts import verdicts
from cleaner.vocabulary import FOLDS, is_test
from cleaner.voice import VOICE
from cleaner.word_vectors import WordVectors, read_vectors

BUDGETS = (0.5, 1.0, 2.0, 5.0, 20.0)
_SENSE, _MEANING, _STRANGE = ([COLUMNS.index(name) for name in names] for names in (SENSE, OF_MEANING, STRANGE))
VIEWS = (_SENSE, _MEANING)
"""Columns that networks do not see which see the words of a unit with other eyes."""
RUNS = 2
"""Trainings whose mean the article side is. The mean of three found no more than that of two."""
HIDDEN_ON_PAGES = VOICE
"""Columns that the page side does not see: what speaks to its reader may be a shopping guide or a manual there."""


def train(
    data: Path,
    out: Path,
    corpora: Path | None = None,
    made: int = 70_000,
    seed: int = 20,
    language_model: Path | None = None,
    word_vectors: Path | None = None,
    sentence_encoder: Path | None = None,
    kept: Path | None = None,
    runs: int = RUNS,
) -> dict[str, Any]:
    """Train a noise model and write its directory.

    Args:
        data: the folder with our labelled documents and the vocabulary (`training_data/`).
        out: the model directory to write; it must not exist.
        corpora: the folder that holds the corpora named in `sources.toml`; without it our own documents must do.
        made: how many documents to make by injection.
        seed: of everything that is drawn.
        language_model: the file of a language model (`cleaner.typos.trigrams`); without it, which word follows which
            is learnt from the articles alone.
        word_vectors: where vectors of words are (`cleaner.word_vectors`); without them they are learnt from the
            articles.
        sentence_encoder: the folder of an encoder (`cleaner.sentence_encoder`); without it words have no sense, and the
            networks that would see it see the rest of the evidence.
        kept: a model directory whose lexicon and page side stay as they are, so that only what judges articles is
            trained: in half of the time, and what is compared differs in one thing. The lexicon was learnt with a
            language model, vectors and an encoder of its own; none of them is needed then.
        runs: how often the article side is trained, each time from other documents; what counts is the mean.

    Returns:
        The manifest.

    Raises:
        DataError: labelled data that breaks its format, no language model, vectors or encoder of this kind, or `out`
            exists.
        ModelError: `kept` is no noise model.
    """
    if out.exists():
        raise DataError(f"{out} exists; a model directory is never overwritten, choose another name")
    try:
        trigrams = read_trigrams(language_model) if language_model else None
        vectors = read_vectors(word_vectors) if word_vectors else None
        encoder = read_encoder(sentence_encoder) if sentence_encoder else None
    except ValueError as error:
        raise DataError(str(error)) from error
    base = load(kept) if kept else None
    more = (gather(data, corpora, made, seed + APART * run).documents for run in range(1, runs))
    model, report = fit(gather(data, corpora, made, seed), seed, trigrams, vectors, encoder, base, runs, more)
    report["runs"] = runs
    report["language_model"] = sha256(language_model) if language_model else None
    report["word_vectors"] = vectors.digest() if vectors else None
    report["sentence_encoder"] = encoder.digest() if encoder else None
    report["kept"] = read_manifest(kept)["files"]["weights.npz"] if kept else None
    examples = [d.text for path in sorted(data.glob("*.jsonl")) for d in read_labelled(path) if is_test(d)]
    return write_model(model, report, out, seed, examples[:REFERENCES])


# ---------------------------------------------------------------------------------------------------------------------


def fit(
    material: Material,
    seed: int,
    language_model: Trigrams | None = None,
    vectors: WordVectors | None = None,
    encoder: SentenceEncoder | None = None,
    kept: NoiseModel | None = None,
    runs: int = 1,
    more: Iterable[Dealt] = (),
) -> tuple[NoiseModel, dict[str, Any]]:
    """Train all parts of the model on the material, but for the lexicon and the page side of a `kept` model; the
    report says what was learnt from what. `more` are the documents of the runs beyond the first."""
    lexicon = kept.lexicon if kept else _lexicon(material, seed, language_model, vectors, encoder)
    articles = material.documents
    pages = material.pages or articles
    article = _article_side(material, lexicon, seed, runs, more)
    page, cut_of_page = (kept.page, kept.page_cut) if kept else _page_side(pages, lexicon, seed)
    taught = (*articles, *material.inserted)
    judged = Judged(taught, material.measured, article.apart)
    inserts, inserts_apart = train_inserts(judged, material.texts, lexicon, BUDGETS, seed)
    cuts = all_cuts(article.units, article.odds, BUDGETS)
    beside = beside_cuts(article.units, article.odds, cuts)
    off_topic = _learnt(_topical(article.units, seed), _topic_network, seed)
    model = NoiseModel(
        lexicon,
        article.side,
        page,
        off_topic.whole,
        train_labels((*articles, *material.pages), lexicon, seed),
        cuts,
        beside,
        cut_of_page,
        flag_cut(article.units, off_topic.odds(article.units)),
        inserts,
        train_collective(judged, inserts_apart, lexicon, cuts, beside, seed),
    )
    counts = np.bincount(article.units.target[article.units.weight > 0], minlength=4).tolist()
    return model, {
        "documents": len(articles),
        "pages": len(pages),
        "measured": len(material.measured),
        "inserted": len(material.inserted),
        "texts_of_the_lexicon": len(material.articles),
        "texts_of_the_pairs": len(material.apart) or len(material.articles),
        "units": dict(zip(("clean", "noise", "off_topic", "doubtful"), counts, strict=True)),
    }


def _lexicon(
    material: Material,
    seed: int,
    language_model: Trigrams | None,
    vectors: WordVectors | None,
    encoder: SentenceEncoder | None,
) -> Lexicon:
    learnt = learn_lexicon(material.articles, material.apart, language_model, vectors, seed=seed)
    if encoder is not None:
        learnt.vector[:, DIMENSIONS:] = learn_sense([d.text for _, d in material.documents], learnt, encoder)
    # As it will be read again, in the compact types in which it is stored: training must see what inference sees.
    return Lexicon.from_arrays(learnt.arrays())


def _page_side(pages: Dealt, lexicon: Lexicon, seed: int) -> tuple[Side, float]:
    """The side for whole pages, and its cut."""
    page = _side(pages, lexicon, seed, hidden=HIDDEN_ON_PAGES)
    return page.side, page_cut(page.units, page.odds)


APART = 100
"""How far the seeds of two runs are apart; each run draws with a few that follow its own."""


def _article_side(material: Material, lexicon: Lexicon, seed: int, runs: int, more: Iterable[Dealt]) -> _Trained:
    """The side for articles: the mean of so many runs, which together have as many networks as one alone would have.

    What the mean says is what it says of the documents of the first run; cuts and all that is learnt later see these.
    """
    copies = max(COPIES // runs, 1)
    trained = _side(material.documents, lexicon, seed, material.measured, focused, copies=copies)
    if runs == 1:
        return trained
    sides, apart = [trained.side], [trained.apart]
    del trained  # its evidence takes gigabytes
    for run, documents in enumerate(more, 1):
        another = _side(documents, lexicon, seed + APART * run, focus=focused, copies=copies)
        sides.append(another.side)
        apart.append(another.apart)
        del another
    unseen = [mean_side(of_fold) for of_fold in zip(*apart, strict=True)]
    tables, strangers = [side.tables for side in unseen], [side.strange for side in unseen]
    units = unit_table(material.documents, lexicon, tables, material.measured, strangers)
    odds = _mean(*(_unseen_odds([getattr(side, name) for side in unseen], units) for name in ("first", "sense")))
    units = replace(units, rows=np.column_stack((units.rows, verdicts(units.layout, odds))))
    odds = _mean(odds, _unseen_odds([side.second for side in unseen], units))
    return _Trained(mean_side(sides), units, odds, unseen)


@dataclass(frozen=True)
class _Trained:
    """One side of the model; its units with evidence and verdicts; what sides say that have not seen their fold; these
    sides, one for each fold."""

    side: Side
    units: UnitTable
    odds: Floats
    apart: list[Side]


def _side(
    documents: Dealt,
    lexicon: Lexicon,
    seed: int,
    measured: Dealt = (),
    focus: Callable[[UnitTable, Floats], Floats] | None = None,
    hidden: Sequence[str] = (),
    copies: int = COPIES,
) -> _Trained:
    """Train one side.

    Args:
        documents: to learn from.
        lexicon: of the model.
        seed: of everything that is drawn.
        measured: as for `unit_table`.
        focus: gives the weights with which the networks learn, from what networks say that were trained before and have
            not seen the fold; without it nothing is trained before, and no word is strange to its document: what a
            whole page speaks of is not one thing.
        hidden: columns that the networks do not see.
        copies: networks of one sight that are averaged.
    """
    tables, unseen = learn_tables(documents, lexicon, seed)
    strange, *strangers = learn_strange(documents, lexicon, seed) if focus else [None] * (FOLDS + 1)
    units = unit_table(documents, lexicon, unseen, measured, strangers)
    units.rows[:, [COLUMNS.index(name) for name in hidden]] = 0
    weight = focus(units, _learnt(_half(units), _first_network, seed).odds(units)) if focus else units.weight
    seen = replace(units, weight=weight)
    first, sense = (_learnt(seen, learn, seed, copies) for learn in (_first_network, _sense_network))
    del seen
    odds = _mean(first.odds(units), sense.odds(units))
    units = replace(units, rows=np.column_stack((units.rows, verdicts(units.layout, odds))))
    second = _learnt(replace(units, weight=weight), _second_network, seed, copies)
    networks = (first.apart, sense.apart, second.apart)
    apart = [Side(*parts) for parts in zip(unseen, *networks, strangers, strict=True)]
    side = Side(tables, first.whole, sense.whole, second.whole, strange)
    return _Trained(side, units, _mean(odds, second.odds(units)), apart)


def _half(units: UnitTable) -> UnitTable:
    """The same, but nothing is learnt from every other document: enough to tell which units are hard."""
    return replace(units, weight=units.weight * (units.document % 2 == 0))


def _mean(one: Floats, other: Floats) -> Floats:
    return np.asarray((one + other) / 2, np.float32)


Learn = Callable[[UnitTable, int, int], Network]
"""Makes a network of units, from a random start, as the mean of some copies."""


@dataclass(frozen=True)
class _Learnt:
    """A network that has learnt from all units, and one for each fold that has learnt from the others: as many copies,
    since fewer are surer of themselves."""

    whole: Network
    apart: list[Network]

    def odds(self, units: UnitTable) -> Floats:
        """Log odds of each unit by the network that has not seen its fold."""
        return _unseen_odds(self.apart, units)


def _unseen_odds(networks: Sequence[Network], units: UnitTable) -> Floats:
    """Log odds of each unit by the one of the networks, one for each fold, that has not seen its fold."""
    odds = np.zeros(len(units.rows), np.float32)
    for fold, network in zip(np.unique(units.fold), networks, strict=True):
        inside = units.fold == fold
        odds[inside] = network.log_odds(units.rows[inside][:, : len(network.mean)])
    return odds


def _learnt(units: UnitTable, learn: Learn, seed: int, copies: int = COPIES) -> _Learnt:
    """Networks that have learnt from all units, and without each fold; large ones at the same time."""
    taught = units.where(units.weight > 0)
    jobs = -1 if len(taught.rows) > MANY else 1
    tables = chain((taught.where(taught.fold != fold) for fold in np.unique(units.fold)), [taught])
    # No more tables are made than are learnt from, as each may take a gigabyte.
    *apart, whole = Parallel(jobs, pre_dispatch="n_jobs")(delayed(learn)(table, seed, copies) for table in tables)
    return _Learnt(whole, apart)


def _first_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    return _noise_network(replace(units, rows=units.rows[:, :SEEN_FIRST]), seed, copies)


def _sense_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    return _noise_network(units, seed, copies, (_MEANING,))


def _second_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    return _noise_network(units, seed, copies, VIEWS)


def _noise_network(units: UnitTable, seed: int, copies: int, hidden: Sequence[Sequence[int]] = ((),)) -> Network:
    chosen = np.flatnonzero(((units.target == NOISE) | (units.target == CLEAN)) & (units.weight > 0))
    return train_network(units.rows[chosen], units.target[chosen] == NOISE, units.weight[chosen], seed, copies, hidden)


TOPIC_SHOWN = 0.4
"""Share of the clean sentences that the networks see which tell those of another story."""


def _topical(units: UnitTable, seed: int) -> UnitTable:
    """The same, but all that is learnt from are sentences of another story, and some clean ones."""
    shown = (units.target == CLEAN) & (np.random.default_rng(seed).random(len(units.target)) < TOPIC_SHOWN)
    return replace(units, weight=units.weight * ((units.words >= SENTENCE) & ((units.target == OFF_TOPIC) | shown)))


def _topic_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    chosen = np.flatnonzero(units.weight > 0)
    # When a text is cleaned, most units that this network is asked about have no values in `STRANGE`.
    hidden = [[*view, *_STRANGE] for view in VIEWS]
    target, weight = units.target[chosen] == OFF_TOPIC, np.ones(len(chosen), np.float32)
    return train_network(units.rows[chosen], target, weight, seed, copies, hidden)
