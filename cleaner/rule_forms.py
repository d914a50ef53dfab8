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
        anywhere: whether it counts in the first line of a text, too, where headlines stand.
    """

    rule: str
    label: str
    opens: str
    pattern: str
    anywhere: bool = True


_EDGE = r"[\[(\-–—•*|> ]*"
_SLOT_END = r"[\])\-–—.:•*| ]*"
_NETWORKS = "facebook|twitter|linkedin|whatsapp|pinterest|reddit|email|telegram|x"
_SOCIAL = _NETWORKS + "|instagram|bluesky|mastodon|threads|youtube|tiktok"

# Capitalised words and what joins them: names. A caption ("Picture: the harbour wall at dawn") goes on in lower case.
_NAMES = (
    r"(?-i:[A-ZÀ-Þ][\w'’&.-]*(?:(?: ?[/,|]+ ?| )(?:[A-ZÀ-Þ][\w'’&.-]*|for|via|and|of|de|van|von|by|courtesy)){0,9})"
)
_UPPER = r"(?-i:[A-Z0-9À-Þ'\"“‘«¿])"
_TITLE = r"[^\n.]{3,140}[^\n.\s]"
"""The headline of another story."""

_POINTER = (
    r"(?:also read|read also|read more|read next|see also|also see|what to read next|keep reading|must[- ]read"
    r"|don[’']t miss|in case you missed it|icymi|up next|next up|dig deeper|go deeper|explore more|more to read"
    r"|from (?:the|our) archives?|(?:also|more) in this (?:section|issue|edition|series)|editor[’']?s[’']? picks?"
    r"|related(?: (?:stories|story|articles?|news|posts?|coverage|content|links|topics|video|reading))?"
    r"|you (?:may|might) also (?:like|enjoy|be interested in)|more on this(?: story| topic)?|more stories like this"
    r"|trending now)"
)
_RANKS = "top|latest|trending|popular|featured|recent|similar|sponsored|promoted"
_STORIES = "stories|posts|articles|headlines|videos"
_ALONE = r"(?:recommended(?: for you| reading)?|most read|most popular)"
"""Before a colon these may lead to what a review recommends."""
_HEADING = (
    r"(?:more (?:stories|articles|reads|headlines|coverage|videos|top stories)(?: like this)?"
    r"|more from (?-i:[A-Z0-9])[^\n.:]{1,40}|(?:more|other) (?:stories|articles) (?:you (?:may|might) like|like this)"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|have missed)(?: this| these)?|you[’']ll also (?:like|love|enjoy)"
    r"|readers (?:also|are reading|are also reading)|what others are reading|people also (?:read|viewed|ask)"
    r"|in other news|related (?:conditions|videos|tags|searches|products|guides|recipes|galleries|pages)"
    rf"|popular now|(?:{_RANKS}) (?:{_STORIES})"
    r"|most (?:viewed|shared|commented|discussed|watched)|(?:from )?around the web"
    r"|from our (?:partners|sponsors)|recommended (?:stories|articles|videos)|editor[’']?s[’']? choice"
    r"|also on (?-i:[A-Z])[^\n.:]{2,30})"
)
_MONTHS = (
    "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|september|oct|october"
    "|nov|november|dec|december"
)
_DAYS = "mon|monday|tue|tues|tuesday|wed|wednesday|thu|thur|thurs|thursday|fri|friday|sat|saturday|sun|sunday"
_WHEN = (  # whole words each, so that there is one way to read it
    rf"(?:\b(?:\d{{1,2}}(?:[:.]\d\d)?\s?[ap]\.?m|{_MONTHS}|{_DAYS}|\d{{1,4}}(?:st|nd|rd|th)?|[ap]\.?m|[a-z]{{0,3}}[smd]t"
    r"|utc|et|pt|ct|hrs|on|at|an?|ago|yesterday|today|(?:hour|minute|min|day|week|month|year)s?)\b|[-–—:/.,•() ]){1,30}"
)
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?:{_DAYS})\.?,?\s)?(?:(?:{_MONTHS})\.?\s{_NUMBER},?\s\d{{4}}"
    rf"|{_NUMBER}[ -](?:of\s)?(?:{_MONTHS})\.?,?[ -]\d{{4}})(?:,?\s(?:{_DAYS}))?"
)
_CLOCK = (
    r"(?:\d{1,2}(?::\d{2}(?::\d{2})?|(?:\.\d{2})?(?=\s?(?:[ap]\.?m|[a-z]{1,4}[sd]t|gmt|utc)\b))(?:\s?[ap]\.?m\b\.?)?"
    r"(?:\s?\(?(?:utc|[a-z]{1,4}[sd]t|gmt|[ecmp]t|wat|eat|local time|hrs)\)?)?)"
)
_PAGE = "article|page|story|answer|information|content|review|recipe|post"
_UNITS = "minute|min|hour|hr|day|week|month|year"
_COUNT = r"(?:\d[\d.,]*[km]?)"
_NAV = (
    r"(?:home|log ?in|sign ?(?:in|up)|register|subscribe|about(?: us)?|contact(?: us)?|rss|search|menu|shop|store"
    r"|donate|podcasts?|newsletters?|e-?paper|my account|advertise(?: with us)?|jobs|classifieds|archives?|videos?"
    r"|galleries|cart|help|faqs?|privacy(?: policy)?|terms(?: (?:of|and|&) \w+)?|sitemap|cookies?(?: policy)?|careers"
    r"|press)"
)
_ITEM = r"[\w&'’.-]+(?: [\w&'’.-]+){0,2}"

FORMS = (
    Form(
        "related_pointer",
        "related_links",
        "read+also read+more read+next related recommended also+read also+see also+in see+also what+to keep+reading"
        " must+read don+t in+case icymi up+next next+up dig+deeper go+deeper explore+more more+to more+in more+on"
        " more+stories from+the from+our editor editors you+may you+might trending+now most+read most+popular",
        _EDGE + rf"(?:{_POINTER}\s*[:|>»–—]+\s*{_TITLE}|(?:{_POINTER}|{_ALONE})\s*[:|>»–—]*)"
        rf"|(?-i:READ (?:MORE|NEXT|ALSO)|ALSO READ|SEE ALSO) {_TITLE}|read more about {_TITLE}",
    ),
    Form(
        "related_pointer",
        "related_links",
        "read: watch: listen: latest: read+this read+on watch+now watch+next listen+now",
        _EDGE + r"(?:read(?: this(?: next| too)?| on)?|watch(?: now| next)?|listen(?: now)?|latest)"
        rf"\s*[:|>»]+\s*{_UPPER}{_TITLE}",
        anywhere=False,
    ),
    Form(
        "related_pointer",
        "related_links",
        "more+stories more+articles more+reads more+headlines more+coverage more+videos more+top more+from"
        " other+stories other+articles you+may you+might you+ll readers what+others people+also in+other related"
        " popular+now most+viewed most+shared most+commented most+discussed most+watched from+around around+the"
        " from+our recommended editor editors also+on "
        + " ".join(f"{rank}+{stories}" for rank in _RANKS.split("|") for stories in _STORIES.split("|")),
        _EDGE + _HEADING + r"\s*[:|>»–—…]*",
        anywhere=False,
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
        "follow find tweet email e+mail contact reach message you+can",
        r"(?:you can )?(?:follow|find|tweet|e-?mail|contact|reach|message)"
        r" (?:(?-i:[A-Z][\w.'’-]+ ){1,3}|him |her |them |me |the (?:author|writer|reporter) )"
        rf"(?:(?:on|at|via|by) )?(?:{_SOCIAL})?\b[^\n]{{0,60}}@[^\n ]{{2,50}}",
        anywhere=False,
    ),
    Form(
        "sign_up_pitch",
        "newsletter",
        "your+email your+e enter+your type+your e+mail+address email+address",
        r"(?:(?:enter |type )?your )?e-?mail(?: address)?\s*(?:\.{2,3}|…|\*|:)?",
        anywhere=False,
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
        r"|to (?:continue|keep) reading,? (?:please )?(?:subscribe|log ?in|sign (?:in|up)|choose|create|register|join"
        r"|start)\b[^\n.]{0,80}[.!]?"
        r"|already (?:a subscriber|subscribed)\? ?(?:(?:log|sign) in)?(?: here)?[.!]?",
    ),
    Form(
        "paywall_notice",
        "paywall",
        "this+article this+story this+content this+post unlock+this keep+reading continue+reading subscribe subscriber"
        " member",
        rf"this (?:{_PAGE}) is (?:for|only for|only available to|available to|exclusive to|reserved for|free for)"
        r"(?: our)?(?: paid| paying| registered)? (?:subscribers|members|readers)(?: only)?[.!]?"
        r"|unlock this (?:article|story)"
        r"|(?:keep|continue) reading with a [^\n.]{0,30}(?:trial|subscription)[^\n.]{0,40}[.!]?"
        r"|subscribe to (?-i:[A-Z])[^\n.]{1,40} to (?:keep|continue) reading[^\n.]{0,100}[.!]?"
        r"|(?:subscriber|member)[- ](?:only|exclusive)(?: article| story| content)?",
        anywhere=False,
    ),
    Form(
        "affiliate_notice",
        "advert",
        "this+article this+story this+post this+page we+may we+earn as+an some+links links+in when+you if+you",
        rf"[*(]*(?:this (?:{_PAGE}|guide) (?:may )?contains? affiliate links?"
        r"|we (?:may )?earn (?:a |an )?(?:small )?(?:affiliate )?commission (?:from|on|if|when|through|for)"
        r"|(?:when|if) you (?:buy|purchase|click|shop|make a purchase) [^\n.]{0,60}\b(?:we|i) (?:may )?(?:earn|receive)"
        r"(?: an?)?(?: small)?(?: affiliate)? commission"
        r"|as an amazon associate,? (?:i|we) earn from qualifying purchases"
        rf"|(?:some )?links in this (?:{_PAGE}|guide) (?:are|may be) affiliate links)\b[^\n.]{{0,120}}"
        r"(?:\. ?[^\n.]{0,60}(?:disclosure|policy|print|details)\b)?[.*)]*",
    ),
    Form(
        "credit_line",
        "photo_credit",
        "photo photos photograph photographs picture pictures pic pics image images foto bild illustration artwork"
        " main+photo main+image main+picture cover+photo cover+image file+photo file+picture featured+image"
        " feature+image lead+image top+image header+image stock+photo credit: credits:",
        r"[\[(]?(?:(?:main |cover |file |featured? |lead |top |header |stock )?"
        r"(?:photo(?:graph)?|pic(?:ture)?|image|foto|bild|illustration|artwork)s?(?: credit| courtesy| source)?"
        rf"(?: by| of)?|credits?) ?[:©] ?{_NAMES}[\])]?",
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
        "share_buttons",
        "share_bar",
        f"share click {_NETWORKS.replace('|', '+opens ')}+opens tweet pin facebook"
        " #+share #+shares #+like #+likes #+retweet #+retweets",
        _EDGE + rf"(?:share (?:this )?(?:article |story |post |page )?(?:on|via|to|with) (?:{_NETWORKS})"
        rf"|click to share on \w+(?: \(opens in new window\))?|(?:{_NETWORKS}) ?\(opens in (?:a )?new (?:window|tab)\)"
        r"|tweet this|pin it"
        r"|share this(?: article| story| post| page)?:|facebook\s+twitter(?:\s+\w+){0,5}"
        rf"|{_COUNT} (?:shares?|retweets?|likes?)(?:\s*[|•·/,]\s*{_COUNT} \w+){{0,3}})" + _SLOT_END,
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
        r"|registered in england(?: (?:and|&) wales)?\b[^\n]{0,160}|registered office\s*:[^\n]{5,160}",
        anywhere=False,
    ),
    Form(
        "read_time",
        "site_furniture",
        "#+min #+mins #+minute #+minutes #+read",
        r"[\[(•| ]*\d{1,2}[ -]?min(?:ute)?s? read[\])•| ]*",
    ),
    Form(
        "published",
        "site_furniture",
        "published posted updated modified last+updated last+modified last+update first+published originally+published",
        r"[\[(•| ]*(?:(?:first |originally |last )?(?:published|posted|updated|modified)|last update)"
        rf"(?: (?:on|at))?\s*:?\s*(?=[^\n]*\d){_WHEN}"
        rf"(?:[,|•·; ]*(?:last )?(?:updated|modified)(?: (?:on|at))?\s*:?\s*{_WHEN})?[\])•| ]*",
    ),
    Form(
        "published",
        "site_furniture",
        f"{_DAYS.replace('|', ' ')} {_MONTHS.replace('|', ' ')} #+{_MONTHS.replace('|', ' #+')}",
        rf"[\[(•|/ ]*(?:{_DATE}[\s,|•·@/–—-]+(?:at\s|on\s)?{_CLOCK}"
        rf"|{_CLOCK}[\s,|•·/–—-]+(?:on\s)?{_DATE})[\])•| ]*",
    ),
    Form(
        "published",
        "site_furniture",
        f"{' '.join(f'#+{unit} #+{unit}s' for unit in _UNITS.split('|'))}",
        rf"[\[(•| ]*\d{{1,2}} (?:{_UNITS})s? ago[\])•| ]*",
    ),
    Form(
        "player",
        "site_furniture",
        "listen+to audio+player video+player your+browser",
        rf"listen to this (?:{_PAGE})(?: now)?(?: ?[\[(|•·–—-]? ?\d{{1,3}}(?::\d\d)?(?: ?min(?:ute)?s?)?[\])]?)?[.!:]?"
        r"|(?:audio|video) player(?: is)?(?: loading)?(?:\.{3}|…)?|your browser (?:does not|doesn[’']t) support the"
        r" (?:audio|video) (?:element|tag|player)\.?",
        anywhere=False,
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
        "home homepage back+to return+to toggle",
        r"(?:home|homepage)(?:\s?[>»›→]\s?(?-i:[A-Z0-9])[\w&'’ -]{1,40}){1,6}"
        r"|(?:back|return) to (?:the )?(?:top|home ?page)|toggle (?:navigation|menu|search)",
    ),
    Form(
        "navigation",
        "site_furniture",
        "| log login sign home",
        rf"(?=(?:[^\n]*?\b{_NAV}\b){{2}})(?:{_ITEM}(?:\s*[|•·/]\s*{_ITEM}){{2,15}}|{_NAV}(?:(?:\s*[|•·/]\s*|\s{{2,}}){_NAV}){{1,9}})",
    ),
    Form(
        "tag_list",
        "keyword_spam",
        "tags: tagged: filed+under filed+in posted+in related+topics",
        r"(?:tags|tagged|filed (?:under|in)|posted in|related topics)\s*[:»>]\s*[^\n.!?]{2,200}",
        anywhere=False,
    ),
    Form(
        "feedback_link",
        "site_furniture",
        "was+this is+this did+you rate+this report+this report+a report+an report+problem suggest+a print+this"
        " email+this e+mail+this bookmark+this save+this",
        rf"(?:(?:was|is) this (?:{_PAGE})|did you find this (?:{_PAGE})) (?:helpful|useful|interesting)"
        r"\??(?:\s*(?:yes|no|[👍👎|/,]))*"
        rf"|(?:rate|report|print|e-?mail|bookmark|save) this (?:{_PAGE}|comment|ad)"
        r"(?: to a friend| for later|: ?[\d ]+)?"
        r"|(?:report|suggest) an? (?:problem|error|typo|mistake|correction|issue|broken link)(?: with this \w+)?",
        anywhere=False,
    ),
    Form(
        "comment_link",
        "site_furniture",
        "#+comment #+comments no+comments comments+are comments: leave+a post+a add+a add+your add+new write+a"
        " load+more show+more view+all view+more view+comments show+comments show+all see+all read+comments read+all"
        " read+the hide+comments join+the commenting",
        rf"[\[(•|· ]*(?:{_COUNT} comments?|no comments(?: yet)?|comments?\s*[:(]\s*\d[\d.,]*\s*\)?)"
        rf"(?:\s*[|•·/,]\s*{_COUNT} (?:shares?|likes?|views?|reads?))?[\])•| ]*"
        r"|(?:leave|post|add|write) (?:a |your |new )(?:new )?(?:comment|reply)(?: here| below)?[.!:]?"
        r"|(?:load|show|view|see|read|hide) (?:the |all |more |all the )?(?:\d+ )?comments(?: \(\d+\))?|load more"
        r"|comments are (?:now )?(?:closed|disabled|off|turned off|moderated)(?: (?:for|on) this \w+)?\.?"
        r"|commenting (?:is|has been) (?:closed|disabled|turned off)(?: (?:for|on) this \w+)?\.?"
        r"|join the (?:conversation|discussion)[.!:]?",
        anywhere=False,
    ),
)

__all__ = ["FORMS", "RULES", "Form"]
