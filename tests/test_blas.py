"""Matrix products run in one thread while a text is cleaned, and in as many as before otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from conftest import ROOT

import cleaner.noise
from cleaner.blas import SETTINGS, _libraries, make_one_thread, one_thread
from cleaner.config import NoiseConfig
from cleaner.noise import NoiseStage


def threads() -> list[int]:
    return [library.get_num_threads() for library in _libraries()]


@pytest.fixture(autouse=True)
def two_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """As a machine with two cores or more has, on which nobody has set anything."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    before = threads()
    assert before, "NumPy has no BLAS that can be asked for its threads"
    for library in _libraries():
        library.set_num_threads(2)
    if set(threads()) != {2}:
        pytest.skip("there is one core, and no BLAS makes more than one thread")
    yield threads()
    for library, count in zip(_libraries(), before, strict=True):
        library.set_num_threads(count)


def test_inside_and_behind(two_threads: list[int]) -> None:
    with one_thread():
        assert set(threads()) == {1}
        with one_thread():
            assert set(threads()) == {1}
        assert set(threads()) == {1}
    assert threads() == two_threads


def test_behind_an_error(two_threads: list[int]) -> None:
    with pytest.raises(KeyError), one_thread():
        raise KeyError
    assert threads() == two_threads


def test_two_that_overlap_leave_what_was(two_threads: list[int]) -> None:
    """In two threads, the first to come is the first to go."""
    first, second = one_thread(), one_thread()
    with first:
        second.__enter__()
        assert set(threads()) == {1}
    second.__exit__(None, None, None)
    assert threads() == two_threads


def test_where_the_user_has_set_one_thread_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.blas._libraries", None)
    for name in SETTINGS:
        with monkeypatch.context() as setting:
            setting.setenv(name, "1")
            with one_thread():
                pass


def test_the_first_setting_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTINGS[1], "1")
    monkeypatch.setenv(SETTINGS[0], "2")
    with one_thread():
        assert set(threads()) == {1}


def test_the_noise_stage_cleans_in_one(monkeypatch: pytest.MonkeyPatch, two_threads: list[int]) -> None:
    seen: list[int] = []
    tokenize = cleaner.noise.tokenize
    monkeypatch.setattr(cleaner.noise, "tokenize", lambda texts: (seen.extend(threads()), tokenize(texts))[1])
    assert NoiseStage(NoiseConfig()).propose(["The ferry is late.\nShare on Facebook"])[0]
    assert set(seen) == {1}
    assert threads() == two_threads


def test_numpy_is_loaded_already(monkeypatch: pytest.MonkeyPatch) -> None:
    make_one_thread()
    assert SETTINGS[0] not in os.environ


COMMAND = """
import sys
from cleaner.cli import cli
cli(["clean", "-q", "-"], standalone_mode=False)
assert "threadpoolctl" not in sys.modules or sys.argv[1] == "2"
from cleaner.blas import _libraries
print("", *(library.get_num_threads() for library in _libraries()))
"""


@pytest.mark.parametrize("count", ["1", "2"])
def test_the_command_makes_no_other_threads_unless_the_user_says_so(count: str) -> None:
    if count == "2" and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) == 1:
        pytest.skip("there is one core, and no BLAS makes more than one thread")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({SETTINGS[0]: "2"} if count == "2" else {})
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, count], input="It is late.", stdout=subprocess.PIPE, env=environment, text=True,
        check=True,
    )  # fmt: skip
    assert ran.stdout.split() == ["It", "is", "late.", count]
