"""What stands on buttons and links, word for word.

Alone on a line of an article such words are what a scrape has left, unless the text speaks of them: a guide to a site
has "Privacy policy" as a heading, and says why one needs it. In 17,264 clean articles 18 lines are of these forms and
of no other; all are leftovers.
"""

from __future__ import annotations

import re

from cleaner.rule_forms.form import PAGE, Form

_PAGES = PAGE.split("|")
_THESE_PAGES = [f"this {page}" for page in _PAGES]
_NAVIGATION = (
    "sign in, log in, login, sign up, log out, sign in or register, log in or register, log in or sign up, my account,"
    " create account, create an account, forgot password, forgot your password, back to top, top of page, go to top,"
    " main menu, menu, close menu, open menu, search this site, search the site, search for, quick links, site map,"
    " sitemap, continue reading, continue reading the main story, read full story, read full article,"
    " read the full story, read the full article, show more, show less, see more, view more, view all, see all,"
    " view as single page, view full site, next article, previous article, next story, previous story, next post,"
    " previous post, next page, previous page, previous, recent posts, uncategorized, uncategorised, posted in news,"
    " posted in uncategorized, posted in politics, posted in sports, click here, learn more, find out more,"
    " please wait, loading, rss, about us, contact us, advertise with us, work with us, email address, first name,"
    " last name, your name, your email, enter your email, enter your email address, text size, font size, a a a,"
    " increase font size, decrease font size, larger text, smaller text"
)
_SHARING = (
    "share, tweet, pin, pin it, bookmark, copy link, link copied, email print, print email, share tweet email,"
    " share print, print share, share email, share tweet, tweet share, like tweet, share save, save share,"
    " share via email, share on facebook, share on twitter, send to a friend, email to a friend, email a friend,"
    " e-mail a friend, tell a friend, share this, follow us, connect with us, stay connected, facebook, twitter,"
    " instagram, linkedin, whatsapp, pinterest, reddit, youtube, tiktok, telegram, flipboard, google plus,"
    " stumbleupon, " + ", ".join(f"share {page}" for page in _THESE_PAGES)
)
_FEEDBACK = (
    "print, email, e-mail, print this, email this, print friendly, printer friendly, printer-friendly version,"
    " print-friendly version, report a typo, report an error, report error, report a problem, report abuse,"
    " report this ad, report ad, flag as inappropriate, give feedback, send feedback, "
    + ", ".join(f"{verb} {page}" for verb in ("print", "email", "e-mail") for page in (*_PAGES, *_THESE_PAGES))
)
_COMMENTS = (
    "reply, comments, go to comments, view comments, show comments, hide comments, post comment, post a comment,"
    " submit comment, comments closed, cancel reply, leave a reply, leave a comment, loading comments,"
    " required fields are marked, add a comment, add comment"
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
    "subscribe, subscribe now, subscribe today, sign up now, join now, donate now, become a member,"
    " become a subscriber, support us, get the app, download the app, download our app, start your free trial"
)
_SHOPS = "add to cart, buy now, shop now, order now, advertise"
_CREDITS = (
    "getty images, shutterstock, istock, istockphoto, alamy, alamy stock photo, unsplash, pixabay, wikimedia commons,"
    " file photo, stock photo, ap photo"
)


def _form(rule: str, label: str, phrases: str) -> Form:
    some = [phrase.strip() for phrase in phrases.split(",")]
    opens = dict.fromkeys("+".join(re.findall(r"\w+", phrase)[:2]) for phrase in some)
    pattern = rf"[\[(|<>«‹← ]*(?P<words>{'|'.join(map(re.escape, some))})[\])|>!»›→…▼▾× ]*"
    return Form(rule, label, " ".join(opens), pattern, since=1, whole=True, alien=True)


FORMS = (
    _form("navigation", "site_furniture", _NAVIGATION),
    _form("share_buttons", "share_bar", _SHARING),
    _form("feedback_link", "site_furniture", _FEEDBACK),
    _form("comment_link", "site_furniture", _COMMENTS),
    _form("cookie_banner", "cookie_notice", _COOKIES),
    _form("rights_reserved", "legal_footer", _TERMS),
    _form("player", "site_furniture", _PICTURES),
    _form("sign_up_pitch", "newsletter", _PITCHES),
    _form("advert_slot", "advert", _SHOPS),
    _form("credit_line", "photo_credit", _CREDITS),
)
