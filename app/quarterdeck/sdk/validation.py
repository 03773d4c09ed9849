"""Judging settings against the manifest, so that every connector refuses the same mistakes in the same words."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.estate import EntityKind
from quarterdeck.sdk.addresses import http_address_problem
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.setting_kinds import SettingKind
from quarterdeck.sdk.texts import plain_text

if TYPE_CHECKING:
    from quarterdeck.sdk.manifest import Manifest, SettingSpec

_ENTITY_KEY = re.compile(rf"(?:{'|'.join(EntityKind)})/[a-z0-9][a-z0-9._-]{{0,119}}")
_NOT_SLUG = re.compile(r"[^a-z0-9._-]+")
_MAX_SLUG_CHARS = 120
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")
_NUMERIC = frozenset({SettingKind.NUMBER, SettingKind.DURATION})


def with_defaults(manifest: Manifest, settings: ConnectionSettings) -> ConnectionSettings:
    """The settings with the manifest's defaults where nothing is set."""
    defaults: dict[str, SettingValue] = {s.key: s.default for s in manifest.settings if s.default is not None}
    given = {key: value for key, value in settings.values.items() if value != ""}
    return ConnectionSettings(defaults | given, settings.secrets)


def manifest_problems(manifest: Manifest, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What the manifest alone can judge: required, numbers and their bounds, choices, unknown keys."""
    problems = [problem for spec in manifest.settings if (problem := _problem(spec, settings))]
    known = {spec.key for spec in manifest.settings}
    problems += [
        SettingProblem(key, f"There is no setting called {plain_text(key, 60)}.")
        for key in sorted(settings.values.keys() | settings.secrets.keys())
        if key not in known
    ]
    return tuple(problems)


def address_problems(settings: ConnectionSettings, key: str = "address") -> tuple[SettingProblem, ...]:
    """Why an address cannot be asked over HTTP; empty when it can, or is not given at all."""
    address = settings.text(key)
    words = http_address_problem(address) if address else ""
    return (SettingProblem(key, words),) if words else ()


def entity_problems(settings: ConnectionSettings, key: str = "entity") -> tuple[SettingProblem, ...]:
    """Why a setting is not the key of an entity; empty when it is, or is not given at all."""
    value = settings.text(key)
    if not value or is_entity_key(value):
        return ()
    return (SettingProblem(key, "Write it as kind/name in small letters, for instance partner/payhub."),)


def header_problems(settings: ConnectionSettings, key: str = "token_header") -> tuple[SettingProblem, ...]:
    """Why a setting is not the name of a header."""
    value = settings.text(key)
    if not value or _HEADER_NAME.fullmatch(value):
        return ()
    return (SettingProblem(key, "This is not the name of a header; letters, digits and hyphens are."),)


def is_entity_key(text: str) -> bool:
    """Whether a text is an entity's key: one of the six kinds, a slash, a name of a-z, 0-9, `.`, `_` and `-`."""
    return _ENTITY_KEY.fullmatch(text) is not None


def entity_key(text: str, kind: str) -> str:
    """The entity key for a source's own name: a whole key as it is, a short name under `kind`; empty when neither."""
    name = text.strip().lower()
    if is_entity_key(name):
        return name
    slug = _NOT_SLUG.sub("-", name).strip("-._")[:_MAX_SLUG_CHARS]
    key = f"{kind}/{slug}"
    return key if is_entity_key(key) else ""


def _problem(spec: SettingSpec, settings: ConnectionSettings) -> SettingProblem | None:
    words = _missing(spec, settings) or _bad_number(spec, settings) or _bad_choice(spec, settings)
    return SettingProblem(spec.key, words) if words else None


def _missing(spec: SettingSpec, settings: ConnectionSettings) -> str:
    given = settings.secret(spec.key) if spec.secret else settings.text(spec.key)
    return f"{spec.label} is needed." if spec.required and not given else ""


def _bad_number(spec: SettingSpec, settings: ConnectionSettings) -> str:
    text = settings.text(spec.key)
    if spec.kind not in _NUMERIC or not text:
        return ""
    try:
        number = float(text)
    except ValueError:
        return f"{spec.label} is a number."
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum
    if low <= number <= high and math.isfinite(number):
        return ""
    return f"{spec.label} lies between {low:g} and {high:g}." if math.isfinite(low + high) else _one_sided(spec)


def _one_sided(spec: SettingSpec) -> str:
    if spec.minimum is not None:
        return f"{spec.label} is at least {spec.minimum:g}."
    return f"{spec.label} is at most {spec.maximum:g}." if spec.maximum is not None else f"{spec.label} is a number."


def _bad_choice(spec: SettingSpec, settings: ConnectionSettings) -> str:
    value = settings.text(spec.key)
    if spec.kind is not SettingKind.CHOICE or not value or value in spec.choices:
        return ""
    return f"{spec.label} is one of: {', '.join(spec.choices)}."
