"""`quarterdeck doctor`: what stands in the way of the program on this machine, each with the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.registry import ConnectorRegistry
from quarterdeck.sdk.texts import counted, one_line, size_words
from quarterdeck.services.surroundings import LogFacts, ProgramFacts, StoreFacts, Surroundings, WindowFacts

_OLDEST_PYTHON = (3, 11)
_QT_THAT_ABORTS = "6.12.0"
_FIRST_PYTHON_SAFE_WITH_IT = (3, 12)
_EARLIEST_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_CLOCK_SLACK = timedelta(minutes=5)
_LITTLE_SPACE_BYTES = 2_000_000_000
_NO_SPACE_BYTES = 100_000_000
_FOR_OTHERS = 0o077
_PRIVATE_FILE = 0o600
_NETWORK_DRIVES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"})


class Weight(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "note"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and for all but the good what to do about it."""

    subject: str
    weight: Weight
    words: str
    next_step: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it stands in the way."""
        return self.weight is Weight.FAULT

    @property
    def line(self) -> str:
        """The finding as a line of the terminal, safe to print."""
        return f"{self.weight:5}  " + one_line(f"{self.subject}: {self.words} {self.next_step}", 1000)


class SecretKeeping(Protocol):
    """What secrets' places say of themselves."""

    def can_keep(self) -> bool:
        """Whether a new secret would be kept."""
        ...

    def keeping_words(self) -> str:
        """Where a new secret would be kept, or why nowhere, as a sentence."""
        ...


def examine(
    surroundings: Surroundings, secrets: SecretKeeping, registry: ConnectorRegistry, try_store: Callable[[], str]
) -> tuple[Finding, ...]:
    """All findings, the program's first.

    `try_store` opens the store for reading and says what is there in a sentence, or raises OperatorError; a store that
    was never made is not opened.
    """
    return (
        *_of_program(surroundings.program),
        *_of_connectors(registry),
        *_of_clock(surroundings.now, surroundings.store),
        *(_of_place(surroundings.store) if surroundings.store else ()),
        *_of_store(surroundings.store, try_store),
        _of_secrets(secrets),
        *_of_window(surroundings.window),
        _of_log(surroundings.log),
    )


def qt_refusal(python: tuple[int, int, int], qt_version: str) -> str:
    """Why a version of Qt must not be used with this Python, as a sentence; empty when it may.

    PySide6 6.12.0 loses a reference to `None` with every call that returns nothing; before Python 3.12 the count runs
    out after some thousand calls and the process ends without a word.
    """
    if qt_version == _QT_THAT_ABORTS and python < _FIRST_PYTHON_SAFE_WITH_IT:
        return f"PySide6 {qt_version} ends the process after a while on Python {python[0]}.{python[1]}."
    return ""


def _of_program(program: ProgramFacts) -> list[Finding]:
    version = ".".join(str(part) for part in program.python)
    findings = [Finding("Python", Weight.GOOD, f"{version}.")]
    if program.python < _OLDEST_PYTHON:
        findings = [Finding("Python", Weight.FAULT, f"{version} is too old.", "Install Python 3.11 or later.")]
    if refusal := qt_refusal(program.python, program.qt_version):
        findings.append(Finding("Qt", Weight.FAULT, refusal, "Install another version of PySide6-Essentials."))
    elif program.qt_version:
        findings.append(Finding("Qt", Weight.GOOD, f"PySide6 {program.qt_version}."))
    if program.missing_requirements:
        words = f"not installed: {', '.join(program.missing_requirements)}."
        findings.append(Finding("Requirements", Weight.FAULT, words, "Install the program again."))
    return findings


def _of_connectors(registry: ConnectorRegistry) -> list[Finding]:
    ids = registry.ids()
    if not ids:
        words = "none is installed; the program's description is missing."
        return [Finding("Connectors", Weight.FAULT, words, "Install the program again, with its metadata.")]
    faults: list[Finding] = []
    for connector_id in ids:
        try:
            registry.manifest(connector_id)
        except OperatorError as fault:
            faults.append(Finding("Connectors", Weight.FAULT, fault.message, fault.next_step))
    return faults or [Finding("Connectors", Weight.GOOD, f"{counted(len(ids), 'kind')} can be connected.")]


