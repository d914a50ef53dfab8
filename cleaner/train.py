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

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.errors import DataError
from cleaner.lexicon import DIMENSIONS, Lexicon
from cleaner.manifest import read_manifest, sha256
from cleaner.model import NoiseModel, Side, load
from cleaner.sentence_encoder import SentenceEncoder, read_encoder
from cleaner.train_collective import train_collective
from cleaner.train_cuts import all_cuts, beside_cuts, flag_cut, page_cut
from cleaner.train_inserts import Judged, train_inserts
from cleaner.train_labels import train_labels
from cleaner.train_lexicon import learn_lexicon
from cleaner.train_material import Material, gather, read_labelled
from cleaner.train_sense import learn_sense
from cleaner.train_side import APART, article_side, page_side, topic_networks
from cleaner.train_units import Dealt
from cleaner.train_write import REFERENCES, write_model
from cleaner.typos.trigrams import Trigrams, read_trigrams
from cleaner.vocabulary import is_test
from cleaner.word_vectors import WordVectors, read_vectors

BUDGETS = (0.5, 1.0, 2.0, 5.0, 20.0)
RUNS = 2
"""Trainings whose mean the article side is. The mean of three found no more than that of two."""


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
    article = article_side(articles, material.measured, more, lexicon, seed, runs)
    page, cut_of_page = (kept.page, kept.page_cut) if kept else _page_side(pages, lexicon, seed)
    taught = (*articles, *material.inserted)
    judged = Judged(taught, material.measured, article.apart)
    inserts, inserts_apart = train_inserts(judged, material.texts, lexicon, BUDGETS, seed)
    cuts = all_cuts(article.units, article.odds, BUDGETS)
    beside = beside_cuts(article.units, article.odds, cuts)
    off_topic = topic_networks(article.units, seed)
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
    page = page_side(pages, lexicon, seed)
    return page.side, page_cut(page.units, page.odds)
