"""Adapts a noise model to a user's labelled documents, in seconds: a correction layer on top of it.

Logistic regression on phrases with the model's own log odds as offset: what is learnt is how far the user's documents
differ from what the model says. Our own documents are in it too, so that nothing is unlearnt. What our clean documents
lose, each half judged by a correction that has not seen it, is measured at every budget; where it is more than the
budget and than the model lost before, the correction is weakened until it fits, or refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from cleaner.config import CleanConfig, NoiseConfig
from cleaner.correction import FILE, KNOWN, Correction, phrases
from cleaner.dataset import Document, read_documents
from cleaner.errors import DataError
from cleaner.evaluate.noise import Tally, tally, unseen_hosts
from cleaner.manifest import read_manifest, sha256
from cleaner.model import NoiseModel, load
from cleaner.ngrams import TABLE_BITS, Floats
from cleaner.noise import NoiseStage
from cleaner.pipeline import Cleaner
from cleaner.tokens import tokenize
from cleaner.train_material import read_labelled
from cleaner.train_text import ngram_matrix
from cleaner.train_units import CLEAN, NOISE, unit_targets
from cleaner.train_write import REFERENCES, npz_bytes, predictions, write_manifest
from cleaner.units import segment
from cleaner.vocabulary import fold_of

BUDGET = 2.0
FOLDS = 5
BATCH = 100
STRENGTHS = (1.0, 0.75, 0.5, 0.25)
"""Shares of the correction that are tried, until what is lost fits the budget."""
PENALTY = 0.02
"""Weight of the squared weights against the loss; with less, more is found, and more is lost."""
STEPS = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model finds and loses.

    Attributes:
        recall: share of the words of noise that it removes.
        lost: clean words that it removes per 10,000.
    """

    recall: float
    lost: float

    @classmethod
    def of(cls, total: Tally) -> Measured:
        """From counted words."""
        noise = {key: n for key, n in total.words.items() if key.startswith("label:") and key != "label:off_topic"}
        found = sum(total.removed[key] for key in noise)
        return cls(found / max(sum(noise.values()), 1), 1e4 * total.lost / max(total.clean_words, 1))


@dataclass(frozen=True, slots=True)
class Report:
    """What adding labelled documents has changed.

    Attributes:
        documents, noise_words: what was learnt from.
        folds: in how many parts the documents were split to measure.
        before, after: on the user's documents, each judged by a correction that has not seen its fold.
        check: for each budget what our own clean text loses before and after; the latter fits the budget, or is no more
            than the former.
        strength: share of the correction that could be kept.
    """

    documents: int
    noise_words: int
    folds: int
    before: Measured
    after: Measured
    check: dict[float, tuple[float, float]]
    strength: float


def add(labelled: Sequence[Path], base: Path, out: Path, data: Path, corpora: Path | None = None) -> Report:
    """Learn a correction from labelled documents, and write the model with it.

    Args:
        labelled: files of labelled documents, in the format of `training_data/`.
        base: the directory of the model to correct.
        out: the model directory to write; it must not exist.
        data: the folder with our own labelled documents.
        corpora: the folder with the corpora of `sources.toml`; their unseen news is then checked too.

    Raises:
        DataError: broken or too few labelled documents, `out` exists, or the correction would do more harm than the
            budget allows however weak it is; nothing is written then.
        ModelError: the model is missing or broken.
    """
    if out.exists():
        raise DataError(f"{out} exists; a model directory is never overwritten, choose another name")
    documents = _read(labelled)
    model = load(base)
    if model.correction:
        raise DataError(
            f"{base} was made by --add; add to the model it was made from, with all files of labels at once"
        )
    own = [d for path in sorted(data.glob("*.jsonl")) for d in read_labelled(path)]
    if not own:
        raise DataError(f"{data}: no labelled documents of ours to check with; name their folder with --data")
    rows = _unit_rows(model, documents)
    anchors = _unit_rows(model, own)
    # What the model misses of our own noise is not what this user asks for, and would be paid for by clean text.
    anchors = anchors.where(~anchors.noise | (anchors.odds > 0))
    halves = np.array([_half(d) for d in own])
    unseen = [(_fit(rows.joined(anchors.where(halves[anchors.document] != half))),
               [d for d, h in zip(own, halves, strict=True) if h == half]) for half in (0, 1)]  # fmt: skip
    whole = _fit(rows.joined(anchors))
    if corpora:
        unseen.append((whole, [Document(h.id, h.text, source=h.source) for h in unseen_hosts(corpora)]))
    strength, losses = _strength(model, unseen)
    correction = replace(whole, strength=strength)
    before, after, folds = _cross_validated(model, documents, rows, anchors, strength)
    noise_words = sum(len(d.text[s.start : s.end].split()) for d in documents for s in d.spans)
    report = Report(len(documents), noise_words, folds, before, after, losses, strength)
    _write(base, out, replace(model, correction=correction), report, [d.text for d in own[:REFERENCES]])
    return report


