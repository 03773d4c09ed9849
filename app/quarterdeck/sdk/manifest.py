"""What a connector says about itself: the manifest file from which its form, its help and its limits are drawn."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.setting_kinds import SettingKind

SDK_VERSION = 1
"""Raised when connectors written against an earlier promise would break."""


class RecordKind(StrEnum):
    """The kinds of record a connector may yield."""

    SAMPLES = "samples"
    CHECKS = "checks"
    EVENTS = "events"
    CHANGES = "changes"
    ENTITIES = "entities"
    RELATIONS = "relations"
    CLAIMED = "claimed"
    ALLOCATIONS = "allocations"
    EVIDENCE = "evidence"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingSpec(_Strict):
    """One setting: its key, the words around it and what values it takes.

    `kind` duration and number are numbers (seconds for durations); a `secret` goes to the keyring, never to the store.
    One that `identifies` says which source it is: when a person changes it, cursor and history begin anew.
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: str
    hint: str = ""
    kind: SettingKind = SettingKind.TEXT
    required: bool = False
    secret: bool = False
    default: SettingValue | None = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    advanced: bool = False
    identifies: bool = False


class Manifest(_Strict):
    """A connector's manifest.

    `poll_seconds` is the default interval, `poll_timeout_seconds` bounds one whole poll. With `backfill_window_hours`
    above zero the collector fetches history in windows of that length, newest first, over `history_days` of settings.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    version: str
    sdk: int
    title: str
    summary: str
    records: tuple[RecordKind, ...]
    poll_seconds: float = 15.0
    poll_timeout_seconds: float = 30.0
    backfill_window_hours: float = 0.0
    reads_through: bool = False
    settings: tuple[SettingSpec, ...] = ()

    def setting(self, key: str) -> SettingSpec | None:
        """The specification of one setting, or None."""
        return next((spec for spec in self.settings if spec.key == key), None)


def load_manifest(file: Traversable) -> Manifest:
    """Read a `manifest.toml`; raises OperatorError naming the file and the fault when it does not hold."""
    try:
        manifest = Manifest.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as fault:
        message = f"The manifest {file.name} of a connector cannot be read: {fault}."
        raise OperatorError(message, "Reinstall or update the connector.") from fault
    if manifest.sdk != SDK_VERSION:
        message = f"The connector {manifest.id} was written for SDK {manifest.sdk}; this console speaks {SDK_VERSION}."
        raise OperatorError(message, "Install a version of the connector for this console.")
    return manifest
