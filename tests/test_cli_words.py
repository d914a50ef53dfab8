"""`cleaner words` and `--allow-words`: the word list of a site."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import cli
from cleaner.cli.settings import read_words
from cleaner.errors import ConfigError

LINE = "The farmer sold his glimner at the market, and the goverment paid for number {0} of them.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(LINE.format(number), encoding="utf-8")
    (folder / "3.txt").write_text("The farmer was seen with a wobblet on the road.\n", encoding="utf-8")
    return folder


def test_words_that_several_documents_hold_are_listed(site: Path) -> None:
    done = CliRunner().invoke(cli, ["words", str(site)])
    assert (done.exit_code, done.stdout) == (0, "glimner\ngoverment\n")
    once = CliRunner().invoke(cli, ["words", "--documents", "1", str(site)])
    assert once.stdout.split() == ["glimner", "goverment", "wobblet"]


def test_words_of_a_list_are_left_alone(site: Path, tmp_path: Path) -> None:
    words = tmp_path / "site.words"
    words.write_text("# our own\nGoverment  # as the paper writes it\n\nglimner\n", encoding="utf-8")
    page = site / "0.txt"
    plain = CliRunner().invoke(cli, ["clean", "--only", "typos", str(page)])
    allowed = CliRunner().invoke(cli, ["clean", "--only", "typos", "--allow-words", str(words), str(page)])
    assert "government" in plain.stdout
    assert allowed.stdout == page.read_text(encoding="utf-8")


def test_a_broken_list_is_named(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("one\ntwo words\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"words:2: more than one word in a line: two words"):
        read_words(words)
    words.write_bytes(b"caf\xe9")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_words(words)
    with pytest.raises(ConfigError, match="No such file"):
        read_words(tmp_path / "none")
    done = CliRunner().invoke(cli, ["clean", "--allow-words", str(tmp_path / "none"), "-"], input="A text.")
    assert done.exit_code == 2
    assert "No such file" in done.stderr
