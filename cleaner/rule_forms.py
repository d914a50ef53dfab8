"""The forms of the precise rules: what is never article text, whatever the article is about.

A form is anchored at both ends of a line (or of a unit between sentence ends), in any case. `cleaner.rules` looks for
them, and for who an author is (`about_author`), which depends on the byline. Where a word such as "watch" may also
begin a true headline, a form counts from the second line of a text on only.
"""

from __future__ import annotations

from dataclasses import dataclass

RULES = {
    "advert_slot": "an advertising slot's own label",
    "affiliate_notice": "a notice that the site earns from links",
    "share_buttons": "the label of a share or follow button, or its count",
    "cookie_banner": "the wording of a cookie banner",
    "script_notice": "a notice about JavaScript or the browser",
    "rights_reserved": "a copyright line",
    "press_code": "the press code or the register that a publisher names below each page",
    "read_time": "the reading time that a site prints",
    "player": "the label of a player that reads the text aloud or shows a film",
    "published": "when a site published or changed the page",
    "skip_link": "a navigation link for screen readers",
    "navigation": "a path or a bar of links to other parts of the site",
    "tag_list": "the tags or the category that a site files a story under",
    "related_pointer": 'a pointer to another story: "Read more: ..."',
    "follow_us": "an invitation to follow the site on a network",
    "about_author": "who the author named in the byline is",
    "author_contact": "where the author is to be found or reached",
    "sign_up_pitch": "an invitation to sign up for the site's own newsletter, alerts or app",
    "paywall_notice": "a notice about access to the text",
    "feedback_link": "a link to rate, report, print or send the page",
    "comment_link": "a link to comments, their count, or a notice about them",
    "credit_line": "the credit of a picture",
}
"""What each rule means, as the ledger says it."""


ALWAYS, TOP = 1 << 30, 8
"""No line is so far down; lines at the top of a text, where a site says when and by whom."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes:
        rule: one of `RULES`.
        label: of the noise policy.
        opens: what a match begins with, in any case: words; `one+other` for a word that only counts before another
            one; `one:` for one that only counts before a sign such as a colon or a bar; `#+word` for a figure before a
            word; "©" for the sign; "|" for a line with a bar or a slash behind one of its first three words. Nothing
            else is looked at closely.
        pattern: a regular expression for all of it.
        since, until: among which lines of a text it counts, from 0, half-open. In the first one headlines stand.
        whole: whether it must be a line by itself: a unit within one may be part of a quotation, or a cell of a table.
        only: what each word of the group `rest` of the pattern must be, if there is one.
    """

    rule: str
    label: str
    opens: str
    pattern: str
    since: int = 0
    until: int = ALWAYS
    whole: bool = False
    only: str = ""


_EDGE = r"[\[(\-–—•*|> ]*"
_SLOT_END = r"[\])\-–—.:•*| ]*"
_NETWORKS = "facebook|twitter|linkedin|whatsapp|pinterest|reddit|email|telegram|x"
_SOCIAL = "facebook|twitter|linkedin|x|instagram|bluesky|mastodon|threads|youtube|tiktok|telegram"

