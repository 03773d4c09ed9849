"""How a connection gets in: the usual settings around an address, read in one way by every connector that uses HTTP.

The settings are `timeout_seconds`, `max_megabytes`, `verify`, `ca_file`, `token_header` and `username`, the secrets
`token` and `password`.
"""

from __future__ import annotations

import base64

from quarterdeck.sdk.connector import ConnectionSettings, ConnectorContext
from quarterdeck.sdk.http import DEFAULT_DEADLINE_SECONDS, DEFAULT_MAX_BYTES, BoundedHttp, HttpLimits
from quarterdeck.sdk.tls import TlsPolicy

_MEGABYTE = 1_000_000
_BEARER_HEADER = "authorization"


def open_http(context: ConnectorContext, settings: ConnectionSettings) -> BoundedHttp:
    """A client that judges certificates as the settings say; use it as an async context manager."""
    return context.http(tls=tls_policy(settings))


def tls_policy(settings: ConnectionSettings) -> TlsPolicy:
    """From `verify` (yes by default) and `ca_file`."""
    return TlsPolicy(settings.flag("verify", default=True), settings.text("ca_file"))


def limits_of(settings: ConnectionSettings) -> HttpLimits:
    """From `timeout_seconds` and `max_megabytes`."""
    megabytes = settings.number("max_megabytes", DEFAULT_MAX_BYTES / _MEGABYTE)
    return HttpLimits(settings.number("timeout_seconds", DEFAULT_DEADLINE_SECONDS), int(megabytes * _MEGABYTE))


def credential_headers(settings: ConnectionSettings) -> dict[str, str]:
    """The headers that carry a token, or a user name with a password; empty when neither is set.

    A token goes as `Authorization: Bearer …`, or bare in the header that `token_header` names.
    """
    token = settings.secret("token").strip()
    if token:
        header = settings.text("token_header", "Authorization") or "Authorization"
        return {header: f"Bearer {token}" if header.lower() == _BEARER_HEADER else token}
    password = settings.secret("password")
    user = settings.text("username")
    if user or password:
        pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}
    return {}
