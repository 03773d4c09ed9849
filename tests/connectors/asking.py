"""One request with the client all connectors share, as its tests make them."""

from collections.abc import Mapping

import pytest

from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.sdk.http import BoundedHttp, HttpLimits, HttpReply, Wire
from quarterdeck.sdk.tls import TlsPolicy

SHORT = HttpLimits(deadline_seconds=0.3, max_bytes=100_000)
ROOMY = HttpLimits(deadline_seconds=20.0, max_bytes=100_000)


async def fetched(
    url: str,
    limits: HttpLimits = ROOMY,
    *,
    tls: TlsPolicy | None = None,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str | list[str]] | None = None,
    wire: Wire | None = None,
) -> HttpReply:
    """The reply to a GET."""
    async with BoundedHttp(limits=limits, tls=tls) as http:
        return await http.send("GET", url, headers=headers, params=params, wire=wire)


async def fault_of(
    url: str, limits: HttpLimits = ROOMY, *, tls: TlsPolicy | None = None, headers: Mapping[str, str] | None = None
) -> ConnectorError:
    """The connector error that a GET ends in."""
    with pytest.raises(ConnectorError) as caught:
        await fetched(url, limits, tls=tls, headers=headers)
    return caught.value
