"""The commands of risks: they are listed, registered, decided about and closed."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.risks import USUAL_STRENGTH, ControlLink, Treatment
from quarterdeck.exporters.printing import tell
from quarterdeck.services.told_commands import Place

if TYPE_CHECKING:
    from datetime import datetime

    from quarterdeck.services.risks import RiskRegister
    from quarterdeck.services.workspace import Workspace

risks_app = typer.Typer(
    help="Risks: what may go wrong, what is left of it while its controls hold, and what is decided about it.",
    no_args_is_help=True,
)
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says it; else whoever is logged in.")]
ControlOption = Annotated[
    list[str] | None,
    typer.Option(
        "--control",
        metavar="POLICY[:PERCENT]",
        help=f"A control on the entity that lowers it while it holds, by {USUAL_STRENGTH} % or so many.",
    ),
]


@risks_app.command(
    "list", epilog="For example `quarterdeck risks list --at 2026-11-20`. `quarterdeck risks add` registers another."
)
def risks_list(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As everything stood then; now where it is not said.")
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print the risks that are open, the largest first, with what is left of them and what has to be decided."""
    from quarterdeck.exporters.risk_words import listed_json, listed_text

    moment = _instant(at) if at else _now()
    with _register(workspace_of(store, profile, portable=portable), read_only=True) as register:
        found = [risk for risk in register.listed(moment) if everything or not risk.history.is_closed]
    place = Place(store, profile, portable=portable)
    tell(listed_json(found, moment) if as_json else place.leading_here(listed_text(found, moment)))


@risks_app.command(
    "trend", epilog="For example `quarterdeck risks trend risk-12`. `quarterdeck risks list` tells the ids."
)
def risks_trend(
    risk: Annotated[str, typer.Argument(help="The risk by its id.")],
    *,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How far back.")] = 90,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print day by day what the controls left of a risk, from the verdicts of then."""
    from datetime import timedelta

    from quarterdeck.exporters.risk_words import trend_json, trend_text

    now = _now()
    with _register(workspace_of(store, profile, portable=portable), read_only=True) as register:
        risk_id = register.risk(risk, now).risk.id
        found = register.trends(now, timedelta(days=days))[risk_id]
    tell(trend_json(risk_id, found) if as_json else trend_text(found))


@risks_app.command(
    "add",
    epilog='For example `quarterdeck risks add "PayHub outage" integration/payhub --likelihood 4 --impact 5 --control '
    "SEC-01:40`. `quarterdeck policies show` tells the policies.",
)
def risks_add(
    title: Annotated[str, typer.Argument(help="What may go wrong, in a few words.")],
    entity: Annotated[str, typer.Argument(help="Where, by the key of the entity.")],
    *,
    likelihood: Annotated[int, typer.Option("--likelihood", help="How likely without any control, from 1 to 5.")],
    impact: Annotated[int, typer.Option("--impact", help="How bad, from 1 to 5.")],
    control: ControlOption = None,
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Whose it is.")] = "",
    by: ByOption = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Register a risk."""
    from quarterdeck.composition import logged_in
    from quarterdeck.exporters.risk_words import risk_text
    from quarterdeck.services.risks import RiskDraft

    now, links = _now(), tuple(_link(text, entity) for text in control or [])
    draft = RiskDraft(title, entity, likelihood, impact, by or logged_in(), owner=owner, links=links)
    with _register(workspace_of(store, profile, portable=portable)) as register:
        tell(risk_text(register.add(draft, now), now))


@risks_app.command(
    "decide",
    epilog='For example `quarterdeck risks decide risk-12 mitigate --review 90d --note "Second provider by May"`. '
    "`quarterdeck risks list` tells the ids.",
)
def risks_decide(
    risk: Annotated[str, typer.Argument(help="The risk by its id.")],
    treatment: Annotated[Treatment, typer.Argument(help="What is done about it.")],
    *,
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="Why.")],
    review: Annotated[str, typer.Option("--review", metavar="TIME", help="When it is looked at again, or after: 90d.")],
    likelihood: Annotated[int | None, typer.Option("--likelihood", help="Assessed anew, from 1 to 5.")] = None,
    impact: Annotated[int | None, typer.Option("--impact", help="Assessed anew, from 1 to 5.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Whose it is from now on.")] = None,
    by: ByOption = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Decide what is done about a risk, on the facts of now. When these change, it needs a new decision."""
    from quarterdeck.composition import logged_in
    from quarterdeck.exporters.risk_words import risk_text
    from quarterdeck.services.maintenance_drafts import length_of, zone_here
    from quarterdeck.services.risks import RiskDecision

    now = _now()
    review_at = now + length_of(review, now, zone_here(os.environ.get("TZ")))
    decision = RiskDecision(
        risk, treatment, by or logged_in(), note, review_at, likelihood=likelihood, impact=impact, owner=owner
    )
    with _register(workspace_of(store, profile, portable=portable)) as register:
        tell(risk_text(register.decide(decision, now), now))


@risks_app.command(
    "close",
    epilog='For example `quarterdeck risks close risk-12 --note "PayHub is replaced"`. `quarterdeck risks list` tells '
    "the ids.",
)
def risks_close(
    risk: Annotated[str, typer.Argument(help="The risk by its id.")],
    *,
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="Why it is none any more.")],
    by: ByOption = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Close a risk that is none any more. It stays readable."""
    from quarterdeck.composition import logged_in
    from quarterdeck.exporters.risk_words import risk_text

    now = _now()
    with _register(workspace_of(store, profile, portable=portable)) as register:
        tell(risk_text(register.close(risk, by or logged_in(), note, now), now))


@contextmanager
def _register(workspace: Workspace, *, read_only: bool = False) -> Generator[RiskRegister]:
    from quarterdeck.composition import open_workspace_store
    from quarterdeck.services.risks import RiskRegister

    with closing(open_workspace_store(workspace, read_only=read_only)) as store:
        yield RiskRegister(store)


def _now() -> datetime:
    from quarterdeck.composition import SystemClock

    return SystemClock().now()


def _instant(text: str) -> datetime:
    from quarterdeck.services.maintenance_drafts import instant_of, zone_here

    return instant_of(text, zone_here(os.environ.get("TZ")))


def _link(text: str, entity_key: str) -> ControlLink:
    """A control as it is typed: a policy's id, and after a colon by how many percent it lowers the risk."""
    policy, _, percent = text.partition(":")
    try:
        return ControlLink(policy, entity_key, int(percent) if percent else USUAL_STRENGTH)
    except ValueError as fault:
        raise OperatorError(f"{percent!r} is no share in percent.", "Say it like SEC-01:40.") from fault
