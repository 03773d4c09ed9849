"""Rolling up over a while: own states in the order of time in, the states that are shown out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from quarterdeck.analysis.flapping import OwnStretch
from quarterdeck.analysis.rollup.conditions import Cause, Effective
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.health import MAINTENANCE_CAUSE, ROLLUP_CAUSE, Grounds, HealthState, StateInterval
from quarterdeck.domain.instants import from_ms
from quarterdeck.services.own_history import OwnHistory

_FEW = 2
_FAILING = frozenset({HealthState.DOWN, HealthState.DEGRADED})
_CAUSE_WORDS = {
    HealthState.DOWN: "is down",
    HealthState.DEGRADED: "is degraded",
    HealthState.STALE: "tells nothing",
    HealthState.MAINTENANCE: "is in maintenance",
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is shown from an instant on; `effective` is None before an entity said anything."""

    from_ms: int
    effective: Effective | None
    own: OwnStretch | None

    @property
    def label(self) -> tuple[HealthState, Grounds] | None:
        """What tells two pieces apart."""
        return None if self.effective is None else (self.effective.state, _grounds(self.effective, self.own))


class Replay:
    """Lets a roll-up follow own states over a while; `names` are the entities' names by key."""

    def __init__(self, rollup: Rollup, history: OwnHistory, names: Mapping[str, str]) -> None:
        self._rollup = rollup
        self._history = history
        self._names = names
        self._pieces: dict[str, list[_Piece]] = {}

    def whole(self, start_ms: int, end_ms: int) -> dict[str, list[StateInterval]]:
        """The states of all entities from `start_ms` to `end_ms`, in order; the last of each holds on."""
        keys = self._rollup.graph.keys
        self._rollup.judge_all({key: self._history.own_at(key, start_ms) for key in keys}, start_ms)
        self._pieces = {}
        self._note(keys, start_ms)
        self._follow(start_ms, end_ms)
        return self._intervals()

    def changed(self, keys: Iterable[str], start_ms: int, end_ms: int) -> dict[str, list[StateInterval]]:
        """The same of whatever is touched by changes since an instant, each from where it is touched first."""
        concerned = {key for _, key in self._history.edges(start_ms, end_ms)} | set(keys)
        owns = {key: self._history.own_at(key, start_ms) for key in concerned}
        self._pieces = {}
        self._note(self._rollup.change(owns, start_ms) | concerned & self._rollup.graph.numbers.keys(), start_ms)
        self._follow(start_ms, end_ms)
        return self._intervals()

    def _follow(self, start_ms: int, end_ms: int) -> None:
        for at_ms, edges in groupby(self._history.edges(start_ms, end_ms), key=itemgetter(0)):
            self._turn_until(at_ms - 1)
            owns = {key: self._history.own_at(key, at_ms) for _, key in edges}
            self._note(self._rollup.change(owns, at_ms), at_ms)
        self._turn_until(end_ms)

    def _turn_until(self, until_ms: int) -> None:
        while (turn_ms := self._rollup.next_turn_ms) is not None and turn_ms <= until_ms:
            self._note(self._rollup.change({}, turn_ms), turn_ms)

    def _note(self, keys: Iterable[str], at_ms: int) -> None:
        for key in keys:
            own = self._history.stretch_at(key, at_ms)
            piece = _Piece(at_ms, self._rollup.effective(key) if own else None, own)
            pieces = self._pieces.setdefault(key, [])
            if pieces and pieces[-1].from_ms == at_ms:
                pieces.pop()
            if not pieces or pieces[-1].label != piece.label:
                pieces.append(piece)

    def _intervals(self) -> dict[str, list[StateInterval]]:
        found: dict[str, list[StateInterval]] = {}
        for key, pieces in self._pieces.items():
            ends: list[datetime | None] = [*(from_ms(piece.from_ms) for piece in pieces[1:]), None]
            found[key] = [
                self._interval(key, piece, piece.effective, to_at)
                for piece, to_at in zip(pieces, ends, strict=True)
                if piece.effective is not None
            ]
        return found

    def _interval(self, key: str, piece: _Piece, effective: Effective, to_at: datetime | None) -> StateInterval:
        own = piece.own
        reason, cause = self._why(key, piece, effective)
        return StateInterval(
            entity_key=key,
            state=effective.state,
            reason=reason,
            from_at=from_ms(piece.from_ms),
            to_at=to_at,
            cause=cause,
            grounds=replace(_grounds(effective, own), held_since_at=_held_since(piece, effective)),
        )

    def _why(self, key: str, piece: _Piece, effective: Effective) -> tuple[str, str]:
        """The reason of a state, and what decided it."""
        own = piece.own
        if own is not None and own.state is effective.state:
            return own.reason, own.cause
        if effective.state is HealthState.MAINTENANCE and (cover := self._history.coverage.at(key, piece.from_ms)):
            return cover.reason, f"{MAINTENANCE_CAUSE}{cover.window_id}"
        return self._words(effective), ROLLUP_CAUSE

    def _words(self, effective: Effective) -> str:
        """Why a state is not the entity's own, in words that stay true: instants are told by who shows them."""
        if not effective.because:
            return "All that it depends on works" if effective.state is HealthState.HEALTHY else ""
        words = cause_words(effective.because, self._names)
        if effective.state is HealthState.DEGRADED and effective.spare is not None:
            return f"{words}; {_spare_words(effective.spare)}"
        return words


def cause_words(causes: Sequence[Cause], names: Mapping[str, str]) -> str:
    """Roots as a clause: `PayHub is down`, `PayHub is down, Tessera is degraded`, `PayHub is down, and 3 more`."""
    told = [f"{names.get(cause.key, cause.key)} {_CAUSE_WORDS.get(cause.state, 'fails')}" for cause in causes]
    if len(told) <= _FEW:
        return ", ".join(told)
    return f"{told[0]}, and {len(told) - 1} more"


def _spare_words(spare: int) -> str:
    return "no redundancy is left" if spare == 0 else f"{spare} more may fail"


def _held_since(piece: _Piece, effective: Effective) -> datetime | None:
    """When the failure began that an entity tells of itself, where that was before what is shown."""
    own = piece.own
    if own is None or own.state not in _FAILING or effective.state not in {own.state, HealthState.UNREACHABLE}:
        return None
    return from_ms(own.began_ms) if own.began_ms < piece.from_ms else None


def _grounds(effective: Effective, own: OwnStretch | None) -> Grounds:
    flapping = own is not None and own.is_flapping and own.state is effective.state
    return Grounds(tuple(cause.key for cause in effective.because), masked=effective.masked, flapping=flapping)
