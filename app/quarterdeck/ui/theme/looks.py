"""What painting needs of a theme: colours and fonts. A picture for a file keeps those of the moment it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quarterdeck.ui.theme.tokens import Tokens
from quarterdeck.ui.theme.typography import Fonts


class Looks(Protocol):
    """Colours and fonts, be they those of the living theme or of a moment."""

    @property
    def tokens(self) -> Tokens:
        """The colours."""
        ...

    @property
    def fonts(self) -> Fonts:
        """The fonts by role."""
        ...


@dataclass(frozen=True, slots=True)
class FixedLooks:
    """Colours and fonts that do not change any more: a worker may paint with them."""

    tokens: Tokens
    fonts: Fonts
