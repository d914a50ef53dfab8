"""`cleaner clean`: text in, clean text out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import click

from cleaner import __version__
from cleaner.cli.settings import Settings, model_names, with_settings
from cleaner.cli.sources import STDIN, Source, batches, find_sources
from cleaner.cli.streams import FAILED, FOUND, coloured, emit, emit_text, say
from cleaner.errors import CleanerError
from cleaner.formats import copy, encoded, in_own_line_ends, write
from cleaner.ledger import LedgerFile, records
from cleaner.pipeline import Cleaner
from cleaner.report import Tally, unified_diff
from cleaner.result import CleanResult


class CleanCommand(click.Command):
    """Click has no option whose value may be missing but never is the next argument; this makes `--in-place` one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `--in-place` as `--in-place=`."""
        end = args.index("--") if "--" in args else len(args)
        args = ["--in-place=" if arg == "--in-place" else arg for arg in args[:end]] + args[end:]
        return super().parse_args(ctx, args)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the cleaned text goes.

    Attributes:
        output: a file, or a folder if `is_folder`; None: standard output, if nothing else is asked for.
        suffix: replace each file, and keep the old one under its name with this suffix ("": do not keep it).
        check, diff: write no text; say what would change, show it.
    """

    output: Path | None = None
    is_folder: bool = False
    suffix: str | None = None
    check: bool = False
    diff: bool = False

    @property
    def to_stdout(self) -> bool:
        """Whether the text goes to standard output."""
        return self.output is None and self.suffix is None and not self.check and not self.diff

    def target(self, source: Source) -> Path | None:
        """The file that a document is written to."""
        if self.suffix is not None:
            return source.path
        return self.output / source.below if self.output and self.is_folder else self.output


@click.command("clean", cls=CleanCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...|-]")
@click.option("-o", "--output", metavar="PATH", help="Write to this file, or into this folder.")
@click.option("--in-place", metavar="[=SUFFIX]", help="Replace each file; with SUFFIX the old one is kept beside it.")
@click.option("--check", is_flag=True, help="Write no text; exit code 1 if something would change.")
@click.option("--diff", is_flag=True, help="Write no text, but a unified diff of what would change.")
@click.option("--ledger", type=click.Path(path_type=Path), metavar="FILE", help="Write every edit here (JSON Lines).")
@click.option("-q", "--quiet", is_flag=True, help="No summary, only errors and warnings.")
@with_settings
def command(
    paths: Sequence[Path],
    output: str | None,
    in_place: str | None,
    check: bool,
    diff: bool,
    ledger: Path | None,
    quiet: bool,
    settings: Settings,
) -> None:
    """Clean files, folders or standard input.

    Text goes to standard output unless -o or --in-place is given; several texts there are headed "==> name <==", as by
    head and tail. Folders are searched for .txt, .md and .text files, also packed with gzip (.gz).
    """
    paths = paths or [STDIN]
    output = None if output == "-" else output
    is_folder = output is not None and (output.endswith(os.sep) or Path(output).is_dir() or _are_many(paths))
    delivery = Delivery(Path(output) if output else None, is_folder, in_place, check, diff)
    _refuse_contradictions(delivery, paths, ledger)
    sources, unreadable = find_sources(paths, leave_out=delivery.output if is_folder else None)
    _refuse_collisions(delivery, sources, ledger)
    run = Run(settings.cleaner(), delivery, headed=_are_many(paths))
    with closing(LedgerFile(ledger, go_on=in_place is not None)) if ledger else nullcontext() as book:
        run.clean(sources, book)
    if not quiet:
        say(run.summary())
    if run.failed or unreadable:
        raise click.exceptions.Exit(FAILED)
    if check and run.changed:
        raise click.exceptions.Exit(FOUND)


def _are_many(paths: Sequence[Path]) -> bool:
    return len(paths) > 1 or any(path.is_dir() for path in paths)


def _refuse_contradictions(delivery: Delivery, paths: Sequence[Path], ledger: Path | None) -> None:
    ways = {
        "--output": delivery.output is not None,
        "--in-place": delivery.suffix is not None,
        "--check": delivery.check,
        "--diff": delivery.diff,
    }
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1 and given != ["--check", "--diff"]:
        raise click.UsageError(f"{' and '.join(given)} contradict each other; give one of them")
    if ledger == STDIN:
        raise click.UsageError("--ledger: give a file; standard output is for the text")
    if delivery.suffix and os.sep in delivery.suffix:
        raise click.UsageError(f"--in-place: the suffix '{delivery.suffix}' must be no path")
    if STDIN in paths and delivery.suffix is not None:
        raise click.UsageError("--in-place needs files; standard input has no place (leave out --in-place)")
    if STDIN in paths and delivery.is_folder:
        raise click.UsageError("--output: standard input has no name to go by in a folder; give a file")
    if delivery.is_folder and delivery.output and delivery.output.is_file():
        raise click.UsageError(f"--output: {delivery.output} is a file; several documents need a folder")


