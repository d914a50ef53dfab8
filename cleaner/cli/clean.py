"""`cleaner clean`: texts and records in, the same cleaned out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path

import click

from cleaner import __version__
from cleaner.blas import make_one_thread
from cleaner.cli.delivery import are_many, delivery_of, refuse_collisions
from cleaner.cli.run import Request, Run
from cleaner.cli.settings import Choice, Settings, with_settings
from cleaner.cli.sources import STDIN, find_sources
from cleaner.cli.streams import FAILED, FOUND, say
from cleaner.cycles import collect_seldom
from cleaner.errors import CleanerError
from cleaner.formats import COLUMNS, FORMATS, write
from cleaner.ledger import LedgerFile, model_names
from cleaner.work import Wanted

_FILE = click.Path(path_type=Path)
_ADDED = tuple(name.removeprefix("cleaner_") for name in COLUMNS)


class CleanCommand(click.Command):
    """Click has no option whose value may be missing but never is the next argument; this makes `--in-place` one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `--in-place` as `--in-place=`."""
        end = args.index("--") if "--" in args else len(args)
        args = ["--in-place=" if arg == "--in-place" else arg for arg in args[:end]] + args[end:]
        return super().parse_args(ctx, args)


@click.command("clean", cls=CleanCommand)
@click.argument("paths", nargs=-1, type=_FILE, metavar="[PATH...|-]")
@click.option("-o", "--output", metavar="PATH", help="Write to this file, or into this folder.")
@click.option("--in-place", metavar="[=SUFFIX]", help="Replace each file; with SUFFIX the old one is kept beside it.")
@click.option("--resume", is_flag=True, help="With -o FOLDER: leave out what an earlier run has written.")
@click.option("--check", is_flag=True, help="Write no text; exit code 1 if something would change.")
@click.option("--diff", is_flag=True, help="Write no text, but a unified diff of what would change.")
@click.option("--ledger", type=_FILE, metavar="FILE", help="Write every edit here (JSON Lines).")
@click.option("--html", type=_FILE, metavar="FILE", help="Write a page here that shows what changed, and why.")
@click.option("--stats", type=_FILE, metavar="FILE", help="Write the figures of the summary here (JSON).")
@click.option(
    "--format",
    "format_",
    type=Choice(("auto", *FORMATS)),
    default="auto",
    metavar="FORMAT",
    help=f"What the files hold: {', '.join(FORMATS)}; without it their names and beginnings say so.",
)
@click.option("--field", default="", metavar="NAME", help="The field or column that holds the text (a.b: b in a).")
@click.option("--add", multiple=True, type=Choice(_ADDED), metavar="NAME", help="Add a field cleaner_NAME to records.")
@click.option("--rejects", type=_FILE, metavar="FILE", help="Put broken records here instead of leaving them in.")
@click.option("--workers", type=click.IntRange(min=1), default=1, metavar="N", help="Processes that clean.")
@click.option("--progress/--no-progress", default=None, help="Show how far it is; without it, on a terminal.")
@click.option("-q", "--quiet", is_flag=True, help="No summary and no progress, only errors and warnings.")
@with_settings
def command(
    paths: Sequence[Path],
    output: str | None,
    in_place: str | None,
    resume: bool,
    check: bool,
    diff: bool,
    ledger: Path | None,
    html: Path | None,
    stats: Path | None,
    format_: str,
    field: str,
    add: tuple[str, ...],
    rejects: Path | None,
    workers: int,
    progress: bool | None,
    quiet: bool,
    settings: Settings,
) -> None:
    """Clean files, folders or standard input.

    Text goes to standard output unless -o or --in-place is given; several texts there are headed "==> name <==", as by
    head and tail. Of JSON Lines, CSV, TSV and Parquet one field is cleaned (--field), and everything else stays; of web
    pages and web archives the text of the article is taken. All of them may be packed (.gz, .xz, .zst). Folders are
    searched for files with the usual endings.
    """
    collect_seldom()
    make_one_thread()
    paths = paths or [STDIN]
    asked = "" if format_ == "auto" else format_
    delivery = delivery_of(paths, output, in_place, check, diff, resume)
    leave_out = delivery.output if delivery.is_folder else None
    sources, unreadable = find_sources(paths, leave_out, asked, in_place=in_place is not None)
    refuse_collisions(delivery, sources, {"--ledger": ledger, "--rejects": rejects, "--html": html, "--stats": stats})
    cleaner = settings.cleaner()
    added = tuple(dict.fromkeys(f"cleaner_{name}" for name in add))
    request = Request(
        delivery,
        headed=are_many(paths),
        field=field,
        added=added,
        rejects=rejects,
        html=html,
        workers=workers,
        progress=False if quiet else progress,
    )
    models = model_names(cleaner.config) if ledger else {}
    wanted = Wanted(bool(ledger), diff, bool(html), added, __version__, models)
    go_on = in_place is not None or resume
    with closing(LedgerFile(ledger, go_on, in_place is not None)) if ledger else nullcontext() as book:
        run = Run(cleaner, request, wanted, book)
        run.clean(sources)
    if stats:
        _write_stats(stats, run)
    if not quiet:
        for line in run.counts.lines():
            say(line)
    if run.counts.failed or run.counts.rejected or unreadable:
        raise click.exceptions.Exit(FAILED)
    if check and run.counts.changed:
        raise click.exceptions.Exit(FOUND)


def _write_stats(path: Path, run: Run) -> None:
    try:
        write(path, (json.dumps(run.counts.to_dict(), indent=2) + "\n").encode())
    except CleanerError as error:
        raise CleanerError(f"{path}: {error}") from error
