"""Which units the networks learn most from."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.train_focus import (
    DOUBTED,
    EASY,
    HARD,
    HARD_WEIGHT,
    HOPELESS,
    HOPELESS_WEIGHT,
    LABELLED_WEIGHT,
    SHOWN,
    focused,
)
from cleaner.train_units import CLEAN, NOISE, OFF_TOPIC, UnitTable

NEWS, WEB, OWN_PAGES = "trusted news", "another site", "labelled pages"


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
    units = table(1, target, source)
    assert focused(units, np.array([odds], np.float32)).tolist() == pytest.approx([2 * times])
    assert units.weight.tolist() == [2], "the table itself must not change"


def test_a_part_of_the_easy_units_counts_for_all_of_them() -> None:
    easy = np.full(4000, EASY - 0.1, np.float32)
    weight = focused(table(4000, CLEAN, WEB), easy)
    assert set(weight.tolist()) == {0, 2 / SHOWN}
    assert weight.mean() == pytest.approx(2, rel=0.1)
    assert focused(table(4000, NOISE, WEB), easy).tolist() == pytest.approx([2 * HOPELESS_WEIGHT] * 4000)
    assert focused(table(4000, NOISE, OWN_PAGES), easy).tolist() == pytest.approx([2 * LABELLED_WEIGHT] * 4000)


def table(count: int, target: int, source: str) -> UnitTable:
    """Some units that are all alike."""
    ones, zeros = np.ones(count, np.float32), np.zeros(count, np.int8)
    return UnitTable(
        ones[:, None], zeros + np.int8(target), 2 * ones, ones, zeros, np.zeros(count, np.int64), zeros,
        np.full(count, source == NEWS), np.full(count, source == OWN_PAGES), np.zeros(count, np.int64),
        np.zeros(count, np.bool_),
    )  # fmt: skip
