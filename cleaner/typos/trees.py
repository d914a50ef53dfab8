"""Boosted trees as plain arrays: trained with scikit-learn, evaluated with NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of decision trees for log odds. All trees share the node arrays; a leaf points to itself.

    Attributes:
        roots: first node of each tree; shape (trees,).
        feature: column that a node looks at; shape (nodes,).
        cut: values up to `cut` go left; shape (nodes,).
        left, right: the nodes below; shape (nodes,).
        value: what a leaf adds to the log odds; shape (nodes,).
        depth: number of decisions on the longest path, shape ().
        baseline: log odds before the first tree, shape ().
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    cut: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    depth: NDArray[np.int32]
    baseline: NDArray[np.float64]

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability for each row; shape (n, features) -> (n,). A row's result does not depend on the others."""
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        index = np.arange(len(rows))[:, None]
        for _ in range(int(self.depth)):
            node = np.where(rows[index, self.feature[node]] <= self.cut[node], self.left[node], self.right[node])
        odds = self.baseline + self.value[node].sum(axis=1)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))
