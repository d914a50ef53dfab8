"""The precise rules: what they mean, and the look-alikes that they must leave alone."""

from __future__ import annotations

import re
import time

import pytest

from cleaner.config import NoiseConfig
from cleaner.noise import load_cached
from cleaner.policy import REMOVE, labels
from cleaner.rule_forms import FORMS
from cleaner.rules import LONGEST, RULES, rule_matches
from cleaner.tokens import tokenize
from cleaner.units import segment

LEXICON = load_cached(NoiseConfig().model).lexicon


def found(text: str) -> set[tuple[str, str, str]]:
    """(words, rule, label) of the units that a rule recognises."""
    tokens = tokenize([text])
    units = segment(tokens, LEXICON)
    return {
        (tokens.text(units.first[unit], units.last[unit]), rule, label)
        for unit, rule, label in rule_matches([text], tokens, units)
    }


def rules_of(text: str) -> set[str]:
    return {rule for _, rule, _ in found(text)}


NOISE = {
    "advert_slot": [
        "Advertisement",
        "ADVERTISEMENT",
        "[Advertisment]",
        "- Advertisement -",
        "— ADVERTISEMENT —",
        "Story continues below advertisement",
        "Article continues below this ad",
        "Advertisement: Scroll to continue",
        "Continue reading the main story",
        "SPONSORED CONTENT",
        "This ad will end in 15 seconds",
        "[AD]",
        "Advertisement. Scroll to continue reading.",
        "Skip ad in 5",
        "Advertise with us",
    ],
    "affiliate_notice": [
        "This post may contain affiliate links.",
        "*This page contains affiliate links. See the small print.*",
        "We may earn a commission if you buy through our links",
        "As an Amazon Associate, we earn from qualifying purchases.",
        "If you shop by these links, we may earn an affiliate commission.",
    ],
    "share_buttons": [
        "Share on Facebook",
        "Share this article via Email",
        "share this story on WhatsApp",
        "Click to share on Twitter (Opens in new window)",
        "Tweet this",
        "Share this:",
        "Facebook Twitter WhatsApp Email",
        "LinkedIn (opens in a new tab)",
    ],
    "cookie_banner": [
        "This site uses cookies.",
        "Our website uses cookies to improve your experience",
        "We use cookies to personalise content and ads.",
        "We use cookies on this site to enhance your experience",
        "By continuing to use this site you agree to our use of cookies.",
        "This cookie is placed by the GDPR Cookie Consent plugin.",
        "The cookies are used to record user consent for cookies of our choice.",
        "Functional cookies help perform some functionalities of our harbour map.",
        "Analytical cookies are used for understanding how visitors find the harbour.",
    ],
    "script_notice": [
        "Please enable JavaScript to read what others wrote.",
        "JavaScript must be enabled in order for you to use this site.",
        "Your browser does not support the video tag.",
    ],
    "rights_reserved": [
        "All rights reserved.",
        "© 2019 Eastport Courier. All rights reserved.",
        "(c) Eastport Courier, all rights reserved",
        "Copyright 2017 The Daily Ledger. All Rights Reserved.",
        "Copyright © 2020 Northlight Media Ltd. All rights reserved. Do not copy.",
        "Copyright Eastport Courier. All rights reserved",
        "© 2026 Harbour Ledger",
        "Copyright © 2011-2014 Northlight Media, Inc.",
        "(c) 2022 Eastport Coffee Co.. Powered by Brightcart",
    ],
    "published": [
        "Published 09:14, updated 11:02",
        "Posted on November 1st, 2012",
        "11 Feb 2025 06.00 GMT",
        "Oct 4 2023, 12:31 pm",
    ],
    "navigation": [
        "Home > World > Africa",
        "Home / About / The Plot / RSS",
        "Login   Register   e-Paper",
        "Forests | Oceans | Podcast | Donate",
        "You are here: Harbour / Ferries / Timetables",
    ],
    "read_time": [
        "5 min read",
        "12-minute read",
        "• 4 mins read",
        "(3 min read)",
        "Less than 2 min read",
    ],
    "skip_link": [
        "Skip to main content",
        "Jump to navigation",
        "skip to content",
        "Skip to the footer section",
    ],
    "related_pointer": [
        "READ MORE: Ten things you did not know about the tunnel",
        "ALSO READ | Ferry pilots call off their strike",
        "Related stories",
        "You may also like",
        "Trending now",
        "RELATED: Is sea salt better for you?",
    ],
    "follow_us": [
        "Follow us on Twitter for live updates",
        "Like us on Facebook!",
        "Please follow us on Instagram.",
    ],
    "sign_up_pitch": [
        "Sign up for our newsletter and get the best stories in your inbox.",
        "Subscribe to our daily newsletter",
        "Download our free app now.",
    ],
    "paywall_notice": [
        "You have 2 free articles left this month.",
        "You’ve got one free article remaining",
        "Subscribe to continue reading.",
        "Sign in or subscribe to keep reading",
        "To continue reading, choose the plan that suits you",
        "Already a subscriber? Log in",
    ],
    "credit_line": [
        "Photo: Ana Reyes/Port Agency",
        "(Image credit: Northlight)",
        "Picture: Ángel Ruiz for The Courier",
        "Photos: Ruth Calder and Amos Field",
        "Pic: Rory Devlin / Amplifier",
        "Main photo: Suki Arden",
        "Stock image © Northlight",
    ],
}
"""Lines that are noise wherever they stand."""

