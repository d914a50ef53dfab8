"""How often Python looks for cycles among objects, in processes that are our own: the command line and its workers.

A program that imports `cleaner` keeps its own settings.
"""

from __future__ import annotations

import gc

SELDOM = 50_000
"""So many more objects are there before Python looks for cycles among them; by itself it does at 700."""


def collect_seldom() -> None:
    """Look for cycles seldom: cleaning makes hardly any, and looking as often as usual takes a tenth of its time."""
    gc.set_threshold(SELDOM)


def leave_all() -> None:
    """Call this before the process ends: what is in memory then is not looked through once more."""
    gc.freeze()