# Capitalised words and what joins them: names. A caption ("Picture: the harbour wall at dawn") goes on in lower case.
_NAMES = (
    r"(?-i:[A-ZÀ-Þ][\w'’&.-]*(?:(?: ?[/,|]+ ?| )(?:[A-ZÀ-Þ][\w'’&.-]*|for|via|and|of|de|van|von|by|courtesy)){0,9})"
)
_NAME = r"(?-i:[A-ZÀ-Þ][\w'’&.-]*)"
_PERSON = rf"{_NAME} (?:(?:van|de|von|al|bin) )?{_NAME}(?: ?(?:/|,|for|via) ?{_NAME}(?: {_NAME}){{0,2}})?"
"""First and last name, and for whom: "Ana Reyes/Port Agency". Headlines in capitals go on after that."""
_PICTURES = (
    "photo photos photograph photographs picture pictures pic pics image images illustration illustrations"
)
_WHICH = "main|cover|file|feature|featured|lead|top|header|stock"
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
_ALONE = r"(?:must[- ]read|don[’']t miss|recommended(?: for you| reading)?|most read|most popular)"
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
_PAGE = "article|page|story|review|recipe|post"
_UNITS = "minute|min|hour|hr|day"
_COUNT = r"\d[\d.,]*[km]?"
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
        "related_pointer",
        "related_links",
        "read+also read+more read+next related recommended also+read must+read don+t more+on more+stories"
        " you+may you+might trending+now most+read most+popular",
        _EDGE + rf"(?:{_POINTER}\s*[:|>»–—]+\s*{_TITLE}|(?:{_POINTER}|{_ALONE})\s*[:|>»–—]*)"
        rf"|(?-i:READ (?:MORE|NEXT|ALSO)|ALSO READ|SEE ALSO) {_TITLE}|read more about {_TITLE}",
    ),
    Form(
        "related_pointer",
        "related_links",
        "see+also also+see read: watch: listen: read+this read+on watch+now watch+next listen+now don+t in+case icymi"
        " from+the from+our",
        _EDGE + r"(?:see also|also see|read(?: this(?: next| too)?| on)?|watch(?: now| next)?|listen(?: now)?"
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
        _EDGE + _HEADING + r"\s*[:|>»–—…]*",
        since=1,
        whole=True,
    ),
    Form(
        "follow_us",
        "share_bar",
        "please follow+us like+us join+us find+us connect",
        rf"(?:please )?(?:follow|like|join|find|connect with) us on (?:{_NETWORKS}|instagram|youtube|google|tiktok)\b"
        r"[^\n.,]{0,100}[.!]?",
    ),
    Form(
        "author_contact",
        "author_bio",
        "follow find tweet you+can",
        r"(?:you can )?(?:follow|find|tweet) (?:(?-i:[A-Z][\w.'’-]+ ){1,3}|him |her |them |me )"
        rf"(?:on |at |via )(?:{_SOCIAL})\b[^\n@]{{0,20}}@[\w.]{{2,30}}[.!]?",
        since=1,
    ),
    Form(
        "sign_up_pitch",
        "newsletter",
        "click sign subscribe register get+our download",
        r"(?:click here to )?(?:sign up|subscribe|register)(?: now| today| here| below)? (?:for|to) our [^\n.,]{0,50}"
        r"(?:newsletters?|mailing list|e-?mails?|alerts?|channel|briefing|updates)\b[^\n.,]{0,100}[.!]?"
        r"|(?:get|download) our (?:free )?(?:mobile |news )?app\b[^\n.]{0,80}[.!]?",
    ),
    Form(
        "paywall_notice",
        "paywall",
        "you+have you+ve please subscribe sign log login register create to+continue to+keep already",
        r"you(?: have|[’']ve)(?: only)? (?:got )?(?:\d+|one|two|three|four|five) free (?:articles?|stories|story) "
        r"(?:left|remaining)[^\n.]{0,60}[.!]?"
        r"|(?:please )?(?:subscribe|sign in|log ?in|register|create a free account)"
        r"(?: or (?:subscribe|sign in|log ?in|register))?(?: now| today)? to (?:continue|keep|carry on) reading"
        r"[^\n.]{0,60}[.!]?"
        r"|to (?:continue|keep) reading,? (?:please )?(?:subscribe|log ?in|sign (?:in|up)|register"
        r"|create an? (?:free )?account|choose (?:a|the|your) (?:plan|subscription)"
        r"|start (?:a|your) (?:free )?(?:trial|subscription))\b[^\n.]{0,80}[.!]?"
        r"|already (?:a subscriber|subscribed)\? ?(?:(?:log|sign) in)?(?: here)?[.!]?",
    ),
    Form(
        "paywall_notice",
        "paywall",
        "this+article this+page this+story this+review this+recipe this+content this+post unlock+this keep+reading"
        " continue+reading subscribe subscriber member",
        rf"this (?:{_PAGE}|content) is (?:for|only for|only available to|available to|exclusive to|reserved for"
        r"|free for)"
        r"(?: our)?(?: paid| paying| registered)? (?:subscribers|members)(?: only)?[.!]?|unlock this (?:article|story)"
        r"|(?:keep|continue) reading with a [^\n.]{0,30}(?:trial|subscription)[^\n.]{0,40}[.!]?"
        r"|subscribe to (?-i:[A-Z])[^\n.]{1,40} to (?:keep|continue) reading[^\n.]{0,100}[.!]?"
        r"|(?:subscriber|member)[- ](?:only|exclusive)(?: article| story| content)?",
        since=1,
        whole=True,
    ),
    Form(
        "affiliate_notice",
        "advert",
        "this+article this+story this+post this+page this+review this+recipe we+may we+earn as+an some+links links+in"
        " when+you if+you",
        rf"[*(]*(?:this (?:{_PAGE}) (?:may )?contains? affiliate links?"
        r"|we (?:may )?(?:earn|receive) (?:a |an )?(?:small )?(?:affiliate )?commission[^\n.]{0,60}"
        r"\b(?:links?|purchases?|click)"
        r"|(?:when|if) you (?:buy|purchase|click|shop|make a purchase) [^\n.]{0,40}\b(?:links?|our site|this page)\b"
        r"[^\n.]{0,30}\b(?:we|i) (?:may )?(?:earn|receive)(?: an?)?(?: small)?(?: affiliate)? commission"
        r"|as an amazon associate,? (?:i|we) earn from qualifying purchases"
        rf"|(?:some )?links in this (?:{_PAGE}) (?:are|may be) affiliate links)\b[^\n.]{{0,120}}"
        r"(?:\. ?[^\n.]{0,60}(?:disclosure|policy|print|details)\b)?[.*)]*",
    ),
    Form(
        "credit_line",
        "photo_credit",
        f"{_PICTURES} " + " ".join(f"{which}+{what}" for which in _WHICH.split("|") for what in _PICTURES.split()),
        rf"[\[(]?(?:(?:{_WHICH}) )?"
        r"(?:photo(?:graph)?|pic(?:ture)?|image|illustration)s?(?: credit| courtesy| source)?"
        rf"(?: by| of)? ?[:©] ?{_NAMES}[\])]?",
    ),
    Form(
        "credit_line",
        "photo_credit",
        "photo picture pic image file+photo file+picture file+image ©",
        rf"[\[(]?(?:photo|pic(?:ture)?|image) by {_PERSON}[\])]?\.?"
        rf"|[\[(]?(?:photo|picture|image) (?:courtesy(?: of)?|via|supplied by) {_NAMES}[\])]?\.?"
        r"|[\[(]?(?:(?:photo|picture|image) (?:supplied|submitted|provided)|file (?:photo|picture|image))[\])]?\.?"
        rf"|[\[(]?© ?{_NAMES}[\])]?",
        since=1,
        whole=True,
    ),
    Form(
        "advert_slot",
        "advert",
        "advertisement advertisment advert ad ads continue sponsored story+continues article+continues this+ad skip+ad"
        " skip+advert advertise+with scroll+to",
        _EDGE + r"(?:advertise?ment|advert"
        r"|(?:story|article) continues (?:below|after)(?: this)? (?:advertisement|advert|ad)"
        r"|advertisement[:,.]? (?:scroll to continue(?: reading)?|continue reading below)"
        r"|scroll to continue(?: reading)?|continue reading the main story|sponsored content"
        r"|this ad will end in \d+ seconds|skip ad(?:vert)?(?: in \d+)?|ads by google|advertise with us)"
        + _SLOT_END
        + r"|[\[(]\s*ad\s*[\])]",
    ),
    Form(
        "advert_slot",
        "advert",
        "story+continues article+continues",
        _EDGE + r"(?:story|article) continues below" + _SLOT_END,
        since=1,
        whole=True,
    ),
    Form(
        "share_buttons",
        "share_bar",
        f"share click {_NETWORKS.replace('|', '+opens ')}+opens tweet pin facebook",
        _EDGE + rf"(?:share (?:this )?(?:article |story |post |page )?(?:on|via|to|with) (?:{_NETWORKS})"
        rf"|click to share on \w+(?: \(opens in new window\))?|(?:{_NETWORKS}) ?\(opens in (?:a )?new (?:window|tab)\)"
        r"|tweet this|pin it"
        r"|share this(?: article| story| post| page)?:|facebook\s+twitter(?:\s+\w+){0,5})" + _SLOT_END,
    ),
    Form(
        "share_buttons",
        "share_bar",
        "share kindly+share copy+link copy+this copy+to",
        _EDGE + r"(?:share (?:(?:this|via|by|on|to|with) ){1,2}(?:article |story |post |page )?(?:on |via |by )?"
        rf"(?:{_NETWORKS}|e-mail|bluesky|threads|mastodon|nextdoor|tumblr|flipboard|social media)"
        r"|(?:kindly )?share this(?: (?:article|story|post|page))?"
        r"|copy (?:(?:this )?link )?to clipboard)" + _SLOT_END,
        since=1,
        whole=True,
    ),
    Form(
        "share_buttons",
        "share_bar",
        "#+share #+shares #+like #+likes #+retweet #+retweets",
        _EDGE + rf"{_COUNT} (?:shares?|retweets?|likes?)(?:\s*[|•·/,]\s*{_COUNT} \w+){{0,3}}" + _SLOT_END,
        since=1,
        whole=True,
    ),
    Form(
        "cookie_banner",
        "cookie_notice",
        "this+website this+site our+website our+site we+use by+continuing by+using by+browsing this+cookie the+cookie"
        " the+cookies analytical+cookies functional+cookies necessary+cookies performance+cookies advertisement",
        r"(?:(?:this|our) (?:web)?site uses cookies|we use cookies (?:on (?:this|our)|and (?:other|similar)"
        r"|to (?:improve|give|ensure|personali[sz]e|provide|make|enhance|help|offer|analy[sz]e|deliver|remember))\b"
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
        "rights_reserved",
        "legal_footer",
        "copyright c all+rights ©",
        r"(?:(?:copyright )?(?:\(c\)|©)[^\n.]{0,80}|copyright\b[^\n.]{0,60}(?:\d{4}[^\n.]{0,60}|[.,;:|–—-]))\.? ?"
        r"all rights reserved\.?[^\n.]{0,80}\.?|all rights reserved\.?"
        r"|(?:copyright )?(?:\(c\)|©) ?(?:19|20)\d\d\b[^\n.]{0,80}"
        r"(?:\b(?:inc|ltd|co|corp|llc|plc)\.{1,2}[^\n.]{0,60})?(?:\.(?:com|org|net|co)\b)?\.?",
    ),
    Form(
        "press_code",
        "legal_footer",
        "this+website registered+in registered+office",
        r"this website and (?:its )?associated newspapers? adheres? to the [^\n]{5,160}"
        r"|registered in england(?: (?:and|&) wales)?,?:? (?:company )?(?:no\.?|number)[ :]*\d[^\n]{0,120}"
        r"|registered office\s*:[^\n]{5,160}",
        since=1,
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
        "listen+to audio+player video+player your+browser media+playback this+video",
        rf"listen to this (?:{_PAGE})(?: now)?(?: ?[\[(|•·–—-]? ?\d{{1,3}}(?::\d\d)?(?: ?min(?:ute)?s?)?[\])]?)?[.!:]?"
        r"|(?:audio|video) player(?: is)?(?: loading)?(?:\.{3}|…)?|your browser (?:does not|doesn[’']t) support the"
        r" (?:audio|video) (?:element|tag|player)\.?"
        r"|media playback is (?:unsupported|not supported) on (?:your|this) device"
        r"|this video (?:can ?not|can[’']t) be played",
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
        "next+page next+post next+article next+story previous+page previous+post previous+article previous+story"
        " older+posts newer+posts load+older load+newer view+this continue+reading print+version"
        " printable+version",
        r"[«‹←<] ?(?:previous|older) (?:page|posts?|article|story)"
        r"|(?:next|newer) (?:page|posts?|article|story) ?[→»›>]+"
        r"|(?:older|newer) posts|load (?:older|newer) updates|view this email in your browser|continue reading ?[→»›]+"
        r"|print(?:able)? version",
        since=1,
        whole=True,
    ),
    Form(
        "navigation",
        "site_furniture",
        "back+to return+to toggle",
        r"(?:back|return) to (?:the )?(?:top|home ?page)|toggle (?:navigation|menu|search)",
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
    Form(
        "tag_list",
        "keyword_spam",
        "tags: tagged: filed+under filed+in posted+in related+topics",
        r"(?:tags|tagged|filed (?:under|in)|posted in|related topics)\s*[:»>]\s*[^\n.!?]{2,200}",
        since=1,
        whole=True,
    ),
    Form(
        "feedback_link",
        "site_furniture",
        "was+this is+this did+you rate+this report+this print+this email+this e+mail+this suggest+a",
        rf"(?:(?:was|is) this (?:{_PAGE})|did you find this (?:{_PAGE})) (?:helpful|useful|interesting)"
        r"\??(?:\s*(?:yes|no|[👍👎|/,]))*"
        r"|(?:rate|report|print|e-?mail) this (?:article|page|story|review|recipe|post|comment|ad)"
        r"(?: to a friend|: ?[\d ]+)?|suggest a correction",
        since=1,
        whole=True,
    ),
    Form(
        "comment_link",
        "site_furniture",
        "#+comment #+comments no+comments comments+are comments: leave+a post+a add+a add+your add+new write+a"
        " load+more show+more view+all view+more view+comments show+comments show+all see+all read+comments read+all"
        " read+the hide+comments join+the commenting",
        rf"[\[(•|· ]*(?:{_COUNT} comments?|no comments(?: yet)?|comments\s*[:(]\s*\d[\d.,]*\s*\)?)"
        rf"(?:\s*[|•·/,]\s*{_COUNT} (?:shares?|likes?|views?|reads?))?[\])•| ]*"
        r"|(?:leave|post|add|write) (?:a |your |new )(?:new )?(?:comment|reply)(?: here| below)?[.!:]?"
        r"|(?:load|show|view|see|read|hide) (?:the |all |more |all the )?(?:\d+ )?comments(?: \(\d+\))?|load more"
        r"|comments are (?:now )?(?:closed|disabled|off|turned off|moderated)(?: (?:for|on) this \w+)?\.?"
        r"|commenting (?:is|has been) (?:closed|disabled|turned off)(?: (?:for|on) this \w+)?\.?"
        r"|join the (?:conversation|discussion)[.!:]?",
        since=1,
        whole=True,
    ),
)

__all__ = ["ALWAYS", "FORMS", "RULES", "TOP", "Form"]
