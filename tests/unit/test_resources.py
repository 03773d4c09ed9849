"""The program finds what ships with it. That a wheel carries it too is shown by the wheel gate of packaging/test.sh."""

from pathlib import Path

import pytest

from quarterdeck.services.resources import read_resource_text, resource_path

BESIDE_THE_CODE = Path(__file__).resolve().parents[2] / "resources"


def test_a_checkout_serves_the_resources_beside_the_code() -> None:
    folder = min(path for path in BESIDE_THE_CODE.iterdir() if path.is_dir())
    assert resource_path(folder.name) == folder


def test_a_text_resource_is_read_as_utf_8() -> None:
    page = min(path for pattern in ("*.md", "*.yaml", "*.toml") for path in BESIDE_THE_CODE.rglob(pattern))
    assert read_resource_text(page.relative_to(BESIDE_THE_CODE).as_posix()) == page.read_text(encoding="utf-8")


def test_a_resource_nobody_carries_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="icons/none"):
        resource_path("icons/none.svg")
