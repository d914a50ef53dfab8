"""What else goes once it is known what goes: which words are judged again, what is known of them, and how the cuts are
chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from cleaner.beside import SURE
from cleaner.collective import COLUMNS, NEAR, Collective, Going
from cleaner.config import NoiseConfig
from cleaner.dataset import read_documents
from cleaner.edits import Edit
from cleaner.inserts import NOTHING, Inserts
from cleaner.model import Judgement, NoiseModel
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.noise import NoiseStage, explain, load_cached
from cleaner.pipeline import Cleaner
from cleaner.tokens import tokenize
from cleaner.train_collective import FEWEST, NEVER, _cut, _joined, _learnt, _Table
from cleaner.units import segment

MODEL = load_cached(NoiseConfig().model)
ABOVE = """The harbour board met on Tuesday to decide who pays for the new crane.
Members heard that the old one had failed its inspection in March and could not be mended."""
BELOW = """The chair said the fee for a berth would rise by a tenth from the spring.
Fishermen from the eastern quay had asked for a longer pier as well."""
BETWEEN = "I found the same thing on my own page about standing desks."
ADDRESS = "Visit www.desks-online.example"
PITCH = f"Great post! {BETWEEN} {ADDRESS} for cheap standing desks."
TEXTS = [document.text for document in read_documents(ROOT / "training_data" / "genres.jsonl")][:30]


def cleaner_with(model: NoiseModel) -> Cleaner:
    stage = NoiseStage(NoiseConfig())
    stage.__dict__["model"] = model
    return Cleaner(stages=[stage])


def with_cut(units: float, inserts: float) -> NoiseModel:
    cuts = dict.fromkeys(MODEL.collective.cuts, (units, inserts))
    return replace(MODEL, collective=replace(MODEL.collective, cuts=cuts))


def judged(texts: list[str]) -> Judgement:
    tokens = tokenize(texts)
    return MODEL.judge(tokens, segment(tokens, MODEL.lexicon), 2.0)


def going_of(texts: list[str], *, gone: dict[str, float]) -> Going | None:
    """What goes if only the units that begin with some words do, with these margins; all others are doubtful."""
    ground = judged(texts).ground
    tokens, units = ground.found.tokens, ground.found.units
    margin = np.full(len(units), -1.0, np.float32)
    for number, (first, last) in enumerate(zip(units.first, units.last, strict=True)):
        for words, value in gone.items():
            if tokens.text(first, last).startswith(words):
                margin[number] = value
    return Going.of(replace(ground, odds=np.zeros(len(units), np.float32)), margin, NOTHING)


# What is judged again -------------------------------------------------------------------------------------------------


def test_a_sentence_of_a_pitch_goes_with_the_rest_of_it() -> None:
    text = f"{ABOVE}\n{PITCH}\n{BELOW}"
    alone, together = (cleaner_with(m).clean(text).text for m in (with_cut(NEVER, NEVER), MODEL))
    assert ADDRESS not in alone
    assert BETWEEN in alone
    assert BETWEEN not in together
    assert all(line in together for line in (ABOVE, BELOW))


def test_the_reasons_are_what_goes_around_it() -> None:
    text = f"{ABOVE}\n{PITCH}\n{BELOW}"
    start = text.index(BETWEEN)
    names = set(COLUMNS)
    together = explain(text, Edit(start, start + len(BETWEEN), "", "noise", "sentence"))
    assert together
    assert {name for name, _ in together} <= names
    start = text.index(ADDRESS)
    by_itself = explain(text, Edit(start, start + len(ADDRESS), "", "noise", "sentence"))
    assert by_itself
    assert not {name for name, _ in by_itself} <= names


def test_where_nothing_goes_nothing_is_judged_again() -> None:
    assert going_of([ABOVE, BELOW], gone={}) is None
    said = judged([ABOVE, BELOW])
    eager = replace(MODEL, collective=with_cut(-99.0, -99.0).collective)
    scores, inserts = eager.judge_again(said, [], 2.0)
    assert scores.margin.tolist() == said.scores.margin.tolist()
    assert inserts.margin.tolist() == said.inserts.margin.tolist()


def test_only_documents_in_which_something_goes_are_judged_again_and_never_their_first_lines() -> None:
    going = going_of([ABOVE, f"{ABOVE}\n{BELOW}"], gone={"Fishermen": SURE + 1})
    assert going is not None
    here, these = going.units()
    tokens = going.ground.found.tokens
    words = [tokens.text(a, b).split()[0] for a, b in zip(these.first, these.last, strict=True)]
    assert words == ["Members", "The"]  # not the first line, not the one that goes, nothing of the first document
    assert here.tolist() == [3, 4]


def test_what_a_rule_has_found_goes_and_keeps_its_score() -> None:
    said = judged([f"{ABOVE}\n{BELOW}"])
    again, _ = with_cut(-99.0, -99.0).judge_again(said, [3], 2.0)
    assert again.margin[3] == said.scores.margin[3]
    near = said.ground.odds > NEAR[0]
    raised = again.margin > said.scores.margin
    assert raised.tolist() == (near & (np.arange(len(near)) != 0) & (np.arange(len(near)) != 3)).tolist()


@pytest.mark.parametrize(("margin", "missing"), [(SURE + 1, 0.0), (SURE - 1.5, 1.5), (0.5, SURE - 0.5)])
def test_as_much_more_is_asked_as_a_document_is_short_of_being_surely_noisy(margin: float, missing: float) -> None:
    going = going_of([f"{ABOVE}\n{BELOW}"], gone={"Fishermen": margin})
    assert going is not None
    assert going.doubt == pytest.approx([missing])
    says_two = Network(*_nothing_seen(), 2.0)
    collective = Collective(says_two, says_two, {})
    cut, shift = np.array([0.5, 0.5], np.float32), np.zeros(len(going.margin), np.float32)
    margins, _ = collective.settled(going.ground, going.margin, NOTHING, cut, shift)
    raised = margins[1:-1]
    assert raised == pytest.approx(np.full(len(raised), 1.5 - missing if missing < 1.5 else -1.0))


def _nothing_seen() -> tuple[Floats, Floats, Floats, Floats, Floats]:
    size = len(COLUMNS)
    one, none = np.ones(size, np.float32), np.zeros(size, np.float32)
    return none, one, np.zeros((size, 1), np.float32), np.zeros(1, np.float32), np.zeros(1, np.float32)


def test_words_inside_a_unit_that_goes_are_not_judged_again() -> None:
    going = going_of([f"{ABOVE}\n{BELOW}"], gone={"Fishermen": SURE})
    assert going is not None
    units = going.ground.found.units
    at = np.array([units.first[1] + 1, units.first[3] + 1])
    odds = np.ones(2, np.float32)
    some = Inserts(at, at + 2, -odds, odds)
    places, these = replace(going, inserts=some).inside()
    assert places.tolist() == [0]
    assert these.unit.tolist() == [1]


# What is known of them ------------------------------------------------------------------------------------------------


def test_likeness_is_counted_with_what_goes_and_with_what_stays() -> None:
    desks = "Our desks stand in forty offices.\nDesks and office chairs are sent the same day."
    going = going_of([f"{ABOVE}\n{desks}\n{BELOW}"], gone={"Our desks": SURE})
    assert going is not None
    _, these = going.units()
    begins = [going.ground.found.tokens.text(a, b)[:5] for a, b in zip(these.first, these.last, strict=True)]
    rows = dict(zip(begins, going.rows(these), strict=True))
    gone, kept = (COLUMNS.index(f"topic_{side}") for side in ("gone", "kept"))
    assert rows["Desks"][gone] > rows["Fishe"][gone]
    assert rows["Desks"][gone] - rows["Desks"][kept] > rows["Fishe"][gone] - rows["Fishe"][kept]


@given(st.lists(st.sampled_from([*TEXTS, f"{ABOVE}\n{PITCH}\n{BELOW}", PITCH]), min_size=1, max_size=4))
def test_a_document_is_judged_by_itself(texts: list[str]) -> None:
    model = with_cut(-20.0, -20.0)

    def margins(some: list[str]) -> list[float]:
        tokens = tokenize(some)
        said = MODEL.judge(tokens, segment(tokens, MODEL.lexicon), 2.0)
        scores, inserts = model.judge_again(said, [], 2.0)
        return [round(float(m), 2) for m in (*scores.margin, *inserts.margin)]

    said = [margins([text]) for text in texts]
    assert sorted(margins(texts)) == pytest.approx(sorted(m for some in said for m in some), abs=0.03)


def test_a_text_before_one_with_noise_is_not_judged_with_it() -> None:
    calm = next(t for t in TEXTS if len(judged([t]).inserts.first) and going_of([t], gone={}) is None)
    model = with_cut(-20.0, -20.0)

    def inserts_of(texts: list[str]) -> list[float]:
        tokens = tokenize(texts)
        said = MODEL.judge(tokens, segment(tokens, MODEL.lexicon), 2.0)
        _, found = model.judge_again(said, [], 2.0)
        return [round(float(m), 2) for m in found.margin[tokens.document[found.first] == texts.index(calm)]]

    noisy = f"{ABOVE}\n{PITCH}\n{BELOW}"
    assert inserts_of([calm, noisy]) == pytest.approx(inserts_of([calm]), abs=0.03)
    assert inserts_of([noisy, calm]) == pytest.approx(inserts_of([calm]), abs=0.03)


@pytest.mark.parametrize(("shift", "goes"), [(0.0, True), (-6.0, False), (-18.0, False)])
def test_what_a_user_has_called_text_stays_beside_noise(shift: float, goes: bool) -> None:
    tokens = tokenize([f"{ABOVE}\n{PITCH}\n{BELOW}"])
    units = segment(tokens, MODEL.lexicon)
    first = MODEL.judge(tokens, units, 2.0)
    kept = [tokens.text(a, b).startswith("I found") for a, b in zip(units.first, units.last, strict=True)]
    by = np.where(kept, shift, 0).astype(np.float32)
    scores = replace(first.scores, margin=first.scores.margin + by)
    again, _ = MODEL.judge_again(first._replace(scores=scores, shift=by), [], 2.0)
    assert bool((again.margin[kept] > 0).all()) == goes


def test_nothing_that_goes_stays_after_all() -> None:
    said = judged(TEXTS)
    scores, inserts = with_cut(0.0, 0.0).judge_again(said, [], 2.0)
    assert (scores.margin >= said.scores.margin).all()
    assert (inserts.margin >= said.inserts.margin).all()


# How it is trained ----------------------------------------------------------------------------------------------------


def table_of(size: int = 3000, seed: int = 0) -> _Table:
    """Noise that has higher odds than text, by and large."""
    rng = np.random.default_rng(seed)
    noisy = rng.random(size) < 0.3
    rows = rng.normal(0, 1, (size, len(COLUMNS))).astype(np.float32)
    rows[:, COLUMNS.index("odds")] = rng.normal(np.where(noisy, 0.5, -3.0), 1.5)
    words = np.full(size, 10, np.float32)
    fold, ones = (np.arange(size) % 3).astype(np.int8), np.ones(size, np.float32)
    return _Table(rows, words * noisy, words * ~noisy, ones, fold, ones > 0)


def test_of_what_goes_then_a_share_is_wrong_and_a_larger_budget_never_asks_for_more() -> None:
    table = table_of()
    network, cuts = _learnt(table, (0.5, 2.0, 20.0), 0.05, 1)
    assert cuts[0] > cuts[1] > cuts[2]
    goes = network.log_odds(table.rows) > cuts[1]
    assert 0.01 < table.clean[goes].sum() / (table.clean[goes] + table.noise[goes]).sum() < 0.08
    assert goes.sum() > 300


def test_where_little_goes_or_no_article_is_trusted_nothing_does() -> None:
    table, odds = table_of(), np.linspace(5, -5, 3000).astype(np.float32)
    right = replace(table, noise=np.ones(3000, np.float32), clean=np.zeros(3000, np.float32))
    assert _cut(right, odds, 0.05) < -4.9
    few = right.where(np.arange(3000) < FEWEST - 1)
    assert _cut(few, odds[: FEWEST - 1], 0.05) == NEVER
    assert _cut(replace(right, trusted=np.zeros(3000, np.bool_)), odds, 0.05) == NEVER


def test_text_that_may_be_noise_nobody_labelled_teaches_nothing() -> None:
    table = table_of()
    likely = table.rows[:, COLUMNS.index("odds")] > 1.5
    mislabelled = likely & (table.noise > 0) & (np.arange(3000) % 2 == 0)
    noise = np.where(mislabelled, 0, table.noise).astype(np.float32)
    clean = np.where(mislabelled, 10, table.clean).astype(np.float32)
    doubted = replace(table, noise=noise, clean=clean, trusted=~mislabelled)
    believed = replace(doubted, trusted=np.ones(3000, np.bool_))
    at = table.rows[mislabelled]
    careful, credulous = (_learnt(t, (2.0,), 0.05, 1)[0].log_odds(at).mean() for t in (doubted, believed))
    assert careful > credulous + 1


def test_tables_without_rows_can_be_joined_and_teach_nothing() -> None:
    assert len(_joined([]).rows) == 0
    for table in (_joined([]), replace(table_of(90), fold=np.zeros(90, np.int8))):
        network, cuts = _learnt(table, (2.0,), 0.05, 1)
        assert cuts == [NEVER]
        assert (network.log_odds(table.rows) < NEVER).all()
    assert len(_joined([table_of(30), table_of(12)]).rows) == 42


def test_the_cuts_of_the_shipped_model_fall_with_the_budget() -> None:
    cuts = MODEL.collective.cuts
    assert cuts.keys() == MODEL.cuts.keys()
    for smaller, larger in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
        assert all(a >= b for a, b in zip(cuts[smaller], cuts[larger], strict=True))
    assert max(cuts[2.0]) < NEVER
