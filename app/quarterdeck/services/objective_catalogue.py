"""Which objectives there are: those that entities declare, and the share that is declared as a plain fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, Estate
from quarterdeck.domain.facts import fact
from quarterdeck.domain.indicator_queries import OWN_SOURCE, QueryKind
from quarterdeck.domain.objectives import Indicator, IndicatorKind, Objective, Window, WindowUnit

FACT_NAME = "availability"
"""What the objective is called that follows from the fact `objective`, such as 99.9%."""

FACT_WINDOW = Window(30, WindowUnit.DAY)
OWN_STATE = Indicator(IndicatorKind.RATIO, raw=QueryKind.STATE.value, source_kind=OWN_SOURCE)
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%", re.ASCII)
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, order=True)
class ObjectiveKey:
    """Whose objective it is, and its name among theirs."""

    entity_key: str
    name: str

    @property
    def text(self) -> str:
        """One word, which `of` reads back."""
        return f"{self.entity_key}:{self.name}"

    @classmethod
    def of(cls, text: str) -> ObjectiveKey:
        """The key that a word tells; without a colon the whole word is the entity's key, and the name is empty."""
        entity_key, _, name = text.rpartition(":")
        return cls(entity_key, name) if entity_key else cls(text, "")


@dataclass(frozen=True, slots=True)
class HeldObjective:
    """An objective with whose it is; `is_fact` says that it follows from a plain fact.

    Without `is_promised` nobody promised anything, and only what was attained is told.
    """

    entity: Entity
    objective: Objective
    is_fact: bool = False
    is_promised: bool = True

    @property
    def key(self) -> ObjectiveKey:
        """Its key."""
        return ObjectiveKey(self.entity.key, self.objective.name)


def objectives_of(entities: Iterable[Entity]) -> Iterator[HeldObjective]:
    """Every objective of some entities, in their order; a fact stands where none of its name is declared."""
    for entity in entities:
        declared = [HeldObjective(entity, objective) for objective in entity.objectives]
        promised = _from_fact(entity)
        if promised is not None and all(each.objective.name != FACT_NAME for each in declared):
            yield HeldObjective(entity, promised, is_fact=True)
        yield from declared


def objective_at(estate: Estate, key: ObjectiveKey) -> HeldObjective:
    """The objective of a key; of an entity that has only one its name may be left out. Raises OperatorError."""
    held = tuple(objectives_of(estate.entities))
    own = [each for each in held if each.key.entity_key == key.entity_key]
    found = [each for each in own if key.name in {each.key.name, ""}]
    if len(found) == 1:
        return found[0]
    near = [each.key.text for each in own] or get_close_matches(key.text, [each.key.text for each in held], 3)
    step = f"There is {', '.join(near)}." if near else "`quarterdeck objectives list` tells what there is."
    if found:
        raise OperatorError(f"{key.entity_key} has {len(found)} objectives.", step)
    raise OperatorError(f"There is no objective {key.text.rstrip(':')} then.", step)


def up_time_of(entity: Entity) -> HeldObjective:
    """How long an entity was up over thirty days, where nobody promised how long that would be."""
    return HeldObjective(entity, Objective(FACT_NAME, 0.0, FACT_WINDOW, OWN_STATE), is_promised=False)


def _from_fact(entity: Entity) -> Objective | None:
    match = _PERCENT.fullmatch(fact(entity.facts, "objective").strip())
    target = Decimal(match[1]) / _WHOLE if match else _WHOLE
    return Objective(FACT_NAME, float(target), FACT_WINDOW, OWN_STATE) if target <= 1 else None
