"""The one place where a connector's bugs are caught: each touches its own connection and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.texts import one_line

log = logging.getLogger(__name__)


@contextmanager
def connector_boundary(connector_id: str) -> Generator[None]:
    """Whatever a connector raises comes out as an OperatorError; what it must not raise is logged as its fault."""
    try:
        yield
    except OperatorError:
        raise
    except Exception as fault:
        log.exception("the connector %s failed", connector_id)
        message = f"The connector {one_line(connector_id, 80)} failed: {type(fault).__name__}."
        raise OperatorError(message, "This is a fault of the connector; report it with the log.") from fault
