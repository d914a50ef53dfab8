"""How good `cleaner` is, in figures, and the gate that holds them.

Each stage has a module that measures it; `run` puts their figures side by side under one name each, e.g.
`noise.unseen.recall.kind:a`. The floors stand in `training_data/gate.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from cleaner.config import CleanConfig
from cleaner.errors import DataError
from cleaner.evaluate import noise, repair, typos
from cleaner.pipeline import Cleaner


def run(config: CleanConfig, data: Path, corpora: Path | None = None) -> dict[str, float]:
    """All figures.

    Args:
        config: model and budget of the noise stage.
        data: our own documents (`training_data/`).
        corpora: the folder of the corpora that `sources.toml` names; without it only our own documents are measured.
    """
    cleaner = Cleaner(CleanConfig(stages=("noise",), noise=config.noise))
    parts = {
        "noise": noise.figures(corpora, data, cleaner),
        "typos": typos.figures(None),
        "repair": repair.figures(None),
    }
    if corpora is not None:
        parts |= {"typos.corpora": typos.figures(corpora), "repair.corpora": repair.figures(corpora)}
    return {f"{stage}.{name}": value for stage, figures in parts.items() for name, value in figures.items()}


def missed(figures: Mapping[str, float], gate: Path | None = None) -> list[str]:
    """A sentence for each floor (or ceiling) that `figures` do not hold.

    Raises:
        DataError: the gate is broken, or names a figure that was not measured.
    """
    from cleaner.resources import labels_path

    path = gate or labels_path().parent / "gate.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: {error}") from error
    unknown = [name for kind in ("at_least", "at_most") for name in table.get(kind, {}) if name not in figures]
    if unknown:
        raise DataError(f"{path}: no such figure: {', '.join(unknown)}")
    low = [
        (n, figures[n], floor, "below the floor")
        for n, floor in table.get("at_least", {}).items()
        if figures[n] < floor
    ]
    high = [
        (n, figures[n], limit, "above the limit") for n, limit in table.get("at_most", {}).items() if figures[n] > limit
    ]
    return [f"{name} is {value:.4f}, {words} of {limit:g}" for name, value, limit, words in low + high]