LATER = {
    "advert_slot": [
        "Story continues below",
    ],
    "share_buttons": [
        "87 shares",
        "212 likes | 14 replies",
        "Share on Bluesky",
        "Share this page by e-mail",
        "Kindly share this story:",
        "Copy link to clipboard",
        "Pin it for later!",
        "Like Loading...",
    ],
    "press_code": [
        "This website and associated newspapers adhere to the Code of Practice of the Press Board",
        "Registered in England & Wales No. 0049127",
        "Registered office: 4 Harbour Exchange, Eastport",
    ],
    "player": [
        "Listen to this article",
        "Listen to this story (6 min)",
        "Listen to this article · 12:40",
        "Audio player",
        "Media playback is unsupported on your device",
        "Audio By Carbonatix",
    ],
    "published": [
        "Last updated: Tuesday 3 May 2024 at 6.15pm",
        "Updated 12 minutes ago",
        "6 hours ago",
    ],
    "navigation": [
        "Back to top",
        "« Previous article",
        "Next post »",
        "Continue reading →",
        "View this email in your browser",
        "Load older updates",
        "Print version",
        "Post navigation",
        "Loading...",
        "(Opens in new window)",
        "Proudly powered by WordPress",
    ],
    "tag_list": [
        "Tags: trains in film, best old movies",
        "Filed under: Cloud",
        "Posted in: Harbour, Ferries",
    ],
    "author_contact": [
        "Follow Ruth Calder on X: @rcalder",
        "You can find her on Bluesky @rcalder",
        "View all posts by Ruth Calder",
    ],
    "feedback_link": [
        "Was this article helpful? Yes No",
        "Report this article",
        "Rate this review: 1 2 3 4 5",
        "Email this page to a friend",
        "Suggest a correction",
    ],
    "comment_link": [
        "52 comments",
        "No comments yet",
        "Comments (408)",
        "Leave a comment",
        "Load more comments",
        "Comments are closed",
        "Join the conversation",
        "Be the first to comment.",
        "Leave a Reply Cancel reply",
        "Click here to cancel reply.",
        "Log in to leave a comment",
    ],
    "read_time": [
        "Reading time: 4 minutes",
    ],
    "related_pointer": [
        "READ MORE Ten things you did not know about the tunnel",
        "Read more – Ten things you did not know about the tunnel",
        "Read more about the harbour wall",
        "SEE ALSO: Pilots announce their dates for winter",
        "READ: The woman who weighs mountains",
        ">> Watch: The robots that stack shelves at night",
        "Don’t miss: The cottage that got 400 Christmas cards",
        "More from The Courier",
        "Most viewed",
        "People also read…",
    ],
    "paywall_notice": [
        "This article is for subscribers only.",
        "Unlock this article",
        "Keep reading with a 7-day free trial",
        "Subscriber exclusive",
        "This page is for members only.",
    ],
    "credit_line": [
        "Photo by Ruth Calder",
        "(Image courtesy of Eastport Museum)",
        "(Photo supplied)",
        "© Amos Field/Northlight",
        "AP Photo/Ines Marsh",
        "(Amos Field/Getty Images)",
        "Image source, Getty Images",
        "Image caption,",
    ],
}
"""Lines that may be true in the first line of a text, where headlines stand."""


