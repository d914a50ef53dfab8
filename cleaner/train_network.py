"""Trains small networks with scikit-learn and takes their weights out as plain arrays."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from cleaner.network import REACH, Network
from cleaner.ngrams import Floats

HIDDEN = 64
COPIES = 3
"""Networks that are averaged; it steadies the highest scores, on which the harm depends."""
EPOCHS = 12
BATCH = 512


def train_network(
    rows: Floats, target: NDArray[np.bool_], weight: Floats, seed: int = 0, copies: int = COPIES
) -> Network:
    """A network that tells `target` from the rest.

    Args:
        rows: evidence; shape (k, c).
        target: shape (k,).
        weight: of each row; shape (k,).
        seed: of the random starts.
        copies: networks that are averaged.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.maximum(spread, 1e-3)
    z = np.clip((rows - mean) / scale, -REACH, REACH)
    parts = []
    for copy in range(copies):
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
            model.fit(z, target, sample_weight=weight)
        parts.append(
            (model.coefs_[0], model.intercepts_[0], model.coefs_[1][:, 0] / copies, model.intercepts_[1][0] / copies)
        )
    inner, inner_bias, outer = (
        np.concatenate([part[i] for part in parts], axis=-1).astype(np.float32) for i in range(3)
    )
    inner[spread == 0] = 0  # nothing was learnt about a column that is the same everywhere
    return Network(
        mean.astype(np.float32),
        scale.astype(np.float32),
        inner,
        inner_bias,
        outer,
        float(sum(part[3] for part in parts)),
    )
