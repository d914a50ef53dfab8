"""What several test files share: small stages whose edits can be read off the text, and a way to call the command line.

Stages of our own keep these tests apart from models: what they check is the pipeline, the ledger and the command line.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from cleaner.cli import cli
from cleaner.config import CleanConfig
from cleaner.edits import Edit
from cleaner.labeller import Pieces
from cleaner.pipeline import Cleaner, Stage

ROOT = Path(__file__).resolve().parent.parent

# A busy machine is no failure, and what CI says must not depend on chance.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")

TRAINING = ("test_train.py", "test_train_add.py")
"""Files whose tests share what takes long to make."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Deals out the tests one by one, but those of a file of `TRAINING` to one process, and these first."""

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, _ = nodeid.partition("::")
            return file if file.endswith(TRAINING) else nodeid

    return Scheduling(config, log)


@dataclass(frozen=True)
class PatternStage:
    """A stage that replaces what its pattern matches."""

    name: str
    pattern: re.Pattern[str]
    replacement: str
    label: str = ""
    cut: float = 0.5

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        return [tuple(self._edit(match) for match in self.pattern.finditer(text)) for text in texts]

    def threshold(self, edit: Edit) -> float:
        return self.cut

    def _edit(self, match: re.Match[str]) -> Edit:
        if "crash" in match.group():
            raise RuntimeError("a stage that has met what it cannot bear")
        score = 0.2 if "perhaps" in match.group() else 0.9
        return Edit(match.start(), match.end(), self.replacement, self.name, f"{self.name}_rule", score, self.label)


def small_stages(config: CleanConfig) -> tuple[Stage, ...]:
    """repair: `&amp;` is `&`; noise: lines with SPAM go, with "perhaps" too they are flagged; typos: `teh` is `the`."""
    every = (
        PatternStage("repair", re.compile("(?<=&)amp;"), ""),
        PatternStage("noise", re.compile(r"\n[^\n]*SPAM[^\n]*|\A[^\n]*SPAM[^\n]*(?:\n|\Z)"), "", "keyword_spam"),
        PatternStage("typos", re.compile(r"(?<=\bt)eh(?=\b)"), "he"),
    )
    return tuple(stage for stage in every if stage.name in config.stages)


@pytest.fixture
def small_cleaner() -> Cleaner:
    """A cleaner with the small stages."""
    return Cleaner(stages=small_stages(CleanConfig()))


@pytest.fixture
def small_cached(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Integrations clean with the small stages."""
    from cleaner.integrations.cleaning import cached_cleaner

    monkeypatch.setattr("cleaner.pipeline.build_stages", small_stages)
    cached_cleaner.cache_clear()
    yield
    cached_cleaner.cache_clear()


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Call the command line in this process, with the small stages, in an empty folder."""
    monkeypatch.setattr("cleaner.pipeline.build_stages", small_stages)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin, prog_name="cleaner")

    return run


def cleaner_process(
    *arguments: object, stdin: bytes = b"", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m cleaner` of this checkout as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=120,
        check=False,
    )


def inside_lines(texts: Sequence[str], known: Sequence[str] = ()) -> Pieces:
    """Pieces of noise that stand inside lines, none beside another."""
    nowhere = np.zeros(len(texts), np.bool_)
    return Pieces(texts, nowhere, nowhere, nowhere, known or [""] * len(texts))
