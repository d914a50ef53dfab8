"""The options that say how to clean, and where they come from: defaults, then a configuration file, then the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from cleaner.config import STAGES, CleanConfig
from cleaner.errors import ConfigError
from cleaner.hints import did_you_mean
from cleaner.pipeline import Cleaner


class Choice(click.Choice[str]):
    """A choice that answers a wrong value with the nearest right one."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """The message for a value that is none of the choices."""
        hint = did_you_mean(str(value), self.choices, f"use one of {', '.join(self.choices)}")
        return f"unknown value '{value}'; {hint}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the call says about how to clean; None and empty where it says nothing."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    budget: float | None = None
    max_removed: float | None = None
    allow_words: tuple[Path, ...] = ()
    config: Path | None = None
    sites: Path | None = None
    site: str = ""

    def resolved(self) -> CleanConfig:
        """The whole configuration.

        Raises:
            ConfigError: a configuration file or a value cannot be understood, or a label is unknown.
        """
        path = self.config or nearest_config(Path.cwd())
        config = CleanConfig.from_toml(path) if path else CleanConfig()
        noise = replace(
            config.noise,
            remove=_joined(config.noise.remove, self.remove, self.keep),
            keep=_joined(config.noise.keep, self.keep, self.remove),
            budget=config.noise.budget if self.budget is None else self.budget,
        )
        if noise.remove or noise.keep:
            from cleaner.policy import actions

            actions(noise)
        allowed = tuple(word for path in self.allow_words for word in read_words(path))
        typos = replace(config.typos, allow_words=(*config.typos.allow_words, *allowed))
        stages = tuple(s for s in self.only or config.stages if s not in self.skip)
        limit = config.max_removed if self.max_removed is None else self.max_removed
        sites = config.sites if self.sites is None else str(self.sites)
        site = self.site or config.site
        return replace(config, stages=stages, max_removed=limit, sites=sites, site=site, noise=noise, typos=typos)

    def cleaner(self) -> Cleaner:
        """A cleaner that does what the call says."""
        return Cleaner(self.resolved())


def _joined(from_file: tuple[str, ...], from_call: tuple[str, ...], against: tuple[str, ...]) -> tuple[str, ...]:
    """What the call says comes on top of the file, and wins where they differ."""
    both = set(from_call) & set(against)
    if both:
        raise ConfigError(f"--remove and --keep both name {', '.join(sorted(both))}")
    return tuple(dict.fromkeys(label for label in (*from_file, *from_call) if label not in against))


def read_words(path: Path) -> tuple[str, ...]:
    """The words of a list, one a line; what stands behind a # is a comment.

    Raises:
        ConfigError: the file cannot be read, is no UTF-8, or a line holds more than one word.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8; save the word list as UTF-8") from error
    words = []
    for number, line in enumerate(lines, 1):
        parts = line.partition("#")[0].split()
        if len(parts) > 1:
            raise ConfigError(f"{path}:{number}: more than one word in a line: {' '.join(parts)}")
        words += parts
    return tuple(words)


def nearest_config(folder: Path) -> Path | None:
    """The `cleaner.toml`, or the `pyproject.toml` with a table `[tool.cleaner]`, of the folder or one above it."""
    for here in (folder, *folder.parents):
        if (here / "cleaner.toml").is_file():
            return here / "cleaner.toml"
        project = here / "pyproject.toml"
        if project.is_file() and _mentions_cleaner(project):
            return project
    return None


def _mentions_cleaner(path: Path) -> bool:
    try:
        return b"[tool.cleaner" in path.read_bytes()
    except OSError:  # a project file that we may not read is not meant for us
        return False


_OPTIONS = (  # those with a STAGE or a LABEL and --allow-words can be repeated
    click.option("--only", multiple=True, type=Choice(STAGES), metavar="STAGE", help="Run only this stage."),
    click.option("--skip", multiple=True, type=Choice(STAGES), metavar="STAGE", help="Leave this stage out."),
    click.option("--remove", multiple=True, metavar="LABEL", help="Remove this kind of noise, e.g. off_topic."),
    click.option("--keep", multiple=True, metavar="LABEL", help="Leave this kind of noise in the text."),
    click.option("--budget", type=float, metavar="WORDS", help="Clean words that may be lost per 10,000."),
    click.option("--max-removed", type=float, metavar="SHARE", help="Leave a text that would lose more of its words."),
    click.option(
        "--allow-words",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Words that are right as they stand, one a line; 'cleaner words' lists those of a site.",
    ),
    click.option(
        "--sites",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Rules for sites, SITE.toml each; written by hand, or by 'cleaner sites learn'.",
    ),
    click.option(
        "--site",
        default="",
        metavar="SITE",
        help="The site of all documents: its name in --sites, or its file of rules; else records say their own.",
    ),
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Settings, in TOML; without it the nearest cleaner.toml, or [tool.cleaner] in pyproject.toml.",
    ),
)


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options above; it gets them as one `Settings`, its argument `settings`."""

    def called(
        only: tuple[str, ...],
        skip: tuple[str, ...],
        remove: tuple[str, ...],
        keep: tuple[str, ...],
        budget: float | None,
        max_removed: float | None,
        allow_words: tuple[Path, ...],
        sites: Path | None,
        site: str,
        config: Path | None,
        **others: Any,
    ) -> Any:
        settings = Settings(only, skip, remove, keep, budget, max_removed, allow_words, config, sites, site)
        return command(settings=settings, **others)

    called.__doc__ = command.__doc__
    called.__click_params__ = list(getattr(command, "__click_params__", ()))  # type: ignore[attr-defined]
    for option in reversed(_OPTIONS):
        called = option(called)
    return called
