"""`cleaner sites`: learn what repeats across the pages of a site, show it, forget it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.settings import Choice
from cleaner.cli.sources import STDIN, Source, find_sources
from cleaner.cli.streams import FAILED, emit_text, say
from cleaner.errors import CleanerError, ConfigError
from cleaner.formats import FORMATS
from cleaner.sites.pages import FILE, Sample, read_sample, write_sample

if TYPE_CHECKING:
    from cleaner.sites.recurrence import Learned
    from cleaner.sites.rules import Repeated

_FOLDER = click.Path(path_type=Path)

SHOWN = 20
"""Sites, or broken records, that are told one by one; the others are counted."""


@click.group("sites")
def command() -> None:
    """Learn what repeats across the pages of each site, show it, forget it.

    \b
    cleaner sites learn crawl.jsonl.gz -o rules/
    cleaner sites show rules/ courier.example
    cleaner clean --sites rules/ crawl.jsonl.gz -o clean.jsonl.gz
    """


@command.command("learn")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...|-]")
@click.option("-o", "--output", type=_FOLDER, required=True, metavar="DIR", help="The folder of rules, SITE.toml each.")
@click.option("--merge", multiple=True, type=_FOLDER, metavar="DIR", help="Put in what was learnt in this folder.")
@click.option("--site", default="", metavar="SITE", help="The site of all documents; else records say their own.")
@click.option("--field", "text_field", default="", metavar="NAME", help="The field that holds the text.")
@click.option(
    "--format", "format_", type=Choice(("auto", *FORMATS)), default="auto", metavar="FORMAT", help="As for clean."
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, metavar="N", help="Processes; each reads whole files."
)
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
def learn(
    paths: Sequence[Path],
    output: Path,
    merge: Sequence[Path],
    site: str,
    text_field: str,
    format_: str,
    workers: int,
    quiet: bool,
) -> None:
    """Learn which lines and sentences repeat across the pages of each site, and write them as rules to a folder.

    A record says its site by its field `site` or `url`. A site needs five pages with different articles. Learning again
    adds to what the folder holds; so does --merge. What a person has written into the files stays as it is.
    """
    from cleaner.sites.address import plain
    from cleaner.sites.learning import learn_sites

    found, unreadable = _sources(paths, format_, bool(merge))
    sample = _known(output)
    for folder in merge:
        if not (folder / FILE).is_file():
            raise ConfigError(f"--merge: {folder} holds no {FILE}; nothing was learnt there")
        sample.merge(read_sample(folder / FILE))
    read = _read_all(found, text_field, plain(site), workers)
    for message in read.messages:
        say(message)
    sample.merge(read.sample)
    output.mkdir(parents=True, exist_ok=True)
    results = list(learn_sites(sample, output))
    write_sample(sample, output / FILE)
    if not quiet:
        for line in _summary(results, read, sample):
            say(line)
    if read.failed or unreadable:
        raise click.exceptions.Exit(FAILED)


@command.command("show")
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.argument("sites", nargs=-1, metavar="[SITE...]")
def show(folder: Path, sites: Sequence[str]) -> None:
    """List the sites of a folder of rules, or print the rules of some of them."""
    from cleaner.sites.address import file_name, plain
    from cleaner.sites.book import site_names
    from cleaner.sites.rules import read_rules, read_text

    _refuse_no_folder(folder)
    names = [plain(site) for site in sites] or site_names(folder)
    if not names:
        say(f"{folder}: no rules; learn them with 'cleaner sites learn', or write SITE.toml")
    failed = False
    for name in names:
        path = folder / file_name(name)
        try:
            if sites:
                emit_text(read_text(path))
                continue
            rules = read_rules(path)
        except ConfigError as error:
            say(str(error))
            failed = True
            continue
        own = f"remove {len(rules.remove)}, keep {len(rules.keep)}, words {len(rules.allow_words)}"
        emit_text(f"{name}: {own}; learnt from {rules.repeated.pages} pages: {_counts(rules.repeated)}\n")
    if failed:
        raise click.exceptions.Exit(FAILED)


@command.command("forget")
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.argument("sites", nargs=-1, required=True, metavar="SITE...")
def forget(folder: Path, sites: Sequence[str]) -> None:
    """Forget what was learnt of some sites. What a person has written into their files stays."""
    from cleaner.sites.address import file_name, plain
    from cleaner.sites.learning import write_learned
    from cleaner.sites.recurrence import Learned

    _refuse_no_folder(folder)
    sample = _known(folder)
    unknown = []
    for name in map(plain, sites):
        path = folder / file_name(name)
        was_there = path.is_file()
        write_learned(path, name, Learned())
        if not sample.forget(name) and not was_there:
            unknown.append(name)
    write_sample(sample, folder / FILE)
    if unknown:
        raise CleanerError(f"{folder}: nothing is known of {', '.join(unknown)}")


# ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Read:
    """What was read: a sample of the pages, and what is to be said of it."""

    sample: Sample = field(default_factory=Sample)
    documents: int = 0
    nameless: int = 0
    failed: int = 0
    messages: list[str] = field(default_factory=list)

    def fail(self, message: str) -> None:
        """Something could not be read."""
        self.failed += 1
        if self.failed <= SHOWN:
            self.messages.append(message)

    def add(self, other: Read) -> None:
        """What another process has read."""
        self.sample.merge(other.sample)
        self.documents += other.documents
        self.nameless += other.nameless
        self.failed += other.failed
        self.messages += other.messages


def _refuse_no_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}; name the one that 'cleaner sites learn -o' has written")


def _known(folder: Path) -> Sample:
    return read_sample(folder / FILE) if (folder / FILE).is_file() else Sample()


def _sources(paths: Sequence[Path], format_: str, merges: bool) -> tuple[list[Source], int]:
    """The files to read; with nothing named standard input, unless folders are merged."""
    if not paths and merges:
        return [], 0
    return find_sources(paths or [STDIN], None, "" if format_ == "auto" else format_)


def _read_all(sources: Sequence[Source], text_field: str, site: str, workers: int) -> Read:
    """Read all files, with several processes if that is wanted."""
    if workers == 1 or len(sources) < 2:
        return _read(sources, text_field, site)
    from joblib import Parallel, delayed

    total = Read()
    shares = [sources[n::workers] for n in range(min(workers, len(sources)))]
    for part in Parallel(n_jobs=len(shares))(delayed(_read)(share, text_field, site) for share in shares):
        total.add(part)
    return total


def _read(sources: Sequence[Source], text_field: str, site: str) -> Read:
    """The pages of some files."""
    from cleaner.cli.batches import batches
    from cleaner.config import CleanConfig
    from cleaner.pipeline import Cleaner

    read = Read()
    repair = Cleaner(CleanConfig(stages=("repair",)))  # lines are compared as the noise stage will see them
    for batch in batches(sources, text_field, ()):
        name = batch.file.source.name if batch.file else ""
        for record, _ in batch.records:
            if record.error:
                read.fail(f"{name}:{record.number}: {record.error}")
        if batch.error:
            read.fail(f"{name or batch.sources[0].name}: {batch.error}")
        documents = [d for d in batch.documents if site or d.site]
        read.documents += len(batch.documents)
        read.nameless += len(batch.documents) - len(documents)
        try:
            texts = [_extracted(d.source) if d.is_page else d.source for d in documents]
        except CleanerError as error:
            read.fail(f"{name}: {error}")
            continue
        for document, result in zip(documents, repair.clean_many(texts), strict=True):
            if result.decoded.method == "binary":
                read.fail(f"{document.name}: {'; '.join(result.warnings)}")
            else:
                read.sample.add(site or document.site, result.text)
    return read


def _extracted(page: str | bytes) -> str:
    from cleaner.formats.markup import extracted

    return extracted(page)


def _counts(found: Learned | Repeated) -> str:
    return f"lines {len(found.lines)}, frames {len(found.frames)}, sentences {len(found.sentences)}"


def _summary(results: Sequence[tuple[str, Learned]], read: Read, sample: Sample) -> Iterator[str]:
    from cleaner.sites.recurrence import LEAST_PAGES

    told = few = 0
    for site, found in results:
        few += found.pages < LEAST_PAGES
        if found and told < SHOWN:
            yield f"{site}: {_counts(found)}; from {found.pages} articles of about {sample.seen(site)} pages"
            told += 1
    more = sum(bool(found) for _, found in results)
    yield f"{read.documents} documents read; something repeats on {more} of {len(results)} sites"
    if few:
        yield f"sites with fewer than {LEAST_PAGES} different articles, of which nothing is learnt yet: {few}"
    if read.nameless:
        yield f"documents that name no site (a field site or url, or --site): {read.nameless}"
    if sample.share < 1:
        yield f"too many sites for one go: 1 in {round(1 / sample.share)} was learnt; give the others by themselves"
