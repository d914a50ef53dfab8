"""Writes a trained noise model as a directory: weights, reference predictions, manifest."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.arrays import LOCAL_HEADER
from cleaner.collective import COLUMNS as COLLECTIVE_COLUMNS
from cleaner.features import COLUMNS
from cleaner.inserts import COLUMNS as INSERT_COLUMNS
from cleaner.manifest import sha256
from cleaner.model import FORMAT, NoiseModel, load
from cleaner.ngrams import TABLE_BITS
from cleaner.strata import STRATA
from cleaner.tokens import tokenize
from cleaner.units import extents, segment
from cleaner.verdicts import VERDICTS

REFERENCES = 12
"""Texts whose scores are kept with the model."""
REFERENCE_BUDGET = 2.0
ALIGNED = 16
_EXTRA, _FILLS = Struct("<HH"), 0xD935
"""What an extra field begins with, what it is and how long, and the number of those that fill up: Android's zipalign
uses it so."""
PACKED = 0.7
"""An array is packed where that makes it smaller than this share of its size."""


def write_model(
    model: NoiseModel, report: dict[str, Any], out: Path, seed: int, examples: Sequence[str] = ()
) -> dict[str, Any]:
    """Write the model directory; the same model gives the same bytes.

    Args:
        model: what to write.
        report: what it was trained on, for the manifest.
        out: the directory; must not exist.
        seed: for the manifest.
        examples: texts whose scores are written beside the model as reference predictions.
    """
    import sklearn

    out.mkdir(parents=True)
    (out / "weights.npz").write_bytes(npz_bytes(model.arrays()))
    manifest: dict[str, Any] = {
        "kind": "noise",
        "format": FORMAT,
        "version": out.name.rpartition("-")[2],
        "seed": seed,
        "packages": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "labels": list(model.labeller.names),
        "columns": list(COLUMNS + VERDICTS + INSERT_COLUMNS + COLLECTIVE_COLUMNS),
        "table_bits": TABLE_BITS,
        "strata": list(STRATA),
        "cuts": _stored(model.cuts),
        "beside_cuts": _stored(model.beside_cuts),
        "insert_cuts": _stored(model.inserts.cuts),
        "collective_cuts": _stored(model.collective.cuts),
        "page_cut": round(model.page_cut, 4),
        "flag_cut": round(model.flag_cut, 4),
        "data": report,
        "files": {"weights.npz": sha256(out / "weights.npz")},
    }
    write_manifest(out, manifest)
    stored = load(out)  # what was stored is a little coarser than what was trained
    rows = [json.dumps(predictions(stored, text), ensure_ascii=False) + "\n" for text in examples]
    (out / "predictions.jsonl").write_text("".join(rows), encoding="utf-8")
    manifest["files"]["predictions.jsonl"] = sha256(out / "predictions.jsonl")
    write_manifest(out, manifest)
    return manifest


def _stored(cuts: Mapping[float, tuple[float, ...]]) -> dict[str, list[float]]:
    return {f"{budget:g}": [round(cut, 4) for cut in row] for budget, row in cuts.items()}


def write_manifest(out: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a model directory."""
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def predictions(model: NoiseModel, text: str) -> dict[str, Any]:
    """A text with its units as `[start, end, margin]` for a budget of 2: what a loaded model must give again."""
    tokens = tokenize([text])
    units = segment(tokens, model.lexicon)
    first = model.judge(tokens, units, REFERENCE_BUDGET)
    margin = model.judge_again(first, [], REFERENCE_BUDGET)[0].margin
    spans = extents([text], tokens, units.first, units.last)
    rows = [[span.start, span.end, round(float(m), 3)] for span, m in zip(spans, margin, strict=True)]
    return {"text": text, "units": rows}


def npz_bytes(arrays: dict[str, NDArray[np.generic]]) -> bytes:
    """An .npz without time stamps; packed are those arrays that it makes much smaller, as unpacking takes time. The
    others begin at multiples of `ALIGNED` bytes, so that they can be used where they stand (`cleaner.arrays`)."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in sorted(arrays.items()):
            part = BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)
            data = part.getvalue()
            how = zipfile.ZIP_DEFLATED if len(zlib.compress(data, 9)) < PACKED * len(data) else zipfile.ZIP_STORED
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            if how == zipfile.ZIP_STORED:
                entry.extra = _filler(stream.tell() + LOCAL_HEADER.size + len(entry.filename))
            archive.writestr(entry, data, how, 9)
    return stream.getvalue()


def _filler(start: int) -> bytes:
    """An extra field at `start`, behind which a multiple of `ALIGNED` bytes is reached; programs ignore it."""
    size = -(start + _EXTRA.size) % ALIGNED
    return _EXTRA.pack(_FILLS, size) + bytes(size)
