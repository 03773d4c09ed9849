"""SARIF 2.1.0 (OASIS) as far as it is read: what a result is, where, by which rule, and whether somebody set it aside.

What a tool leaves out or writes as null counts as not told; what has another type than the standard says is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

MAX_RESULTS = 20_000
MAX_RULES = 20_000


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, told: object) -> object:
        if not isinstance(told, dict):
            return told
        pairs = cast("dict[str, object]", told)
        return {name: value for name, value in pairs.items() if value is not None}


class Text(_Part):
    """A message: its text, or the id of one of its rule's with arguments."""

    text: str = ""
    id: str = ""
    arguments: tuple[str, ...] = ()


class ArtifactLocation(_Part):
    """A file by its address, or by its number in the run's list."""

    uri: str = ""
    index: int = -1


class Artifact(_Part):
    """One of the run's files."""

    location: ArtifactLocation = ArtifactLocation()


class Region(_Part):
    """A part of a file."""

    start_line: int = 0
    snippet: Text = Text()


class PhysicalLocation(_Part):
    """A file, and where in it."""

    artifact_location: ArtifactLocation = ArtifactLocation()
    region: Region = Region()


class LogicalLocation(_Part):
    """Something with a name instead of a file: a function, a package, a resource."""

    name: str = ""
    fully_qualified_name: str = ""


class Location(_Part):
    """Where a result is."""

    physical_location: PhysicalLocation = PhysicalLocation()
    logical_locations: tuple[LogicalLocation, ...] = ()


class Suppression(_Part):
    """That somebody set a result aside; not yet where it is under review, not where it was rejected."""

    status: str = "accepted"


class ComponentReference(_Part):
    """A part of the tool by its number among the extensions."""

    index: int = -1


class RuleReference(_Part):
    """A rule by id, or by its number in a part of the tool."""

    id: str = ""
    index: int = -1
    tool_component: ComponentReference = ComponentReference()


class Result(_Part):
    """One thing the tool tells."""

    rule_id: str = ""
    rule_index: int = -1
    rule: RuleReference = RuleReference()
    kind: str = "fail"
    level: str = ""
    message: Text = Text()
    locations: tuple[Location, ...] = ()
    fingerprints: Mapping[str, str] = {}
    partial_fingerprints: Mapping[str, str] = {}
    suppressions: tuple[Suppression, ...] = ()
    baseline_state: str = ""
    properties: Mapping[str, Any] = {}


class RuleConfiguration(_Part):
    """How a rule is set up unless a run says otherwise."""

    level: str = ""


class Rule(_Part):
    """What the tool looks for."""

    id: str = ""
    name: str = ""
    short_description: Text = Text()
    help_uri: str = ""
    message_strings: Mapping[str, Text] = {}
    default_configuration: RuleConfiguration = RuleConfiguration()
    properties: Mapping[str, Any] = {}


class Component(_Part):
    """The tool itself, or an extension of it."""

    name: str = ""
    version: str = ""
    semantic_version: str = ""
    rules: Annotated[tuple[Rule, ...], Field(max_length=MAX_RULES)] = ()


class Tool(_Part):
    """The tool with its extensions."""

    driver: Component
    extensions: tuple[Component, ...] = ()


class Invocation(_Part):
    """One call of the tool."""

    execution_successful: bool = True
    start_time_utc: str = ""
    end_time_utc: str = ""


class AutomationDetails(_Part):
    """What kind of run it is; the part of the id after the last slash names the one run."""

    id: str = ""


class Run(_Part):
    """One run of one tool. Without results it did not look for any, or tells them elsewhere."""

    tool: Tool
    invocations: tuple[Invocation, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    automation_details: AutomationDetails = AutomationDetails()
    results: Annotated[tuple[Result, ...], Field(max_length=MAX_RESULTS)] | None = None


class SarifLog(_Part):
    """A whole report."""

    version: str = ""
    runs: Annotated[tuple[Run, ...], Field(max_length=100)]