def _refuse_collisions(delivery: Delivery, sources: Sequence[Source], ledger: Path | None) -> None:
    """No document may overwrite another one, nor the ledger, nor the ledger a document."""
    targets: dict[Path, Source] = {}
    for source in sources:
        target = delivery.target(source)
        if target is None:
            continue
        other = targets.setdefault(target.absolute(), source)
        if other is not source:
            raise click.UsageError(f"--output: {other.name} and {source.name} would both be written to {target}")
    if ledger and ledger.absolute() in targets.keys() | {source.path.absolute() for source in sources}:
        raise click.UsageError(f"--ledger: {ledger} is also a document of this call; give another name")


@dataclass
class Run:
    """One call of the command: what it is doing, and what has become of it so far."""

    cleaner: Cleaner
    delivery: Delivery
    headed: bool
    done: int = 0
    changed: int = 0
    failed: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def clean(self, sources: Sequence[Source], ledger: LedgerFile | None) -> None:
        """Clean and deliver all documents; what fails is said, and the others go on."""
        models = model_names(self.cleaner.config) if ledger else {}
        for batch in batches(sources, self.failed):
            for (source, data), result in zip(batch, self._results(batch), strict=True):
                if result is None:
                    continue
                if ledger:  # before the file is replaced: the way back is there first
                    ledger.add(records(result, source.name, data, __version__, models))
                self._deliver(source, data, result)

    def _results(self, batch: Sequence[tuple[Source, bytes]]) -> Iterator[CleanResult | None]:
        """The result of each document of the batch; None for one that failed, which has been said."""
        try:
            results = list(self.cleaner.clean_many([data for _, data in batch]))
        except CleanerError:
            raise
        except Exception as error:  # a document that a stage cannot bear must not take the others with it
            if len(batch) > 1:
                for single in batch:
                    yield from self._results([single])
                return
            self._fail(batch[0][0], f"internal error, please report it: {type(error).__name__}: {error}")
            if os.environ.get("CLEANER_DEBUG"):
                raise
            yield None
            return
        for (source, data), result in zip(batch, results, strict=True):
            if result.decoded.method == "binary":
                self._fail(source, "; ".join(result.warnings))
                yield None
                continue
            for warning in result.warnings if data else ("is empty, there is nothing to clean",):
                say(f"{source.name}: {warning}")
            yield in_own_line_ends(result)

    def _deliver(self, source: Source, data: bytes, result: CleanResult) -> None:
        cleaned = encoded(result)
        changed = cleaned != data
        delivery, target = self.delivery, self.delivery.target(source)
        try:
            if delivery.diff:
                self._show(source, result)
            if delivery.check and changed:
                say(f"{source.name}: would change ({_what(result)})")
            if delivery.to_stdout:
                self._put_out(source, cleaned)
            elif delivery.suffix is not None and changed:
                if delivery.suffix:
                    copy(source.path, source.path.with_name(source.path.name + delivery.suffix))
                write(source.path, cleaned)
            elif target is not None and delivery.suffix is None:
                write(target, cleaned)
        except CleanerError as error:
            self._fail(source, str(error))
            return
        self.done += 1
        self.changed += changed
        self.tally += Tally.of(result)

    def _show(self, source: Source, result: CleanResult) -> None:
        lines = unified_diff(result, source.name)
        emit_text("".join(_in_colour(line) for line in lines) if coloured() else "".join(lines))

    def _put_out(self, source: Source, cleaned: bytes) -> None:
        if self.headed:
            gap = "\n" if self.done else ""
            emit(f"{gap}==> {source.name} <==\n".encode("utf-8", "surrogateescape"))
        emit(cleaned)

    def _fail(self, source: Source, message: str) -> None:
        say(f"{source.name}: {message}")
        self.failed.append(source.name)

    def summary(self) -> str:
        """What was done, in one line."""
        documents = "1 document" if self.done == 1 else f"{self.done} documents"
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{documents}{failed}: {self.tally}" if self.done else f"{documents}{failed}"


def _what(result: CleanResult) -> str:
    """What would change, in words."""
    if result.changes:
        return str(Tally.of(result))
    return f"{result.decoded.encoding} becomes UTF-8"


_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def _in_colour(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return click.style(line, bold=True)
    return click.style(line, fg=_COLOURS.get(line[0]))
