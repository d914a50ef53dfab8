"""Columns of data frames and data sets: the command line's texts, everything else as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from dirty import by_command_line, cleaned, dirty

from cleaner import CleanConfig
from cleaner.errors import CleanerError

ADD = ("changes", "removed", "labels", "flagged", "status", "note")
COUNTED = ("changes", "removed", "labels", "flagged")
WHOLE = tuple(text for text in dirty() if "\ud800" not in text)
"""What polars and pyarrow can hold: no half surrogate pairs."""


def expected(texts: tuple[str | None, ...]) -> list[dict[str, Any]]:
    """What the command line gives, with its columns."""
    return list(by_command_line(texts, *(f"--add={name}" for name in COUNTED)))


# --------------------------------------------------------------------------------------------------------------- pandas


def test_pandas_gives_what_the_command_line_gives() -> None:
    pd = pytest.importorskip("pandas")
    from cleaner.integrations.pandas import clean_column

    frame = pd.DataFrame({"id": range(len(WHOLE)), "body": WHOLE}, index=[f"r{n % 7}" for n in range(len(WHOLE))])
    before = frame.copy(deep=True)
    made = clean_column(frame, "body", add=ADD)
    pd.testing.assert_frame_equal(frame, before)
    assert list(made.columns) == ["id", "body", *(f"cleaner_{name}" for name in ADD)]
    assert list(made.index) == list(frame.index)
    assert made.dtypes["body"] == frame.dtypes["body"]
    records = made[["body", *(f"cleaner_{name}" for name in COUNTED)]].rename(columns={"body": "text"})
    assert records.to_dict("records") == expected(WHOLE)
    assert set(made["cleaner_status"]) == {"changed", "unchanged"}


@pytest.mark.parametrize("kind", [object, "string", "category"])
def test_pandas_leaves_what_is_missing(kind: Any) -> None:
    pd = pytest.importorskip("pandas")
    from cleaner.integrations.pandas import clean_column

    frame = pd.DataFrame({"text": pd.Series(["It was six.The end.", None, "One line"], dtype=kind)})
    made = clean_column(frame, add=["status", "changes"])
    assert made["text"].isna().tolist() == [False, True, False]
    assert made["text"].tolist()[::2] == ["It was six. The end.", "One line"]
    assert made["cleaner_status"].tolist() == ["changed", "no text", "unchanged"]
    assert made["cleaner_changes"].isna().tolist() == [False, True, False]


def test_pandas_names_what_cannot_be_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    pd = pytest.importorskip("pandas")
    from cleaner.integrations.pandas import clean_column

    frame = pd.DataFrame({5: ["It was six.The end.", 7, b"caf\xe9", b"%PDF-1.7 \0"]}, index=list("abcd"))
    made = clean_column(frame, "5", add=["note"])
    assert made[5].tolist() == ["It was six. The end.", 7, "caf\u00e9", b"%PDF-1.7 \0"]
    assert caplog.messages == [
        "row b: left as it is: int, not a text",
        "row d: left as it is: this is a PDF document, not text",
    ]
    assert made["cleaner_note"]["d"] == "this is a PDF document, not text"


def test_pandas_refuses_a_column_that_is_none() -> None:
    pd = pytest.importorskip("pandas")
    from cleaner.integrations.pandas import clean_column

    frame = pd.DataFrame({"body": ["a"], "price": [1.0], "nothing": [float("nan")], "cleaner_note": [""]})
    with pytest.raises(CleanerError, match="no field 'bodi'; did you mean 'body'"):
        clean_column(frame, "bodi")
    with pytest.raises(CleanerError, match="the column 'price' holds float64, not text"):
        clean_column(frame, "price")
    with pytest.raises(CleanerError, match="there is a field cleaner_note already"):
        clean_column(frame, add=["note"])
    with pytest.raises(CleanerError, match="2 columns are called 'body'"):
        clean_column(pd.concat([frame, frame], axis=1), "body")
    assert clean_column(frame, "nothing", add=["status"])["cleaner_status"].tolist() == ["no text"]


# --------------------------------------------------------------------------------------------------------------- polars


def test_polars_gives_what_the_command_line_gives() -> None:
    pl = pytest.importorskip("polars")
    from cleaner.integrations.polars import clean_column

    texts = (*WHOLE, None)
    frame = pl.DataFrame({"id": range(len(texts)), "body": texts})
    made = clean_column(frame, "body", add=ADD)
    assert frame["body"].to_list() == list(texts)
    assert made.columns == ["id", "body", *(f"cleaner_{name}" for name in ADD)]
    records = made.select("body", *(f"cleaner_{name}" for name in COUNTED)).rename({"body": "text"})
    assert records.to_dicts()[:-1] == expected(texts)[:-1]
    assert made["body"].to_list()[-1] is None
    assert made["cleaner_status"].to_list()[-1] == "no text"
    lazy = clean_column(frame.lazy(), "body", add=ADD)
    assert lazy.collect_schema() == made.schema
    assert lazy.collect().equals(made)
    assert lazy.collect(engine="streaming").equals(made)


def test_polars_filters_the_cleaned_text() -> None:
    pl = pytest.importorskip("polars")
    from cleaner.integrations.polars import clean_column

    frame = pl.LazyFrame({"id": [1, 2], "text": ["It was six.The end.", "Nothing here"]})
    ends = clean_column(frame).filter(pl.col("text").str.contains("six. The", literal=True))
    assert ends.select("id").collect()["id"].to_list() == [1]


def test_polars_takes_categories_and_refuses_numbers() -> None:
    pl = pytest.importorskip("polars")
    from cleaner.integrations.polars import clean_column

    frame = pl.DataFrame({"text": pl.Series(["It was six.The end."], dtype=pl.Categorical), "price": [1]})
    assert clean_column(frame)["text"].to_list() == ["It was six. The end."]
    with pytest.raises(CleanerError, match="the column 'price' holds Int64, not text"):
        clean_column(frame, "price")
    with pytest.raises(CleanerError, match=r"no field 'bdy' \(fields: text, price\)"):
        clean_column(frame, "bdy")


# ------------------------------------------------------------------------------------------------------------- datasets


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The package `datasets`, which is told not to call anybody and to keep its cache here."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    return datasets


def test_datasets_gives_what_the_command_line_gives(offline: Any) -> None:
    from cleaner.integrations.datasets import CleanBatch

    rows = offline.Dataset.from_dict({"id": list(range(len(WHOLE))), "body": list(WHOLE)})
    made = rows.map(CleanBatch("body", add=COUNTED), batched=True, batch_size=7)
    assert made["id"][:] == list(range(len(WHOLE)))
    names = ["body", *(f"cleaner_{name}" for name in COUNTED)]
    assert made.select_columns(names).rename_column("body", "text").to_list() == expected(WHOLE)
    streamed = rows.to_iterable_dataset().map(CleanBatch("body"), batched=True)
    assert [row["body"] for row in streamed] == cleaned(WHOLE)


def test_datasets_keeps_types_where_the_first_batches_hold_no_text(offline: Any) -> None:
    from cleaner.integrations.datasets import CleanBatch

    rows = offline.Dataset.from_dict({"text": [None, None, "It was six.The end."]})
    made = rows.map(CleanBatch(add=[*ADD, "ledger", "source"]), batched=True, batch_size=1, writer_batch_size=1)
    assert made["text"][:] == [None, None, "It was six. The end."]
    assert made["cleaner_status"][:] == ["no text", "no text", "changed"]
    assert made["cleaner_changes"][:] == [0, 0, 1]
    with pytest.raises(CleanerError, match="no field 'bdy'"):
        rows.map(CleanBatch("bdy"), batched=True)


FINGERPRINT = """
    import sys
    from datasets.fingerprint import Hasher
    from cleaner import CleanConfig
    from cleaner.integrations.datasets import CleanBatch
    words = ("Whanganui", "".join(["Whan", "ganui"]))  # the same twice: pickle would tell them apart by their identity
    batch = CleanBatch("body", config=CleanConfig.from_dict({"typos": {"allow_words": list(words)}}), add=["changes"])
    if "used" in sys.argv:
        batch({"body": ["One line"]})
    print(Hasher.hash(batch))
