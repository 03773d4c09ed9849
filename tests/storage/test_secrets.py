"""Secrets: kept only where they are protected, found in every place, and told in words where they are."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from keyring.backends import fail, null
from keyring.errors import KeyringLocked
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.storage.encrypted_secrets import EncryptedFileSecrets, KeyCost, passphrase_from
from quarterdeck.storage.keyring_secrets import KeyringBackend, KeyringSecrets
from quarterdeck.storage.secrets import ChainedSecrets, EnvironmentSecrets, SecretPlace, variable_name

CHEAP = KeyCost(n=2, r=1)
RIGHT = "correct horse"


class MemoryKeyring:
    """A keyring that keeps what it is given."""

    priority = 5.0

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class ForgetfulKeyring(MemoryKeyring):
    """A keyring that says yes and keeps nothing."""

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        """Drop it."""


class LockedKeyring(MemoryKeyring):
    """A keyring whose owner dismissed the question."""

    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("dismissed")

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("dismissed")


class PlaintextKeyring(MemoryKeyring):
    """A keyring that writes what it is given into an open file."""

    priority = 0.5


def no_keyring() -> KeyringBackend:
    """What the library offers on a computer without a keyring."""
    return cast("KeyringBackend", fail.Keyring())


def keyring_of(backend: KeyringBackend) -> KeyringSecrets:
    return KeyringSecrets("bank", lambda: backend)


def sealed(path: Path, passphrase: str | None = RIGHT, asked: list[str] | None = None) -> EncryptedFileSecrets:
    def ask(question: str) -> str | None:
        if asked is not None:
            asked.append(question)
        return passphrase

    return EncryptedFileSecrets(path, ask, CHEAP)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "quarterdeck" / "secrets.json"


def test_a_secret_in_the_keyring_is_kept_under_its_workspace_and_connection() -> None:
    backend = MemoryKeyring()
    keyring = keyring_of(backend)
    keyring.put("payhub-probe", "token", "s3cret")
    assert backend.entries == {("quarterdeck", "bank/payhub-probe/token"): "s3cret"}
    assert keyring.get("payhub-probe", "token") == "s3cret"
    assert keyring.get("payhub-probe", "password") is None


def test_removing_a_secret_twice_is_no_fault() -> None:
    backend = MemoryKeyring()
    keyring = keyring_of(backend)
    keyring.put("a", "token", "x")
    keyring.remove("a", "token")
    keyring.remove("a", "token")
    assert backend.entries == {}


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, PlaintextKeyring], ids=["null", "fail", "plain text"])
def test_a_keyring_that_protects_nothing_is_refused_in_words(backend: Callable[[], KeyringBackend]) -> None:
    keyring = keyring_of(backend())
    assert keyring.hindrance().endswith(".")
    assert keyring.get("a", "token") is None
    with pytest.raises(OperatorError):
        keyring.put("a", "token", "x")


def test_a_keyring_that_drops_what_it_is_given_is_found_out() -> None:
    with pytest.raises(OperatorError, match="does not keep what it is given"):
        keyring_of(ForgetfulKeyring()).put("a", "token", "x")


def test_a_locked_keyring_is_told_in_words() -> None:
    with pytest.raises(OperatorError, match="Unlock the keyring"):
        keyring_of(LockedKeyring()).get("a", "token")


def test_an_encrypted_file_opens_with_its_passphrase_and_shows_nothing(file: Path) -> None:
    sealed(file).put("payhub-probe", "token", "s3cret")
    assert b"s3cret" not in file.read_bytes()
    assert b"payhub" not in file.read_bytes()
    assert sealed(file).get("payhub-probe", "token") == "s3cret"


def test_an_encrypted_file_is_its_owners_only(file: Path) -> None:
    sealed(file).put("a", "token", "x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_passphrase_is_asked_for_once_and_only_when_there_is_a_file(file: Path) -> None:
    asked: list[str] = []
    secrets = sealed(file, asked=asked)
    assert secrets.get("a", "token") is None
    secrets.remove("a", "token")
    assert asked == []
    secrets.put("a", "token", "x")
    secrets.put("a", "password", "y")
    assert secrets.get("a", "token") == "x"
    assert len(asked) == 1


def test_two_processes_keep_each_others_secrets(file: Path) -> None:
    one, other = sealed(file), sealed(file)
    one.put("a", "token", "x")
    other.put("b", "token", "y")
    one.put("c", "token", "z")
    assert [other.get(name, "token") for name in "abc"] == ["x", "y", "z"]


def test_a_wrong_passphrase_is_refused_and_may_be_given_again(file: Path) -> None:
    sealed(file).put("a", "token", "x")
    answers = iter(["wrong", RIGHT])
    secrets = EncryptedFileSecrets(file, lambda _question: next(answers), CHEAP)
    with pytest.raises(OperatorError, match="does not open"):
        secrets.get("a", "token")
    assert secrets.get("a", "token") == "x"


def test_without_a_passphrase_the_file_stays_locked(file: Path) -> None:
    sealed(file).put("a", "token", "x")
    with pytest.raises(OperatorError, match="stays locked"):
        sealed(file, None).get("a", "token")


def test_one_altered_byte_is_noticed(file: Path) -> None:
    sealed(file).put("a", "token", "x")
    fields = json.loads(file.read_text())
    fields["n"] = 4
    file.write_text(json.dumps(fields))
    with pytest.raises(OperatorError, match="altered"):
        sealed(file).get("a", "token")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[" * 100_000,
        '{"format": 1}',
        '{"format": 1, "n": 1073741824, "r": 8, "salt": "", "sealed": ""}',
        '{"format": 1, "n": 3, "r": 8, "salt": "", "sealed": ""}',
        '{"format": 1, "n": 2, "r": 8, "salt": "*", "sealed": ""}',
        '{"format": 1, "n": 2, "r": 1, "salt": "", "sealed": ""}',
        '{"format": 2}',
    ],
    ids=["empty", "null", "deep", "cut", "costly", "odd", "salt", "nothing sealed", "later"],
)
def test_a_damaged_file_is_told_in_words_and_left_as_it_is(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(OperatorError):
        sealed(file).put("a", "token", "x")
    assert file.read_text() == text


def test_a_secret_may_come_from_the_environment() -> None:
    secrets = EnvironmentSecrets({"QUARTERDECK_SECRET_PAYHUB_PROBE_TOKEN": "s3cret", "QUARTERDECK_SECRET_A_B": ""})
    assert secrets.get("payhub-probe", "token") == "s3cret"
    assert secrets.get("a", "b") is None
    with pytest.raises(OperatorError, match=variable_name("a", "token")):
        secrets.put("a", "token", "x")
    secrets.remove("payhub-probe", "token")


def chained(backend: KeyringBackend, file: Path, passphrase: str | None) -> ChainedSecrets:
    ask = passphrase_from({"QUARTERDECK_PASSPHRASE": passphrase} if passphrase else {})
    places: list[SecretPlace] = [
        keyring_of(backend),
        EncryptedFileSecrets(file, ask, CHEAP),
        EnvironmentSecrets({"QUARTERDECK_SECRET_A_ENV": "from outside"}),
    ]
    return ChainedSecrets(places)


def test_the_keyring_keeps_what_is_new(file: Path) -> None:
    secrets = chained(MemoryKeyring(), file, "pass")
    secrets.put("a", "token", "x")
    assert not file.exists()
    assert secrets.place_words("a", "token") == "Kept in the keyring of this computer."
    assert secrets.can_keep()
    assert secrets.keeping_words() == "Kept in the keyring of this computer, never in the store."


def test_without_a_keyring_the_encrypted_file_keeps_it(file: Path) -> None:
    secrets = chained(no_keyring(), file, "pass")
    secrets.put("a", "token", "x")
    assert secrets.get("a", "token") == "x"
    assert secrets.place_words("a", "token") == "Kept in an encrypted file of this workspace."


def test_with_no_place_at_all_a_secret_is_refused_rather_than_written(file: Path) -> None:
    secrets = chained(no_keyring(), file, None)
    with pytest.raises(OperatorError) as caught:
        secrets.put("a", "token", "x")
    assert "no place that keeps a secret safely" in caught.value.message
    assert "no keyring" in caught.value.message
    assert not file.parent.exists()
    assert "Nothing here keeps a secret safely." in secrets.keeping_words()
    assert not secrets.can_keep()


def test_the_environment_is_read_when_nothing_else_has_the_secret(file: Path) -> None:
    secrets = chained(no_keyring(), file, None)
    assert secrets.get("a", "env") == "from outside"
    assert secrets.place_words("a", "env") == "Kept in the environment (QUARTERDECK_SECRET_…)."
    assert secrets.get("a", "other") is None
    assert secrets.place_words("a", "other") == "Not kept anywhere."


def test_a_locked_keyring_does_not_hide_what_another_place_has(file: Path) -> None:
    secrets = chained(LockedKeyring(), file, None)
    assert secrets.get("a", "env") == "from outside"
    with pytest.raises(OperatorError, match="does not answer"):
        secrets.get("a", "token")


def test_removing_forgets_a_secret_in_every_place(file: Path) -> None:
    backend = MemoryKeyring()
    chained(no_keyring(), file, "pass").put("a", "token", "in the file")
    secrets = chained(backend, file, "pass")
    secrets.put("a", "token", "in the keyring")
    secrets.remove("a", "token")
    assert secrets.get("a", "token") is None
