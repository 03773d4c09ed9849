"""Where policies are edited: checked as they are typed, tried on what is stored, and only then enabled, on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import Enforcement, EvidenceKind, Policy, PolicyVersion
from quarterdeck.domain.policy_acts import PolicyAct, PolicyDeed, act_evidence, policy_acts
from quarterdeck.sdk.local_files import make_private_folder, read_regular_file, replace_file
from quarterdeck.services.policy_packs import LARGEST_BYTES, InvalidPolicies, parse_pack
from quarterdeck.services.policy_shelf import (
    LARGEST_EDITED_BYTES,
    CheckedText,
    PolicyShelf,
    PolicyText,
    Shelf,
    check_text,
    digest_of,
)
from quarterdeck.services.policy_trials import USUAL_DAYS, Trial, TrialStore, try_policies

_LONGEST_NAME = 100
_LONGEST_COMMENT = 500
_SECONDS = 60.0
_OVERTAKEN = "Open it again, and do your change anew."


@dataclass(frozen=True, slots=True)
class Enabling:
    """What is to be enabled: a text as a file of one's own, and `digest` of that file when the text was opened."""

    file: str
    text: str
    digest: str
    by: str
    approved_by: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class DeskReport:
    """The shelf beside the versions that are in force, by policy, and what was done, the newest first."""

    shelf: Shelf
    standing: Mapping[str, PolicyVersion]
    acts: tuple[PolicyAct, ...]
    at: datetime


