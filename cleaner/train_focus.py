"""Which units the networks learn most from: what matters is the few clean units that look most like noise.

A harm budget of two words in ten thousand is spent by the highest scores of clean units alone, and what is found at
that budget is what counts (partial area under the ROC curve; Narasimhan & Agarwal 2013). Networks that were trained
before, each without the fold that it judges, tell three sorts of units:

* clean units of a source that is not known to be clean, but which they call noise: mostly they are noise that nobody
  labelled (confident learning; Northcutt, Jiang & Chuang 2021). Nothing is learnt from them.
* clean units of trusted sources that they take for noise: the ones that cost the budget. They count more.
* noise that they take for clean: no cut will ever reach it, and learning it by heart raises its clean look-alikes.

Of clean units that they are sure of, a part is shown in place of all: twice as many documents can be learnt from.
"""

from __future__ import annotations

import numpy as np

from cleaner.ngrams import Floats
from cleaner.train_units import CLEAN, NOISE, UnitTable

DOUBTED = 1.5
"""Log odds from which a clean unit of another than a trusted source teaches nothing."""
HARD, HARD_WEIGHT = 0.0, 8.0
"""Log odds from which a clean unit of a trusted source is a hard one, and how many times it counts."""
HOPELESS, HOPELESS_WEIGHT, LABELLED_WEIGHT = -1.0, 0.2, 0.5
"""Log odds below which noise is beyond reach, what is left of its weight, and of that of noise which a person has
labelled: what was put into an article by chance may be impossible to tell, what a person could tell is not. (At 0.2
for both, pages that nobody has seen keep a fifth more of their noise; at 1 look-alikes lose twice as much.)"""


EASY, SHOWN = -7.0, 0.25
"""Log odds below which a clean unit is an easy one, and the share of these that the networks see, in place of all: most
units are, and one in four teaches as much as all of them."""


def focused(units: UnitTable, odds: Floats) -> Floats:
    """The weight of each unit; shape (k,).

    Args:
        units: the units.
        odds: from networks that have not seen the unit's fold.
    """
    clean, noise = units.target == CLEAN, units.target == NOISE
    weight = units.weight.copy()
    weight[clean & ~units.trusted & (odds > DOUBTED)] = 0
    weight[clean & units.trusted & (odds > HARD)] *= HARD_WEIGHT
    hopeless = noise & (odds < HOPELESS)
    weight[hopeless] *= np.where(units.labelled[hopeless], LABELLED_WEIGHT, HOPELESS_WEIGHT)
    easy = clean & (odds < EASY)
    shown = np.random.default_rng(0).random(len(weight)) < SHOWN
    weight[easy] *= shown[easy] / SHOWN
    return np.asarray(weight, np.float32)
