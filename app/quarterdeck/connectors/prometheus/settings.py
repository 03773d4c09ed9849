"""A connection's settings read once, in the terms of this connector."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from quarterdeck.connectors.prometheus.promql import Selector, parse_selector
from quarterdeck.connectors.prometheus.queries import OwnQuery, read_queries
from quarterdeck.connectors.prometheus.service_graph import Links
from quarterdeck.domain.estate import EntityKind
from quarterdeck.sdk.access import credential_headers, limits_of
from quarterdeck.sdk.connector import ConnectionSettings, SettingProblem
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.http import HttpLimits
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.validation import (
    address_problems,
    entity_problems,
    header_problems,
    manifest_problems,
    with_defaults,
)

COPY, READ_THROUGH = "copy", "read_through"
FALLBACK_LABEL = "job"
_ENDS = 2
_PAGES_OF_THE_SERVER = ("/api/v1", "/graph", "/vmui", "/query")
MANIFEST = load_manifest(files("quarterdeck.connectors.prometheus") / "manifest.toml")


@dataclass(frozen=True, slots=True)
class Placing:
    """How a result's labels become an entity: the label that names it, the kind of short names, and the rest's."""

    label: str
    kind: EntityKind
    fixed: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How far apart samples are and how counters become rates; all whole seconds, `settle` 0 for the server's own."""

    step_seconds: int
    history_step_seconds: int
    rate_window_seconds: int
    settle_seconds: int


@dataclass(frozen=True, slots=True)
class PrometheusSettings:
    """Everything a connection was told."""

    address: str
    headers: tuple[tuple[str, str], ...]
    limits: HttpLimits
    selector: Selector | None
    queries: tuple[OwnQuery, ...]
    placing: Placing
    links: Links | None
    sampling: Sampling
    read_through: bool
    series_limit: int
    history_days: float
    tenant: str


def settings_of(bare: ConnectionSettings) -> PrometheusSettings:
    """The settings in this connector's terms. Raises Misconfigured with the first problem there is."""
    given = with_defaults(MANIFEST, bare)
    problems = problems_of(given)
    if problems:
        raise Misconfigured(problems[0].words, "Correct it in the connection's settings.")
    selector = parse_selector(given.text("selector")) if given.text("selector") else None
    label, fixed, tenant = given.text("entity_label"), given.text("entity"), given.text("tenant")
    headers = credential_headers(given) | ({"X-Scope-OrgID": tenant} if tenant else {})
    return PrometheusSettings(
        address=address_of(given.text("address")),
        headers=tuple(headers.items()),
        limits=limits_of(given),
        selector=selector if isinstance(selector, Selector) else None,
        queries=read_queries(given.text("queries"))[0],
        placing=Placing(label if label or fixed else FALLBACK_LABEL, EntityKind(given.text("entity_kind")), fixed),
        links=_links(given),
        sampling=Sampling(
            round(given.number("step_seconds")),
            round(given.number("history_step_seconds")),
            round(given.number("rate_window_seconds")),
            round(given.number("settle_seconds")),
        ),
        read_through=given.text("mode") == READ_THROUGH,
        series_limit=round(given.number("series_limit")),
        history_days=given.number("history_days"),
        tenant=tenant,
    )


def address_of(text: str) -> str:
    """The server's address without the page that somebody copied along."""
    address = text.strip().split("?", 1)[0].split("#", 1)[0].rstrip("/")
    for page in _PAGES_OF_THE_SERVER:
        address = address.removesuffix(page)
    return address.rstrip("/")


def problems_of(bare: ConnectionSettings) -> tuple[SettingProblem, ...]:
    """What cannot stand in the settings, judged without connecting."""
    given = with_defaults(MANIFEST, bare)
    problems = [
        *manifest_problems(MANIFEST, given),
        *address_problems(given),
        *entity_problems(given),
        *header_problems(given),
        *_login_problems(given),
        *_source_problems(given),
        *_link_problems(given),
    ]
    label = given.text("entity_label")
    if label and not (label.isidentifier() and label.isascii()):
        problems.append(SettingProblem("entity_label", "A label is one word of letters, digits and _."))
    return tuple(problems)


def _links(given: ConnectionSettings) -> Links | None:
    selector = given.text("link_selector")
    return Links(selector, *_link_labels(given)) if selector else None


def _link_labels(given: ConnectionSettings) -> list[str]:
    return [word.strip() for word in given.text("link_labels").split(",")]


def _link_problems(given: ConnectionSettings) -> list[SettingProblem]:
    selector = given.text("link_selector")
    judged = parse_selector(selector) if selector else None
    problems = [SettingProblem("link_selector", judged)] if isinstance(judged, str) else []
    labels = _link_labels(given)
    if len(labels) != _ENDS or not all(label.isidentifier() and label.isascii() for label in labels):
        problems.append(SettingProblem("link_labels", "Name two labels with a comma between, such as client, server."))
    return problems


def _login_problems(given: ConnectionSettings) -> list[SettingProblem]:
    if given.text("username") and given.secret("token"):
        return [SettingProblem("token", "Give either a token or a user with a password, not both.")]
    texts = {"token": given.secret("token").strip(), "tenant": given.text("tenant")}
    return [
        SettingProblem(key, f"The {key} holds a character that cannot be sent; copy it again.")
        for key, text in texts.items()
        if not (text.isascii() and text.isprintable())
    ]


def _source_problems(given: ConnectionSettings) -> list[SettingProblem]:
    if not given.text("selector") and not given.text("queries"):
        return [SettingProblem("selector", "Say which series to take, or give queries of your own.")]
    problems: list[SettingProblem] = []
    if given.text("selector"):
        selector = parse_selector(given.text("selector"))
        if isinstance(selector, str):
            problems.append(SettingProblem("selector", selector))
    problems += [SettingProblem("queries", fault) for fault in read_queries(given.text("queries"))[1]]
    return problems
