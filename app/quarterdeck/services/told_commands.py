"""Commands that are told in a sentence, made to lead to the store that the person who reads it uses."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.workspace import DEFAULT_PROFILE, Workspace

DEMO_PROFILE = "demo"
_TOLD = re.compile(r"`(quarterdeck(?: [^`\n]*)?)`")
_PLACING = ("--store", "--profile")
_PASSWORD = re.compile(r"(?P<before>://[^/@:]*:).*(?P<behind>@)|(?P<name>[?&]password=)[^&]*")


@dataclass(frozen=True, slots=True)
class Place:
    """The options by which a command found its store, as they were typed; by themselves they mean the usual place."""

    store: str | None = None
    profile: str | None = None
    portable: bool = False

    def leading_here(self, text: str) -> str:
        """The text with these options behind every command in backquotes; one that names a store or profile keeps it.

        A password in a store's address is not repeated.
        """
        return _TOLD.sub(lambda told: f"`{self._placed(told[1])}`", text)

    def lead(self, fault: OperatorError) -> None:
        """Let the commands that a fault tells lead here."""
        fault.message, fault.next_step = self.leading_here(fault.message), self.leading_here(fault.next_step)

    def _placed(self, command: str) -> str:
        named = {word.partition("=")[0] for word in command.split()}
        options = ["--portable"] if self.portable and "--portable" not in named else []
        if named.isdisjoint(_PLACING):
            usual = DEMO_PROFILE if command.split()[1:2] == ["demo"] else DEFAULT_PROFILE
            if self.profile is not None and self.profile != usual:
                options += ["--profile", shlex.quote(self.profile)]
            if self.store is not None:
                options += ["--store", shlex.quote(_without_password(self.store))]
        return " ".join((command, *options))


USUAL_PLACE = Place()


def place_of(workspace: Workspace) -> Place:
    """The options that lead to a workspace from the folder it was opened in."""
    told = workspace.arguments
    store = told[told.index("--store") + 1] if "--store" in told else None
    return Place(store, workspace.name, portable="--portable" in told)


def _without_password(address: str) -> str:
    return _PASSWORD.sub(lambda found: f"{found['before'] or found['name']}***{found['behind'] or ''}", address)
