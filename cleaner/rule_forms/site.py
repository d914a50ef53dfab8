"""How the site works: cookies, scripts, players, navigation, when a page was published."""

from __future__ import annotations

from cleaner.rule_forms.form import PAGE, TOP, Form

_MONTHS = (
    "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|september|oct|october"
    "|nov|november|dec|december"
)
_DAYS = "mon|monday|tue|tues|tuesday|wed|wednesday|thu|thur|thurs|thursday|fri|friday|sat|saturday|sun|sunday"
_WHEN_WORD = (
    rf"(?:{_MONTHS}|{_DAYS}|\d{{1,4}}(?:st|nd|rd|th|[ap]m)?|[ap]m?|m|[a-z]{{0,3}}[smd]t|utc|et|pt|ct|hrs|on|at|an?|ago"
    r"|yesterday|today|(?:last|updated|modified|published)|(?:hour|minute|min|day|week|month|year)s?)"
)
"""A word of a date, of a time, or of how long ago something was."""
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:199\d|20\d\d)"
_DATE = rf"(?:(?:{_MONTHS})\.?\s{_NUMBER},?\s{_YEAR}|{_NUMBER}[ -](?:{_MONTHS})\.?,?[ -]{_YEAR})"
_CLOCK = (
    r"(?:\d{1,2}(?::\d{2}(?::\d{2})?|(?:\.\d{2})?(?=\s?(?:[ap]\.?m|[a-z]{1,4}[sd]t|gmt|utc)\b))(?:\s?[ap]\.?m\b\.?)?"
    r"(?:\s?\(?(?:utc|[a-z]{1,4}[sd]t|gmt|[ecmp]t|wat|eat|local time|hrs)\)?)?)"
)
_UNITS = "minute|min|hour|hr|day"
_STRONG = (
    r"(?:log ?in|sign ?(?:in|up)|register|subscribe|about us|contact(?: us)?|rss|e-?paper|newsletters?|my account"
    r"|advertise(?: with us)?|donate|privacy(?: policy)?|terms (?:of|and|&) \w+|sitemap|cookies?(?: policy)?)"
)
_NAV = (
    rf"(?:{_STRONG}|home|about|contact|search|menu|shop|store|podcasts?|jobs|classifieds|archives?|videos?|galleries|cart"
    r"|help|faqs?|terms|careers|press|obituaries|news|sport)"
)
_ITEM = r"[\w&'’.-]+(?: [\w&'’.-]+){0,2}"

