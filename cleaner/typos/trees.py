"""Boosted trees as plain arrays: trained with scikit-learn, evaluated with NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A sum of decision trees for log odds. All trees share the node arrays.

    Attributes:
        roots: first node of each tree; shape (trees,).
        feature: column that a node looks at; shape (nodes,).
        cut: values up to `cut` go to the node's child, larger ones to the node behind it; infinite for a leaf, whose
            child it is itself; shape (nodes,).
        child: the first of the two nodes below; shape (nodes,).
        value: what a leaf adds to the log odds; shape (nodes,).
        depth: number of decisions on the longest path, shape ().
        baseline: log odds before the first tree, shape ().
    """

    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    cut: NDArray[np.float64]
    child: NDArray[np.intp]
    value: NDArray[np.float64]
    depth: NDArray[np.int32]
    baseline: NDArray[np.float64]

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability for each row; shape (n, features) -> (n,). A row's result does not depend on the others."""
        flat = np.ascontiguousarray(rows).ravel()
        first = np.repeat(np.arange(len(rows)) * rows.shape[1], len(self.roots))
        node = np.tile(self.roots, len(rows))
        for _ in range(int(self.depth)):
            larger = flat.take(first + self.feature.take(node)) > self.cut.take(node)
            node = self.child.take(node) + larger
        odds = self.baseline + self.value.take(node).reshape(len(rows), -1).sum(axis=1)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))
