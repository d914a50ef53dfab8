"""What else goes once it is known what goes: noise comes in company, and speaks of the same things.

What is decided of some words of a document is evidence for the others (collective classification: Sen et al. 2008; in
one round of what Neville & Jensen 2000 call iterative classification). The networks of `cleaner.model` and
`cleaner.inserts` see what others said of the units around; these two small ones see what *goes*: on the same line,
above and below, how much of the document, whether it speaks of the same things as the words in question and whether the
rest does. So where one sentence of a pitch was found the other one follows, and the last headline of a list. They are
asked only where something goes, about what stays there: a text without noise is never touched by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.beside import MOST, SURE, certainty
from cleaner.candidates import Ground
from cleaner.inserts import Inserts
from cleaner.lexicon import DIMENSIONS
from cleaner.meaning import cosine, vectors_within
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.stretches import changes
from cleaner.tokens import Bools, Ints
from cleaner.verdicts import VERDICTS, Layout, verdicts

NEAR = -6.5, -4.0
"""Log odds from which units, and words inside them, are judged again."""

OWN = ("odds", "margin", "words")
ALIKE = ("topic_gone", "topic_kept", "sense_gone", "sense_kept")
COLUMNS = OWN + ALIKE + VERDICTS
"""What the networks see: the words in question, whether they speak of the same things as what goes and as what stays,
and how far the units around are above their cuts (`VERDICTS`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Doubtful:
    """Words that may go, half-open stretches, ascending and disjoint; shape (k,) each.

    Attributes:
        first, last: the words.
        unit: the unit that they begin in.
        odds, margin: their log odds, and how far these are above the cut.
    """

    first: Ints
    last: Ints
    unit: Ints
    odds: Floats
    margin: Floats


@dataclass(frozen=True, eq=False)
class Going:
    """What goes of a batch.

    Attributes:
        ground: the documents of a batch in which something goes.
        here: which units of the batch are theirs; shape (k,).
        margin: of these units; shape (k,).
        inserts: what was found inside units of the batch.
        words: which words of the batch go; shape (words,).
        doubt: how far each document is from holding noise beyond doubt; shape (documents,).
    """

    ground: Ground
    here: Ints
    margin: Floats
    inserts: Inserts
    words: Bools
    doubt: Floats

    @classmethod
    def of(cls, ground: Ground, margin: Floats, inserts: Inserts) -> Going | None:
        """What goes by these margins; None where nothing does.

        Args:
            ground: the batch.
            margin: of its units; shape (k,).
            inserts: what was found inside of them.
        """
        tokens, units = ground.found.tokens, ground.found.units
        goes, inside = margin > 0, inserts.margin > 0
        first, last = (
            np.concatenate((of_units[goes], of_inserts[inside]))
            for of_units, of_inserts in ((units.first, inserts.first), (units.last, inserts.last))
        )
        if not len(first):
            return None
        count = len(tokens.text_start) - 1
        documents = np.bincount(tokens.document[first], minlength=count) > 0
        words = np.zeros(len(tokens) + 1, np.int64)
        np.add.at(words, first, 1)
        np.add.at(words, last, -1)
        sure = certainty(units.document, margin, count)
        sure += np.bincount(tokens.document[inserts.first], np.clip(inserts.margin, 0, MOST), count)
        doubt = np.maximum(SURE - sure, 0).astype(np.float32)
        here = documents[units.document].nonzero()[0]
        return cls(ground.of_documents(documents), here, margin[here], inserts, words.cumsum()[:-1] > 0, doubt)

    def units(self) -> tuple[Ints, Doubtful]:
        """The units that stay, but may go after all; which of the batch they are. First units of texts are headlines as
        a rule, and never do."""
        units, odds = self.ground.found.units, self.ground.odds
        doubtful = (self.margin <= 0) & (odds > NEAR[0]) & ~changes(units.document)
        at = doubtful.nonzero()[0]
        return self.here[at], Doubtful(units.first[at], units.last[at], at, odds[at], self.margin[at])

    def inside(self) -> tuple[Ints, Doubtful]:
        """The same of what was found inside units that stay; which of the inserts these are."""
        units, inserts = self.ground.found.units, self.inserts
        unit = np.maximum(units.first.searchsorted(inserts.first, "right") - 1, 0)
        # The others are of documents in which nothing goes.
        inside = (inserts.first >= units.first[unit]) & (inserts.first < units.last[unit])
        doubtful = inside & (inserts.margin <= 0) & (inserts.odds > NEAR[1]) & (self.margin[unit] <= 0)
        few = inserts.chosen(doubtful)
        return doubtful.nonzero()[0], Doubtful(few.first, few.last, unit[doubtful], few.odds, few.margin)

    def rows(self, these: Doubtful) -> Floats:
        """What the networks see of some words; shape (k, len(COLUMNS))."""
        found = self.ground.found
        of = found.tokens.document[these.first]
        vectors = vectors_within(found.units.rows, these.first, these.last, found.lexicon)
        gone = self._gone[of]
        kept = found.document_vectors[of] - gone - vectors
        alike = [
            cosine(vectors[:, part], other[:, part])
            for part in (slice(DIMENSIONS), slice(DIMENSIONS, None))
            for other in (gone, kept)
        ]
        words = np.log1p(these.last - these.first, dtype=np.float32)
        return np.column_stack((these.odds, these.margin, words, *alike, self._around[these.unit]))

    @cached_property
    def _gone(self) -> Floats:
        """The sum of the vectors of what goes of each document."""
        found = self.ground.found
        first, last = _runs(self.words)
        vectors = np.zeros_like(found.document_vectors)
        np.add.at(vectors, found.tokens.document[first], vectors_within(found.units.rows, first, last, found.lexicon))
        return vectors

    @cached_property
    def _around(self) -> Floats:
        """How far the units around each unit are above their cuts."""
        return verdicts(Layout.of(self.ground.found.tokens, self.ground.found.units), self.margin)


def _runs(words: Bools) -> tuple[Ints, Ints]:
    """The stretches of words that go, half-open."""
    bounds = np.diff(words.astype(np.int8), prepend=0, append=0).nonzero()[0]
    return bounds[::2], bounds[1::2]


@dataclass(frozen=True, eq=False)
class Collective:
    """Judges again what stays where something goes; `cleaner.train_collective` makes it.

    Attributes:
        units: the network that judges units.
        inserts: the one for words inside of them.
        cuts: log odds from which these go: by budget, for units and for words inside of them.
    """

    units: Network
    inserts: Network
    cuts: Mapping[float, tuple[float, ...]]

    def settled(
        self, ground: Ground, margin: Floats, inserts: Inserts, cut: Floats, shift: Floats
    ) -> tuple[Floats, Inserts]:
        """The margins of the units of a batch and what was found inside them, with what goes after all.

        Args:
            ground: the batch.
            margin: of its units; shape (k,).
            inserts: what was found inside of them.
            cut: for units and for words inside of them; shape (2,).
            shift: what a user's labels have added to the log odds of each unit (`cleaner.correction`); shape (k,).
        """
        going = Going.of(ground, margin, inserts)
        if going is None:
            return margin, inserts
        (units, of_units), (places, of_places) = going.units(), going.inside()
        against = np.minimum(shift[units], 0)  # what speaks for a unit has counted already
        margin = _raised(margin, units, self.units, going, of_units, cut[0] - against)
        found = _raised(inserts.margin, places, self.inserts, going, of_places, cut[1])
        return margin, replace(inserts, margin=found)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the cuts, to be stored."""
        return {**self.units.arrays("collective_units"), **self.inserts.arrays("collective_inserts")}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], cuts: Mapping[float, tuple[float, ...]]) -> Collective:
        """What `arrays()` gave."""
        units, inserts = (Network.from_arrays(f"collective_{name}", arrays) for name in ("units", "inserts"))
        return cls(units, inserts, cuts)


def _raised(margin: Floats, at: Ints, network: Network, going: Going, these: Doubtful, cut: Any) -> Floats:
    """The margins with those of some words raised that go after all.

    Where it is not sure that the document holds noise, as much more is asked as is missing: else one true line that is
    lost takes others along.
    """
    if not len(at):
        return margin
    doubt = going.doubt[going.ground.found.tokens.document[these.first]]
    again = network.log_odds(going.rows(these)) - cut - doubt
    raised = margin.copy()
    raised[at] = np.where(again > 0, again, margin[at])
    return raised