"""


def test_the_fingerprint_is_the_same_in_every_process(tmp_path: Path) -> None:
    pytest.importorskip("datasets")

    def fingerprint(seed: str, *arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "HF_HOME": str(tmp_path)}
        command = [sys.executable, "-c", textwrap.dedent(FINGERPRINT), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout

    assert fingerprint("1") == fingerprint("2", "used")


def test_the_fingerprint_is_another_where_the_output_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("datasets")
    from datasets.fingerprint import Hasher

    from cleaner.integrations.datasets import CleanBatch

    def some() -> list[str]:
        several = (
            CleanBatch("body"),
            CleanBatch("text"),
            CleanBatch("body", add=["changes"]),
            CleanBatch("body", config={"noise": {"budget": 5.0}}),
        )
        return [Hasher.hash(batch) for batch in several]

    before = some()
    assert len(set(before)) == 4
    assert some() == before
    monkeypatch.setattr("cleaner.__version__", "9.9.9")
    assert not set(some()) & set(before)


# --------------------------------------------------------------------------------------------------------- scikit-learn


@pytest.mark.filterwarnings("ignore")
def test_sklearn_finds_a_sound_estimator() -> None:
    from sklearn.utils.estimator_checks import check_estimator

    from cleaner.integrations.sklearn import TextCleaner

    checks = check_estimator(TextCleaner(), on_skip=None)
    passed = [check for check in checks if check["status"] == "passed"]
    assert len(passed) > 40
    assert {check["check_name"] for check in checks if check not in passed} <= {"check_array_api_input"}  # skipped
    assert TextCleaner().__sklearn_tags__().input_tags.string


def test_sklearn_gives_what_the_command_line_gives() -> None:
    import numpy as np

    from cleaner.integrations.sklearn import TextCleaner

    texts, gold = list(dirty()), cleaned(dirty())
    assert TextCleaner().fit_transform(texts).tolist() == gold
    assert TextCleaner().transform(np.array(texts, dtype=object)).tolist() == gold
    assert TextCleaner().transform(np.array(texts)).tolist() == gold
    columns = np.array([texts, texts], dtype=object).T
    assert TextCleaner().fit(columns).transform(columns).tolist() == [[text, text] for text in gold]


def test_sklearn_works_in_a_pipeline_and_a_search() -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline

    from cleaner.integrations.sklearn import TextCleaner

    model = make_pipeline(TextCleaner(CleanConfig(stages=("repair",))), CountVectorizer())
    model.fit(["The caf\u00c3\u00a9 was full.", "Nobody came."])
    assert "caf\u00e9" in model[-1].vocabulary_
    model.set_params(textcleaner__config={"stages": []}).fit(["The caf\u00c3\u00a9 was full."])
    assert "caf\u00e9" not in model[-1].vocabulary_
    with pytest.raises(CleanerError, match="unknown key 'stage'"):
        model.set_params(textcleaner__config={"stage": []}).fit(["a text"])


def test_sklearn_cleans_the_columns_of_a_frame() -> None:
    pd = pytest.importorskip("pandas")
    from sklearn.compose import make_column_transformer
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline

    from cleaner.integrations.sklearn import TextCleaner

    frame = pd.DataFrame({"title": ["Six.Seven", None], "body": ["It was six.The end.", "One"], "price": [1, 2]})
    columns = make_column_transformer((TextCleaner(), ["title", "body"]), remainder="passthrough")
    made = columns.set_output(transform="pandas").fit_transform(frame)
    assert made["textcleaner__body"].tolist() == ["It was six. The end.", "One"]
    assert made["textcleaner__title"].isna().tolist() == [False, True]
    assert made["remainder__price"].tolist() == [1, 2]
    counted = make_pipeline(TextCleaner(), CountVectorizer())  # a vectorizer wants one column, as a row of texts
    assert make_column_transformer((counted, "body")).fit_transform(frame).shape == (2, 6)
    with pytest.raises(ValueError, match="yet now missing"):
        TextCleaner().fit(frame[["title", "body"]]).transform(frame[["body"]])


# ----------------------------------------------------------------------------------------------------- rules for sites


def test_the_columns_site_and_url_choose_the_rules(offline: Any, tmp_path: Path) -> None:
    pd, pl, pa = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    from datasets.fingerprint import Hasher

    from cleaner.integrations import datasets, pandas, polars, ray

    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "courier.example.toml").write_text('remove = ["The Courier, a paper since {number}."]\n')
    whole = "It was six. The end.\nThe Courier, a paper since 1884.\nNobody was hurt, she said."
    urls = ["https://www.courier.example/1", "https://other.example/2", None]
    columns = {"text": [whole] * 3, "url": urls}
    config = {"sites": str(rules)}
    gold = ["It was six. The end.\nNobody was hurt, she said.", whole, whole]
    assert pandas.clean_column(pd.DataFrame(columns), config=config)["text"].tolist() == gold
    assert polars.clean_column(pl.DataFrame(columns), config=config)["text"].to_list() == gold
    assert ray.CleanBatches(config=config)(pa.table(columns)).column("text").to_pylist() == gold
    batch = datasets.CleanBatch(config=config)
    assert offline.Dataset.from_dict(columns).map(batch, batched=True)["text"][:] == gold
    before = Hasher.hash(batch)
    (rules / "courier.example.toml").write_text('keep = ["The Courier, a paper since {number}."]\n')
    assert Hasher.hash(batch) != before
