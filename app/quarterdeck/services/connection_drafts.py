"""A connection as somebody is filling it in: judged in words field by field, before anything is sent or stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from quarterdeck.domain.connections import Connection, Settings, SettingValue
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.durations import duration_text
from quarterdeck.sdk.texts import one_line
from quarterdeck.sdk.validation import manifest_problems, with_defaults

if TYPE_CHECKING:
    from quarterdeck.sdk.manifest import Manifest

NAME_KEY = "@name"
"""The key of problems with the connection's name; no setting can have it."""
POLL_KEY = "@poll"
"""The key of problems with the interval; no setting can have it."""

LONGEST_NAME = 120
SHORTEST_POLL_SECONDS = 1.0
LONGEST_POLL_SECONDS = 7 * 86_400.0
_LONGEST_ID = 60
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """What a form holds. `connection_id` is that of the connection being edited, empty for a new one.

    A secret that is not among `secrets`, or empty there, stays as it is kept. `poll_seconds` None keeps
    the interval, for a new connection the connector's own.
    """

    connector_id: str
    name: str
    settings: Settings = ()
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    poll_seconds: float | None = None
    connection_id: str = ""

    @property
    def given_secrets(self) -> dict[str, str]:
        """The secrets that were typed in, by setting."""
        return {key: value for key, value in self.secrets if value}


def draft_of_form(
    manifest: Manifest,
    name: str,
    values: Mapping[str, SettingValue],
    *,
    poll_seconds: float | None = None,
    connection_id: str = "",
) -> ConnectionDraft:
    """A draft from a form's values by setting key, secrets among them."""
    secret_keys = {spec.key for spec in manifest.settings if spec.secret}
    settings = {key: value for key, value in values.items() if key not in secret_keys and value != ""}
    return ConnectionDraft(
        connector_id=manifest.id,
        name=name,
        settings=tuple(sorted(settings.items())),
        secrets=tuple(sorted((key, str(values[key])) for key in secret_keys & values.keys())),
        poll_seconds=poll_seconds,
        connection_id=connection_id,
    )


def draft_of_connection(connection: Connection) -> ConnectionDraft:
    """The draft that changes nothing of a connection; its secrets stay where they are."""
    return ConnectionDraft(
        connector_id=connection.connector_id,
        name=connection.name,
        settings=connection.settings,
        poll_seconds=connection.poll_seconds,
        connection_id=connection.id,
    )


def draft_problems(draft: ConnectionDraft, manifest: Manifest, settings: ConnectionSettings) -> list[SettingProblem]:
    """What the form alone can judge: name, interval, and every setting against the manifest."""
    problems: list[SettingProblem] = []
    name = draft.name.strip()
    if not name:
        problems.append(SettingProblem(NAME_KEY, "Give the connection a name, such as PayHub probe."))
    elif len(name) > LONGEST_NAME or not name.isprintable():
        problems.append(SettingProblem(NAME_KEY, f"A name is one line of at most {LONGEST_NAME} characters."))
    poll_seconds = draft.poll_seconds
    if poll_seconds is not None and not SHORTEST_POLL_SECONDS <= poll_seconds <= LONGEST_POLL_SECONDS:
        bounds = f"{duration_text(SHORTEST_POLL_SECONDS)} and {duration_text(LONGEST_POLL_SECONDS)}"
        problems.append(SettingProblem(POLL_KEY, f"The interval lies between {bounds}."))
    return [*problems, *manifest_problems(manifest, settings)]


def unused_name(title: str, taken: Collection[str]) -> str:
    """A name that tells a connection apart: its kind's title, numbered when others are called so (`HTTP probe 2`)."""
    known = {name.casefold() for name in taken}
    number, candidate = 2, title
    while candidate.casefold() in known:
        candidate, number = f"{title} {number}", number + 1
    return candidate


def connection_id_for(name: str, taken: Collection[str]) -> str:
    """A stable id made of a name (`PayHub probe` → `payhub-probe`), numbered when another connection has it."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    stem = _NOT_SLUG.sub("-", letters)[:_LONGEST_ID].strip("-") or "connection"
    number, candidate = 2, stem
    while candidate in taken:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def connection_of(draft: ConnectionDraft, manifest: Manifest, held: Connection | None, new_id: str) -> Connection:
    """The connection a draft makes, keeping of the one it edits what a form does not hold or did not change."""
    if held is None:
        held = Connection(new_id, draft.connector_id, draft.name, poll_seconds=manifest.poll_seconds)
    settings = tuple(sorted(draft.settings))
    return replace(
        held,
        name=one_line(draft.name, LONGEST_NAME),
        settings=held.settings if _mean_the_same(manifest, held.settings, settings) else settings,
        secret_names=tuple(sorted({*held.secret_names, *draft.given_secrets})),
        poll_seconds=held.poll_seconds if draft.poll_seconds is None else draft.poll_seconds,
    )


def _mean_the_same(manifest: Manifest, one: Settings, other: Settings) -> bool:
    """Whether two sets of settings differ only in defaults that a form filled in, or in how a number is written."""
    resolved = [with_defaults(manifest, ConnectionSettings.of(settings)).values for settings in (one, other)]
    return _comparable(resolved[0]) == _comparable(resolved[1])


def _comparable(values: Mapping[str, SettingValue]) -> dict[str, str]:
    return {key: f"{value:g}" if isinstance(value, float) else str(value).lower() for key, value in values.items()}
