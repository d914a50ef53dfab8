"""The rules of many sites: a folder with one file each, read when a document of the site comes along."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cleaner.config import CleanConfig
from cleaner.errors import ConfigError
from cleaner.hints import did_you_mean
from cleaner.sites.address import file_name, plain, relatives
from cleaner.sites.rules import SiteRules, read_rules


@dataclass(frozen=True, slots=True)
class Book:
    """Gives the rules of each site.

    Args:
        folder: with the files; None: there are none.
        only: the rules of all documents, whatever site they name.
        known: rules by site, as far as they have been looked up.
    """

    folder: Path | None
    only: SiteRules | None = None
    known: dict[str, SiteRules | None] = field(default_factory=dict)

    def rules(self, site: str) -> SiteRules | None:
        """The rules of a site, or those of the domain that it is part of; None where there are none.

        Raises:
            ConfigError: its file cannot be read or understood.
        """
        if self.only or not site:
            return self.only
        if site not in self.known:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[site] = self._read(site)
        return self.known[site]

    def _read(self, site: str) -> SiteRules | None:
        for name in relatives(plain(site)):
            if self.folder and name and (path := self.folder / file_name(name)).is_file():
                return read_rules(path)
        return None


MOST_KNOWN = 10_000
"""Sites whose rules are held in memory."""


def open_book(config: CleanConfig) -> Book | None:
    """The rules that `config` names; None where it names none.

    Raises:
        ConfigError: the folder is none, `config.site` has no rules, or they cannot be understood.
    """
    if not (config.sites or config.site):
        return None
    folder = Path(config.sites) if config.sites else None
    if folder and not folder.is_dir():
        raise ConfigError(f"sites: there is no folder {folder}; make it, with SITE.toml for each site")
    if config.site.endswith(".toml"):
        return Book(folder, read_rules(Path(config.site)))
    if not config.site:
        return Book(folder)
    if folder is None:
        raise ConfigError(f"site '{config.site}': no folder of rules is given (--sites DIR); or name a file, SITE.toml")
    rules = Book(folder).rules(config.site)
    if rules is None:
        names = site_names(folder)
        hint = did_you_mean(config.site, names, f"it has: {', '.join(names[:20]) or 'none'}")
        raise ConfigError(f"site '{config.site}': {folder} has no rules for it; {hint}")
    return Book(folder, rules)


def site_names(folder: Path) -> list[str]:
    """The sites that a folder has rules for."""
    from urllib.parse import unquote  # most runs know no site

    return sorted(unquote(path.stem) for path in folder.glob("*.toml"))
