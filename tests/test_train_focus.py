"""Which units the networks learn most from."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.train_focus import DOUBTED, HARD, HARD_WEIGHT, HOPELESS, HOPELESS_WEIGHT, focused
from cleaner.train_units import CLEAN, NOISE, OFF_TOPIC, UnitTable

NEWS, WEB = "trusted news", "another site"


@pytest.mark.parametrize(
    ("target", "source", "odds", "times"),
    [
        (CLEAN, NEWS, HARD - 0.1, 1),
        (CLEAN, NEWS, HARD + 0.1, HARD_WEIGHT),
        (CLEAN, NEWS, DOUBTED + 1, HARD_WEIGHT),
        (CLEAN, WEB, HARD + 0.1, 1),
        (CLEAN, WEB, DOUBTED + 0.1, 0),
        (NOISE, WEB, HOPELESS + 0.1, 1),
        (NOISE, NEWS, HOPELESS - 0.1, HOPELESS_WEIGHT),
        (NOISE, WEB, 5, 1),
        (OFF_TOPIC, WEB, 5, 1),
    ],
)
def test_weight_follows_from_target_source_and_odds(target: int, source: str, odds: float, times: float) -> None:
    one, none = np.ones(1, np.float32), np.zeros(1, np.int8)
    units = UnitTable(
        one[:, None], np.array([target], np.int8), 2 * one, one, none, np.zeros(1, np.int64), none,
        np.array([source == NEWS]), np.zeros(1, np.int64), np.zeros(1, np.bool_),
    )  # fmt: skip
    assert focused(units, np.array([odds], np.float32)).tolist() == pytest.approx([2 * times])
    assert units.weight.tolist() == [2], "the table itself must not change"
