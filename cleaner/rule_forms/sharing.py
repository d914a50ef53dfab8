"""Buttons and links to share, follow, rate, send and comment on."""

from __future__ import annotations

from cleaner.rule_forms.form import EDGE, PAGE, SLOT_END, Form

_NETWORKS = "facebook|twitter|linkedin|whatsapp|pinterest|reddit|email|telegram|x"
_SOCIAL = "facebook|twitter|linkedin|x|instagram|bluesky|mastodon|threads|youtube|tiktok|telegram"
_COUNT = r"\d[\d.,]*[km]?"

FORMS = (
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
        "author_contact",
        "author_bio",
        "view+all see+all",
        r"(?:view|see) all (?:posts|articles|stories) by (?-i:[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}) ?[→»›]*",
        since=1,
        whole=True,
    ),
    Form(
        "share_buttons",
        "share_bar",
        f"share click {_NETWORKS.replace('|', '+opens ')}+opens tweet+this facebook+twitter",
        EDGE + rf"(?:share (?:this )?(?:article |story |post |page )?(?:on|via|to|with) (?:{_NETWORKS})"
        rf"|click to share on \w+(?: \(opens in new window\))?|(?:{_NETWORKS}) ?\(opens in (?:a )?new (?:window|tab)\)"
        r"|tweet this|share this(?: article| story| post| page)?:"
        rf"|facebook\s+twitter(?:\s+(?:{_NETWORKS}|instagram|tumblr|google(?: plus|\+)?|stumbleupon|digg|embed|e-?mail"
        r"|print|copy link|share)){0,5})" + SLOT_END,
    ),
    Form(
        "share_buttons",
        "share_bar",
        "share kindly+share copy+link copy+this copy+to like+loading pin+it pin+this",
        EDGE + r"(?:share (?:(?:this|via|by|on|to|with) ){1,2}(?:article |story |post |page )?(?:on |via |by )?"
        rf"(?:{_NETWORKS}|e-mail|bluesky|threads|mastodon|nextdoor|tumblr|flipboard|social media)"
        r"|(?:kindly )?share this(?: (?:article|story|post|page))?"
        r"|copy (?:(?:this )?link )?to clipboard|pin (?:it|this)(?: recipe| post)? for later!?|like loading(?:\.{3}|…))"
        + SLOT_END,
        since=1,
        whole=True,
    ),
    Form(
        "share_buttons",
        "share_bar",
        "#+share #+shares #+like #+likes #+retweet #+retweets",
        EDGE + rf"{_COUNT} (?:shares?|retweets?|likes?)(?:\s*[|•·/,]\s*{_COUNT} \w+){{0,3}}" + SLOT_END,
        since=1,
        whole=True,
    ),
    Form(
        "feedback_link",
        "site_furniture",
        "was+this is+this did+you rate+this report+this print+this email+this e+mail+this suggest+a",
        rf"(?:(?:was|is) this (?:{PAGE})|did you find this (?:{PAGE})) (?:helpful|useful|interesting)"
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
        " read+the hide+comments join+the commenting be+the log+in login click+here",
        rf"[\[(•|· ]*(?:{_COUNT} comments?|no comments(?: yet)?|comments\s*[:(]\s*\d[\d.,]*\s*\)?)"
        rf"(?:\s*[|•·/,]\s*{_COUNT} (?:shares?|likes?|views?|reads?))?[\])•| ]*"
        r"|(?:leave|post|add|write) (?:a |your |new )(?:new )?(?:comment|reply)(?: here| below)?[.!:]?"
        r"|(?:load|show|view|see|read|hide) (?:the |all |more |all the )?(?:\d+ )?comments(?: \(\d+\))?|load more"
        r"|comments are (?:now )?(?:closed|disabled|off|turned off|moderated)(?: (?:for|on) this \w+)?\.?"
        r"|commenting (?:is|has been) (?:closed|disabled|turned off)(?: (?:for|on) this \w+)?\.?"
        r"|join the (?:conversation|discussion)[.!:]?|be the first to (?:comment|leave a comment|reply)[.!]?"
        r"|(?:leave a (?:reply|comment)|click here to) cancel reply\.?"
        r"|log ?in to (?:leave a |post a )?(?:comment|reply)[.!]?",
        since=1,
        whole=True,
    ),
)
