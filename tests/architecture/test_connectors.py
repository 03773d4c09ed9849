"""Every built-in connector has one anatomy, says how good it is, and has a case for each way a source answers."""

import tomllib
from typing import Any

import pytest

from quarterdeck.sdk.testing import judge_quality
from tests.architecture.sources import PACKAGE, REPOSITORY, connector_names, project

FILES = ("__init__.py", "manifest.toml", "source.py", "README.md", "quality.toml")
CASES = ("success", "refusal", "garbage", "silence")
BUILT_IN = pytest.mark.parametrize("name", connector_names())


def read_toml(name: str, file: str) -> dict[str, Any]:
    return tomllib.loads((PACKAGE / "connectors" / name / file).read_text(encoding="utf-8"))


@BUILT_IN
def test_a_connector_folder_has_the_anatomy_of_all_others(name: str) -> None:
    folder = PACKAGE / "connectors" / name
    assert [file for file in FILES if not (folder / file).is_file()] == []


@BUILT_IN
def test_a_connector_enters_through_the_door_it_is_named_by(name: str) -> None:
    target = project()["project"]["entry-points"]["quarterdeck.connectors"][name]
    assert target == f"quarterdeck.connectors.{name}.source:Source"
    assert read_toml(name, "manifest.toml")["id"] == name


@BUILT_IN
def test_a_connector_shows_evidence_for_each_promise_or_says_why_not(name: str) -> None:
    assert judge_quality(PACKAGE / "connectors" / name, REPOSITORY) == ()


@BUILT_IN
def test_a_connector_has_a_recorded_case_for_each_way_a_source_answers(name: str) -> None:
    folder = REPOSITORY / "tests" / "connectors" / name / "cases"
    recorded = [path.name for path in folder.iterdir()]
    assert [case for case in CASES if not any(file.startswith(case) for file in recorded)] == []


@BUILT_IN
def test_a_connector_explains_each_of_its_settings_to_a_stranger(name: str) -> None:
    readme = (PACKAGE / "connectors" / name / "README.md").read_text(encoding="utf-8")
    settings = [setting["key"] for setting in read_toml(name, "manifest.toml").get("settings", [])]
    assert [key for key in settings if f"`{key}`" not in readme] == []
