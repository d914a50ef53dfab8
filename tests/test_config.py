"""Settings: the same from Python and TOML, frozen, and an unknown key names the nearest one."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from cleaner.config import CleanConfig, NoiseConfig, RepairConfig, TyposConfig
from cleaner.errors import ConfigError, ModelError
from cleaner.resources import resolve

FULL = """
stages = ["typos", "noise"]
max_removed = 0.5

[repair]
entities = false
normalization = "NFC"

[noise]
model = "mine-1.0.0"
budget = 5
remove = ["off_topic"]
keep = ["advert"]

[typos]
preset = "normal"
allow_words = ["Whanganui"]
disable = ["doubled_word"]
"""


def written(folder: Path, text: str, name: str = "cleaner.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_full_file(tmp_path: Path) -> None:
    assert CleanConfig.from_toml(written(tmp_path, FULL)) == CleanConfig(
        stages=("noise", "typos"),
        max_removed=0.5,
        repair=RepairConfig(entities=False, normalization="NFC"),
        noise=NoiseConfig(model=str(tmp_path / "mine-1.0.0"), budget=5.0, remove=("off_topic",), keep=("advert",)),
        typos=TyposConfig(preset="normal", allow_words=("Whanganui",), disable=("doubled_word",)),
    )


def test_a_whole_number_does_for_a_share(tmp_path: Path) -> None:
    config = CleanConfig.from_toml(written(tmp_path, "max_removed = 1\n"))
    assert isinstance(config.max_removed, float)


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert CleanConfig.from_toml(written(tmp_path, "")) == CleanConfig() == CleanConfig.from_dict({})


def test_pyproject_has_a_table_of_its_own(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.cleaner]\nmax_removed = 0.25\n[tool.cleaner.noise]\nbudget = 1.0\n'
    config = CleanConfig.from_toml(written(tmp_path, text, "pyproject.toml"))
    assert (config.max_removed, config.noise.budget) == (0.25, 1.0)
    assert CleanConfig.from_toml(written(tmp_path, "[project]\n", "pyproject.toml")) == CleanConfig()


@pytest.mark.parametrize("name", ["noise", resolve("noise").name, ""])
def test_a_shipped_model_is_named_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "noise").mkdir()  # reached as "./noise"
    assert CleanConfig.from_toml(written(tmp_path, f'[noise]\nmodel = "{name}"\n')).noise.model == name


def test_paths_in_a_file_are_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    for folder in ("project/mine", "project/noise", "project/sub", "elsewhere/mine", "elsewhere/noise"):
        (tmp_path / folder).mkdir(parents=True)

    def model_of(value: str, file: str | Path, name: str = "cleaner.toml") -> Path:
        prefix = "tool.cleaner." if name == "pyproject.toml" else ""
        written(project, f'[{prefix}noise]\nmodel = "{value}"\n', name)
        return resolve(CleanConfig.from_toml(file).noise.model).resolve()

    monkeypatch.chdir(elsewhere)
    for value, meant in (
        ("mine", project / "mine"),
        ("./noise", project / "noise"),
        ("sub/../mine", project / "mine"),
        ("../elsewhere/mine", elsewhere / "mine"),
        (f"{elsewhere / 'mine'}", elsewhere / "mine"),
    ):
        assert model_of(value, project / "cleaner.toml") == meant
        assert model_of(value, "../project/cleaner.toml") == meant
        assert model_of(value, "../project/pyproject.toml", "pyproject.toml") == meant
    monkeypatch.chdir(project)
    assert model_of("./noise", "cleaner.toml") == project / "noise"


def test_a_model_that_is_not_beside_the_file_is_not_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere" / "nois").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    config = CleanConfig.from_toml(written(tmp_path, '[noise]\nmodel = "nois"\n'))
    with pytest.raises(ModelError, match=rf"no directory '{tmp_path}/nois'; did you mean 'noise'"):
        resolve(config.noise.model)


def test_in_a_table_paths_are_relative_to_the_folder_one_works_in() -> None:
    assert CleanConfig.from_dict({"sites": "rules", "noise": {"model": "mine"}}).noise.model == "mine"


def test_stages_always_run_in_order() -> None:
    assert CleanConfig(stages=("typos", "repair")).stages == ("repair", "typos")
    assert CleanConfig(stages=()).stages == ()


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        CleanConfig().max_removed = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_remove = 1", "unknown key 'max_remove'; did you mean 'max_removed'"),
        ("[noise]\nbugdet = 1", "unknown key 'noise.bugdet'; did you mean 'noise.budget'"),
        ("[noise]\nzzz = 1", "unknown key 'noise.zzz'; known keys: model, budget"),
        ("[nose]", "unknown key 'nose'; did you mean 'noise'"),
        ("noise = 1", r"'noise' must be a table, \[noise\]"),
        ('stages = ["nois"]', "stages: unknown value 'nois'; did you mean 'noise'"),
        ('stages = "noise"', "'stages' must be a list of strings"),
        ("[noise]\nkeep = [1]", "'noise.keep' must be a list of strings"),
        ('max_removed = "much"', "'max_removed' must be a float, not 'much'"),
        ("max_removed = true", "'max_removed' must be a float, not True"),
        ("max_removed = 1.5", "must be a share between 0 and 1"),
        ("max_removed = -0.1", "must be a share between 0 and 1"),
        ("[noise]\nbudget = 0", "noise.budget is 0; it must be above 0"),
        ('[noise]\nremove = ["advert"]\nkeep = ["advert"]', "both name advert"),
        ('[typos]\npreset = "wild"', "typos.preset: unknown value 'wild'"),
        ('[repair]\nnormalization = "NFX"', "repair.normalization: unknown value 'NFX'"),
        ("[repair]\nentities = 1", "'repair.entities' must be a bool, not 1"),
        ("stages = [", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"cleaner\.toml: .*{message}"):
        CleanConfig.from_toml(written(tmp_path, text))


def test_a_file_that_is_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        CleanConfig.from_toml(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(ConfigError, match="not valid TOML"):
        CleanConfig.from_toml(tmp_path / "latin.toml")


@pytest.mark.parametrize("budget", [0.0, -1.0])
def test_a_budget_is_above_nothing(budget: float) -> None:
    with pytest.raises(ConfigError, match=r"noise\.budget"):
        NoiseConfig(budget=budget)


@pytest.mark.parametrize("share", [float("nan"), float("inf")])
def test_a_share_is_a_number(share: float) -> None:
    with pytest.raises(ConfigError, match="max_removed"):
        CleanConfig(max_removed=share)
