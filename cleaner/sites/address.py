"""The name of a site: as it is given, or the host of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

LONGEST_NAME = 80
"""Characters of a site's name; a longer one is none, and its file could not be written."""

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^:/?#\s]+)", re.IGNORECASE)


def site_name(site: Any, url: Any) -> str:
    """The site of a record, by what its fields `site` and `url` hold; "" where neither says it."""
    if isinstance(site, str) and site.strip():
        return plain(site)
    match = _HOST.match(url.strip()) if isinstance(url, str) else None
    return plain(match[1]) if match else ""


def plain(site: str) -> str:
    """The name in lower case, without "www." and full stops at its ends."""
    name = site.strip().lower().strip(".").removeprefix("www.")
    return name if len(name) <= LONGEST_NAME else ""


def relatives(site: str) -> Iterator[str]:
    """The site, then the domains that it is part of, the nearest first: sport.courier.example, courier.example."""
    yield site
    while site.count(".") > 1:
        site = site.partition(".")[2]
        yield site


def file_name(site: str) -> str:
    """The name of the file of a site in a folder of rules."""
    from urllib.parse import quote  # most runs know no site

    return f"{quote(site, safe=' ')}.toml"
