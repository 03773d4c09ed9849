"""Packs of policies as files: read, and refused whole with line and column before anything is judged by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from quarterdeck.analysis.rules import RuleFault, check_rule
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.fact_catalogue import FACTS
from quarterdeck.domain.policies import (
    ControlNumber,
    Enforcement,
    EvidenceKind,
    EvidenceNeed,
    Framework,
    Policy,
    Scope,
    Severity,
)
from quarterdeck.sdk.documents.section import LONGEST_PROSE, Section
from quarterdeck.sdk.documents.tree import DocumentFault, DocumentFaults, Mapping, Node, quoted
from quarterdeck.sdk.documents.yaml_text import read_yaml
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.services.resources import resource_path

FORMAT = 1
"""The number after `quarterdeck_policies:` that this console reads."""

LARGEST_BYTES = 256 * 1024
MOST_POLICIES = 400
_PACK = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_POLICY_ID = re.compile(r"[A-Z][A-Z0-9]{0,9}-[0-9]{1,4}", re.ASCII)
_WORD = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}", re.ASCII)
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .()/-]{0,29}", re.ASCII)
_TIER = re.compile(r"[1-4]", re.ASCII)
_SHORTEST_SECONDS = 60.0
_LONGEST_SECONDS = 400 * 86_400.0
_PACK_KEYS = ("quarterdeck_policies", "pack", "title", "policies")
_POLICY_KEYS = (*("id", "title", "statement", "scope", "rule", "severity", "evidence", "owner", "actions", "controls"),)
_SCOPE_KEYS = ("kinds", "domains", "tiers", "data_classes", "with_partner")
_FLAGS = {"": None, "true": True, "false": False}
_NEXT_STEP = "Correct the file; until then nothing of it is judged."
Choice = TypeVar("Choice", bound=StrEnum)


class InvalidPolicies(OperatorError):
    """A pack that does not hold together; the message names the file, the line and the column.

    `line` and `column` (None where only the line is known) are those of the first fault; `faults` are all of them, a
    sentence each, and `placed` the same with their places.
    """

    def __init__(self, name: str, found: Sequence[DocumentFault]) -> None:
        ordered = sorted(found, key=lambda fault: (fault.line, fault.column))
        self.line = ordered[0].line
        self.column = ordered[0].column or None
        self.placed = tuple(PlacedFault(fault.line, fault.column, fault.words) for fault in ordered)
        self.faults = tuple(_sentence(name, fault) for fault in ordered)
        more = len(ordered) - 1
        also = "" if not more else f" There {'is 1 more fault' if more == 1 else f'are {more:,} more faults'}."
        super().__init__(f"{self.faults[0]}{also}", _NEXT_STEP)


class RuleMisplaced(DocumentFault):
    """A rule that is refused, with the column (from 1) in its line of the file."""

    def __init__(self, line: int, column: int, words: str) -> None:
        super().__init__(line, words)
        self.column = column


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """What is wrong in a file, and where: both count from 1, a `column` that is not known is 0."""

    line: int
    column: int
    words: str


@dataclass(frozen=True, slots=True)
class PolicyPack:
    """The policies of one file, in its order."""

    id: str
    title: str
    policies: tuple[Policy, ...]


def shipped_packs() -> tuple[PolicyPack, ...]:
    """The packs that the program carries."""
    return packs_of(shipped_paths())


def policies_of(folder: Path) -> tuple[Policy, ...]:
    """The policies that the program carries and those of the files in a folder, which need not be there.

    One in the folder stands in the place of the one with the same id that the program carries. Raises OperatorError
    for a file that is not taken: then none is, so that a slip of the pen ends no policy.
    """
    own = [policy for pack in packs_of(own_paths(folder)) for policy in pack.policies]
    shadowed = {policy.id for policy in own}
    shipped = (policy for pack in shipped_packs() for policy in pack.policies)
    return (*(policy for policy in shipped if policy.id not in shadowed), *own)


def shipped_paths() -> list[Path]:
    """The files of the packs that the program carries."""
    return sorted(resource_path("policies").glob("*.yaml"))


def own_paths(folder: Path) -> list[Path]:
    """The files of packs in a folder, which need not be there."""
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


def folder_mark(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether the files of packs in a folder are others than before, without reading them."""
    found: list[tuple[str, int, int]] = []
    for path in own_paths(folder):
        with suppress(OSError):
            status = path.lstat()
            found.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(found)