class PolicyDesk:
    """The policies of one workspace over its store. Every refusal is an OperatorError, and then nothing was done."""

    def __init__(self, store: TrialStore, shelf: PolicyShelf) -> None:
        self._store = store
        self._shelf = shelf

    def report(self, at: datetime) -> DeskReport:
        """What stands in the files and what is in force at a moment. Raises StoreUnavailable."""
        versions = self._store.compliance.policy_versions()
        standing = {
            each.policy.id: each
            for each in versions
            if each.valid_from_at <= at and (each.valid_to_at is None or at < each.valid_to_at)
        }
        acts = [act for act in policy_acts(self._decisions()) if act.at <= at]
        return DeskReport(self._shelf.listed(), standing, tuple(reversed(acts)), at)

    def open(self, policy_id: str) -> PolicyText:
        """A policy as a text to be edited."""
        return self._shelf.open(policy_id)

    def open_file(self, file: str) -> PolicyText:
        """A file of one's own as a text to be edited, sound or not."""
        return self._shelf.open_file(file)

    def check(self, text: str, file: str) -> CheckedText:
        """What a text holds, or every reason why it is refused."""
        return check_text(text, file)

    def try_text(self, text: str, file: str, at: datetime, days: int = USUAL_DAYS) -> Trial:
        """What the policies of a text would be for every entity. Raises InvalidPolicies."""
        return try_policies(self._store, parse_pack(text.encode(), file).policies, at, days)

    def replay(self, policy_ids: Sequence[str], at: datetime, days: int = USUAL_DAYS) -> Trial:
        """The versions in force judged over the days before they were, beside what was recorded then.

        All of them where none is named.
        """
        standing = {each.policy.id: each for each in self._store.compliance.policy_versions() if not each.valid_to_at}
        for policy_id in policy_ids:
            if policy_id not in standing:
                step = "`quarterdeck policies show` tells the policies in force."
                raise OperatorError(f"No policy {policy_id!r} is in force.", step)
        chosen = [standing[policy_id].policy for policy_id in policy_ids or sorted(standing)]
        return try_policies(self._store, chosen, at, days)

    def enable(self, wanted: Enabling, at: datetime) -> PolicyAct:
        """Write a text as a file of one's own, from which the collector takes it, and put that on record."""
        data = wanted.text.encode()
        if len(data) > LARGEST_EDITED_BYTES:
            raise OperatorError("The text is too large.", f"Keep it under {LARGEST_EDITED_BYTES // 1024} KiB.")
        path, policies = self._shelf.path(wanted.file), parse_pack(data, wanted.file).policies
        before = self._before(wanted.file, wanted.digest)
        self._refuse_doubles(wanted.file, policies)
        act = _act(PolicyDeed.ENABLED, wanted, policies, at)
        self._refuse_alone(act, (*policies, *_policies_in(before, wanted.file)))
        make_private_folder(self._shelf.folder)
        replace_file(path, data)
        return self._recorded(act, wanted.file, before)

    def withdraw(self, wanted: Enabling, at: datetime) -> PolicyAct:
        """Take a file of one's own away: what the program carries stands again, and a policy of one's own ends."""
        path, before = self._shelf.path(wanted.file), self._before(wanted.file, wanted.digest)
        if before is None:
            raise OperatorError(f"There is no file {wanted.file}.", "What the program carries cannot be withdrawn.")
        policies = _policies_in(before, wanted.file)
        act = _act(PolicyDeed.WITHDRAWN, wanted, policies, at)
        self._refuse_alone(act, policies)
        try:
            path.unlink()
        except OSError as fault:
            step = "See whether this user may write there."
            raise OperatorError(f"{wanted.file} cannot be taken away: {fault.strerror}.", step) from fault
        return self._recorded(act, wanted.file, before)

    def _before(self, file: str, digest: str) -> bytes | None:
        """The bytes of the file as it lies there; refused where they are others than were opened."""
        if self._shelf.digest(file) != digest:
            raise OperatorError(f"{file} was changed by somebody else meanwhile.", _OVERTAKEN)
        return read_regular_file(self._shelf.path(file), LARGEST_BYTES).data if digest else None

    def _refuse_doubles(self, file: str, policies: Sequence[Policy]) -> None:
        ids = {policy.id for policy in policies}
        for path in self._shelf.others(file):
            data = read_regular_file(path, LARGEST_BYTES).data
            for policy in _policies_in(data, path.name):
                if policy.id in ids:
                    step = "Change it there, or give this one another id."
                    raise OperatorError(f"The policy {policy.id} stands in {path.name} already.", step)

    def _refuse_alone(self, act: PolicyAct, policies: Sequence[Policy]) -> None:
        """A policy that asks for a second person, or asked for one, is not changed by one person."""
        ids = {policy.id for policy in policies}
        known = self._store.compliance.policy_versions()
        in_force = (each.policy for each in known if each.valid_to_at is None and each.policy.id in ids)
        asking = [each.id for each in (*policies, *in_force) if Enforcement.SECOND_PERSON in each.actions]
        if asking and act.by.casefold() == (act.approved_by or act.by).casefold():
            raise OperatorError(f"{asking[0]} asks for a second person.", "Name somebody else who agrees.")

    def _recorded(self, act: PolicyAct, file: str, before: bytes | None) -> PolicyAct:
        """The act as it is on record; where it cannot be put there, the file is again as it was."""
        try:
            stored = self._store.compliance.decide(act_evidence(act)).result(_SECONDS)
        except OperatorError:
            with suppress(OperatorError, OSError):
                if before is None:
                    self._shelf.path(file).unlink()
                else:
                    replace_file(self._shelf.path(file), before)
            raise
        return policy_acts([stored])[0]

    def _decisions(self) -> Sequence[EvidenceRecord]:
        return self._store.compliance.evidence(kind=EvidenceKind.DECISION)


def _act(deed: PolicyDeed, wanted: Enabling, policies: Sequence[Policy], at: datetime) -> PolicyAct:
    return PolicyAct(
        deed=deed,
        file=wanted.file,
        policy_ids=tuple(policy.id for policy in policies),
        digest=digest_of(wanted.text.encode()) if deed is PolicyDeed.ENABLED else wanted.digest,
        by=_words(wanted.by, "who does it", _LONGEST_NAME, is_required=True),
        approved_by=_words(wanted.approved_by, "who agrees", _LONGEST_NAME),
        comment=_words(wanted.comment, "why", _LONGEST_COMMENT),
        at=at,
    )


def _policies_in(data: bytes | None, file: str) -> tuple[Policy, ...]:
    """The policies of a file; none where it is refused, for then it judges nothing."""
    try:
        return () if data is None else parse_pack(data, file).policies
    except InvalidPolicies:
        return ()


def _words(text: str, what: str, longest: int, *, is_required: bool = False) -> str:
    words = " ".join(text.split())
    if len(words) > longest or (is_required and not words):
        raise OperatorError(f"It is put on record {what}.", f"Say it in 1 to {longest} characters.")
    return words
