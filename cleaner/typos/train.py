"""Builds the shipped model directory of the typos stage from local sources; the same bytes each time.

    python -m cleaner.typos.train --sources DIR --scowl DIR --out models/typos-1.2.0

`DIR` of the sources holds the folder `typos` with clean_lm, clean_dev, clean_spare, pairs_train, words_en and
labels_dev.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5, sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.protect import ENGLISH
from cleaner.typos.blend import contexts
from cleaner.typos.candidates import slip
from cleaner.typos.counts import (
    Words,
    choose_words,
    count_texts,
    read_documents,
    read_frequencies,
    read_pages,
    read_scowl,
    read_texts,
)
from cleaner.typos.examples import (
    ErrorTables,
    Example,
    broken_examples,
    clean_examples,
    headings,
    read_pairs,
    unlisted_names,
)
from cleaner.typos.gate import Gate
from cleaner.typos.hashed import pack
from cleaner.typos.lexicon import _OTHER, _PLACE, FILES, FORMAT, LETTERS, SIDE, SPREAD, Lexicon
from cleaner.typos.spelling import COLUMNS, Readings, consider, read
from cleaner.typos.trees import Trees
from cleaner.typos.trigrams import installed_model, read_trigrams
from cleaner.typos.words import written

SEED = 20
FOLDS = 4
BATCH = 2000
"""So many words are read together."""

SUSPECT = 0.5
"""An unlabelled unknown word that the trees of the other folds score above this is counted as a real typo in
metrics."""

SETTINGS: dict[str, Any] = {
    "max_iter": 160,
    "max_leaf_nodes": 24,
    "learning_rate": 0.1,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
}
RISING = (
    "score",
    "margin",
    "share",
    "frequency",
    "left_gain",
    "right_gain",
    "letters_gain",
    "triple_left",
    "triple_around",
    "triple_right",
)
FALLING = ("letters_mean", "letters_min", "rare", "seen", "unknown_near", "unknown_share", "foreign_near")
CLEAN_KINDS = ("clean", "keep", "name")
THRESHOLD = 0.7
"""Where the metrics of the manifest are taken."""

SOURCES = {
    "clean_lm": "news text, only counted; texts belong to their publishers",
    "clean_dev, clean_spare, labels_dev": "news text with judged places; trees only",
    "andy.train, wcxb.train": "articles of web sites (Apache-2.0; CC BY 4.0, Murrough Foley), if present",
    "pairs_train": "misspellings (Birkbeck, Wikipedia edits, codespell); weights only, no pair is shipped",
    "en-us.lm.bin": "CMU Sphinx's English language model, BSD; runs of words with their expected counts",
    "words_en": "SymSpell's frequency dictionary, MIT",
    "scowl": "SCOWL 2020.12.07, Kevin Atkinson and others, permissive",
}
PAGES = ("andy.train", "wcxb.train")
"""Files of web pages; three quarters of them are counted, the trees learn from the others."""

GRAIN = 4
"""Counts of contexts are shipped in steps of the square root of two; see `cleaner.typos.hashed.pack`."""


def letter_tables(words: Iterable[str], pairs: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.uint8]]:
    """How English words are spelt (three letters at a time), and how likely each slip is."""
    threes = np.full((SIDE, SIDE, SIDE), 0.05)
    twos, ones = np.full((SIDE, SIDE), 20.0), np.full(SIDE, 200.0)
    for word in words:
        codes = [0, 0, *(_PLACE.get(letter, _OTHER) for letter in word), len(LETTERS) - 1]
        for i in range(2, len(codes)):
            threes[codes[i - 2], codes[i - 1], codes[i]] += 1
            twos[codes[i - 1], codes[i]] += 1
            ones[codes[i]] += 1
    tables = {"trigrams": _quantised(np.log(threes / threes.sum(axis=2, keepdims=True)))}
    slips: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for right, wrongs in pairs.items():
        for wrong in wrongs:
            kind, _, letters = slip(wrong, right)
            if kind != "other" and len(letters) == 2:
                slips[kind][letters] += 1
    total = sum(sum(counter.values()) for counter in slips.values())
    for kind in ("insert", "delete", "change", "swap"):
        seen = np.full((SIDE, SIDE), 0.5)
        for letters, number in slips[kind].items():
            seen[_PLACE.get(letters[0], _OTHER), _PLACE.get(letters[1], _OTHER)] += number
        chances = twos if kind in ("delete", "swap") else np.broadcast_to(ones[:, None], (SIDE, SIDE))
        tables[kind] = _quantised(np.log(seen / total) - np.log(chances / ones.sum()))
    return tables


def _quantised(logs: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.round(-SPREAD * logs), 0, 255).astype(np.uint8).ravel()


def write_words(
    folder: Path, words: Words, table: Mapping[str, float], tables: Mapping[str, NDArray[np.uint8]]
) -> None:
    """Write the word list, the table of contexts and the letter tables."""
    text, levels = written(words.known)
    (folder / "words.txt").write_bytes(text)
    (folder / "levels.bin").write_bytes(levels)
    for name, counts, grain in (("pairs", table, GRAIN), ("rare", words.rare, 1), ("names", words.names, 1)):
        (folder / f"{name}.bin").write_bytes(pack(counts, grain))
    np.savez_compressed(folder / "letters.npz", allow_pickle=False, **tables)


def write_manifest(folder: Path, **facts: Any) -> None:
    """Write the manifest; it holds the digest of each file that is there."""
    digests = {name: sha256((folder / name).read_bytes()).hexdigest() for name in FILES if (folder / name).exists()}
    manifest = {
        "format": FORMAT,
        "version": folder.name.rpartition("-")[2],
        "seed": SEED,
        "features": COLUMNS,
        "sha256": digests,
        **facts,
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def read_labels(path: Path) -> dict[str, dict[int, tuple[str, str]]]:
    """document -> offset -> (verdict, true word) of the places that a person judged."""
    labels: defaultdict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            labels[row["id"]][row["start"]] = (row["verdict"], row["right"])
    return labels


def collect(
    documents: Sequence[Mapping[str, str]],
    labels: Mapping[str, dict[int, tuple[str, str]]],
    tables: ErrorTables,
    lexicon: Lexicon,
) -> list[Example]:
    """All examples of `documents`."""
    gate = Gate(lexicon, spare_names=False)
    examples: list[Example] = []
    for document in documents:
        name, text = document["id"], document["text"]
        rng = random.Random(f"{SEED} {name}")
        examples += clean_examples(name, text, labels.get(name, {}), gate)
        examples += broken_examples(name, text, rng, tables, gate)
        for line in headings(text):
            examples += clean_examples(name, line, {}, gate)
            examples += broken_examples(name, line, rng, tables, gate)
    return examples


def fold(document: str) -> int:
    """Which part a document belongs to, by a hash of its name."""
    return int(md5(document.encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Table:
    """Training rows of one model.

    Attributes:
        features: names of the columns.
        rows: shape (n, features).
        right: whether the proposed reading is the true one; shape (n,).
        kinds: see `Example.kind`; shape (n,).
        folds: the part that each row belongs to; shape (n,).
        excusable: whether an unlabelled row may be left out when it looks like a real typo; shape (n,).
    """

    features: Sequence[str]
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    kinds: NDArray[np.str_]
    folds: NDArray[np.int64]
    excusable: NDArray[np.bool_]

    def weights(self, suspicion: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """A changed true word is far worse than a missed error, a labelled typo worth more than one made up.

        `suspicion`: how like a typo each row is. "Clean" text has typos of its own; they would teach the wrong thing,
        so the more an unlabelled word looks like one, the less it counts.
        """
        untouched = np.isin(self.kinds, CLEAN_KINDS)
        weights = np.where(untouched, 10.0, 1.0)
        weights = np.where(self.kinds == "natural", 3.0, weights)
        if suspicion is None:
            return weights
        return np.where((self.kinds == "clean") & self.excusable, weights * (1.0 - suspicion) ** 2, weights)


def tabulate(examples: Sequence[Example], lexicon: Lexicon) -> dict[str, Table]:
    """The rows of both models, "spelling" and "joined"."""
    parts = []
    for at in range(0, len(examples), BATCH):
        places = [example.place for example in examples[at : at + BATCH]]
        parts.append(read(places, consider([place.word for place in places], lexicon), lexicon))
    readings = {"spelling": [one for one, _ in parts], "joined": [two for _, two in parts]}
    return {model: _table(examples, model, found) for model, found in readings.items()}


def _table(examples: Sequence[Example], model: str, readings: Sequence[Readings]) -> Table:
    rights = [right for part in readings for right in part.right]
    found = [(example, right) for example, right in zip(examples, rights, strict=True) if right is not None]
    return Table(
        COLUMNS[model],
        np.concatenate([part.rows for part in readings])[[right is not None for right in rights]],
        np.array([right == example.right for example, right in found]),
        np.array([example.kind for example, _ in found]),
        np.array([fold(example.document) for example, _ in found]),
        np.array([model == "spelling" or not ENGLISH.isdisjoint(right.split()) for _, right in found]),
    )


def held_out(table: Table, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of each row by trees that saw no row of its fold."""
    chances = np.zeros(len(table.right))
    for part in range(FOLDS):
        rows, here = table.folds != part, table.folds == part
        chances[here] = fit(table.features, table.rows[rows], table.right[rows], weights[rows]).probability(
            table.rows[here]
        )
    return chances


