"""What typo repair must leave alone: addresses, code, names of sites, words of other languages, words meant as they
stand.

Everything here decides from the characters themselves or from a few words on either side, so that a sentence is judged
alike in every document. The one exception is `repeated`: a word that a document uses again and again is meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from cleaner.late import late

SIGNS = frozenset("@#_=\\{}|~^*+/<>$\u00a3\u20ac%&[]")
"""A chunk with one of these is opaque whatever else it holds; most opaque chunks have one."""

OPAQUE = late(
    r"www\.|\w\(\)?\S*|\(\)|^\W*\w+(?:[.:]\w+){3,}|^[-+.]?\d(?![a-z]{3,}\W*$)|^\.\w"
    r"|\w\.(?:com|net|org|gov|edu|mil|info|biz|html?|php|aspx?|js|py|txt|md|pdf|csv|json|xml|exe|zip|jpe?g|png|gif|mp[34])\b",
    re.IGNORECASE,
)
"""A chunk (text without white space) with one of these, or one of the `SIGNS`, is an address, a path, markup, code, a
sum or a figure."""

DOMAIN_ENDINGS = frozenset(
    "ac ag ai am app as at au aero be bid biz blog br by ca cat cc cd ch ci city cl club cn co com coop cz de dev dj "
    "dk ec edu ee es eu fi fm fr ga gg gl gov gr gs hk hr hu id ie il im in info int io ir is it je jobs jp kr la li "
    "life link live lk ls lt lu lv ly ma md me mil mn mobi mobile ms mu museum mx my name net news nl no nu nz one "
    "online or org ph pl pm pro ps pt pw re ro rs ru run sc se sg sh shop si site sk so st store style sx tc team "
    "tech tel tf tips tk tl tm to today tools top town travel tt tv tw ua uk us uy vc vg video vip vn watch web wiki "
    "wine work works world ws xyz zone".split()
)
"""Endings of web addresses that are often written as the name of a site: Scroll.in, Time.is."""

FOREIGN = frozenset(
    # Spanish, Portuguese, Italian, French, German, Dutch, Scandinavian, Latin, Polish, Turkish, Malay, others: words
    # that hardly ever stand in an English sentence.
    "el los las del que por con una uno esta este pero como para muy sus porque cuando donde hay ser fue ha se lo su "
    "y o e os da das dos uma um nao com mais foi ao pela pelo isso voce ele ela seu sua il gli della dello delle "
    "degli dei di che non per una sono nel nella alla anche questo questa piu ma io lei noi le les des du un une et "
    "est dans pour sur avec pas ne ce cette ces qui au aux sont nous vous ils elle je mais ou leur il faut der das "
    "den dem ein eine einen einer eines und nicht ist mit auf sich auch im zu zum zur von fur als wie wir sie ich es "
    "bei aus nach hat wird haben sind dass het een van voor niet zijn aan ook maar dit dat deze wij hij och att som "
    "det jag av pa inte ikke og er til af vi ad cum sed quod sunt quam vel atque etiam nunc enim ergo nie jest na ze "
    "sie jak tak ve bir bu icin ile degil yang dan dengan untuk tidak ini itu dari pada adalah ang mga ng sa la de "
    "en al il".split()
)

ENGLISH = frozenset(
    "the of and to a that is was for it with as his on be at by had not are but from or have an they which one you "
    "were her all she there would their we him been has when who will more no if out so said what up its about into "
    "than them can only other new some could time these two may then do first any my now such like our over me even "
    "most made after also did many before must through where much your well down should because each just those "
    "people how too little good very make world still own see men work long get here between both life being under "
    "never day same another know while last might us great old year off come since against go came right used take "
    "three this in he i".split()
)
"""Frequent English words; where none stands among a dozen words, the passage is hardly English."""

SHARED = frozenset(
    "a an as at be by die do for he her him his in i is it me most my no of on or so the to us was we will who "
    "you".split()
)
"""English words that other languages use as well; they prove nothing about a passage."""

_TELLING = FOREIGN - SHARED

LAST_LATIN = "\u024f"
"""Letters behind this one belong to other scripts than Latin."""

_DROPPED = late(r"(?:in|an|ol|th|o|wi|mo|lil|li'l|t)['\u2019]$")
_SIC = late(r"\s*[\"\u201d\u2019']?\s*[\[(]\s*sic\b", re.IGNORECASE)


SPOKEN = frozenset(
    "gonna wanna gotta kinda sorta lotta outta dunno lemme gimme coulda woulda shoulda musta oughta hafta whatcha "
    "gotcha betcha ya yer y'all ain't innit init cos coz cuz luv thru tho nite lite til thang dat dis dem dey wot "
    "sez enuf mebbe nuthin nuffin sumthin sumfin summat owt nowt ta da yeah yep yup nah nope hmm hmmm mmm mhm uh um "
    "umm er erm eh ugh oof ouch ooh aah haha hahaha hehe heh lol lmao omg wow whoa psst shh tsk meh yikes wisnae "
    "didnae cannae dinnae dinna wasnae isnae couldnae wouldnae hasnae havenae ken bairn bairns och aye wee lass "
    "lassie laddie bonnie tae frae wi fae gie gied auld oot aboot doon toon hoose noo heid ither wasn didn doesn don "
    "isn aren couldn wouldn shouldn hasn haven hadn weren won ll ve re thy thee thou thine hath doth ye yon "
    "yall".split()
)
"""Words of speech, dialect and old texts, and halves of contractions; written as they are meant."""

_LENGTHENED = late(r"(.)\1{3}|(.)\2\2$|^.{0,2}([aeiou])\3\3.{0,1}$")


def spoken(word: str) -> bool:
    """Whether a word belongs to speech or dialect: gonna, wisnae."""
    return word.lower().replace("\u2019", "'") in SPOKEN


def drawn_out(word: str, known: Callable[[str], bool]) -> bool:
    """Whether a word is drawn out on purpose; a consonant too many behind a whole word (willl) is rather a slip."""
    if _LENGTHENED.search(word.lower()) is None:
        return False
    return not (len(word) > 4 and word[-1] not in "aeiouyAEIOUYmMhHrR" and known(word[:-1]))


def opaque(chunk: str) -> bool:
    """Whether a chunk is an address, a handle, markup, code, a figure: nothing that spelling applies to."""
    return not SIGNS.isdisjoint(chunk) or OPAQUE.search(chunk) is not None


def domain_like(left: str, right: str) -> bool:
    """Whether "left.right" can be the name of a site: Scroll.in, Medium.com, but not aim.is (no capital)."""
    return right.lower() in DOMAIN_ENDINGS and (left[:1].isupper() or len(right) > 3)


_COUNT = 20
"""Bits of a count."""
_WORD, _OTHER_SCRIPT, _LOWER, _ENGLISH, _UNKNOWN, _STRANGE, _NOT_ENGLISH = (1 << place * _COUNT for place in range(7))
_REMEMBERED = 100_000
"""So many tokens are remembered at most."""


class Signs(dict[str, int]):
    """What a token, as written, says of the language around it; each token is looked at once.

    Several counts share one number, so that adding up those of many tokens is one sum: whether it is a word, and one of
    another script, in lower case, English, unknown, strange; whether it is a word in lower case that is not English.

    Args:
        known: whether a lower-case word is English; those of `ENGLISH` are.
    """

    def __init__(self, known: Callable[[str], bool]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, written: str) -> int:
        found = self._said(written)
        if len(self) < _REMEMBERED:
            self[written] = found
        return found

    def _said(self, written: str) -> int:
        first = written[0]
        found = _WORD | (_OTHER_SCRIPT if first > LAST_LATIN else 0) if first.isalpha() else 0
        if not first.islower():
            return found
        if written in ENGLISH:
            of_word = _LOWER | _ENGLISH
        else:
            of_word = _LOWER if self._known(written.replace("\u2019", "'")) else _LOWER | _UNKNOWN
        if written in FOREIGN or not written.isascii():
            of_word |= _STRANGE
        not_english = _NOT_ENGLISH if of_word & _UNKNOWN or written in _TELLING else 0
        return found | of_word | not_english if found else not_english

    def of(self, tokens: Iterable[str]) -> list[int]:
        """The first six counts of some tokens."""
        total = sum(map(self.__getitem__, tokens))
        return [total >> place * _COUNT & (1 << _COUNT) - 1 for place in range(6)]

    def not_english(self, tokens: Sequence[str]) -> bool:
        """Whether the two tokens next to a place, the nearest one first, are both not English: `Je ne regrette
        rien`."""
        return len(tokens) > 1 and bool(self[tokens[0]] & self[tokens[1]] & _NOT_ENGLISH)


def foreign(nearby: Sequence[str], signs: Signs) -> bool:
    """Whether the words around a place are not English.

    Args:
        nearby: the tokens on both sides as written, about ten on each side, without the word in question.
        signs: what each of them says.

    Returns:
        True where words of other languages or unknown words are too many, or English ones too few.
    """
    words, other_script, lower, english, unknown, strange = signs.of(nearby)
    if 3 * other_script > words:
        return True
    if lower < 3:
        forms = {token.lower() for token in nearby if token[0].isalpha()}
        return lower > 0 and (not forms.isdisjoint(_TELLING) or (words > 2 and forms.isdisjoint(ENGLISH)))
    if unknown + strange >= 2 and 3 * (unknown + strange) >= lower:
        return True
    return (english == 0 and lower >= 8) or strange >= max(2, english)


def dialect(text: str, end: int) -> bool:
    """Whether the word that ends at `end` has lost its last letters in speech: lovin', an', ol'."""
    if text[end + 1 : end + 2].isalnum():
        return False
    return text[end : end + 1] in ("'", "\u2019") and _DROPPED.search(text, max(0, end - 4), end + 1) is not None


def marked_sic(text: str, end: int) -> bool:
    """Whether the writer vouches for what stands before `end`: `recieved [sic]`."""
    behind = text[end : end + 12]
    return ("[" in behind or "(" in behind) and _SIC.match(behind) is not None


def repeated(words: Iterable[str]) -> frozenset[str]:
    """The words that occur more than once: a document means what it repeats."""
    return frozenset(word for word, number in Counter(words).items() if number > 1)
