"""Trains small networks with scikit-learn and takes their weights out as plain arrays."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from cleaner.network import REACH, Network
from cleaner.ngrams import Floats

HIDDEN = 64
COPIES = 2
"""Networks of one sight that are averaged; it steadies the highest scores, on which the harm depends."""
EPOCHS = 12
BATCH = 512


def train_network(
    rows: Floats,
    target: NDArray[np.bool_],
    weight: Floats,
    seed: int = 0,
    copies: int = COPIES,
    hidden: Sequence[Sequence[int]] = ((),),
) -> Network:
    """A network that tells `target` from the rest, the mean of `copies` for each of `hidden`.

    Args:
        rows: evidence; shape (k, c).
        target: shape (k,).
        weight: of each row; shape (k,).
        seed: of the random starts.
        copies: networks that are averaged, with another random start each.
        hidden: columns that these do not see; several make as many networks for each start.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.maximum(spread, 1e-3)
    z = rows - mean
    z /= scale
    np.clip(z, -REACH, REACH, out=z)
    parts = []
    for copy, columns in product(range(copies), hidden):
        seen = np.setdiff1d(np.arange(z.shape[1]), columns)
        model = MLPClassifier(
            (HIDDEN,),
            alpha=1e-3,
            batch_size=min(BATCH, max(32, len(z) // 50), len(z)),
            max_iter=EPOCHS,
            learning_rate_init=1e-3,
            random_state=seed + copy,
        )
        with threadpool_limits(1), warnings.catch_warnings():  # one thread: sums in one order, the same bytes each time
            warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is meant as a limit
            model.fit(z[:, seen] if len(columns) else z, target, sample_weight=weight)
        whole = np.zeros((z.shape[1], HIDDEN))
        whole[seen] = model.coefs_[0]
        count = copies * len(hidden)
        parts.append((whole, model.intercepts_[0], model.coefs_[1][:, 0] / count, model.intercepts_[1][0] / count))
    inner, inner_bias, outer = (
        np.concatenate([part[i] for part in parts], axis=-1).astype(np.float32) for i in range(3)
    )
    inner[spread == 0] = 0  # nothing was learnt about a column that is the same everywhere
    inner = rounded(inner)
    return Network(
        mean.astype(np.float32),
        scale.astype(np.float32),
        inner,
        inner_bias,
        outer,
        float(sum(part[3] for part in parts)),
    )


def rounded(weights: Floats) -> Floats:
    """As they will be stored, in half precision."""
    return weights.astype(np.float16).astype(np.float32)
