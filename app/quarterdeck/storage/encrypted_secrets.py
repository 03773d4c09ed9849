"""Secrets in a file that opens with a passphrase: for computers without a keyring.

One file holds all secrets of a workspace, sealed with AES-256-GCM under a key that scrypt makes of the passphrase; the
head with the key's parameters is sealed with it. The file is replaced whole and readable by its owner only.
"""

from __future__ import annotations

import json
import os
import threading
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.local_files import make_private_folder, read_regular_file, replace_file

AskPassphrase = Callable[[str], str | None]
"""Asked with a sentence that says what for; None when nobody answers."""

UNLOCKING_VARIABLE = "QUARTERDECK_PASSPHRASE"
_MAX_FILE_BYTES = 4 * 1024 * 1024
_FORMAT = 1
_KEY_BYTES = _SALT_BYTES = 32
_NONCE_BYTES = 12
_MAX_COST = 2**22
_RESTORE = "Bring back a copy of it, or move it away and give the secrets again."

Contents = dict[str, str]


@dataclass(frozen=True, slots=True)
class KeyCost:
    """What making a key of a passphrase costs: scrypt's N (a power of two) and r; memory is 128 x N x r bytes."""

    n: int = 2**17
    r: int = 8


@dataclass(frozen=True, slots=True)
class _Head:
    """The open part of the file: how the key is made."""

    cost: KeyCost
    salt: bytes


@dataclass(frozen=True, slots=True)
class _Unlocked:
    """A key that opened the file, with the head it belongs to."""

    head: _Head
    key: bytes


class EncryptedFileSecrets:
    """Secrets in one sealed file. The passphrase is asked for when it is first needed and not kept, only the key."""

    def __init__(self, path: Path, ask_passphrase: AskPassphrase | None, cost: KeyCost | None = None) -> None:
        self._path = path
        self._ask = ask_passphrase
        self._cost = cost or KeyCost()
        self._unlocked: _Unlocked | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What the place is."""
        return "an encrypted file of this workspace"

    def hindrance(self) -> str:
        """Why nothing can be kept: nobody can be asked for a passphrase."""
        return "" if self._ask else "There is nobody to ask for the passphrase of an encrypted file."

    def get(self, connection_id: str, key: str) -> str | None:
        """The secret, or None. Raises OperatorError when the file stays locked or is damaged."""
        with self._lock:
            return self._contents().get(_name(connection_id, key))

    def put(self, connection_id: str, key: str, value: str) -> None:
        """Keep a secret; the first one makes the file. Raises OperatorError when it is not kept."""
        with self._lock:
            self._write(self._contents() | {_name(connection_id, key): value})

    def remove(self, connection_id: str, key: str) -> None:
        """Forget a secret; nothing happens when there is none."""
        with self._lock:
            if not self._path.exists():
                return
            contents = self._contents()
            if contents.pop(_name(connection_id, key), None) is not None:
                self._write(contents)

    def _contents(self) -> Contents:
        if not self._path.exists():
            return {}
        head, sealed = _parted(read_regular_file(self._path, _MAX_FILE_BYTES).data, self._path)
        if self._unlocked is None or self._unlocked.head != head:
            passphrase = self._passphrase("The passphrase that opens the encrypted file of secrets.")
            unlocked = _Unlocked(head, _key(passphrase, head))
            contents = self._opened(unlocked, sealed)
            self._unlocked = unlocked
            return contents
        return self._opened(self._unlocked, sealed)

    def _opened(self, unlocked: _Unlocked, sealed: bytes) -> Contents:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            opened = AESGCM(unlocked.key).decrypt(nonce, body, _head_bytes(unlocked.head))
        except InvalidTag as fault:
            message = "The passphrase does not open the encrypted file of secrets, or the file was altered."
            raise OperatorError(message, "Give the passphrase it was made with.") from fault
        return cast("Contents", json.loads(opened))

    def _write(self, contents: Contents) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self._unlocked is None or not self._path.exists():
            passphrase = self._passphrase("A passphrase for the encrypted file of secrets; it cannot be recovered.")
            head = _Head(self._cost, os.urandom(_SALT_BYTES))
            self._unlocked = _Unlocked(head, _key(passphrase, head))
        unlocked, nonce = self._unlocked, os.urandom(_NONCE_BYTES)
        sealed = AESGCM(unlocked.key).encrypt(nonce, json.dumps(contents).encode(), _head_bytes(unlocked.head))
        body = {"sealed": b64encode(nonce + sealed).decode("ascii")}
        make_private_folder(self._path.parent)
        replace_file(self._path, json.dumps(_head_fields(unlocked.head) | body, indent=1).encode())

    def _passphrase(self, question: str) -> str:
        passphrase = self._ask(question) if self._ask else None
        if not passphrase:
            message = "The encrypted file of secrets stays locked: no passphrase was given."
            raise OperatorError(message, f"Set {UNLOCKING_VARIABLE} where the program is started, or use a keyring.")
        return passphrase


def passphrase_from(environment: Mapping[str, str]) -> AskPassphrase | None:
    """An answer to the question for a passphrase, for processes nobody sits before; None when the variable is unset."""
    passphrase = environment.get(UNLOCKING_VARIABLE)
    return (lambda _question: passphrase) if passphrase else None


def _key(passphrase: str, head: _Head) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    cost = head.cost
    return Scrypt(salt=head.salt, length=_KEY_BYTES, n=cost.n, r=cost.r, p=1).derive(passphrase.encode())


def _name(connection_id: str, key: str) -> str:
    return f"{connection_id}/{key}"


def _head_fields(head: _Head) -> dict[str, str | int]:
    salt = b64encode(head.salt).decode("ascii")
    return {"format": _FORMAT, "n": head.cost.n, "r": head.cost.r, "salt": salt}


def _head_bytes(head: _Head) -> bytes:
    return json.dumps(_head_fields(head), sort_keys=True).encode()


def _parted(data: bytes, path: Path) -> tuple[_Head, bytes]:
    """The head and the sealed part of a file; limits keep a foreign head from costing all memory."""
    try:
        fields = cast("dict[str, object]", json.loads(data))
        if fields["format"] != _FORMAT:
            raise OperatorError(f"The file of secrets {path} is of another version.", "Update the program.")
        n, r = int(str(fields["n"])), int(str(fields["r"]))
        if n <= 1 or r < 1 or n & (n - 1) or n * r > _MAX_COST:
            raise ValueError("the cost of the key is out of bounds")
        salt, sealed = (b64decode(str(fields[name]), validate=True) for name in ("salt", "sealed"))
        if len(sealed) <= _NONCE_BYTES:
            raise ValueError("nothing is sealed")
    except (ValueError, KeyError, TypeError, Base64Error, RecursionError) as fault:
        raise OperatorError(f"The file of secrets {path} is damaged.", _RESTORE) from fault
    return _Head(KeyCost(n, r), salt), sealed