FORMS = (
    Form(
        "cookie_banner",
        "cookie_notice",
        "this+website this+site our+website our+site we+use by+continuing by+using by+browsing this+cookie the+cookie"
        " the+cookies analytical+cookies functional+cookies necessary+cookies performance+cookies advertisement",
        r"(?:(?:this|our) (?:web)?site uses cookies|we use cookies (?:on (?:this|our)|and (?:other|similar)"
        r"|to (?:improve|ensure|personali[sz]e|enhance|analy[sz]e|deliver|remember"
        r"|(?:give|provide|make|help|offer) (?:us|you|your|our|this|sure|the (?:best|site|website))))\b"
        r"|by (?:continuing|using|browsing)[^.\n]{0,60}(?:you (?:agree|consent)|accept)[^.\n]{0,40}cookies)"
        r"[^\n.]{0,160}\.?"
        # The wording of the consent plugin of so many blogs.
        r"|(?:this cookie is (?:set|placed) by (?:the )?gdpr cookie consent"
        r"|the cookies? (?:is|are) used to (?:store|record) (?:the )?user consent for (?:the )?cookies"
        r"|(?:analytical|functional|necessary|performance|advertisement) cookies"
        r" (?:help (?:to )?perform (?:certain|some) functionalit(?:y|ies)|are (?:absolutely essential for the website"
        r"|used (?:to understand|for understanding) (?:how visitors|and analy[sz]e the key)"
        r"|used to provide visitors with relevant)))"
        r"\b[^\n]{0,200}",
    ),
    Form(
        "script_notice",
        "site_furniture",
        "please javascript your+browser",
        r"(?:please (?:enable|turn on) javascript|javascript (?:is|must be) (?:disabled|enabled|required)"
        r"|your browser does not support)[^\n.]{0,120}\.?",
    ),
    Form(
        "read_time",
        "site_furniture",
        "#+min #+mins #+minute #+minutes #+read less+than",
        r"[\[(•| ]*(?:less than )?\d{1,2}[ -]?min(?:ute)?s? read[\])•| ]*",
    ),
    Form(
        "read_time",
        "site_furniture",
        "reading+time read+time est+reading est+read estimated+reading estimated+read",
        r"[\[(•| ]*(?:est(?:\.|imated)? )?read(?:ing)? time ?[:–—|-]? ?(?:about |approx\.? )?\d{1,2} ?min(?:ute)?s?"
        r"[\])•|. ]*",
        since=1,
        until=TOP,
        whole=True,
    ),
    Form(
        "published",
        "site_furniture",
        "updated modified last+updated last+modified last+update",
        r"[\[(•| ]*(?:(?:last )?(?:updated|modified)|last update)(?P<rest>\b(?=[^\n]*\d)[^\n]{2,80})",
        since=1,
        whole=True,
        only=_WHEN_WORD,
    ),
    Form(
        "published",
        "site_furniture",
        "published posted first+published originally+published",
        r"[\[(•| ]*(?:(?:first |originally )?published|posted)"
        rf"(?P<rest>\b(?=[^\n]*(?:\d:\d\d|\bago\b|\b(?:{_MONTHS})\b))(?=[^\n]*\d)[^\n]{{2,80}})",
        until=TOP,
        whole=True,
        only=_WHEN_WORD,
    ),
    Form(
        "published",
        "site_furniture",
        f"{_MONTHS.replace('|', ' ')} #+{_MONTHS.replace('|', ' #+')}",
        rf"[\[(•|/ ]*{_DATE}[\s,|•·@/–—-]+(?:at\s)?{_CLOCK}[\])•| ]*",
        until=TOP,
        whole=True,
    ),
    Form(
        "published",
        "site_furniture",
        " ".join(f"#+{unit} #+{unit}s" for unit in _UNITS.split("|")),
        rf"[\[(•| ]*\d{{1,2}} (?:{_UNITS})s? ago[\])•| ]*",
        since=1,
        whole=True,
    ),
    Form(
        "player",
        "site_furniture",
        "listen+to audio+player video+player your+browser media+playback this+video audio+by",
        rf"listen to this (?:{PAGE})(?: now)?(?: ?[\[(|•·–—-]? ?\d{{1,3}}(?::\d\d)?(?: ?min(?:ute)?s?)?[\])]?)?[.!:]?"
        r"|(?:audio|video) player(?: is)?(?: loading)?(?:\.{3}|…)?|your browser (?:does not|doesn[’']t) support the"
        r" (?:audio|video) (?:element|tag|player)\.?"
        r"|media playback is (?:unsupported|not supported) on (?:your|this) device"
        r"|this video (?:can ?not|can[’']t) be played|audio by carbonatix",
        since=1,
        whole=True,
    ),
    Form(
        "skip_link",
        "site_furniture",
        "skip jump",
        r"(?:skip|jump) to (?:\w+ ){0,4}(?:content|navigation|footer|search|menu|sidebar|comments)(?: section)?",
    ),
    Form(
        "navigation",
        "site_furniture",
        "home homepage",
        r"(?:home|homepage)(?:\s?[>»›→]\s?(?!(?:settings|network|control|system|menu|wi|power)\b)(?-i:[A-Z0-9])"
        r"[\w&'’ -]{1,40}){1,6}",
        until=TOP // 2,
        whole=True,
    ),
    Form(
        "navigation",
        "site_furniture",
        "you+are",
        r"you are here\s?: ?(?:home|[\w&'’ -]{1,40}(?:\s?[>»›→/|]\s?[\w&'’ -]{1,60}){1,6})",
        whole=True,
    ),
    Form(
        "navigation",
        "site_furniture",
        "next+page next+post next+posts next+article next+story previous+page previous+post previous+posts"
        " previous+article previous+story older+posts newer+posts load+older load+newer view+this continue+reading"
        " print+version printable+version post+navigation loading opens+in",
        r"[«‹←<] ?(?:previous (?:page|posts?|article|story)|older posts)"
        r"|(?:next (?:page|posts?|article|story)|newer posts) ?[→»›>]+"
        r"|(?:older|newer) posts|load (?:older|newer) updates|view this email in your browser"
        r"|continue reading ?(?:[→»›]+|\.{3}|…)|print(?:able)? version|post navigation|loading ?(?:\.{3}|…)"
        r"|\(opens in (?:a )?new (?:window|tab)\)",
        since=1,
        whole=True,
    ),
    Form(
        "navigation",
        "site_furniture",
        "back+to return+to toggle powered+by proudly+powered",
        r"(?:back|return) to (?:the )?(?:top|home ?page)|toggle (?:navigation|menu|search)"
        r"|proudly powered by (?:wordpress|ghost|drupal|joomla)\.?|powered by (?:disqus|blogger)\.?",
        since=1,
        whole=True,
    ),
    Form(
        "navigation",
        "site_furniture",
        "| log login sign",
        # One that only menus have, and another one.
        rf"(?=[^\n]*?\b{_STRONG}\b)(?=[^\n]*?\b({_NAV})\b[^\n]*?\b(?!\1\b){_NAV}\b)"
        rf"(?:{_ITEM}(?:\s*[|•·/]\s*{_ITEM}){{2,15}}|{_NAV}(?:(?:\s*[|•·/]\s*|\s{{2,}}){_NAV}){{1,9}})",
        whole=True,
    ),
)
