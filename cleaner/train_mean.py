"""The mean of sides of the model that were trained apart, each on documents of its own: nearly as good as asking all of
them, for the price of one.

Scores of linear models add up, so the mean of their tables gives the mean of their scores. Networks stand side by side
in the hidden layer of one. What a training has by chance, from the documents it drew and from its random start, is in
one of them only (bagging, Breiman 1996); that its parts can be averaged as they are comes from models that were trained
for the same (model soups, Wortsman et al. 2022).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.model import Side
from cleaner.network import Network
from cleaner.strange import StrangeWords
from cleaner.train_network import rounded


def mean_side(sides: Sequence[Side]) -> Side:
    """The side that says the mean of what each of them says, on nearly all evidence (`mean_network`).

    Args:
        sides: at least one; all of them have strange words, or none.
    """
    strange = [side.strange for side in sides if side.strange is not None]
    return Side(
        rounded(np.mean([side.tables for side in sides], axis=0, dtype=np.float32)),
        mean_network([side.first for side in sides]),
        mean_network([side.sense for side in sides]),
        mean_network([side.second for side in sides]),
        _mean_strange(strange) if strange else None,
    )


def _mean_strange(words: Sequence[StrangeWords]) -> StrangeWords:
    noise = rounded(np.mean([one.noise for one in words], axis=0, dtype=np.float32))
    return StrangeWords(noise, mean_network([one.network for one in words]))


def mean_network(networks: Sequence[Network]) -> Network:
    """One network, as wide as all together, whose log odds are the mean of theirs.

    Each has its own mean and scale of a column; here all have the mean of these, which their weights make up for. Only
    where evidence is cut off (`cleaner.network.REACH`) they see it a little sooner or later than they were taught to.

    Args:
        networks: at least one; of the same columns.
    """
    mean = np.asarray(np.mean([network.mean for network in networks], axis=0), np.float32)
    scale = np.asarray(np.mean([network.scale for network in networks], axis=0), np.float32)
    inner = [network.inner * (scale / network.scale)[:, None] for network in networks]
    bias = [n.inner_bias + ((mean - n.mean) / n.scale) @ n.inner for n in networks]
    return Network(
        mean,
        scale,
        rounded(np.concatenate(inner, axis=1)),
        np.concatenate(bias).astype(np.float32),
        (np.concatenate([network.outer for network in networks]) / len(networks)).astype(np.float32),
        float(np.mean([network.outer_bias for network in networks])),
    )
