"""References of a software catalogue: `[kind:][namespace/]name`, told apart without regard to upper and lower case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quarterdeck.sdk.documents.tree import DocumentFault, Node, Scalar, quoted

DEFAULT_NAMESPACE = "default"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)
_NAMESPACE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_REFERENCE = re.compile(r"(?:([A-Za-z][A-Za-z0-9]{0,62}):)?(?:([^/:\s]{1,63})/)?([^/:\s]{1,63})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reference:
    """Which entity of a catalogue is meant; all in small letters."""

    kind: str
    namespace: str
    name: str

    @property
    def slug(self) -> str:
        """Its name as part of a key here: with the namespace before it unless that is the default."""
        return self.name if self.namespace == DEFAULT_NAMESPACE else f"{self.namespace}.{self.name}"

    @property
    def words(self) -> str:
        """It in full, as a person reads it."""
        return f"{self.kind}:{self.namespace}/{self.name}"


def reference_of(node: Node, kind: str, namespace: str) -> Reference:
    """The reference a value makes, with these for what it leaves out. Raises DocumentFault."""
    match = _REFERENCE.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
    if match is None or not is_name(match[3]) or not is_namespace(match[2] or namespace):
        shown = quoted(node.text) if isinstance(node, Scalar) else "a list or a set of keys"
        raise DocumentFault(node, f"{shown} is no reference; one looks like component:default/payments.")
    return Reference((match[1] or kind).lower(), (match[2] or namespace).lower(), match[3].lower())


def is_name(text: str) -> bool:
    """Whether a catalogue takes it as a name."""
    return _NAME.fullmatch(text) is not None


def is_namespace(text: str) -> bool:
    """Whether a catalogue takes it as a namespace."""
    return _NAMESPACE.fullmatch(text) is not None
