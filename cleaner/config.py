"""Settings: frozen, complete, and the same whether they come from Python, TOML or the command line.

    stages = ["repair", "typos", "noise"]
    max_removed = 0.95

    [noise]
    remove = ["off_topic"]

The same keys stand under `[tool.cleaner]` in a `pyproject.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from cleaner.errors import ConfigError
from cleaner.hints import did_you_mean
from cleaner.resources import beside

STAGES = ("repair", "typos", "noise")
"""In the order in which they run: noise is judged by its words, so they are repaired first."""
PRESETS = ("strict", "normal")


@dataclass(frozen=True, slots=True)
class RepairConfig:
    """Encoding and character repair. Everything that changes how clean text looks is off.

    Attributes:
        exact: only what ftfy's `fix_text` does with the same settings: no evidence of the document, no escapes, no
            invisible characters but those that ftfy takes out.
        entities: decode HTML entities (`&amp;`).
        invisibles: take out zero-width and control characters that carry no meaning.
        escapes: decode written-out escapes (`\\u201c`, `%20`) where the evidence is strong.
        uncurl_quotes: turn curly quotes into straight ones; harms clean typography.
        ligatures: turn ligatures such as U+FB01 into letters.
        widths: turn full-width and half-width forms into the usual ones; harms East Asian text.
        normalization: a Unicode form ("NFC", "NFKC", ...), or "" to leave the form alone.
    """

    exact: bool = False
    entities: bool = True
    invisibles: bool = True
    escapes: bool = True
    uncurl_quotes: bool = False
    ligatures: bool = False
    widths: bool = False
    normalization: str = ""

    def __post_init__(self) -> None:
        _one_of("repair.normalization", self.normalization, ("", "NFC", "NFD", "NFKC", "NFKD"))


@dataclass(frozen=True, slots=True)
class NoiseConfig:
    """Off-topic text and boilerplate.

    Attributes:
        model: name of a shipped model, or the path of a model directory; in a file of settings that is relative to
            the file.
        budget: clean words that may be lost per 10,000; one of the budgets that the model was calibrated for.
        remove: labels to remove that the policy only flags or keeps.
        keep: labels to leave in the text although the policy removes them.
    """

    model: str = "noise"
    budget: float = 2.0
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.budget <= 10_000:
            raise ConfigError(f"noise.budget is {self.budget:g}; it must be above 0 (clean words lost per 10,000)")
        both = sorted(set(self.remove) & set(self.keep))
        if both:
            raise ConfigError(f"noise.remove and noise.keep both name {', '.join(both)}")


@dataclass(frozen=True, slots=True)
class TyposConfig:
    """Spelling and spacing.

    Attributes:
        preset: "strict" (fixes only what is certain) or "normal" (more fixes, more risk).
        allow_words: words that are right as they stand.
        disable: names of rules to switch off.
    """

    preset: str = "strict"
    allow_words: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("typos.preset", self.preset, PRESETS)


@dataclass(frozen=True, slots=True)
class CleanConfig:
    """All settings of a `Cleaner`.

    Attributes:
        stages: which stages run, always in the order repair, typos, noise.
        max_removed: a document that would lose a larger share of its words to the noise stage is left as it is.
        sites: the folder with the rules of sites, SITE.toml each; "": there are none. In a file of settings it is
            relative to that file.
        site: the site of every document, by its name in `sites` or as the path of its file of rules (SITE.toml); "":
            each document says its own.
        repair, noise, typos: the settings of each stage.
    """

    stages: tuple[str, ...] = STAGES
    max_removed: float = 0.95
    sites: str = ""
    site: str = ""
    repair: RepairConfig = field(default_factory=RepairConfig)
    noise: NoiseConfig = field(default_factory=NoiseConfig)
    typos: TyposConfig = field(default_factory=TyposConfig)

    def __post_init__(self) -> None:
        for stage in self.stages:
            _one_of("stages", stage, STAGES)
        if not 0 <= self.max_removed <= 1:
            raise ConfigError(f"max_removed is {self.max_removed:g}; it must be a share between 0 and 1")
        object.__setattr__(self, "stages", tuple(s for s in STAGES if s in self.stages))

    @classmethod
    def from_toml(cls, path: str | Path) -> CleanConfig:
        """Read settings from `path`; in a `pyproject.toml` they stand under `[tool.cleaner]`. Paths in it are relative
        to it.

        Raises:
            ConfigError: the file is missing, is no TOML, or holds an unknown key or a value of the wrong type.
        """
        path = Path(path)
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not valid TOML: {error}") from error
        if path.name == "pyproject.toml":
            table = table.get("tool", {}).get("cleaner", {})
        try:
            config = cls.from_dict(table)
            sites = config.sites and str(path.parent / config.sites)
            site = str(path.parent / config.site) if config.site.endswith(".toml") else config.site
            noise = replace(config.noise, model=beside(config.noise.model, path.parent))
            return replace(config, sites=sites, site=site, noise=noise)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> CleanConfig:
        """Settings from nested tables, as TOML gives them; what is missing has its default."""
        config = _read(cls(), table, "")
        assert isinstance(config, cls)
        return config


def _read(defaults: Any, table: Mapping[str, Any], prefix: str) -> Any:
    names = [f.name for f in fields(defaults)]
    hints = get_type_hints(type(defaults))
    values = {}
    for key, value in table.items():
        if key not in names:
            hint = did_you_mean(key, names, f"known keys: {', '.join(names)}", prefix)
            raise ConfigError(f"unknown key '{prefix}{key}'; {hint}")
        values[key] = _value(f"{prefix}{key}", getattr(defaults, key), hints[key], value)
    return replace(defaults, **values)


def _value(name: str, default: Any, kind: Any, value: Any) -> Any:
    if is_dataclass(default):
        if not isinstance(value, Mapping):
            raise ConfigError(f"'{name}' must be a table, [{name}]")
        return _read(default, value, f"{name}.")
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ConfigError(f"'{name}' must be a list of strings")
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise ConfigError(f"'{name}' must be a {type(default).__name__}, not {value!r}")
    return value


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        hint = did_you_mean(value, allowed, f"use one of {', '.join(repr(a) for a in allowed)}")
        raise ConfigError(f"{name}: unknown value '{value}'; {hint}")
