"""The model directory of the typos stage: complete, checked, small, built alike twice, and read only when needed."""

from __future__ import annotations

import json
import lzma
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.errors import ModelError
from cleaner.resources import resolve
from cleaner.typos import TyposStage
from cleaner.typos.candidates import TwoSlips, near, scanned, slip, sounds, syllables, within_two
from cleaner.typos.hashed import COUNTS, FEW, HashedCounts, level, pack
from cleaner.typos.lexicon import FILES, Lexicon
from cleaner.typos.nearest import NearWords
from cleaner.typos.spelling import FEATURES, JOINED_FEATURES
from cleaner.typos.train import SETTINGS, build, export, fit
from cleaner.typos.words import Words

MODEL = resolve("typos")


def test_the_manifest_describes_the_files() -> None:
    manifest = json.loads((MODEL / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["sha256"]) == set(FILES)
    for name, digest in manifest["sha256"].items():
        assert sha256((MODEL / name).read_bytes()).hexdigest() == digest
    assert (MODEL / "README.md").is_file()


def test_the_model_is_small() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 11 * 2**20


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_a_damaged_model_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    folder = tmp_path / "typos-9.9.9"
    shutil.copytree(MODEL, folder)
    path = folder / name
    if damage == "missing":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match=name):
        TyposStage(model=folder).propose(["The people of the town were happy."])


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "other/1"}'])
def test_a_broken_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"manifest\.json"):
        Lexicon(tmp_path)


def test_plain_text_reads_the_word_list_only() -> None:
    stage = TyposStage()
    assert stage.propose(["The people of the town were happy to see the rain."]) == [()]
    assert isinstance(stage.lexicon.words, Words)
    assert "trees" not in vars(stage.lexicon)


def test_cleaning_loads_no_training_library() -> None:
    code = (
        "import sys; from cleaner.typos import TyposStage; assert TyposStage().propose(['The hopsital treated "
        "them.'])[0]; print([m for m in ('sklearn', 'joblib', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, "max_iter", 15)


@pytest.mark.usefixtures("few_trees")
def test_training_finds_the_rule_and_is_deterministic() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(600, len(JOINED_FEATURES)))
    right = rows[:, 0] + 0.5 * rows[:, 4] > 0.2
    trees = fit(JOINED_FEATURES, rows, right, np.ones(len(rows)))
    again = fit(JOINED_FEATURES, rows, right, np.ones(len(rows)))
    assert np.array_equal(trees.value, again.value)
    whole = trees.probability(rows)
    assert ((whole > 0.5) == right).mean() > 0.95
    assert np.array_equal(whole[:1], trees.probability(rows[:1]))


def test_trees_decide_like_the_estimator_they_come_from() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng = np.random.default_rng(4)
    rows = rng.normal(size=(400, 5))
    right = rows[:, 0] * rows[:, 1] > 0
    model = HistGradientBoostingClassifier(max_iter=20, random_state=1).fit(rows, right)
    assert np.allclose(export(model).probability(rows), model.predict_proba(rows)[:, 1], atol=1e-9)


def test_few_strings_are_looked_up_as_many_are() -> None:
    table = HashedCounts(pack({f"word {n}": n for n in range(400)}))
    names = [f"word {n}" for n in range(0, 800, 2)]
    one_by_one = [table[name] for name in names]
    assert len(names) > FEW
    assert table.many(names).tolist() == one_by_one == table.many(names[:9]).tolist() + table.many(names[9:]).tolist()


def test_hashed_counts() -> None:
    counts = {"of the": 1200.0, "aim is": 3.0, "word": 1.0}
    table = HashedCounts(pack(counts))
    assert len(table) == 3
    for text, count in counts.items():
        assert table[text] == pytest.approx(count, rel=0.05)
    assert table["never seen"] == 0.0
    assert [level(COUNTS[n]) for n in range(256)] == list(range(256))


WORDS = frozenset("government receive definitely said the near house competition separately".split())


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("goverment", "government"),
        ("recieve", "receive"),
        ("definately", "definitely"),
        ("thee", "the"),
        ("saidd", "said"),
    ],
)
def test_one_slip_is_found(wrong: str, right: str) -> None:
    assert right in near(wrong, WORDS)


