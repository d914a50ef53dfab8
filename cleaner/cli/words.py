"""`cleaner words`: the word list of a site, for `--allow-words`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cleaner.cli.sources import STDIN, find_sources
from cleaner.cli.streams import FAILED, emit_text, say
from cleaner.decode import decode
from cleaner.errors import CleanerError


@click.command("words")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...|-]")
@click.option(
    "--documents", type=click.IntRange(min=1), default=3, show_default=True, help="Documents that must hold a word."
)
def command(paths: Sequence[Path], documents: int) -> None:
    """List the words of a site that no word list knows and that several of its documents hold, one a line.

    Look through the list, take out what is wrong, and give it to --allow-words. It holds words in lower case only;
    names are left alone anyhow.

    \b
    cleaner words site/ > site.words
    cleaner clean --allow-words site.words site/
    """
    from cleaner.typos import TyposStage, site_words

    sources, unreadable = find_sources(paths or [STDIN], None, asked="text")
    failed: list[str] = []
    texts = []
    for source in sources:
        try:
            texts.append(decode(source.read()).text)
        except CleanerError as error:
            say(f"{source.name}: {error}")
            failed.append(source.name)
    emit_text("".join(f"{word}\n" for word in site_words(texts, TyposStage(), documents)))
    if failed or unreadable:
        raise click.exceptions.Exit(FAILED)
