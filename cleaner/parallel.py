"""Batches of documents through one process or several, in order, with a bounded number on the way."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol, TypeVar

from cleaner.config import CleanConfig
from cleaner.cycles import collect_seldom
from cleaner.errors import CleanerError
from cleaner.pipeline import Cleaner
from cleaner.work import Document, Outcome, Wanted, clean_documents


class Batch(Protocol):
    """What is worked on at a time."""

    @property
    def documents(self) -> Sequence[Document]: ...


AnyBatch = TypeVar("AnyBatch", bound=Batch)

AHEAD = 3
"""Batches on the way for each worker: one that it works on, one that waits for it, one that waits to be written."""


def in_this_process(
    cleaner: Cleaner, batches: Iterable[AnyBatch], wanted: Wanted
) -> Generator[tuple[AnyBatch, list[Outcome]]]:
    """Each batch with the outcomes of its documents."""
    for batch in batches:
        yield batch, clean_documents(cleaner, batch.documents, wanted)


def in_workers(
    config: CleanConfig, batches: Iterable[AnyBatch], wanted: Wanted, workers: int
) -> Generator[tuple[AnyBatch, list[Outcome]]]:
    """The same by several processes: the same outcomes in the same order.

    Each worker loads its models once. When the iterator is closed or fails, the workers are ended.

    Raises:
        CleanerError: a worker died.
    """
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import BrokenProcessPool

    pool = ProcessPoolExecutor(workers, initializer=_load, initargs=(config, wanted))
    waiting: deque[tuple[AnyBatch, Any]] = deque()
    finished = started = False
    try:
        for batch in batches:
            with nullcontext() if started else _without_interrupts():  # the first call starts the workers
                waiting.append((batch, pool.submit(_work, batch.documents)))
            started = True
            if len(waiting) == AHEAD * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
        finished = True
    except BrokenProcessPool as error:
        raise CleanerError("a worker process died, perhaps for lack of memory; try fewer --workers") from error
    finally:
        with nullcontext() if finished else _without_interrupts(), nullcontext() if finished else _silent_threads():
            pool.shutdown(wait=True, kill_workers=not finished)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C does nothing for a moment; processes that are started in it inherit that, and leave it to this one."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread, which alone gets interrupts
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _silent_threads() -> Iterator[None]:
    """Threads may fail without a word: the pool's own trips over workers that are ended under its hands."""
    before, threading.excepthook = threading.excepthook, lambda _: None
    try:
        yield
    finally:
        threading.excepthook = before


_loaded: tuple[Cleaner, Wanted] | None = None


def _load(config: CleanConfig, wanted: Wanted) -> None:
    global _loaded
    collect_seldom()
    _loaded = Cleaner(config), wanted


def _work(documents: Sequence[Document]) -> list[Outcome]:
    assert _loaded is not None
    return clean_documents(_loaded[0], documents, _loaded[1])
