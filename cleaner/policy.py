"""The noise policy: the labels, what they mean, and what happens to them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from cleaner.config import NoiseConfig
from cleaner.errors import ConfigError
from cleaner.hints import did_you_mean
from cleaner.resources import labels_path

REMOVE, FLAG, KEEP = "remove", "flag", "keep"


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the policy. `action` is "remove", "flag" or "keep"."""

    name: str
    definition: str
    examples: tuple[str, ...]
    action: str


@cache
def labels() -> Mapping[str, Label]:
    """The labels by name, in the order of `labels.toml`."""
    table = tomllib.loads(labels_path().read_text(encoding="utf-8"))
    return MappingProxyType(
        {name: Label(name, row["definition"], tuple(row["examples"]), row["action"]) for name, row in table.items()}
    )


def noise_labels() -> tuple[str, ...]:
    """The labels that are noise, in order: those that the policy removes or flags."""
    return tuple(name for name, label in labels().items() if label.action != KEEP)


def actions(config: NoiseConfig) -> dict[str, str]:
    """What happens to each label under `config`.

    Raises:
        ConfigError: `config` names a label that the policy does not have.
    """
    chosen = {name: label.action for name, label in labels().items()}
    for names, action in ((config.remove, REMOVE), (config.keep, KEEP)):
        for name in names:
            if name not in chosen:
                hint = did_you_mean(name, chosen, f"labels: {', '.join(chosen)}")
                raise ConfigError(f"unknown label '{name}'; {hint}")
            chosen[name] = action
    return chosen