def test_other_candidates() -> None:
    assert scanned("govemment", WORDS) == ["government"]
    assert syllables("competion", WORDS) == ["competition"]
    found = TwoSlips(lambda letter: [word for word in WORDS if word.startswith(letter)])
    assert found.find("seperatly") == ["separately"]
    assert found.find("zeperately") == []
    assert sounds("definately") == sounds("definitely")


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [
        ("a", "a", 0),
        ("form", "from", 1),
        ("house", "hose", 1),
        ("abc", "xyz", 3),
        ("", "ab", 2),
        ("seperatly", "separately", 2),
        ("teh", "eht", 2),
        ("abcd", "badc", 2),
        ("abcde", "xabce", 2),
        ("abcde", "cde", 2),
        ("abcde", "bacdex", 2),
        ("abcdef", "bacdxf", 2),
        ("abcdef", "badcfe", 3),
        ("abcdef", "def", 3),
    ],
)
def test_within_two_slips(first: str, second: str, slips: int) -> None:
    assert within_two(first, second) == within_two(second, first) == (slips <= 2)


def plain_slips(first: str, second: str) -> int:
    """The least number of slips from one word to the other, by the table of all beginnings."""
    table = {(i, 0): i for i in range(len(first) + 1)} | {(0, j): j for j in range(len(second) + 1)}
    for i, one in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one != other))
            if i > 1 and j > 1 and first[i - 2 : i] == second[j - 2 : j][::-1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(first), len(second)]


@settings(max_examples=500)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_within_two_slips_is_what_the_table_says(first: str, second: str) -> None:
    assert within_two(first, second) == (plain_slips(first, second) <= 2)


WRITTEN = st.text("abcdefg'", min_size=1, max_size=7)


@settings(max_examples=200, deadline=None)
@given(st.lists(WRITTEN, min_size=1, max_size=40, unique=True), st.lists(WRITTEN, min_size=1, max_size=5))
def test_the_batch_search_finds_what_the_plain_one_finds(known: list[str], words: list[str]) -> None:
    plain = [sorted({*near(word, set(known)), *syllables(word, set(known))}) for word in words]
    assert NearWords(known).find(words) == plain
    assert NearWords(known, few=0).find(words) == plain


@pytest.mark.parametrize(
    ("wrong", "right", "kind", "letters"),
    [
        ("goverment", "government", "delete", "rn"),
        ("thee", "the", "insert", "ee"),
        ("form", "from", "swap", "ro"),
        ("hause", "house", "change", "oa"),
    ],
)
def test_slips_are_named(wrong: str, right: str, kind: str, letters: str) -> None:
    found = slip(wrong, right)
    assert (found[0], found[2]) == (kind, letters)


def small_sources(folder: Path) -> tuple[Path, Path]:
    """Sources in the shape of the real ones, made of the project's own sentences."""
    rows = [
        json.loads(line)
        for line in (ROOT / "training_data" / "typo_cases.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    texts = [
        {"id": f"d{n}", "text": " ".join(row["expected"] for row in rows[n : n + 30])} for n in range(0, len(rows), 10)
    ]
    data = folder / "typos"
    data.mkdir(parents=True)
    for name in ("clean_lm", "clean_dev", "clean_spare"):
        with lzma.open(data / f"{name}.jsonl.xz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(text) + "\n" for text in texts)
    words = sorted(
        {word for text in texts for word in text["text"].lower().split() if word.isascii() and word.isalpha()}
    )
    with lzma.open(data / "words_en.tsv.xz", "wt", encoding="utf-8") as out:
        out.writelines(f"{word}\t1000\n" for word in words)
    with lzma.open(data / "pairs_train.json.xz", "wt", encoding="utf-8") as out:
        json.dump({"own": {"nonword": [["goverment", "government"], ["recieve", "receive"]], "realword": []}}, out)
    (data / "labels_dev.jsonl").write_text("", encoding="utf-8")
    scowl = folder / "scowl"
    scowl.mkdir()
    (scowl / "english-words.10").write_text("\n".join(words[::2]), encoding="utf-8")
    (scowl / "english-upper.35").write_text("Ankara\nPalmyra\n", encoding="utf-8")
    return folder, scowl


@pytest.mark.usefixtures("few_trees")
def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    sources, scowl = small_sources(tmp_path / "sources")
    folders = [tmp_path / "one" / "typos-0.1.0", tmp_path / "two" / "typos-0.1.0"]
    for folder in folders:
        build(sources, scowl, folder)
    for name in (*FILES, "manifest.json"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    assert len(TyposStage(model=folders[0]).propose(["The road was closed , and trains were late."])[0]) == 1


def test_features_are_named_once() -> None:
    for names in (FEATURES, JOINED_FEATURES):
        assert len(set(names)) == len(names)
