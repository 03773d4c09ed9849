"""Where the secrets of connections are kept: never in the store, never in plain text.

Several places are asked in turn: the keyring of the operating system, a file encrypted with a passphrase, and the
environment of the process, which is only read. Each says in words what it is and why it cannot keep anything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.ports import SecretStore
from quarterdeck.storage.encrypted_secrets import AskPassphrase, EncryptedFileSecrets, passphrase_from
from quarterdeck.storage.keyring_secrets import KeyringSecrets

ENVIRONMENT_PREFIX = "QUARTERDECK_SECRET_"
_NOT_NAME = re.compile(r"[^A-Z0-9]+")
_NOWHERE = "Unlock or install a keyring such as gnome-keyring, or set a passphrase in QUARTERDECK_PASSPHRASE."


class SecretPlace(SecretStore, Protocol):
    """One place that may hold secrets."""

    @property
    def name(self) -> str:
        """What the place is, as it follows "kept in": `the keyring of this computer`."""
        ...

    def hindrance(self) -> str:
        """Why it cannot keep secrets just now, as a sentence; empty when it can. Asks nobody anything."""
        ...


def secret_store(scope: str, file: Path, ask_passphrase: AskPassphrase | None = None) -> ChainedSecrets:
    """The places of this computer in their order: keyring, encrypted file, environment.

    `scope` tells workspaces apart in the keyring. Without somebody to ask, the passphrase of the file is taken from
    the environment.
    """
    return ChainedSecrets(
        (
            KeyringSecrets(scope),
            EncryptedFileSecrets(file, ask_passphrase or passphrase_from(os.environ)),
            EnvironmentSecrets(os.environ),
        )
    )


class ChainedSecrets:
    """Asks the places in their order; the first that can keeps what is new."""

    def __init__(self, places: Sequence[SecretPlace]) -> None:
        self._places = tuple(places)

    def get(self, connection_id: str, key: str) -> str | None:
        """The secret from the first place that has it.

        Raises OperatorError when none has it and one of them could not be asked.
        """
        locked: OperatorError | None = None
        for place in self._places:
            try:
                value = place.get(connection_id, key)
            except OperatorError as fault:
                locked = locked or fault
                continue
            if value is not None:
                return value
        if locked is not None:
            raise locked
        return None

    def put(self, connection_id: str, key: str, value: str) -> None:
        """Keep a secret in the first place that can. Raises OperatorError, naming each place's hindrance."""
        hindrances: list[str] = []
        for place in self._places:
            if hindrance := place.hindrance():
                hindrances.append(hindrance)
                continue
            place.put(connection_id, key, value)
            return
        message = " ".join(("There is no place that keeps a secret safely.", *hindrances))
        raise OperatorError(message, _NOWHERE)

    def remove(self, connection_id: str, key: str) -> None:
        """Forget a secret wherever it is kept; places that cannot be written are passed over."""
        for place in self._places:
            if not place.hindrance():
                place.remove(connection_id, key)

    def can_keep(self) -> bool:
        """Whether a new secret would be kept."""
        return any(not place.hindrance() for place in self._places)

    def keeping_words(self) -> str:
        """Where a new secret would be kept, as a sentence; why nowhere, when nowhere."""
        for place in self._places:
            if not place.hindrance():
                return f"Kept in {place.name}, never in the store."
        return " ".join(("Nothing here keeps a secret safely.", *(place.hindrance() for place in self._places)))

    def place_words(self, connection_id: str, key: str) -> str:
        """Where one secret is, as a sentence. A place that cannot be asked is passed over."""
        for place in self._places:
            try:
                found = place.get(connection_id, key) is not None
            except OperatorError:
                continue
            if found:
                return f"Kept in {place.name}."
        return "Not kept anywhere."


class EnvironmentSecrets:
    """Secrets handed to the process in its environment; read only."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @property
    def name(self) -> str:
        """What the place is."""
        return f"the environment ({ENVIRONMENT_PREFIX}…)"

    def hindrance(self) -> str:
        """Why nothing can be kept there."""
        return "The environment of the process is only read."

    def get(self, connection_id: str, key: str) -> str | None:
        """The value of the variable named after connection and key, empty counting as none."""
        return self._environment.get(variable_name(connection_id, key)) or None

    def put(self, connection_id: str, key: str, value: str) -> None:
        """Raises OperatorError: the environment belongs to whoever starts the process."""
        del value
        name = variable_name(connection_id, key)
        raise OperatorError(self.hindrance(), f"Set {name} where the program is started.")

    def remove(self, connection_id: str, key: str) -> None:
        """Nothing: a variable ends with its process."""


def variable_name(connection_id: str, key: str) -> str:
    """The variable that may hold a secret: `QUARTERDECK_SECRET_PAYHUB_PROBE_TOKEN`."""
    return ENVIRONMENT_PREFIX + _NOT_NAME.sub("_", f"{connection_id}_{key}".upper())