def _of_clock(now: datetime, store: StoreFacts | None) -> list[Finding]:
    step = "Set the clock, and let it be kept by a time service."
    if now < _EARLIEST_NOW:
        return [Finding("Clock", Weight.FAULT, f"it says {now:%Y-%m-%d}, which is past.", step)]
    if store and store.modified_at and store.modified_at > now + _CLOCK_SLACK:
        words = f"the store was written at {store.modified_at:%Y-%m-%d %H:%M}, after what the clock says now."
        return [Finding("Clock", Weight.FAULT, words, step)]
    return [Finding("Clock", Weight.GOOD, f"{now:%Y-%m-%d %H:%M} UTC.")]


def _of_place(store: StoreFacts) -> list[Finding]:
    findings: list[Finding] = []
    if not store.is_writable:
        words = f"this user may not write {store.path if store.file_mode is not None else store.folder}."
        findings.append(Finding("Store", Weight.FAULT, words, "Give that right, or name another place with --store."))
    if store.file_system in _NETWORK_DRIVES:
        words = f"{store.path} lies on a network drive ({store.file_system}), whose locks cannot be relied on."
        findings.append(Finding("Store", Weight.FAULT, words, "Keep it on a disk of this machine, or use a server."))
    open_mode = (store.file_mode or 0) & _FOR_OTHERS
    if open_mode and store.is_ours:
        words = f"others may read or write {store.path} (mode {store.file_mode:o})."
        findings.append(Finding("Store", Weight.NOTE, words, f"Set it to {_PRIVATE_FILE:o}."))
    return [*findings, _of_space(store)]


def _of_space(store: StoreFacts) -> Finding:
    words = f"{size_words(store.free_bytes)} free where the store lies."
    if store.free_bytes < _NO_SPACE_BYTES:
        return Finding("Disk", Weight.FAULT, words, "Free some space; nothing can be stored without it.")
    if store.free_bytes < _LITTLE_SPACE_BYTES:
        return Finding("Disk", Weight.NOTE, words, "Keep an eye on it.")
    return Finding("Disk", Weight.GOOD, words)


def _of_store(store: StoreFacts | None, try_store: Callable[[], str]) -> list[Finding]:
    if store is not None and store.file_mode is None:
        return [Finding("Store", Weight.GOOD, f"none yet; it will be made at {store.path}.")]
    try:
        return [Finding("Store", Weight.GOOD, try_store())]
    except OperatorError as fault:
        return [Finding("Store", Weight.FAULT, fault.message, fault.next_step)]


def _of_secrets(secrets: SecretKeeping) -> Finding:
    words = secrets.keeping_words()
    if secrets.can_keep():
        return Finding("Secrets", Weight.GOOD, words)
    step = "Connections with a secret need a keyring, or a passphrase in QUARTERDECK_PASSPHRASE."
    return Finding("Secrets", Weight.NOTE, words, step)


def _of_window(window: WindowFacts) -> list[Finding]:
    if not window.has_display:
        words = "there is no display, so no window can open; everything else runs."
        return [Finding("Window", Weight.NOTE, words, "Start it in a desktop session to see the window.")]
    findings: list[Finding] = []
    if window.missing_packages:
        words = f"the system lacks {', '.join(window.missing_packages)}."
        step = f"Install them: apt-get install {' '.join(window.missing_packages)}"
        findings.append(Finding("Window", Weight.FAULT, words, step))
    if not window.has_fonts:
        findings.append(Finding("Window", Weight.FAULT, "no font is installed.", "Install one, such as fonts-inter."))
    return findings or [Finding("Window", Weight.GOOD, "a display, its libraries and fonts are there.")]


def _of_log(log: LogFacts) -> Finding:
    if log.written_at is None:
        return Finding("Log", Weight.GOOD, f"none yet; the collector of the window will write to {log.path}.")
    words = f"the collector of the window writes to {log.path}, last at {log.written_at:%Y-%m-%d %H:%M} UTC."
    return Finding("Log", Weight.GOOD, words)
