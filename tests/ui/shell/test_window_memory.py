"""What the window remembers comes back as it was, and garbage does no harm."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.shell.memory_file import MemoryFile
from quarterdeck.ui.shell.window_memory import SavedLayout, WindowMemory, decode, encode

KNOWN = WindowMemory(
    inspector_width=410,
    geometry="AdnQywADAAA=",
    panel_id="integrations",
    entity_key="integration/payments",
    range_seconds=900.0,
    range_from="2026-11-23T08:00:00+00:00",
    range_to="2026-11-23T09:30:00+00:00",
    layout=SavedLayout.of("", "integrations", ["integrations", "performance"], b"\x00\xff docks"),
    layouts=(SavedLayout.of("night", "overview", ["overview"], b"other docks"),),
)


def test_a_memory_comes_back_as_it_was() -> None:
    assert decode(encode(KNOWN)) == KNOWN


@pytest.mark.parametrize("text", ["", "nothing", "[]", "null", "{}", '{"version": 99}', "[" * 100_000, "\x00"])
def test_garbage_is_a_first_start(text: str) -> None:
    assert decode(text) == WindowMemory()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_a_value_of_the_wrong_kind_is_passed_over(value: object) -> None:
    entries = json.loads(encode(KNOWN))
    for name in entries:
        if name != "version":
            decoded = decode(json.dumps({**entries, name: value}))
            assert isinstance(decoded.inspector_width, int)
            assert isinstance(decoded.layout, SavedLayout)


def test_a_layout_whose_bytes_changed_is_not_handed_on() -> None:
    layout = SavedLayout.of("night", "overview", ["overview"], b"docks")
    assert layout.bytes_of_state() == b"docks"
    assert replace(layout, state="ZG9ja3o=").bytes_of_state() is None
    assert replace(layout, panels="overview,connectors").bytes_of_state() is None
    assert replace(layout, state="not base64!").bytes_of_state() is None
    assert SavedLayout().bytes_of_state() is None


def test_a_memory_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "config" / "window.json"
    file = MemoryFile(path)
    assert file.read() == ""
    file.write("first")
    file.write("second")
    assert file.read() == "second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["window.json"]


def test_a_memory_file_that_is_no_text_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(b"\xff\xfe\x00garbage")
    assert MemoryFile(path).read() == ""


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OperatorError):
        MemoryFile(tmp_path / "file" / "window.json").write("text")