def fit(
    features: Sequence[str], rows: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> Trees:
    """Train trees and export them. One thread: the same sums in the same order on every machine."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    signs = [1 if name in RISING else -1 if name in FALLING else 0 for name in features]
    model = HistGradientBoostingClassifier(random_state=SEED, early_stopping=False, monotonic_cst=signs, **SETTINGS)
    with threadpool_limits(1):
        return export(model.fit(rows, right, weights))


def export(model: Any) -> Trees:
    """The arrays of a fitted HistGradientBoostingClassifier for two classes."""
    feature: list[int] = []
    cut: list[float] = []
    child: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    depth = 0
    for (predictor,) in model._predictors:
        roots.append(len(feature))
        queue = [0]  # the nodes of the tree in their new order: two that hang on one node stand side by side
        for number in queue:
            node = predictor.nodes[number]
            leaf = bool(node["is_leaf"])
            feature.append(0 if leaf else int(node["feature_idx"]))
            cut.append(np.inf if leaf else float(node["num_threshold"]))
            child.append(len(feature) - 1 if leaf else roots[-1] + len(queue))
            value.append(float(node["value"]) if leaf else 0.0)
            queue += [] if leaf else [int(node["left"]), int(node["right"])]
            depth = max(depth, int(node["depth"]))
    return Trees(
        np.array(roots, np.intp), np.array(feature, np.intp), np.array(cut), np.array(child, np.intp),
        np.array(value), np.array(depth, np.int32), np.array(float(model._baseline_prediction.ravel()[0])),
    )  # fmt: skip


def metrics(table: Table, chances: NDArray[np.float64], own: NDArray[np.bool_], threshold: float) -> dict[str, float]:
    """What held-out rows say about a threshold: share repaired by kind of error, repairs of clean words."""
    sure = chances >= threshold
    untouched = np.isin(table.kinds, CLEAN_KINDS)
    found: dict[str, float] = {
        f"repaired_{kind}": round(float((sure & table.right)[table.kinds == kind].mean()), 4)
        for kind in ("list", "key", "scan", "join", "natural") if table.right[table.kinds == kind].any()
    }  # fmt: skip
    found |= {
        "threshold": threshold,
        "rows": len(sure),
        "errors": int((~untouched).sum()),
        "wrong_repairs": int((sure & ~table.right & ~untouched).sum()),
    }
    return found | {"clean_words_changed": int((sure & untouched & ~own).sum()), "taken_for_typos": int(own.sum())}


def train_trees(tables: Mapping[str, Table]) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays of both models, and their held-out metrics."""
    arrays: dict[str, NDArray[Any]] = {}
    facts: dict[str, Any] = {}
    for model, table in tables.items():
        suspicion = held_out(table, table.weights())
        weights = table.weights(suspicion)
        own = (table.kinds == "clean") & table.excusable & (suspicion > SUSPECT)
        facts[model] = metrics(table, held_out(table, weights), own, THRESHOLD)
        trees = fit(table.features, table.rows, table.right, weights)
        arrays |= {f"{model}_{field}": getattr(trees, field) for field in Trees.__slots__}
    return arrays, facts


def build(sources: Path, scowl: Path, out: Path, language_model: Path | None = None) -> None:
    """Build the model directory `out`.

    Args:
        sources: the folder that holds `typos/`.
        scowl: the folder of SCOWL's word lists, such as /usr/share/dict/scowl.
        language_model: the file of a language model, see `cleaner.typos.trigrams`; contexts come from text alone
            without it.
        out: the directory to write, named typos-<version>.
    """
    data = sources / "typos"
    out.mkdir(parents=True, exist_ok=True)
    pages = [page for name in PAGES for page in read_pages(sources / "noise" / f"{name}.jsonl.xz")]
    counted = (page["text"] for page in pages if fold(page["id"]))
    counts = count_texts(chain(read_texts(data / "clean_lm.jsonl.xz"), counted))
    sizes, names = read_scowl(scowl)
    model = read_trigrams(language_model) if language_model else None
    words = choose_words(sizes, names, read_frequencies(data / "words_en.tsv.xz"), counts, model.words if model else ())
    pairs = read_pairs(data / "pairs_train.json.xz")
    table = contexts(counts, words.known, model)
    write_words(out, words, table, letter_tables(words.known, pairs))
    write_manifest(out)
    lexicon = Lexicon(out)
    documents = [d for name in ("clean_dev", "clean_spare") for d in read_documents(data / f"{name}.jsonl.xz")]
    documents += [page for page in pages if not fold(page["id"])]
    listed = {
        n
        for n in words.names
        if n.isascii() and n.isalpha() and len(n) > 2 and n.istitle() and n.lower() not in words.known
    }
    fresh = unlisted_names((d["text"] for d in documents), Gate(lexicon).known, lexicon)
    tables = ErrorTables(pairs, sorted(listed.union(fresh)))
    examples = collect(documents, read_labels(data / "labels_dev.jsonl"), tables, lexicon)
    examples.sort(key=lambda example: example.document)
    arrays, facts = train_trees(tabulate(examples, lexicon))
    np.savez_compressed(out / "trees.npz", allow_pickle=False, **arrays)
    sizes_of = {
        "words": len(words.known),
        "contexts": len(table),
        "names": len(words.names),
        "rare": len(words.rare),
    }
    write_manifest(
        out, sources=SOURCES, counts=sizes_of, held_out=facts, examples=dict(Counter(e.kind for e in examples))
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder that holds typos/")
    parser.add_argument(
        "--scowl", type=Path, default=Path("/usr/share/dict/scowl"), help="SCOWL's word lists (Debian package scowl)"
    )
    parser.add_argument(
        "--language-model", type=Path, default=installed_model(), help="en-us.lm.bin of the package pocketsphinx"
    )
    parser.add_argument("--out", type=Path, required=True, help="model directory to write, typos-<version>")
    options = parser.parse_args()
    build(options.sources, options.scowl, options.out, options.language_model)


if __name__ == "__main__":
    main()
