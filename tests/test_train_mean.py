"""The mean of sides that were trained apart says what they say in the mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cleaner.config import NoiseConfig
from cleaner.network import Network
from cleaner.noise import load_cached
from cleaner.train_mean import mean_network, mean_side

COLUMNS = 6


def drawn(seed: int, width: int = 8) -> Network:
    """A network of one training: its columns have a mean and a scale of their own."""
    rng = np.random.default_rng(seed)
    return Network(
        rng.normal(0, 0.1, COLUMNS).astype(np.float32),
        rng.uniform(0.8, 1.25, COLUMNS).astype(np.float32),
        rng.normal(0, 0.5, (COLUMNS, width)).astype(np.float32),
        rng.normal(0, 0.5, width).astype(np.float32),
        rng.normal(0, 0.5, width).astype(np.float32),
        float(rng.normal()),
    )


@pytest.mark.parametrize("count", [1, 2, 3])
def test_log_odds_are_the_mean_of_all(count: int) -> None:
    networks = [drawn(seed, width=4 * (seed + 1)) for seed in range(count)]
    rows = np.random.default_rng(9).uniform(-2, 2, (50, COLUMNS)).astype(np.float32)  # nothing is cut off
    expected = np.mean([network.log_odds(rows) for network in networks], axis=0)
    whole = mean_network(networks)
    assert np.allclose(whole.log_odds(rows), expected, atol=0.02)  # weights are rounded as they will be stored
    assert whole.inner.shape == (COLUMNS, sum(len(network.outer) for network in networks))
    if count > 1:
        assert not np.allclose(networks[0].log_odds(rows), expected, atol=0.1)


def test_a_side_and_another_one() -> None:
    side = load_cached(NoiseConfig().model).article
    assert side.strange is not None
    other = replace(
        side,
        tables=side.tables + 2,
        first=replace(side.first, outer_bias=side.first.outer_bias + 4),
        strange=replace(side.strange, noise=side.strange.noise + 1),
    )
    whole = mean_side([side, other])
    assert np.allclose(whole.tables, side.tables + 1, atol=0.01)
    assert whole.first.outer_bias == pytest.approx(side.first.outer_bias + 2)
    assert whole.strange is not None
    assert np.allclose(whole.strange.noise, side.strange.noise + 0.5, atol=0.02)
    assert len(whole.second.outer) == 2 * len(side.second.outer)


def test_sides_without_strange_words_have_none() -> None:
    side = replace(load_cached(NoiseConfig().model).article, strange=None)
    assert mean_side([side, side]).strange is None
