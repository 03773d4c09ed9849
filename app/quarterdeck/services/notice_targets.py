"""Where owners of policies are told: the file `targets.toml` of a workspace, read anew whenever it is asked.

It holds no secret: where an address needs one, `{secret}` stands in its place, and the secret itself is kept where
those of connections are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlsplit

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.ports import SecretStore

TARGETS_FILE = "targets.toml"
SECRET = "{secret}"  # noqa: S105 - the place of a secret, not one
SECRETS_OF = "notices"
"""Under which name secrets of targets are kept; the key is the owner."""

EVERYBODY = "*"
"""The owner of whom no other target tells."""

_LARGEST_BYTES = 64 * 1024
_MOST = 200
_LONGEST = 1_000
_STEP = "Correct the file `targets.toml` of this workspace; until then nobody is told."


@dataclass(frozen=True, slots=True)
class NoticeTarget:
    """An owner and the address by which they are told, as apprise writes it."""

    owner: str
    address: str

    @property
    def words(self) -> str:
        """The target without anything that may be secret: its kind and its host."""
        parts = urlsplit(self.address)
        return one_line(f"{parts.scheme}://{parts.hostname or ''}", 200)


class TargetBook:
    """The targets of one workspace."""

    def __init__(self, file: Path, secrets: SecretStore) -> None:
        self._file = file
        self._secrets = secrets

    def targets(self) -> tuple[NoticeTarget, ...]:
        """Every target; none where there is no file. Raises OperatorError for a file that is not taken."""
        if not (self._file.exists() or self._file.is_symlink()):
            return ()
        data = read_regular_file(self._file, _LARGEST_BYTES).data
        try:
            told = cast("Mapping[str, object]", tomllib.loads(data.decode()))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
            raise OperatorError(f"{TARGETS_FILE} is not TOML: {one_line(str(fault), 200)}.", _STEP) from fault
        listed = told.get("targets", [])
        if not isinstance(listed, list) or len(cast("list[object]", listed)) > _MOST or told.keys() - {"targets"}:
            raise OperatorError(f"{TARGETS_FILE} holds up to {_MOST} tables [[targets]] and nothing else.", _STEP)
        return tuple(_target(number, each) for number, each in enumerate(cast("list[object]", listed), 1))

    def target_of(self, owner: str) -> NoticeTarget | None:
        """The target of an owner, or else the one of everybody."""
        by_owner = {target.owner.casefold(): target for target in self.targets()}
        return by_owner.get(owner.casefold()) or by_owner.get(EVERYBODY)

    def address_of(self, target: NoticeTarget) -> str:
        """The address with its secret. Raises OperatorError where that is missing."""
        if SECRET not in target.address:
            return target.address
        secret = self._secrets.get(SECRETS_OF, target.owner)
        if not secret:
            step = f'Keep it with `quarterdeck notices secret "{target.owner}"`.'
            raise OperatorError(f"The secret of the target of {target.owner} is not kept anywhere.", step)
        return target.address.replace(SECRET, quote(secret, safe=""))


def _target(number: int, told: object) -> NoticeTarget:
    where = f"{TARGETS_FILE}, target {number}"
    table: Mapping[str, object] = cast("Mapping[str, object]", told) if isinstance(told, dict) else {}
    owner, address = table.get("owner"), table.get("address")
    if not isinstance(owner, str) or not isinstance(address, str) or table.keys() != {"owner", "address"}:
        raise OperatorError(f"{where}: a target has an owner and an address.", _STEP)
    if not owner.strip() or len(address) > _LONGEST or not (owner + address).isprintable():
        raise OperatorError(f"{where}: its owner or address is empty, too long or holds what nobody sees.", _STEP)
    return NoticeTarget(owner.strip(), _checked(where, address))


def _checked(where: str, address: str) -> str:
    try:
        parts = urlsplit(address.replace(SECRET, "secret"))
        has_scheme, password = bool(parts.scheme and parts.netloc), urlsplit(address).password
    except ValueError:
        has_scheme, password = False, None
    if not has_scheme:
        raise OperatorError(f"{where}: this is no address, such as mailtos://smtp.bank.example?to=…", _STEP)
    if password not in {None, SECRET}:
        raise OperatorError(f"{where}: a file keeps no password.", f"Write {SECRET} in its place. {_STEP}")
    return address
