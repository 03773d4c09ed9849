"""The command that asks what would follow if some entities were in other states. It only reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.exporters.printing import tell

if TYPE_CHECKING:
    from quarterdeck.domain.estate import Entity

AssumeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--assume", metavar="NAME=STATE", help="An entity by key or name, in a state such as down; may be repeated."
    ),
]


def what_if(
    *,
    assume: AssumeOption = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="From how things stood then; now where it is not said.")
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Tell what would follow if entities were in other states: who is hit, and the redundancy left. Changes nothing."""
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.exporters.what_if_text import what_if_json, what_if_text
    from quarterdeck.services.current_states import silent_since
    from quarterdeck.services.maintenance_drafts import reached_instant_of, zone_here
    from quarterdeck.services.what_if import WhatIfReader
    from quarterdeck.services.wording import moment_words

    if not assume:
        raise OperatorError(
            "Nothing is assumed.", "Name an entity and a state, for example --assume partner/payhub=down."
        )
    workspace = workspace_of(store, profile, portable=portable)
    now = SystemClock().now()
    moment = reached_instant_of(at, zone_here(os.environ.get("TZ")), now) if at else now
    with closing(open_workspace_store(workspace, read_only=True)) as opened:
        states = assumptions_of(assume, opened.estate(moment).entities)
        told = WhatIfReader(opened).what_if(moment, states)
        silent_at = silent_since(opened, moment)
    if as_json:
        tell(what_if_json(told))
        return
    tell(what_if_text(told, now))
    if silent_at is not None:
        tell(f"Nobody has collected since {moment_words(silent_at, now)}: it starts from the states known then.")


def assumptions_of(texts: Sequence[str], entities: Sequence[Entity]) -> dict[str, HealthState]:
    """States by key, from texts such as `PayHub=down`. Raises OperatorError."""
    found: dict[str, HealthState] = {}
    for text in texts:
        name, is_there, word = text.rpartition("=")
        if not is_there or not name.strip():
            raise OperatorError(
                f"{text} is no assumption.", "Write an entity, = and a state, for example partner/payhub=down."
            )
        key = _key_of(name.strip(), entities)
        if key in found:
            raise OperatorError(f"{name.strip()} is assumed twice.", "Name each entity once.")
        found[key] = _state_of(word.strip())
    return found


def _key_of(name: str, entities: Sequence[Entity]) -> str:
    if any(entity.key == name for entity in entities):
        return name
    called = [entity.key for entity in entities if entity.name.casefold() == name.casefold()]
    if len(called) == 1:
        return called[0]
    if called:
        raise OperatorError(f"{len(called)} entities are called {name}.", f"Name one by its key: {', '.join(called)}.")
    raise OperatorError(
        f"No entity {name} at this moment.", "See `quarterdeck status --json` for the keys of all that stand."
    )


def _state_of(word: str) -> HealthState:
    try:
        return HealthState(word.casefold())
    except ValueError:
        known = ", ".join(state.value for state in HealthState)
        raise OperatorError(f"{word or 'Nothing'} is no state.", f"The states are {known}.") from None
