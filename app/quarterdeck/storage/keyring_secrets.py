"""Secrets in the keyring of the operating system, as long as it is one that really keeps them.

The library's fallback backends refuse loudly or, worse, drop silently, and third-party ones write plain text: only a
recommended backend is used, and what was written is read back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol, cast

from quarterdeck.domain.errors import OperatorError

SERVICE = "quarterdeck"
_RECOMMENDED_PRIORITY = 1.0
_UNLOCK = "Unlock the keyring, or log in to the desktop whose keyring it is."
_NAMES = {
    "SecretService": "Secret Service",
    "libsecret": "Secret Service",
    "kwallet": "KWallet",
    "macOS": "Keychain",
    "Windows": "Credential Manager",
}


class KeyringBackend(Protocol):
    """The part of a `keyring` backend that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The password, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        ...


class KeyringSecrets:
    """Secrets under the service `quarterdeck`, named `scope/connection/key`; `scope` is the workspace's name."""

    def __init__(self, scope: str, find_backend: Callable[[], KeyringBackend] | None = None) -> None:
        self._scope = scope
        self._find_backend = find_backend or _installed_backend
        self._found: KeyringBackend | None = None

    @property
    def name(self) -> str:
        """What the place is, with the keyring's own name."""
        kind = _NAMES.get(type(self._backend()).__module__.rpartition(".")[2])
        return "the keyring of this computer" + (f" ({kind})" if kind else "")

    def hindrance(self) -> str:
        """Why the keyring cannot be used, as a sentence; empty when it can."""
        return _hindrance(self._backend())

    def get(self, connection_id: str, key: str) -> str | None:
        """The secret, or None. Raises OperatorError when the keyring is locked; without a keyring there is none."""
        if self.hindrance():
            return None
        try:
            return self._backend().get_password(SERVICE, self._username(connection_id, key))
        except _faults() as fault:
            raise OperatorError("The keyring of this computer does not answer.", _UNLOCK) from fault

    def put(self, connection_id: str, key: str, value: str) -> None:
        """Keep a secret, and read it back. Raises OperatorError when it is not kept."""
        if hindrance := self.hindrance():
            raise OperatorError(hindrance, _UNLOCK)
        username = self._username(connection_id, key)
        try:
            self._backend().set_password(SERVICE, username, value)
            is_kept = self._backend().get_password(SERVICE, username) == value
        except _faults() as fault:
            raise OperatorError("The keyring of this computer did not take the secret.", _UNLOCK) from fault
        if not is_kept:
            raise OperatorError("The keyring of this computer does not keep what it is given.", _UNLOCK)

    def remove(self, connection_id: str, key: str) -> None:
        """Forget a secret; nothing happens when there is none. Raises OperatorError when the keyring is locked."""
        if self.get(connection_id, key) is None:
            return
        try:
            self._backend().delete_password(SERVICE, self._username(connection_id, key))
        except _faults() as fault:
            raise OperatorError("The keyring of this computer did not forget the secret.", _UNLOCK) from fault

    def _backend(self) -> KeyringBackend:
        if self._found is None:
            self._found = self._find_backend()
        return self._found

    def _username(self, connection_id: str, key: str) -> str:
        return f"{self._scope}/{connection_id}/{key}"


def _installed_backend() -> KeyringBackend:
    import keyring

    backend = keyring.get_keyring()
    members = cast("list[KeyringBackend]", getattr(backend, "backends", []))
    return next((member for member in members if not _hindrance(member)), cast("KeyringBackend", backend))


def _hindrance(backend: KeyringBackend) -> str:
    kind = type(backend)
    try:
        priority = float(getattr(kind, "priority", 0.0))
    except RuntimeError:
        priority = 0.0
    module = kind.__module__.rpartition(".")[2]
    if module in {"fail", "null"} or priority <= 0:
        return "This computer has no keyring that can be reached from here."
    if priority < _RECOMMENDED_PRIORITY or "plaintext" in kind.__name__.lower():
        return f"The keyring {kind.__name__} does not protect what it keeps."
    return ""


def _faults() -> tuple[type[Exception], ...]:
    """What a backend raises when the keyring is locked, gone or dismissed; each library has errors of its own."""
    from keyring.errors import KeyringError

    faults: list[type[Exception]] = [KeyringError, OSError, RuntimeError]
    for module, name in (("secretstorage.exceptions", "SecretStorageException"), ("jeepney", "DBusErrorResponse")):
        found = getattr(sys.modules.get(module), name, None)
        if found is not None:
            faults.append(cast("type[Exception]", found))
    return tuple(faults)
