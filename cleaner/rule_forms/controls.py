"""What stands on buttons and links, word for word.

Alone on a line of prose such words are what a scrape has left. Elsewhere they may be a heading, a step, an item of a
list or a field of a form, and are left to the model (`Surroundings`). In 17,264 clean articles three lines are of
these forms and of no other; all are leftovers.
"""

from __future__ import annotations

import re
from functools import cached_property

from cleaner.rule_forms.form import PAGE, Form

_PAGES = PAGE.split("|")
_THESE_PAGES = [f"this {page}" for page in _PAGES]
_NAVIGATION = (
    "sign in, log in, login, sign up, log out, sign in or register, log in or register, log in or sign up,"
    " create account, create an account, forgot password, forgot your password, back to top, top of page, go to top,"
    " main menu, menu, close menu, open menu, search this site, search the site, search for, quick links, site map,"
    " sitemap, continue reading, continue reading the main story, read full story, read full article,"
    " read the full story, read the full article, show more, show less, see more, view more, view all, see all,"
    " view as single page, view full site, next article, previous article, next story, previous story, next post,"
    " previous post, next page, previous page, recent posts, uncategorized, uncategorised, posted in news,"
    " posted in uncategorized, posted in politics, posted in sports, click here, find out more, please wait, rss,"
    " advertise with us, work with us, email address, your email, enter your email, enter your email address,"
    " text size, a a a, increase font size, decrease font size, larger text, smaller text"
)
_SHARING = (
    "tweet, pin it, copy link, link copied, email print, print email, share tweet email, share print, print share,"
    " share email, share tweet, tweet share, like tweet, share save, save share, share via email, share on facebook,"
    " share on twitter, send to a friend, email to a friend, email a friend, e-mail a friend, share this, follow us,"
    " connect with us, " + ", ".join(f"share {page}" for page in _THESE_PAGES)
)
_FEEDBACK = (
    "print, email, e-mail, print this, email this, print friendly, printer friendly, printer-friendly version,"
    " print-friendly version, report a typo, report an error, report error, report this ad, report ad,"
    " flag as inappropriate, send feedback, "
    + ", ".join(f"{verb} {page}" for verb in ("print", "email", "e-mail") for page in (*_PAGES, *_THESE_PAGES))
)
_COMMENTS = (
    "reply, go to comments, view comments, show comments, hide comments, post comment, post a comment, submit comment,"
    " comments closed, cancel reply, leave a reply, leave a comment, loading comments, required fields are marked,"
    " add a comment, add comment"
)
_COOKIES = (
    "cookie settings, cookie preferences, cookie policy, cookies policy, your privacy choices,"
    " do not sell my personal information, do not sell or share my personal information"
)
"""Not "Accept all" and "Manage preferences": an article about banners shows them."""
_TERMS = "privacy policy, privacy notice, privacy statement, terms of use, terms of service, accessibility statement"
_PICTURES = (
    "click to enlarge, enlarge image, enlarge this image, view gallery, view image, image gallery, photo gallery,"
    " play video, watch video, hide caption, toggle caption, view larger image, view fullscreen, full screen,"
    " fullscreen, view photos"
)
_PITCHES = (
    "subscribe, subscribe now, subscribe today, sign up now, donate now, become a subscriber, get the app,"
    " download the app, download our app, start your free trial"
)
_SHOPS = "add to cart, shop now"
_CREDITS = (
    "getty images, shutterstock, istock, istockphoto, alamy, alamy stock photo, unsplash, pixabay, wikimedia commons,"
    " file photo, stock photo, ap photo"
)
_EVERY = (
    ("navigation", "site_furniture", _NAVIGATION),
    ("share_buttons", "share_bar", _SHARING),
    ("feedback_link", "site_furniture", _FEEDBACK),
    ("comment_link", "site_furniture", _COMMENTS),
    ("cookie_banner", "cookie_notice", _COOKIES),
    ("rights_reserved", "legal_footer", _TERMS),
    ("player", "site_furniture", _PICTURES),
    ("sign_up_pitch", "newsletter", _PITCHES),
    ("advert_slot", "advert", _SHOPS),
    ("credit_line", "photo_credit", _CREDITS),
)
_BEFORE, _BEHIND = "[(|<>«‹← ", "])|>!»›→…▼▾× "
CONTROLS = frozenset(phrase.strip() for *_, phrases in _EVERY for phrase in phrases.split(","))


def _form(rule: str, label: str, phrases: str) -> Form:
    some = [phrase.strip() for phrase in phrases.split(",")]
    opens = dict.fromkeys("+".join(re.findall(r"\w+", phrase)[:2]) for phrase in some)
    pattern = rf"[{re.escape(_BEFORE)}]*(?P<words>{'|'.join(map(re.escape, some))})[{re.escape(_BEHIND)}]*"
    return Form(rule, label, " ".join(opens), pattern, since=1, whole=True, in_prose=True)


FORMS = tuple(_form(*row) for row in _EVERY)

PROSE, HEADING = 15, 6
"""Words of a line from which it is prose, and up to which it may be a heading, or an item of a list."""
_ENDS = tuple(".!?…:;,\"'”’)")
_NEXT_LINE = re.compile(r"\s*[^\n]+")
_SCREENS = re.compile(
    r"\b(?:apps?|browsers?|buttons?|click(?:s|ed|ing)?|cursors?|devices?|drop-?down|icons?|laptops?|log(?:ged|ging)? in"
    r"|passwords?|screens?|settings|sidebars?|software|tap(?:ped|ping)?|toolbars?|users?|web ?(?:page|site)s?)\b"
)


class Surroundings:
    """The text around the words of buttons and links, which tells whether they are leftovers.

    Args:
        text: the whole text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spoken: dict[str, bool] = {}

    def are_leftovers(self, words: str, start: int, end: int) -> bool:
        """Whether such words on a line at `start` to `end` can only be left over: the rest of the text is prose without
        headings and lists, and speaks neither of screens nor of these words ("Print", where something was printed), no
        colon announces them, and a single word is no heading of what follows."""
        if not self._is_plain or self._is_announced(start) or (" " not in words and self._is_above_prose(end)):
            return False
        lower = words.lower()
        if lower not in self._spoken:
            self._spoken[lower] = lower in self._rest
        return not self._spoken[lower]

    def _is_announced(self, start: int) -> bool:
        text = self._text
        while start and text[start - 1].isspace():
            start -= 1
        return text[start - 1 : start] == ":"

    def _is_above_prose(self, end: int) -> bool:
        below = _NEXT_LINE.match(self._text, end)
        return below is not None and len(below[0].split()) > HEADING

    @cached_property
    def _lines(self) -> list[str]:
        lines = (line.strip() for line in self._text.split("\n"))
        return [line for line in lines if line and line.lstrip(_BEFORE).rstrip(_BEHIND).lower() not in CONTROLS]

    @cached_property
    def _rest(self) -> str:
        return "\n".join(self._lines).lower()

    @cached_property
    def _is_plain(self) -> bool:
        words = [len(line.split()) for line in self._lines]
        prose = next((number for number, count in enumerate(words) if count >= PROSE), len(words))
        body = zip(self._lines[prose:], words[prose:], strict=True)  # above it stand headline, byline, date
        headings = any(count <= HEADING and not line.endswith(_ENDS) for line, count in body)
        return prose < len(words) and not headings and not _SCREENS.search(self._rest)
