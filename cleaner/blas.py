"""Matrix products in one thread.

NumPy hands them to a BLAS, which deals each out to as many threads as there are cores. Those of cleaning are too small
for that: with two threads they end no sooner, and the threads wait for the next one by spinning, so that all stages
take twice the CPU. Where several processes clean side by side they would take it from each other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""What says how many threads the BLAS of NumPy's wheels makes when it is loaded; the first one that is set counts."""


def make_one_thread() -> None:
    """Call this before NumPy is loaded, in a process that does nothing but clean. It costs nothing, and what the user
    has set stays."""
    if not _set() and "numpy" not in sys.modules:
        os.environ[SETTINGS[0]] = "1"


def _set() -> str:
    return next((os.environ[name] for name in SETTINGS if os.environ.get(name)), "")


@contextmanager
def one_thread() -> Iterator[None]:
    """Matrix products in here run in one thread.

    Of two calls that overlap, in two threads, the first one to come sets the number back when it leaves: then the other
    one takes more CPU, and nothing worse. (OpenBLAS has one number for all threads.)
    """
    if _set() == "1":
        yield
        return
    before = [(library, library.get_num_threads()) for library in _libraries()]
    for library, count in before:
        if count > 1:
            library.set_num_threads(1)
    try:
        yield
    finally:
        for library, count in before:
            if count > 1:
                library.set_num_threads(count)


@cache
def _libraries() -> list[Any]:
    """The BLAS libraries that are loaded; NumPy's is by then."""
    from threadpoolctl import ThreadpoolController

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
