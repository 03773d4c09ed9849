"""The four ways a source can fail, each a sentence and a next step for the person who owns the connection."""

from __future__ import annotations

from quarterdeck.domain.errors import OperatorError


class ConnectorError(OperatorError):
    """A connection could not do its work because of its source or its settings."""


class Unreachable(ConnectorError):
    """The source does not answer: refused, timed out, no such host, network gone."""


class Denied(ConnectorError):
    """The source answers and refuses: wrong or missing credentials, no right to read this."""


class Misconfigured(ConnectorError):
    """The settings cannot work, whatever the source does."""


class UnexpectedReply(ConnectorError):
    """The source answers with something other than what it promises: garbage, too much, too slow, cut off."""