def _read(labelled: Sequence[Path]) -> list[Document]:
    documents = [document for path in labelled for document in _documents(path)]
    names = ", ".join(map(str, labelled))
    if len(documents) < FOLDS:
        raise DataError(f"{names}: {len(documents)} labelled documents; at least {FOLDS} are needed, 50 are better")
    if not any(d.spans for d in documents):
        raise DataError(f"{names}: no document has a span of noise; mark what is to go ('spans', see docs/adapt.md)")
    return documents


def _documents(path: Path) -> Iterator[Document]:
    try:
        yield from read_documents(path)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8; save the file as UTF-8") from error


def _half(document: Document) -> int:
    """The half in which one of our clean documents is held out; -1 for those with noise, which are always learnt."""
    return -1 if document.spans else fold_of(f"check/{document.id}", 2)


# --- learning -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """Units as logistic regression sees them: phrases by slot, the model's log odds above the cut, whether they are
    noise, the number of their document. Doubtful units are left out."""

    phrases: sparse.csr_matrix
    odds: Floats
    noise: NDArray[np.bool_]
    document: NDArray[np.int64]

    def joined(self, other: _Rows) -> _Rows:
        """All units of both."""
        both = (np.concatenate((getattr(self, n), getattr(other, n))) for n in ("odds", "noise", "document"))
        return _Rows(sparse.vstack((self.phrases, other.phrases)).tocsr(), *both)

    def where(self, chosen: NDArray[np.bool_]) -> _Rows:
        """The chosen units."""
        return _Rows(self.phrases[chosen], self.odds[chosen], self.noise[chosen], self.document[chosen])


def _unit_rows(model: NoiseModel, documents: Sequence[Document]) -> _Rows:
    nothing = np.zeros(0, np.int64)
    total = _Rows(sparse.csr_matrix((0, 1 << TABLE_BITS)), nothing.astype(np.float32), nothing > 0, nothing)
    for start in range(0, len(documents), BATCH):
        some = documents[start : start + BATCH]
        tokens = tokenize([d.text for d in some])
        units = segment(tokens, model.lexicon)
        if not len(units):
            continue
        target = unit_targets(some, tokens, units)
        sure = (target == CLEAN) | (target == NOISE)
        chosen = units.where(sure)
        matrix = ngram_matrix(iter((phrases(tokens, chosen, model.lexicon),)), len(chosen))
        margin = model.score(tokens, units, BUDGET).margin[sure]
        total = total.joined(_Rows(matrix, margin, target[sure] == NOISE, chosen.document + start))
    return total


def _fit(rows: _Rows) -> Correction:
    """Logistic regression with an offset: small weights of phrases, with which the log odds fit the labels better."""
    used = np.unique(rows.phrases.indices)
    used = used[used != KNOWN]
    matrix = rows.phrases[:, used].astype(np.float64)
    sign = np.where(rows.noise, 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (rows.odds + matrix @ weights)
        slope = -sign / (1 + np.exp(np.clip(margin, -40, 40)))
        value = np.logaddexp(0, -margin).sum() + 0.5 * PENALTY * (weights @ weights)
        return float(value), matrix.T @ slope + PENALTY * weights

    found = optimize.minimize(loss, np.zeros(len(used)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    table = np.zeros(1 << TABLE_BITS, np.float32)
    table[used] = np.round(found, 3)
    return Correction(table)


# --- measuring ------------------------------------------------------------------------------------------------------


def counted(model: NoiseModel, documents: Sequence[Document], budget: float = BUDGET) -> Tally:
    """What the noise stage finds and loses with this model."""
    stage = NoiseStage(NoiseConfig(budget=budget))
    stage.__dict__["model"] = model  # in the place of the one that is read from the disk
    cleaner = Cleaner(CleanConfig(stages=("noise",)), [stage])
    return tally(documents, cleaner.clean_many(d.text for d in documents))


def _strength(
    model: NoiseModel, unseen: Sequence[tuple[Correction, Sequence[Document]]]
) -> tuple[float, dict[float, tuple[float, float]]]:
    """The largest strength with which clean text loses no more than each budget, or than before; and what it loses.

    Args:
        unseen: corrections, each with clean documents that it has not seen.

    Raises:
        DataError: there is none.
    """

    def lost(strength: float, budget: float) -> float:
        total = Tally()
        for correction, documents in unseen:
            corrected = replace(correction, strength=strength)
            total.add(counted(replace(model, correction=corrected), documents, budget))
        return Measured.of(total).lost

    before = {budget: lost(0.0, budget) for budget in sorted(model.cuts)}
    for strength in STRENGTHS:
        after = {budget: lost(strength, budget) for budget in before}
        if all(after[budget] <= max(budget, before[budget]) for budget in before):
            return strength, {budget: (before[budget], after[budget]) for budget in before}
    worst = max(before, key=lambda budget: after[budget] / max(budget, before[budget]))
    raise DataError(
        f"with these labels clean text would lose {after[worst]:.1f} words per 10,000 at a budget of {worst:g} (now "
        f"{before[worst]:.1f}), even at {STRENGTHS[-1]:.0%} of their weight; nothing was written. Do they mark article "
        "text as noise?"
    )


def _cross_validated(
    model: NoiseModel, documents: Sequence[Document], rows: _Rows, anchors: _Rows, strength: float
) -> tuple[Measured, Measured, int]:
    """Before and after on documents that the correction has not seen; documents with the same text stay together."""
    folds = np.array([fold_of(f"add/{d.text}", FOLDS) for d in documents])
    after = Tally()
    for fold in np.unique(folds):
        seen = folds[rows.document] != fold
        learnt = replace(_fit(rows.where(seen).joined(anchors)), strength=strength)
        unseen = [d for d, f in zip(documents, folds, strict=True) if f == fold]
        after.add(counted(replace(model, correction=learnt), unseen))
    return Measured.of(counted(model, documents)), Measured.of(after), len(np.unique(folds))


# --- writing --------------------------------------------------------------------------------------------------------


def _write(base: Path, out: Path, model: NoiseModel, report: Report, examples: Sequence[str]) -> None:
    assert model.correction
    out.mkdir(parents=True)
    shutil.copyfile(base / "weights.npz", out / "weights.npz")
    (out / FILE).write_bytes(npz_bytes(model.correction.arrays()))
    manifest: dict[str, Any] = read_manifest(base)
    manifest["base"] = base.resolve().name
    manifest["added"] = {
        "documents": report.documents,
        "noise_words": report.noise_words,
        "strength": report.strength,
        "before": [round(report.before.recall, 4), round(report.before.lost, 2)],
        "after": [round(report.after.recall, 4), round(report.after.lost, 2)],
        "check": {f"{budget:g}": [round(n, 2) for n in pair] for budget, pair in report.check.items()},
    }
    manifest["files"] = {name: sha256(out / name) for name in ("weights.npz", FILE)}
    write_manifest(out, manifest)
    stored = load(out)
    rows = "".join(json.dumps(predictions(stored, t), ensure_ascii=False) + "\n" for t in examples)
    (out / "predictions.jsonl").write_text(rows, encoding="utf-8")
    manifest["files"]["predictions.jsonl"] = sha256(out / "predictions.jsonl")
    write_manifest(out, manifest)
