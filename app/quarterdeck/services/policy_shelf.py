"""The files of policies of a workspace: which there are, which are refused and why, and each as a text to be edited.

What the program carries is never written: a policy of it is edited as a file of one's own, which then stands in its
place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import Policy
from quarterdeck.sdk.documents.tree import DocumentFault
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.services.policy_packs import (
    LARGEST_BYTES,
    InvalidPolicies,
    PlacedFault,
    own_paths,
    parse_pack,
    shipped_packs,
    shipped_paths,
)

LARGEST_EDITED_BYTES = 64 * 1024
LONGEST_LINE = 1_000
"""Characters of a line that are shown; an editor of one's own takes longer ones."""

_ITEM = re.compile(r" *- id: *(?P<id>\S+) *")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\.yaml", re.ASCII)
NEW_POLICY = """\
quarterdeck_policies: 1
pack: security
title: Security

policies:
  - id: SEC-900
    title: TLS 1.3 to partners
    statement: Partner endpoints of the first tier use TLS 1.3.
    scope: {kinds: [integration], tiers: [1], with_partner: true}
    rule: tls.version >= 1.3 && tls.days_left >= 30
    severity: high
    evidence:
      - {kind: certificate, lifetime: 24h}
    owner: Security
"""
"""What a new file begins with."""


class PolicyOrigin(StrEnum):
    """Where a policy comes from."""

    SHIPPED = "shipped"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class ShelvedPolicy:
    """A policy of a file that is taken; `shadows` says that the program carries one with the same id."""

    policy: Policy
    file: str
    origin: PolicyOrigin
    shadows: bool = False


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file of one's own that is not taken, and every reason, a sentence each."""

    file: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every policy by pack and id, and the files that are refused; while one is, none of one's own files counts."""

    policies: tuple[ShelvedPolicy, ...]
    refused: tuple[RefusedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A text to be edited, and the file of one's own that it becomes; `digest` is that file's, empty where none is."""

    file: str
    text: str
    digest: str
    origin: PolicyOrigin


@dataclass(frozen=True, slots=True)
class CheckedText:
    """What a text holds, or what is wrong with it and where."""

    policies: tuple[Policy, ...]
    faults: tuple[PlacedFault, ...] = ()


def check_text(text: str, file: str) -> CheckedText:
    """The policies of a text, or every reason why it is refused."""
    try:
        return CheckedText(parse_pack(text.encode("utf-8", "surrogatepass"), file).policies)
    except InvalidPolicies as refusal:
        return CheckedText((), refusal.placed)


def digest_of(data: bytes) -> str:
    """A SHA-256 over a file's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class PolicyShelf:
    """The shelf of one workspace; `folder` holds its own files and need not be there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> Shelf:
        """Every policy and every refused file. Raises nothing for a file of one's own."""
        own: dict[str, ShelvedPolicy] = {}
        refused: list[RefusedFile] = []
        for path in own_paths(self.folder):
            try:
                found = self._taken(path, own)
            except InvalidPolicies as fault:
                refused.append(RefusedFile(path.name, fault.faults))
            except OperatorError as fault:
                refused.append(RefusedFile(path.name, (f"{fault.message} {fault.next_step}",)))
            else:
                own |= {each.policy.id: each for each in found}
        shipped = [
            ShelvedPolicy(policy, path.name, PolicyOrigin.SHIPPED)
            for path, pack in zip(shipped_paths(), shipped_packs(), strict=True)
            for policy in pack.policies
            if policy.id not in own
        ]
        ordered = sorted((*shipped, *own.values()), key=lambda each: (each.policy.pack, each.policy.id))
        return Shelf(tuple(ordered), tuple(refused))

    def open(self, policy_id: str) -> PolicyText:
        """The file of one's own that holds a policy, or the shipped policy as a file of its own would hold it.

        Raises OperatorError where there is no such policy, or its file is too large to be edited here.
        """
        shelved = next((each for each in self.listed().policies if each.policy.id == policy_id), None)
        if shelved is None:
            step = "`quarterdeck policies check` tells the files and their policies."
            raise OperatorError(f"There is no policy {policy_id!r} in any file.", step)
        if shelved.origin is PolicyOrigin.OWN:
            return self.open_file(shelved.file)
        text = shipped_text(policy_id)
        file = f"{policy_id.lower()}.yaml"
        return PolicyText(file, text, self.digest(file), PolicyOrigin.SHIPPED)

    def open_file(self, file: str) -> PolicyText:
        """A file of one's own, sound or not. Raises OperatorError where it cannot be shown."""
        data = read_regular_file(self.path(file), LARGEST_BYTES).data
        step = "Edit it with an editor of your own; `quarterdeck policies try` judges it."
        if len(data) > LARGEST_EDITED_BYTES:
            raise OperatorError(f"{file} is larger than {LARGEST_EDITED_BYTES // 1024} KiB.", step)
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as fault:
            raise OperatorError(f"{file} is not UTF-8 text.", step) from fault
        if any(len(line) > LONGEST_LINE for line in text.split("\n")):
            raise OperatorError(f"{file} has a line of more than {LONGEST_LINE:,} characters.", step)
        return PolicyText(file, text, digest_of(data), PolicyOrigin.OWN)

    def path(self, file: str) -> Path:
        """Where a file of one's own lies, or would lie. Raises OperatorError for a name that is none."""
        if not _FILE.fullmatch(file):
            raise OperatorError(
                f"{file!r} cannot be the name of a file of policies.",
                "Take letters, digits, hyphens and underscores, ending in .yaml.",
            )
        return self.folder / file

    def digest(self, file: str) -> str:
        """The digest of a file of one's own; empty where there is none. Raises OperatorError for one not readable."""
        path = self.path(file)
        return digest_of(read_regular_file(path, LARGEST_BYTES).data) if path.is_symlink() or path.exists() else ""

    def others(self, file: str) -> Iterator[Path]:
        """The files of one's own besides one."""
        return (path for path in own_paths(self.folder) if path.name != file)

    def _taken(self, path: Path, known: dict[str, ShelvedPolicy]) -> list[ShelvedPolicy]:
        pack = parse_pack(read_regular_file(path, LARGEST_BYTES).data, path.name)
        for policy in pack.policies:
            if policy.id in known:
                words = f"the policy {policy.id} stands in {known[policy.id].file} already."
                raise InvalidPolicies(path.name, [DocumentFault(1, words)])
        shipped = {policy.id for each in shipped_packs() for policy in each.policies}
        return [ShelvedPolicy(policy, path.name, PolicyOrigin.OWN, policy.id in shipped) for policy in pack.policies]


def shipped_text(policy_id: str) -> str:
    """A policy that the program carries as a file that holds it alone. Raises OperatorError where there is none."""
    for path in shipped_paths():
        lines = path.read_text("utf-8").splitlines()
        starts = [number for number, line in enumerate(lines) if _ITEM.fullmatch(line)]
        for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            found = _ITEM.fullmatch(lines[begin])
            if found is not None and found["id"] == policy_id:
                head = [line for line in lines[: starts[0]] if not line.startswith("#")]
                return "\n".join([*head, *lines[begin:end]]).strip() + "\n"
    raise OperatorError(f"The program carries no policy {policy_id!r}.", "`quarterdeck policies show` tells them.")
