"""One call of `cleaner clean`: what comes out of each batch is written, counted and said."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.batches import Batch, batches
from cleaner.cli.counts import Counts
from cleaner.cli.delivery import Delivery
from cleaner.cli.progress import Progress
from cleaner.cli.sources import Source
from cleaner.cli.streams import Output, coloured, emit_text, say
from cleaner.errors import CleanerError, LedgerError
from cleaner.formats import copy, write
from cleaner.ledger import LedgerFile
from cleaner.pipeline import Cleaner
from cleaner.work import Document, Outcome, Wanted

if TYPE_CHECKING:
    from cleaner.cli.record_output import RecordOutput
    from cleaner.cli.rejects import Rejects
    from cleaner.report.page import Report


@dataclass(frozen=True)
class Request:
    """What a call asks for, beside its settings.

    Attributes:
        delivery: where texts go.
        headed: several texts on standard output get a line with their name.
        field: of a record; "": the usual one.
        added: columns that records get.
        rejects: the file for broken records.
        html: the file for the HTML report.
        workers: processes that clean; 1: this one.
        progress: show it always, never, or (None) on a terminal.
    """

    delivery: Delivery
    headed: bool = False
    field: str = ""
    added: tuple[str, ...] = ()
    rejects: Path | None = None
    html: Path | None = None
    workers: int = 1
    progress: bool | None = None


class Run:
    """Cleans and delivers.

    Args:
        cleaner: what cleans.
        request: what is asked for.
        wanted: what is made of each document beside its text.
        ledger: the ledger, if one is written.
    """

    def __init__(self, cleaner: Cleaner, request: Request, wanted: Wanted, ledger: LedgerFile | None) -> None:
        self.counts = Counts()
        self._cleaner = cleaner
        self._request = request
        self._wanted = wanted
        self._ledger = ledger
        self._output = Output()
        self._open: RecordOutput | None = None
        self._rejects: Rejects | None = None
        if request.rejects:
            from cleaner.cli.rejects import Rejects

            self._rejects = Rejects(request.rejects, request.delivery.suffix is not None or request.delivery.resume)
        self._report: Report | None = None
        if request.html:
            from cleaner.report.page import Report

            self._report = Report(request.html)
        self._progress = Progress(False, 0)

    def clean(self, sources: Sequence[Source]) -> None:
        """Clean and deliver all documents; what fails is said, and the others go on."""
        todo = [source for source in sources if not self._request.delivery.is_done(source)]
        self.counts.skipped = len(sources) - len(todo)
        self._progress = Progress(self._request.progress, sum(source.size() for source in todo))
        try:
            with closing(self._outcomes(todo)) as outcomes:
                for batch, done in outcomes:
                    self._deliver(batch, done)
                    self._output.flush()
                    self._progress.at(self.counts.read + batch.position, self.counts.documents)
            self._reported(lambda report: report.close())
        finally:
            self._progress.clear()
            if self._open:
                self._open.abandon()
            if self._rejects:
                self._rejects.close()

    def say(self, message: str) -> None:
        """One line for a person, in the place of the progress line."""
        self._progress.clear()
        say(message)

    def _outcomes(self, sources: Sequence[Source]) -> Generator[tuple[Batch, list[Outcome]]]:
        from cleaner.parallel import in_this_process, in_workers

        found = batches(sources, self._request.field, self._request.added)
        if self._request.workers > 1:
            return in_workers(self._cleaner.config, found, self._wanted, self._request.workers)
        return in_this_process(self._cleaner, found, self._wanted)

    def _deliver(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        if batch.file:
            self._deliver_records(batch, outcomes)
        elif batch.error:
            self._fail(batch.sources[0].name, batch.error)
        for source, document, outcome in zip(batch.sources, batch.documents, outcomes, strict=False):
            self._deliver_text(source, document, outcome)

    def _deliver_text(self, source: Source, document: Document, outcome: Outcome) -> None:
        self.counts.read += source.size() or len(document)
        if outcome.error:
            self._fail(source.name, outcome.error)
            return
        self._tell(document, outcome)
        if self._ledger:  # before the file is replaced: the way back is there first
            self._ledger.add(outcome.ledger)
            self._ledger.to_disk()
        try:
            self._write(source, outcome)
        except CleanerError as error:
            self._fail(source.name, str(error))
            return
        self.counts.add(outcome)

    def _write(self, source: Source, outcome: Outcome) -> None:
        delivery = self._request.delivery
        target = delivery.target(source)
        if delivery.check and outcome.changed:
            self.say(f"{source.name}: would change ({_what(outcome)})")
        if delivery.to_stdout:
            self._output.write(self._heading(source))
            self._output.write(outcome.cleaned)
        elif target and delivery.suffix is None:
            write(target, outcome.cleaned)
        elif target and outcome.changed:
            if delivery.suffix:
                copy(source.path, source.path.with_name(source.path.name + delivery.suffix))
            write(target, outcome.cleaned)

    def _heading(self, source: Source) -> bytes:
        """The line before one of several texts on standard output."""
        gap = "\n" if self.counts.documents else ""
        return f"{gap}==> {source.name} <==\n".encode("utf-8", "surrogateescape") if self._request.headed else b""

    def _deliver_records(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        assert batch.file
        if self._open is None:
            from cleaner.cli.record_output import RecordOutput

            delivery = self._request.delivery
            heading = self._heading(batch.file.source) if batch.file.table.name == "text" else b""
            self._open = RecordOutput(batch.file, delivery, self._output, self._ledger, self._rejects, heading)
        out = self._open
        try:
            if not out.is_dead:
                self._write_records(out, batch, outcomes)
        except LedgerError:  # without a way back nothing goes on
            raise
        except CleanerError as error:
            out.abandon()
            self._fail(batch.file.source.name, str(error))
        if batch.ends:
            self._open = None
            self.counts.read += batch.file.source.size() or batch.position
            batch.position = 0
            for line in out.last_words():
                self.say(line)

    def _write_records(self, out: RecordOutput, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        for record, place in batch.records:
            outcome = None if place is None else outcomes[place]
            error = record.error or (outcome.error if outcome else "")
            if error and batch.file and batch.file.table.name == "text":  # what is no text in its middle is none
                raise CleanerError(error)
            if error:
                self.counts.rejected += 1
                if message := out.reject(record, error):
                    self.say(message)
                continue
            if place is not None and outcome:
                self._tell(batch.documents[place], outcome)
                self.counts.add(outcome)
            out.write(record, outcome)
        out.flush()
        if batch.error:
            raise CleanerError(batch.error)
        if batch.ends:
            out.finish()

    def _tell(self, document: Document, outcome: Outcome) -> None:
        """Say, show and report what has become of a document."""
        self._reported(lambda report: report.add(document.name, outcome.picture, outcome.tally))
        for warning in outcome.warnings:
            self.say(f"{document.name}: {warning}")
        if outcome.diff:
            self._output.flush()
            lines = (line + "\n" for line in outcome.diff.split("\n")[:-1])
            emit_text("".join(map(_in_colour, lines)) if coloured() else outcome.diff)

    def _reported(self, work: Callable[[Report], None]) -> None:
        """Do something with the HTML report, if one is written; one that cannot be written is given up."""
        if self._report is None:
            return
        try:
            work(self._report)
        except CleanerError as error:
            self._report = None
            self._fail(str(self._request.html), str(error))

    def _fail(self, name: str, message: str) -> None:
        self.say(f"{name}: {message}")
        self.counts.failed += 1


def _what(outcome: Outcome) -> str:
    """What would change, in words."""
    return f"{outcome.recoded} becomes UTF-8" if outcome.recoded else str(outcome.tally)


_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def _in_colour(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return click.style(line, bold=True)
    return click.style(line, fg=_COLOURS.get(line[0]))
