"""Pointers to other stories: "Read more: ...", headings of their lists, tags that a story is filed under."""

from __future__ import annotations

from cleaner.rule_forms.form import EDGE, Form

_TITLE = r"[^\n.]{3,140}[^\n.\s]"
"""The headline of another story."""
_LONG_TITLE = r"(?-i:[A-ZÀ-Þ'\"“‘])[^\n. ]*(?: [^\n. ]+){4,25}"
"""The same where the word before it may also lead to something else: a capital, five words at least."""
_POINTER = (
    r"(?:also read|read also|read more|read next"
    r"|related(?: (?:stories|story|articles?|news|posts?|coverage|content|links|topics|video|reading))?"
    r"|you (?:may|might) also (?:like|enjoy|be interested in)|more on this(?: story| topic)?|more stories like this"
    r"|trending now)"
)
_ALONE = r"(?:must[- ]read|don[’']t miss|recommended (?:for you|reading)|most read|most popular)"
"""Before a colon these may lead to what a review recommends."""
_RANKS = "latest|trending|popular|recent|similar|sponsored|promoted"
_STORIES = "stories|posts|articles|headlines|videos"
_HEADING = (
    r"(?:more (?:stories|articles|reads|headlines|coverage|top stories)(?: like this)?"
    r"|more from (?-i:[A-Z0-9][\w’'&-]*(?: (?:[A-Z0-9][\w’'&-]*|of|the|and)){0,5})"
    r"|(?:more|other) (?:stories|articles) (?:you (?:may|might) like|like this)"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|have missed)(?: this| these)?|you[’']ll also (?:like|love|enjoy)"
    r"|readers (?:also|are reading|are also reading)|what others are reading"
    r"|people (?:also|are also) (?:read|reading|viewed)"
    rf"|related (?:videos|tags|searches|products|guides|recipes|galleries|pages)|popular now"
    rf"|(?:{_RANKS}) (?:{_STORIES})"
    r"|most (?:viewed|shared|commented|discussed)|(?:from )?around the web|from our (?:partners|sponsors)"
    r"|recommended (?:stories|articles|videos)|editor[’']?s[’']? choice)"
)

FORMS = (
    Form(
        "related_pointer",
        "related_links",
        "read+also read+more read+next related recommended also+read must+read don+t more+on more+stories"
        " you+may you+might trending+now most+read most+popular",
        EDGE + rf"(?:{_POINTER}\s*[:|>»]+\s*{_TITLE}|(?:{_POINTER}|{_ALONE})\s*[:|>»–—]*)",
    ),
    Form(
        "related_pointer",
        "related_links",
        "also+read read+also read+more read+next related you+may you+might more+on more+stories trending+now see+also",
        EDGE + rf"{_POINTER}\s*[–—]\s*{_TITLE}|(?-i:READ (?:MORE|NEXT|ALSO)|ALSO READ|SEE ALSO) {_TITLE}",
        since=1,
    ),
    Form("related_pointer", "related_links", "read+more", rf"read more about {_TITLE}", since=1, whole=True),
    Form(
        "related_pointer",
        "related_links",
        "see+also also+see read: watch: listen: read+this read+on watch+now watch+next listen+now don+t in+case icymi"
        " from+the from+our",
        EDGE + r"(?:see also|also see|read(?: this(?: next| too)?| on)?|watch(?: now| next)?|listen(?: now)?"
        rf"|don[’']t miss|in case you missed it|icymi|from (?:the|our) archives?)\s*[:|>»]+\s*{_LONG_TITLE}",
        since=1,
    ),
    Form(
        "related_pointer",
        "related_links",
        "more+stories more+articles more+reads more+headlines more+coverage more+top more+from other+stories"
        " other+articles you+may you+might you+ll readers what+others people+also people+are related popular+now"
        " most+viewed most+shared most+commented most+discussed from+around around+the from+our recommended editor"
        " editors " + " ".join(f"{rank}+{stories}" for rank in _RANKS.split("|") for stories in _STORIES.split("|")),
        EDGE + _HEADING + r"\s*[:|>»–—…]*",
        since=1,
        whole=True,
    ),
    Form(
        "tag_list",
        "keyword_spam",
        "tags: tagged: tagged+with filed+under filed+in posted+in related+topics",
        r"(?:tags|tagged(?: with)?|filed (?:under|in)|posted in|related topics)\s*[:»>]\s*[^\n.!?]{2,200}",
        since=1,
        whole=True,
    ),
)
