"""Who owns what: credits of pictures, copyright lines, press codes."""

from __future__ import annotations

from cleaner.rule_forms.form import Form

# Capitalised words and what joins them: names. A caption ("Picture: the harbour wall at dawn") goes on in lower case.
_NAMES = (
    r"(?-i:[A-ZÀ-Þ][\w'’&.-]*(?:(?: ?[/,|]+ ?| )(?:[A-ZÀ-Þ][\w'’&.-]*|for|via|and|of|de|van|von|by|courtesy)){0,9})"
)
_NAME = r"(?-i:[A-ZÀ-Þ][\w'’&.-]*)"
_PERSON = rf"{_NAME} (?:(?:van|de|von|al|bin) )?{_NAME}(?: ?(?:/|,|for|via) ?{_NAME}(?: {_NAME}){{0,2}})?"
"""First and last name, and for whom: "Ana Reyes/Port Agency". Headlines in capitals go on after that."""
_PICTURES = "photo photos photograph photographs picture pictures pic pics image images illustration illustrations"
_WHICH = "main|cover|file|feature|featured|lead|top|header|stock"

FORMS = (
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
        "credit_line",
        "photo_credit",
        "credit:",
        # Credit is also given for other things: "Credit: Three Hours", "Credit: Accounts Payable".
        rf"[\[(]?credit ?: ?(?:{_NAME}(?: {_NAME}){{0,2}} ?/ ?{_NAMES}|reuters|afp|getty(?: images)?|shutterstock"
        r"|istock(?:photo)?|alamy(?: stock photo)?|unsplash|pixabay|pexels|wikimedia commons)[\])]?",
        since=1,
        whole=True,
    ),
    Form(
        "credit_line",
        "photo_credit",
        # Behind who took the picture, and a bar; a stock of pictures alone may be what a guide speaks of.
        "| ap+photo image+source image+caption via+getty afp+via",
        rf"[\[(]?(?:ap photo ?/ ?{_NAMES}|image source, ?{_NAMES}|image caption,|(?:afp )?via getty images"
        rf"|{_NAME} {_NAME}(?: {_NAME})? ?/ ?(?:{_NAME} ?/ ?)?(?:getty(?: images)?|istock(?:photo)?|shutterstock|alamy"
        r"(?: stock photo)?|unsplash|pexels|pixabay|depositphotos|dreamstime|adobe stock))[\])]?\.?",
        since=1,
        whole=True,
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
)
