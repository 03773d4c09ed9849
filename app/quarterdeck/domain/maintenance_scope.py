"""What planned work is to cover, as it is handed from one part of the console to another."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

_ENTITY, _DOMAIN = "entity", "domain"


@dataclass(frozen=True, slots=True)
class MaintenanceScope:
    """Entities by key and whole domains; each may be empty."""

    entity_keys: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named yet."""
        return not self.entity_keys and not self.domains

    def written(self) -> str:
        """One line without a space or a slash that `read` turns back into this."""
        named = [(_ENTITY, key) for key in self.entity_keys] + [(_DOMAIN, name) for name in self.domains]
        return urlencode(named, safe="")

    @classmethod
    def read(cls, text: str) -> MaintenanceScope:
        """What `written` wrote; whatever else a line holds names nothing."""
        named = parse_qsl(text)
        keys = tuple(value for name, value in named if name == _ENTITY)
        return cls(keys, tuple(value for name, value in named if name == _DOMAIN))
