"""Where cleaned texts go: standard output, a file, a folder, the place they came from, or nowhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from cleaner.cli.sources import STDIN, Source
from cleaner.formats import EXTRACTED, format_of_name


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the cleaned text goes.

    Attributes:
        output: a file, or a folder if `is_folder`; None: standard output, if nothing else is asked for.
        suffix: replace each file, and keep the old one under its name with this suffix ("": do not keep it).
        check, diff: write no text; say what would change, show it.
        resume: leave out what is there already.
    """

    output: Path | None = None
    is_folder: bool = False
    suffix: str | None = None
    check: bool = False
    diff: bool = False
    resume: bool = False

    @property
    def to_stdout(self) -> bool:
        """Whether the text goes to standard output."""
        return self.output is None and self.suffix is None and not self.check and not self.diff

    def target(self, source: Source) -> Path | None:
        """The file that a document is written to."""
        if self.check or self.diff:
            return None
        if self.suffix is not None:
            return source.path
        return self.output / source.written_below() if self.output and self.is_folder else self.output

    def is_done(self, source: Source) -> bool:
        """Whether an earlier run has written this one; a file is written whole or not at all, so being there is enough,
        unless the source has been changed since."""
        target = self.target(source)
        try:
            return bool(self.resume and target and target.stat().st_mtime_ns >= source.path.stat().st_mtime_ns)
        except OSError:
            return False


def delivery_of(
    paths: Sequence[Path], output: str | None, suffix: str | None, check: bool, diff: bool, resume: bool
) -> Delivery:
    """The delivery that the options of a call describe.

    Raises:
        UsageError: they contradict each other, or the paths.
    """
    output = None if output == "-" else output
    is_folder = output is not None and (output.endswith(os.sep) or Path(output).is_dir() or are_many(paths))
    delivery = Delivery(Path(output) if output else None, is_folder, suffix, check, diff, resume)
    _refuse_contradictions(delivery, paths)
    return delivery


def are_many(paths: Sequence[Path]) -> bool:
    """Whether these may be several documents."""
    return len(paths) > 1 or any(path.is_dir() for path in paths)


def _refuse_contradictions(delivery: Delivery, paths: Sequence[Path]) -> None:
    ways = {
        "--output": delivery.output is not None,
        "--in-place": delivery.suffix is not None,
        "--check": delivery.check,
        "--diff": delivery.diff,
    }
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1 and given != ["--check", "--diff"]:
        raise click.UsageError(f"{' and '.join(given)} contradict each other; give one of them")
    if delivery.suffix and os.sep in delivery.suffix:
        raise click.UsageError(f"--in-place: the suffix '{delivery.suffix}' must be no path")
    if STDIN in paths and delivery.suffix is not None:
        raise click.UsageError("--in-place needs files; standard input has no place (leave out --in-place)")
    if STDIN in paths and delivery.is_folder:
        raise click.UsageError("--output: standard input has no name to go by in a folder; give a file")
    if delivery.is_folder and delivery.output and delivery.output.is_file():
        raise click.UsageError(f"--output: {delivery.output} is a file; several documents need a folder")
    if delivery.resume and not delivery.is_folder:
        raise click.UsageError("--resume: goes on in a folder of cleaned files; name it with -o")


def refuse_collisions(delivery: Delivery, sources: Sequence[Source], others: dict[str, Path | None]) -> None:
    """No document may overwrite another one or, but for `--in-place`, its original, and no other file that is written
    a document.

    Args:
        delivery: where documents go.
        sources: the documents.
        others: further files that are written, by option.
    """
    targets: dict[Path, Source] = {}
    originals = set() if delivery.suffix is not None else {source.path.resolve() for source in sources}
    for source in sources:
        if delivery.suffix is not None and (source.asked or format_of_name(source.name)) in EXTRACTED:
            raise click.UsageError(f"--in-place: {source.name} would become another kind of file; give a folder (-o)")
        target = delivery.target(source)
        if target is None:
            continue
        if target.resolve() in originals:
            raise click.UsageError(
                f"--output: {target} is a document of this call and would be overwritten; give another place, or say "
                "--in-place to replace it"
            )
        other = targets.setdefault(target.absolute(), source)
        if other is not source:
            raise click.UsageError(f"--output: {other.name} and {source.name} would both be written to {target}")
    taken = targets.keys() | {source.path.absolute() for source in sources}
    for option, path in others.items():
        if path == STDIN:
            raise click.UsageError(f"{option}: give a file; standard output is for the text")
        if path and path.absolute() in taken:
            raise click.UsageError(f"{option}: {path} is also a document of this call; give another name")
        if path:
            taken.add(path.absolute())
