"""A feed's settings, judged and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from quarterdeck.connectors.event_feed.paging import Mode, Paging
from quarterdeck.connectors.event_feed.reading import USUAL_PATHS, FieldPaths
from quarterdeck.sdk.access import credential_headers, limits_of
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.http import HttpLimits
from quarterdeck.sdk.validation import address_problems, entity_problems, header_problems

_PATH = re.compile(r"[^\s.]+(\.[^\s.]+)*")
_PARAMETER = re.compile(r"[^\s&=#?]+")
_PATH_KEYS = ("list_field", "type_field", "time_field", "id_field", "correlation_field", "entity_field")
_PARAMETER_KEYS = ("cursor_parameter", "page_size_parameter", "since_parameter")


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """Everything a feed is told, in its own types."""

    paging: Paging
    paths: FieldPaths
    list_field: str
    entity_key: str
    entity_kind: str
    change_types: tuple[str, ...]
    pages_per_poll: int
    headers: dict[str, str]
    limits: HttpLimits


def read_settings(settings: ConnectionSettings) -> FeedSettings:
    """The settings of one feed. Raises Misconfigured with the first problem."""
    for problem in problems_of(settings):
        raise Misconfigured(f"The feed cannot be read: {problem.words}", "Correct it in the connection's settings.")
    return FeedSettings(
        paging=Paging(
            mode=cast("Mode", settings.text("paging")),
            address=settings.text("address"),
            cursor_parameter=settings.text("cursor_parameter"),
            cursor_field=settings.text("cursor_field"),
            page_size_parameter=settings.text("page_size_parameter"),
            page_size=int(settings.number("page_size")),
            since_parameter=settings.text("since_parameter"),
            first_hours=settings.number("first_hours"),
        ),
        paths=FieldPaths(
            id=_paths(settings, "id_field", USUAL_PATHS.id),
            type=_paths(settings, "type_field", USUAL_PATHS.type),
            time=_paths(settings, "time_field", USUAL_PATHS.time),
            entity=_paths(settings, "entity_field", USUAL_PATHS.entity),
            correlation=_paths(settings, "correlation_field", USUAL_PATHS.correlation),
        ),
        list_field=settings.text("list_field"),
        entity_key=settings.text("entity"),
        entity_kind=settings.text("entity_kind"),
        change_types=tuple(settings.text("change_types").replace(",", " ").split()),
        pages_per_poll=int(settings.number("pages_per_poll")),
        headers=credential_headers(settings),
        limits=limits_of(settings),
    )


def problems_of(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What cannot stand in the settings beyond what the manifest judges; nothing is connected to."""
    return (
        *address_problems(settings),
        *entity_problems(settings),
        *header_problems(settings),
        *_paging_problems(settings),
        *_form_problems(settings, _PATH_KEYS, _PATH, "Write field names with dots between, such as data.payment_id."),
        *_form_problems(settings, _PARAMETER_KEYS, _PARAMETER, "Write the name of a query parameter, such as cursor."),
    )


def _paging_problems(settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
    mode = settings.text("paging")
    problems: list[SettingProblem] = []
    if mode in {"field", "header", "last_id", "last_time"} and not settings.text("cursor_parameter"):
        problems.append(SettingProblem("cursor_parameter", "Say in which query parameter the cursor is sent."))
    if mode in {"field", "header"} and not settings.text("cursor_field"):
        problems.append(SettingProblem("cursor_field", f"Say in which {mode} of the answer the cursor is told."))
    return tuple(problems)


def _form_problems(
    settings: ConnectionSettings, keys: tuple[str, ...], form: re.Pattern[str], words: str
) -> tuple[SettingProblem, ...]:
    given = ((key, settings.text(key)) for key in keys)
    return tuple(SettingProblem(key, words) for key, text in given if text and not form.fullmatch(text))


def _paths(settings: ConnectionSettings, key: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    own = settings.text(key)
    return (own,) if own else usual