def packs_of(paths: Sequence[Path]) -> tuple[PolicyPack, ...]:
    """The packs of some files. Raises OperatorError for one that cannot be read or taken, or when two share an id."""
    packs = tuple(parse_pack(read_regular_file(path, LARGEST_BYTES).data, path.name) for path in paths)
    seen: dict[str, str] = {}
    for path, pack in zip(paths, packs, strict=True):
        for policy in pack.policies:
            if policy.id in seen:
                words = f"the policy {policy.id} stands in {seen[policy.id]} already."
                raise InvalidPolicies(path.name, [DocumentFault(1, words)])
            seen[policy.id] = path.name
    return packs


def parse_pack(data: bytes, name: str) -> PolicyPack:
    """The pack a file holds. Raises InvalidPolicies."""
    faults = DocumentFaults()
    with faults:
        text = _text(data)
        pack = _pack(read_yaml(text, faults), text.splitlines(), faults)
        if not faults.found:
            return pack
    raise InvalidPolicies(name, faults.found)


def _sentence(name: str, fault: DocumentFault) -> str:
    at = f"line {fault.line}, column {fault.column}" if fault.column else f"line {fault.line}"
    return f"{name}, {at}: {fault.words}"


def _text(data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        raise DocumentFault(1, f"the file is larger than {LARGEST_BYTES // 1024} KiB; split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DocumentFault(data.count(b"\n", 0, fault.start) + 1, "this is not UTF-8 text.") from fault


def _pack(node: Node, lines: Sequence[str], faults: DocumentFaults) -> PolicyPack:
    section = Section(node, "a policy pack", _PACK_KEYS, faults)
    if section.text("quarterdeck_policies") != str(FORMAT):
        raise section.fault(f"a policy pack says quarterdeck_policies: {FORMAT} at its top.", "quarterdeck_policies")
    pack_id, title = section.name("pack", _PACK.fullmatch, "third_parties"), section.text("title", required=True)
    nodes = section.listing("policies")
    if not 0 < len(nodes) <= MOST_POLICIES:
        raise section.fault(f"a policy pack holds 1 to {MOST_POLICIES} policies, not {len(nodes):,}.", "policies")
    policies: dict[str, Policy] = {}
    for each in nodes:
        with faults:
            policy = _policy(Section(each, "a policy", _POLICY_KEYS, faults), each, pack_id, lines)
            if policy.id in policies:
                raise DocumentFault(each.line, f"the policy {quoted(policy.id)} stands twice.")
            policies[policy.id] = policy
    return PolicyPack(pack_id, title, tuple(policies.values()))


def _policy(section: Section, node: Node, pack_id: str, lines: Sequence[str]) -> Policy:
    needs = _needs(section)
    return Policy(
        id=section.name("id", _POLICY_ID.fullmatch, "SEC-11"),
        pack=pack_id,
        title=section.text("title", required=True),
        statement=section.text("statement", required=True, longest=LONGEST_PROSE, breaks=True),
        scope=_scope(node, section.faults),
        rule=_rule(section, needs, lines),
        severity=section.choice("severity", Severity) or Severity.LOW,
        evidence=needs,
        owner=section.text("owner", required=True),
        actions=_choices(section, "actions", Enforcement),
        controls=tuple(_controls(section)),
    )


def _needs(parent: Section) -> tuple[EvidenceNeed, ...]:
    found: dict[EvidenceKind, EvidenceNeed] = {}
    nodes = parent.listing("evidence")
    if not nodes:
        parent.faults.add(parent.fault("a policy names the evidence it rests on.", "evidence"))
    for node in nodes:
        with parent.faults:
            section = Section(node, "a piece of evidence", ("kind", "lifetime"), parent.faults)
            kind = section.choice("kind", EvidenceKind)
            lifetime_seconds = section.duration("lifetime", _SHORTEST_SECONDS, _LONGEST_SECONDS)
            if lifetime_seconds is None:
                raise section.fault("evidence has a lifetime, such as 24h.")
            if kind is EvidenceKind.DECISION:
                raise section.fault("a rule rests on what was seen, not on what people decided.")
            if kind in found:
                raise section.fault("a kind of evidence is named once.")
            if kind is not None:
                found[kind] = EvidenceNeed(kind, lifetime_seconds)
    return tuple(found.values())


def _scope(node: Node, faults: DocumentFaults) -> Scope:
    entries = node.entries if isinstance(node, Mapping) else ()
    told = next((entry.node for entry in entries if entry.key == "scope"), None)
    if told is None:
        return Scope()
    section = Section(told, "a scope", _SCOPE_KEYS, faults)
    partner = section.text("with_partner")
    if partner not in _FLAGS:
        faults.add(section.fault(f"with_partner is true or false, not {quoted(partner)}.", "with_partner"))
    return Scope(
        kinds=_choices(section, "kinds", EntityKind),
        domains=section.words("domains", _WORD),
        tiers=tuple(int(tier) for tier in section.words("tiers", _TIER)),
        data_classes=section.words("data_classes", _WORD),
        with_partner=_FLAGS.get(partner),
    )


def _choices(section: Section, key: str, kinds: type[Choice]) -> tuple[Choice, ...]:
    known = {kind.value: kind for kind in kinds}
    found = section.words(key, _WORD)
    for word in found:
        if word not in known:
            section.faults.add(section.fault(f"{quoted(word)} is none of {', '.join(known)}.", key))
    return tuple(known[word] for word in found if word in known)


def _controls(section: Section) -> Iterator[ControlNumber]:
    known = {framework.value: framework for framework in Framework}
    for name, numbers in section.facts("controls"):
        if name not in known:
            words = f"{quoted(name)} is no framework; there are {', '.join(known)}."
            section.faults.add(section.fault(words, "controls"))
            continue
        for number in (part.strip() for part in numbers.split(",")):
            if not _NUMBER.fullmatch(number):
                section.faults.add(section.fault(f"{quoted(number)} is no number of a control.", "controls"))
            yield ControlNumber(known[name], number)


def _rule(section: Section, needs: Sequence[EvidenceNeed], lines: Sequence[str]) -> str:
    rule = section.text("rule", required=True, longest=LONGEST_PROSE, breaks=True)
    if not rule:
        return ""
    begins = _RulePlace.of(section, rule, lines)
    try:
        shape = check_rule(rule)
    except RuleFault as fault:
        section.faults.add(RuleMisplaced(*begins.place(fault.line, fault.column), fault.words))
        return rule
    kinds = {need.kind for need in needs}
    for name in (*shape.needed, *shape.asked):
        if needs and FACTS[name].evidence not in kinds:
            words = f"{name} is told by evidence of {FACTS[name].evidence.value}, which this policy does not name."
            section.faults.add(RuleMisplaced(*begins.place(1, 1), words))
    return rule


@dataclass(frozen=True, slots=True)
class _RulePlace:
    """Where in the file the first letter of a rule stands, and how far its further lines are indented."""

    line: int
    column: int
    indent: int

    @classmethod
    def of(cls, section: Section, rule: str, lines: Sequence[str]) -> _RulePlace:
        line = section.fault("", "rule").line
        first = rule.partition("\n")[0]
        for number in range(line, min(line + 3, len(lines)) + 1):
            at = lines[number - 1].find(first)
            if at >= 0:
                return cls(number, at + 1, at)
        return cls(line, 1, 0)

    def place(self, line: int, column: int) -> tuple[int, int]:
        """A place in the rule as one in the file."""
        return (self.line, self.column + column - 1) if line == 1 else (self.line + line - 1, self.indent + column)