def listed(lines: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(rule, line) for rule, some in lines.items() for line in some]


@pytest.mark.parametrize(("rule", "line"), listed(NOISE) + listed(LATER))
def test_what_a_rule_means_alone_and_between_paragraphs(rule: str, line: str) -> None:
    assert rules_of(line) == ({rule} if line in NOISE.get(rule, ()) else set())
    assert rules_of(f"The ferry is late.\n{line}\nNobody knows why.") == {rule}
    assert "ferry" not in " ".join(words for words, _, _ in found(f"The ferry is late.\n{line}\nNobody knows why."))


@pytest.mark.parametrize(
    "text",
    [
        "The advertisement was withdrawn on Monday.",
        "Advertisement of the post closed in May.",
        "Story continues to worry the board.",
        "Sponsored content is the subject of the inquiry.",
        "(c) the board shall publish its accounts by 2020",
        "Share this meal with your neighbours, the cook said.",
        "Facebook and Twitter were fined on Monday.",
        "Tweet this to your friends, she told the crowd.",
        "Pin it to the wall, he said.",
        "We use cookies and milk to teach fractions.",
        "We use cookies to bait the deer, the gamekeeper said.",
        "The site uses cookies made of oats.",
        "Cookies were banned from the canteen.",
        "JavaScript is a language with many friends.",
        "Your browser may be out of date.",
        "Copyright notices such as all rights reserved have no force, the judge held.",
        "Copyright in the photographs expired in 1998.",
        "The publisher bought all rights reserved for the widow.",
        "A five minute read of the report is enough.",
        "5 min read the label twice",
        "The boys skip to school.",
        "Skip to the end of the book, she said.",
        "“Advertisement”, he read, and laughed.",
        "“Read more books,” the minister told the pupils.",
        "Read more books, the minister told the pupils.",
        "The two men are not related.",
        "Related to the mayor by marriage, he kept silent.",
        "Follow us, the children shouted, and ran.",
        "Read more about the war, he told them, before you speak of it.",
        "To continue reading the names took an hour.",
        "Performance cookies are what the baker calls them.",
        "The cookie is used to bait the deer.",
        "Skip to the end of the film, the critic advised.",
        "Follow the path along the river.",
        "Subscribe to our view of the matter, he begged them.",
        "Sign-ups for our parish newsletter doubled.",
        "You have two free hands, the foreman said.",
        "Picture: the harbour wall at dawn on Tuesday",
        "Photo: A man carries his boat home after the flood",
        "Picture this: nobody came.",
        "Read: that is what the sign said.",
        "Watch: an old man's only treasure",
        "See also the note on page four, the judge said.",
        "Latest figures show a rise of four per cent",
        "More from the same field was sold on Friday",
        "Most read the paper on the train.",
        "Related companies must say so, the board ruled.",
        "Published poets read to the children.",
        "Published in 1931, the novel sold nine copies.",
        "Posted to Malta in 1941, he learnt to swim.",
        "Updated rules come into force in May",
        "Saturday 25 May, 2pm",
        "3 May 2023",
        "Jan 11.00",
        "Home > away is how the score reads",
        "Home wins: 9 / Away wins: 4 / Draws: 2",
        "Chess | Poetry | Sheep",
        "Tags were found on four of the geese.",
        "Filed under protest, the appeal was heard in June.",
        "Follow the ferryman to the third jetty",
        "Email Amos, said the note, before you come.",
        "52 comments were made at the hearing.",
        "No comment",
        "87 shares changed hands on Friday.",
        "Report this to the police, he told her.",
        "Was this the man? Yes",
        "Comments are free, said the editor.",
        "Join the queue",
        "Listen to this boy, she said.",
        "This story is for anyone who has lost a dog.",
        "Unlock this gate",
        "Keep reading to the child, the nurse advised",
        "We may earn less next year, the farmer said.",
        "This post contains a rail and two bolts",
        "Your email was read out in court.",
        "Registered in 1931, the tug is the oldest afloat",
        "Pic: the harbour wall at dawn",
        "Credit: the bank said no",
        "Also on Monday, the board:",
        "Up next: Spain in the semi-final",
        "Don’t miss: the view from the tower",
        "Must-read: Middlemarch by George Eliot",
        "Keep reading",
        "See also: Chapter 4, page 30",
        "Read: 7,000 MB/s",
        "Latest: England 104 for 3",
        "Watch: Netflix from Friday",
        "More from Paris tomorrow",
        "In other news",
        "Saturday 25 May 2024, 7.30pm",
        "April 15, 1912, 2:20 a.m.",
        "50 YEARS AGO",
        "Posted 68 on Sunday",
        "Posted 10-5",
        "To keep reading, join a book club.",
        "We earn commission on every car we sell.",
        "Registered in England in 1931, the tug is now in Malta and for sale",
        "When you buy a house through us, we earn a commission.",
        "“We need you. Join the conversation. Be heard,” he said.",
        "The judge was firm. Comments are closed. Nobody was heard.",
        "He sold the lot. 500 shares. Gone.",
        "Acme Corp | 100 shares | $5",
        "Anna | 12 comments | 4 likes",
        "You are here because of the tide, she said.",
        "Next page of the story",
        "Previous story: the mill",
        "Continue reading",
        "Photo by Ruth Calder of the harbour wall at dawn",
        "© Amos Field was seen only once near the wall",
        "The link was gone. Copy link. Nobody knew.",
        "Save for later the best of the plums",
        "Reading time is short in winter",
        "Play video games with him, she said",
        "You Are Here: The Story of Maps",
        "You are here: a small town with one bus a day, no bank and a good bakery.",
        "You are here: that is what the map told her, and she wept. Nobody else came.",
        "Photo by Jane Smith Wins First Prize",
        "Picture by Vermeer Fetches Record Price",
        "PHOTO BY TEENAGER WINS NATIONAL PRIZE",
        "Paper 1 begins at nine. Reading time: 10 minutes. Writing time: 2 hours.",
        "Tweet 1:",
        "The page ends there. Article continues after. He turned it.",
        "He looked at the sign. Story continues below. He laughed.",
        "Save for Later",
        "Copy Link",
        "Close Window",
        "Play Video",
        "Next Story",
        "Home > Settings > Bluetooth",
        "Team | Home | Away | Home",
        "Books / Videos / Podcasts",
        "Home / End / Menu / Esc",
        "Email Sue at sue@gardenclub.example",
        "Enter your email address",
        "Report a problem",
        "Save this page",
        "Credit: Visa, Mastercard",
        "When you buy a house, the agent will receive a commission from the seller.",
        "Next page",
        "Previous post",
        "Powered by WordPress",
        "Show more",
        "Loading the boats took a day...",
        "Tweet",
        "Tap Share. Copy link. Paste it into the message.",
        "Fold the edge twice. Pin it. Sew along the fold.",
        "Facebook Twitter deal falls through",
        "Continue reading.",
        "Be the first to comment on the plan, he told her.",
        "Unsplash",
        "Adobe Stock",
        "Spies/Getty",
        "Image caption, The harbour at dawn",
        "AP photo editors met on Monday",
        "More Stories by Women Win Prizes",
        "More stories by Alice Marsh",
        "Recommended",
        "We use cookies to make the base of it.",
    ],
)
def test_look_alikes(text: str) -> None:
    assert found(text) == set()
    assert found(f"The ferry is late.\n{text}\nNobody knows why.") == set()


