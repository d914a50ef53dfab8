"""Misspellings that stand for one word only. Written down here from general knowledge; no list was copied."""

from __future__ import annotations

_CONTRACTIONS = (
    "don't doesn't didn't isn't wasn't aren't weren't hasn't haven't hadn't couldn't wouldn't shouldn't mustn't "
    "needn't you're they're you've they've we've you'll they'll that's what's there's"
)

_PAIRS = """
teh the, hte the, tehy they, thsi this, taht that, thta that, adn and, nad and, fo of, ot to, si is, wiht with, whcih
which,
wich which, woudl would, coudl could, shoudl should, becuase because, becasue because, freind friend, freinds friends,
recieve receive, recieved received, recieving receiving, recieves receives, reciept receipt, beleive believe,
beleived believed, beleives believes, acheive achieve, acheived achieved, definately definitely, definatly definitely,
seperate separate, seperated separated, seperately separately, occured occurred, occuring occurring, occurence
occurrence,
goverment government, goverments governments, accomodate accommodate, accomodation accommodation, untill until,
wierd weird, tommorow tomorrow, tommorrow tomorrow, tomorow tomorrow, begining beginning, comming coming, enviroment
environment,
refered referred, refering referring, succesful successful, sucessful successful, successfull successful, neccessary
necessary,
necessery necessary, wether whether, peice piece, truely truly, publically publicly, alot a lot, aswell as well,
infact in fact, eachother each other, atleast at least, embarass embarrass,
embarassed embarrassed, millenium millennium, independant independent, existance existence, persistant persistent,
agressive aggressive, agression aggression, commited committed, committment commitment, committments commitments,
priviledge privilege, supercede supersede, liason liaison, writting writing, arguement argument, greatful grateful,
knowlege knowledge, lightening lightning, maintainance maintenance, noticable noticeable, posession possession,
probaly probably, reccomend recommend, recomend recommend, recomended recommended, rythm rhythm, speach speech,
suprise surprise, suprised surprised, suprising surprising, threshhold threshold, withold withhold, thier their, htat
that,
adress address, adresses addresses, calender calendar, catagory category, cemetary cemetery, collegue colleague,
collegues colleagues, concensus consensus, dissapear disappear, dissapeared disappeared, dissapoint disappoint,
dissapointed disappointed, foriegn foreign, foward forward, happend happened, harrass harass, harrassment harassment,
immediatly immediately,
imediately immediately, interupt interrupt, judgemental judgmental, neighbor's neighbor's, ocasional occasional,
ocassion occasion, ocassionally occasionally, parliment parliament, posible possible, prefered preferred, presance
presence,
realy really, remeber remember, resturant restaurant, similiar similar, strenght strength, lenght length, targetted
targeted,
transfered transferred, vaccum vacuum, vegtable vegetable, wheather weather, yeild yield
"""

_NO_TYPOS = frozenset(
    "fo ot si nad lightening calender wheather judgemental neighbor's targetted wether withold adress".split()
)
"""Also words, names or matters of taste: left out."""


def _table() -> dict[str, str]:
    table = {word.replace("'", ""): word for word in _CONTRACTIONS.split()}
    for pair in _PAIRS.replace("\n", " ").split(","):
        wrong, right = pair.split(maxsplit=1)
        if wrong not in _NO_TYPOS:
            table[wrong] = right.strip()
    return table


COMMON = _table()
"""Misspelling -> word, in lower case."""
