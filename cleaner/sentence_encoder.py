"""Asks a sentence encoder what sentences say. Needed for training only (`cleaner.train_sense`).

An encoder is a folder with `model.onnx` and `tokenizer.json`, as exported from a sentence transformer that takes the
mean over the words of a sentence (Reimers & Gurevych 2019), such as all-MiniLM-L6-v2. To run it takes the packages
`onnxruntime` and `tokenizers` (the extra `encoder`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from cleaner.ngrams import Floats

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
LONGEST = 64
"""Parts of words that are looked at; few sentences have more."""
TOGETHER = 64
"""Sentences of about one length that are encoded together."""
PORTION = 8192
"""Sentences that one process encodes at a time."""
MANY = 2 * PORTION
"""Sentences from which more than one process works; each gives the same numbers."""


@dataclass(frozen=True, slots=True)
class SentenceEncoder:
    """The encoder in a folder."""

    folder: Path

    def digest(self) -> str:
        """The SHA-256 of both files, in hexadecimal."""
        return hashlib.sha256(b"".join((self.folder / name).read_bytes() for name in (MODEL, TOKENIZER))).hexdigest()

    def encode(self, sentences: Sequence[str]) -> Floats:
        """What each sentence says: rows of unit length; shape (n, d)."""
        parts = Parallel(-1 if len(sentences) > MANY else 1)(
            delayed(_encoded)(self.folder, sentences[at : at + PORTION]) for at in range(0, len(sentences), PORTION)
        )
        return np.concatenate(parts)


def read_encoder(folder: Path) -> SentenceEncoder:
    """The encoder in a folder, once it has said something.

    Raises:
        ValueError: a file or a package is missing, or it is no such encoder.
    """
    for name in (MODEL, TOKENIZER):
        if not (folder / name).is_file():
            raise ValueError(f"{folder / name} is missing; a sentence encoder is a folder with {MODEL} and {TOKENIZER}")
    try:
        _encoded(folder, ["It rained."])
    except ImportError as error:
        raise ValueError(f"{folder}: to run it takes more ({error}); pip install 'article-cleaner[encoder]'") from error
    except Exception as error:  # the packages raise errors of their own kinds
        raise ValueError(f"{folder}: no sentence encoder ({error})") from error
    return SentenceEncoder(folder)


def _encoded(folder: Path, sentences: Sequence[str]) -> Floats:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # sums in one order, the same numbers each time
    session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
    wanted = {put.name for put in session.get_inputs()}
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    numbers = [encoding.ids for encoding in tokenizer.encode_batch(list(sentences))]
    order = np.argsort([len(ids) for ids in numbers], kind="stable")
    rows: list[Any] = [None] * len(numbers)
    for at in range(0, len(order), TOGETHER):
        some = order[at : at + TOGETHER]
        width = len(numbers[some[-1]])
        ids = np.array([numbers[n] + [0] * (width - len(numbers[n])) for n in some], np.int64)
        mask = np.array([[place < len(numbers[n]) for place in range(width)] for n in some], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
        mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        for number, row in zip(some, mean / np.linalg.norm(mean, axis=1, keepdims=True), strict=True):
            rows[number] = row
    return np.array(rows, np.float32)
