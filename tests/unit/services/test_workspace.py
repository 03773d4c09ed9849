"""Workspaces: one profile never sees another's files, and no name leads out of its folder."""

from pathlib import Path
from typing import Any

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.workspace import open_workspace


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose folders are where the desktop standard puts them."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_without_options_the_store_lies_among_the_users_data(home: Path) -> None:
    workspace = open_workspace()
    assert workspace.name == "default"
    assert workspace.store_path == home / ".local/share/quarterdeck/default/quarterdeck.db"
    assert workspace.store_words == "local store"
    assert workspace.preferences_file == home / ".config/quarterdeck/default/preferences.toml"


def test_each_store_has_a_map_of_its_own_beside_the_preferences(home: Path) -> None:
    one, other = open_workspace(), open_workspace(store_url=str(home / "other.db"))
    assert one.map_file.parent == other.map_file.parent == one.preferences_file.parent
    assert one.map_file != other.map_file
    assert one.map_file == open_workspace().map_file


def test_opening_a_workspace_makes_nothing(home: Path) -> None:
    open_workspace(profile="production", portable=True)
    open_workspace()
    assert list(home.iterdir()) == []


def test_two_profiles_share_no_folder(home: Path) -> None:
    one, other = (open_workspace(profile=name) for name in ("one", "other"))
    assert one.store_url != other.store_url
    assert one.places.config_folder != other.places.config_folder
    assert one.places.runtime_folder != other.places.runtime_folder


def test_a_portable_workspace_keeps_everything_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = open_workspace(portable=True)
    root = tmp_path / "quarterdeck-data" / "default"
    places = workspace.places
    assert workspace.store_path == root / "data" / "quarterdeck.db"
    assert all(
        path.is_relative_to(root)
        for path in (places.config_folder, places.data_folder, places.cache_folder, places.runtime_folder)
    )


def test_the_sessions_folder_is_used_where_there_is_one(home: Path) -> None:
    workspace = open_workspace(environment={"XDG_RUNTIME_DIR": "/run/user/7"})
    assert workspace.places.runtime_folder == Path("/run/user/7/quarterdeck/default")


def test_without_a_sessions_folder_locks_lie_beside_the_state(home: Path) -> None:
    for session in ({}, {"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": "relative"}):
        runtime_folder = open_workspace(environment=session).places.runtime_folder
        assert runtime_folder == home / ".local/state/quarterdeck/default/run"


@pytest.mark.parametrize("name", ["../up", "a/b", "Production", "a b", "-a", "a" * 41, ".", "a\n", "ä"])
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(OperatorError, match="cannot be the name of a profile"):
        open_workspace(profile=name)


@pytest.mark.parametrize("address", ["s.db", "./s.db", "x/../s.db", "sqlite:///s.db"])
def test_a_file_has_one_address_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_workspace(store_url=address).store_url == str(tmp_path / "s.db")


def test_the_home_folder_may_be_written_as_a_tilde(home: Path) -> None:
    assert open_workspace(store_url="~/s.db").store_path == home / "s.db"


def test_a_store_on_a_server_is_shown_without_its_password() -> None:
    workspace = open_workspace(store_url="postgresql://user:hidden@db.bank.test:5432/quarterdeck")
    assert workspace.store_path is None
    assert workspace.store_words == "store on db.bank.test"
    assert "hidden" in workspace.store_url


@pytest.mark.parametrize("address", ["", " ", "a\0b", "a\nb", "x" * 5000, "~nobody-of-that-name/s.db"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(OperatorError):
        open_workspace(store_url=address)


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ({}, ("--profile", "default")),
        ({"profile": "demo", "portable": True}, ("--profile", "demo", "--portable")),
        ({"store_url": "/data/s.db"}, ("--profile", "default", "--store", "/data/s.db")),
    ],
)
def test_a_child_process_is_led_to_the_same_workspace(options: dict[str, Any], arguments: tuple[str, ...]) -> None:
    assert open_workspace(**options).arguments == arguments


def test_a_workspace_is_headed_by_its_profile_and_the_place_of_its_store(home: Path) -> None:
    workspace = open_workspace(profile="client-platform")
    assert (workspace.title, workspace.subtitle) == ("Client platform", "Local store")
    assert open_workspace().title == "Quarterdeck"


def test_a_store_that_was_never_made_does_not_exist(home: Path) -> None:
    workspace = open_workspace(store_url=str(home / "s.db"))
    assert not workspace.store_exists
    (home / "s.db").touch()
    assert workspace.store_exists


def test_a_store_where_nobody_can_look_counts_as_being_there(tmp_path: Path) -> None:
    assert open_workspace(store_url=str(tmp_path / ("a" * 300))).store_exists


def test_an_address_that_cannot_be_split_names_no_server() -> None:
    assert open_workspace(store_url="postgresql://[::1").store_words == "store on a server"