BIO = "Ruth Calder covers the harbour for the Courier. She lives on a boat."
STORY = "The mill will close.\nIt is old, and nobody has bought a wheel for years.\nThe owners will meet in June."


def test_who_the_author_of_the_byline_is() -> None:
    text = f"Mill to close by May\nBy Ruth Calder and Amos Field\n{STORY}\n{BIO}\nNobody knows why."
    assert {(words, rule) for words, rule, _ in found(text)} == {
        ("Ruth Calder covers the harbour for the Courier", "about_author"),
        ("She lives on a boat", "about_author"),
    }
    assert found(text.replace("By Ruth", "By Rose")) == set()  # another one's
    assert found(f"{BIO}\nMill to close by May\nBy Ruth Calder\n{STORY}") == set()  # above the byline
    assert found(f"Mill to close\nBy Ruth Calder\n{BIO}\n{STORY}\n{STORY}") == set()  # above the story
    assert found(text.replace("covers", "sold")) == set()  # says nothing of the kind
    assert found(text.replace("owners", "owners and Ruth Calder")) == set()  # it is her story
    assert found(f"Mill to close\nBy Ruth Calder\n{STORY} {BIO}") == set()  # not a line of its own
    assert found(text.replace("By Ruth Calder and Amos Field", "By Ruth Calder’s own account it is late.")) == set()
    assert found("Mill to close\n" + "It is old.\n" * 8 + f"By Ruth Calder\n{BIO}") == set()  # no byline any more
    assert found("Mill to close\nBy Ruth Calder") == found("By Ruth") == found("by") == set()
    many = [text, "The ferry is late.", BIO, text, f"Mill to close\nBy Ruth Calder\n{STORY}\n{BIO}"]
    tokens = tokenize(many)
    units = segment(tokens, LEXICON)
    assert [int(units.document[unit]) for unit, _, _ in rule_matches(many, tokens, units)] == [0, 0, 3, 3, 4, 4]


