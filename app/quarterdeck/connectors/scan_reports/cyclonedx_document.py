"""CycloneDX 1.2 to 1.7 (ECMA-424) as far as it is read: which vulnerabilities, in which components, and how judged.

What a tool leaves out or writes as null counts as not told; what has another type than the standard says is refused.
"""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

MAX_COMPONENTS = 200_000
MAX_VULNERABILITIES = 20_000


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, told: object) -> object:
        if not isinstance(told, dict):
            return told
        pairs = cast("dict[str, object]", told)
        return {name: value for name, value in pairs.items() if value is not None}


class Component(_Part):
    """A component: `bom_ref` is how the document refers to it, `purl` how the world does."""

    bom_ref: Annotated[str, Field(alias="bom-ref")] = ""
    group: str = ""
    name: str = ""
    version: str = ""
    purl: str = ""
    components: Annotated[tuple[Component, ...], Field(max_length=MAX_COMPONENTS)] = ()


class Tool(_Part):
    """A program that had a hand in the document."""

    name: str = ""
    version: str = ""


class Tools(_Part):
    """The programs in the shape of 1.5 and later."""

    components: tuple[Tool, ...] = ()
    services: tuple[Tool, ...] = ()


class Metadata(_Part):
    """Of what, when and by which programs the document was made; before 1.5 the programs are a plain list."""

    timestamp: str = ""
    component: Component = Component()
    tools: tuple[Tool, ...] | Tools = ()

    @property
    def programs(self) -> tuple[Tool, ...]:
        """The programs in either shape."""
        return (*self.tools.components, *self.tools.services) if isinstance(self.tools, Tools) else self.tools


class Source(_Part):
    """Who published a vulnerability."""

    name: str = ""
    url: str = ""


class Rating(_Part):
    """A severity by a word, by a score, or both."""

    severity: str = ""
    score: float = -1.0
    method: str = ""


class Analysis(_Part):
    """What somebody found of a vulnerability here."""

    state: str = ""


class AffectedVersion(_Part):
    """Whether one version or range is affected."""

    status: str = "affected"


class Affected(_Part):
    """A component that a vulnerability is told of; without versions it is affected."""

    ref: str = ""
    versions: tuple[AffectedVersion, ...] = ()


class Vulnerability(_Part):
    """One vulnerability, with its ratings, what was found of it, and in which components it is."""

    id: str = ""
    source: Source = Source()
    ratings: tuple[Rating, ...] = ()
    description: str = ""
    detail: str = ""
    rejected: str = ""
    analysis: Analysis = Analysis()
    affects: tuple[Affected, ...] = ()


class Bom(_Part):
    """A whole document; `vulnerabilities` are None where nobody says that any were looked for."""

    metadata: Metadata = Metadata()
    components: Annotated[tuple[Component, ...] | None, Field(max_length=MAX_COMPONENTS)] = None
    vulnerabilities: Annotated[tuple[Vulnerability, ...] | None, Field(max_length=MAX_VULNERABILITIES)] = None
