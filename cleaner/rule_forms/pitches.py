"""What the site wants of its reader: to subscribe, to sign up, to buy, to see adverts."""

from __future__ import annotations

from cleaner.rule_forms.form import EDGE, PAGE, SLOT_END, Form

FORMS = (
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
        rf"this (?:{PAGE}|content) is (?:for|only for|only available to|available to|exclusive to|reserved for"
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
        rf"[*(]*(?:this (?:{PAGE}) (?:may )?contains? affiliate links?"
        r"|we (?:may )?(?:earn|receive) (?:a |an )?(?:small )?(?:affiliate )?commission[^\n.]{0,60}"
        r"\b(?:links?|purchases?|click)"
        r"|(?:when|if) you (?:buy|purchase|click|shop|make a purchase) [^\n.]{0,40}\b(?:links?|our site|this page)\b"
        r"[^\n.]{0,30}\b(?:we|i) (?:may )?(?:earn|receive)(?: an?)?(?: small)?(?: affiliate)? commission"
        r"|as an amazon associate,? (?:i|we) earn from qualifying purchases"
        rf"|(?:some )?links in this (?:{PAGE}) (?:are|may be) affiliate links)\b[^\n.]{{0,120}}"
        r"(?:\. ?[^\n.]{0,60}(?:disclosure|policy|print|details)\b)?[.*)]*",
    ),
    Form(
        "advert_slot",
        "advert",
        "advertisement advertisment advert ad ads continue sponsored story+continues article+continues this+ad skip+ad"
        " skip+advert advertise+with scroll+to",
        EDGE + r"(?:advertise?ment|advert"
        r"|(?:story|article) continues (?:below|after)(?: this)? (?:advertisement|advert|ad)"
        r"|advertisement[:,.]? (?:scroll to continue(?: reading)?|continue reading below)"
        r"|scroll to continue(?: reading)?|continue reading the main story|sponsored content"
        r"|this ad will end in \d+ seconds|skip ad(?:vert)?(?: in \d+)?|ads by google|advertise with us)"
        + SLOT_END
        + r"|[\[(]\s*ad\s*[\])]",
    ),
    Form(
        "advert_slot",
        "advert",
        "story+continues article+continues",
        EDGE + r"(?:story|article) continues below" + SLOT_END,
        since=1,
        whole=True,
    ),
)