@pytest.mark.parametrize("text", ["READ MORE BOOKS, SAYS MINISTER", "Read more – and live longer, doctors say"])
def test_headlines(text: str) -> None:
    assert found(f"{text}\nThe plan was made known on Monday.") == set()


@pytest.mark.parametrize("line", [line for _, line in listed(LATER)])
def test_what_must_be_a_line_is_none_behind_a_sentence(line: str) -> None:
    forms = [form for form in FORMS if re.fullmatch(form.pattern, line, re.IGNORECASE)]
    expected = {form.rule for form in forms if not form.whole}
    assert rules_of(f"The ferry is late.\nNobody knows why. {line}") <= expected


def test_a_rule_means_the_whole_line_or_a_whole_unit() -> None:
    line = found("Copyright 2017 The Daily Ledger. All rights reserved.\nThe ferry is late.")
    assert {rule for _, rule, _ in line} == {"rights_reserved"}
    left = set("Copyright 2017 The Daily Ledger. All rights reserved.".replace(".", "").split())
    assert left - {word for words, _, _ in line for word in words.replace(".", "").split()} == set()
    assert found("The ferry is late. All rights reserved. Nobody knows why.") == {
        ("All rights reserved", "rights_reserved", "legal_footer")
    }
    assert found("The ferry is late, all rights reserved, nobody knows why.") == set()


def test_a_rule_speaks_of_its_own_text_in_a_batch() -> None:
    texts = ["The ferry is late.", "", "5 min read\nThe ferry is late.", "Tweet this"]
    tokens = tokenize(texts)
    units = segment(tokens, LEXICON)
    matches = rule_matches(texts, tokens, units)
    assert [(int(units.document[unit]), rule) for unit, rule, _ in matches] == [(2, "read_time"), (3, "share_buttons")]


@pytest.mark.parametrize(
    "line",
    [
        "Updated " + "12:31 am " * 12 + "updated " + "12:31 am " * 12 + "x",
        "Published " + "3 May 2024 " * 20 + "x",
        "Log in" + " | Home" * 33 + "!",
        "Photo: " + "Ana / " * 40 + "x",
        "more from " + "A " * 100 + "x",
        "Home" + " > A" * 60 + ".",
        "Listen to this article" + " " * 200 + "x",
        "You are here: Home" + " > A" * 60 + ".",
        "Photo by Ana " + "van Ana " * 30 + "x",
        "Image courtesy of " + "Ana / " * 40 + "x",
        "Share this on " + "via " * 50 + "x",
        "Estimated reading time" + " " * 200 + "x",
    ],
)
def test_no_line_takes_long(line: str) -> None:
    begin = time.process_time()
    for _ in range(20):
        found(f"It is late.\n{line}")
    assert time.process_time() - begin < 2  # an expression that tries all ways takes minutes for one


def test_no_rule_means_a_long_line() -> None:
    line = "This site uses cookies" + " and more cookies" * 8
    assert rules_of(line) == {"cookie_banner"}
    assert rules_of(line + " " * LONGEST + "and milk") == set()


def test_every_rule_is_tried_here_and_its_label_is_removed() -> None:
    assert {*NOISE, *LATER, "about_author"} == set(RULES)
    given = {label for _, line in listed(NOISE) for _, _, label in found(line)}
    given |= {label for _, line in listed(LATER) for _, _, label in found(f"The ferry is late.\n{line}")}
    assert all(labels()[label].action == REMOVE for label in given)
