"""What went wrong on the way, in words: from an exception or a status code to the error a person can act on."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import cast

import httpx

from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.texts import one_line

_MAX_CHAIN = 30
_CERTIFICATE_WORDS = {
    10: ("its certificate has expired", "Have it renewed."),
    9: ("its certificate is not valid yet", "Check the clocks of both machines."),
    18: ("its certificate is signed by itself", "Give it as the certificate authority file if you trust it."),
    19: ("its certificate comes from an authority unknown here", "Give that authority's file in the settings."),
    20: ("its certificate comes from an authority unknown here", "Give that authority's file in the settings."),
    62: ("its certificate is for another name", "Check the address, or have the name added to the certificate."),
    64: ("its certificate is for another address", "Check the address, or have it added to the certificate."),
}
"""By OpenSSL's X509_V_ERR numbers."""
_TLS_WORDS = {
    "WRONG_VERSION_NUMBER": ("it does not speak TLS on this port", "Try http://, or another port."),
    "UNSUPPORTED_PROTOCOL": ("it offers only an outdated version of TLS", "Have its TLS settings renewed."),
    "TLSV1_ALERT_PROTOCOL_VERSION": ("it offers no version of TLS that is accepted here", "Check its TLS settings."),
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": ("it wants a client certificate", "Ask its owner how monitoring gets in."),
    "DH_KEY_TOO_SMALL": ("its keys are too small to be safe", "Have its TLS settings renewed."),
}
_NETWORK_WORDS: tuple[tuple[type[BaseException], str, str], ...] = (
    (ConnectionRefusedError, "Connection refused by {host}.", "See whether the service runs and listens there."),
    (ConnectionResetError, "{host} broke off the connection.", "See whether it restarted; it is tried again."),
    (BrokenPipeError, "{host} broke off the connection.", "See whether it restarted; it is tried again."),
    (TimeoutError, "{host} does not answer.", "See whether the network and the service are up."),
    (httpx.TimeoutException, "{host} does not answer.", "See whether the network and the service are up."),
)


def explain_http_error(fault: BaseException, host: str) -> ConnectorError:
    """The connector error for a failed exchange with `host`, with the next step."""
    for cause in causes_of(fault):
        explained = _explain_certificate(cause, host) or _explain_network(cause, host)
        if explained:
            return explained
    return _explain_protocol(fault, host)


def causes_of(fault: BaseException) -> Iterator[BaseException]:
    """A fault and what led to it, outermost first; also what libraries raised `from None`."""
    waiting: list[BaseException] = [fault]
    for _ in range(_MAX_CHAIN):
        if not waiting:
            return
        current = waiting.pop(0)
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(cast("BaseExceptionGroup[BaseException]", current).exceptions)
        following = current.__cause__ or current.__context__
        if following is not None:
            waiting.append(following)


def explain_tls_error(fault: ssl.SSLError) -> tuple[str, str]:
    """Why a handshake failed, as half a sentence, and what to do about it."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        other = f"its certificate is not accepted ({one_line(fault.verify_message, 80)})"
        return _CERTIFICATE_WORDS.get(fault.verify_code, (other, "Check the certificate and its authority."))
    reason = fault.reason or "no reason given"
    return _TLS_WORDS.get(reason, (f"the TLS handshake failed ({one_line(reason, 60)})", "Check its TLS settings."))


def explain_lookup_error(fault: socket.gaierror, host: str) -> Unreachable:
    """Why a name could not be turned into an address."""
    if fault.errno == socket.EAI_AGAIN:
        message = f"The name {host} cannot be looked up: DNS does not answer."
        return Unreachable(message, "Check the DNS and the network of this machine.")
    return Unreachable(f"No such host: {host}.", "Check the name, or the DNS of this machine.")


def refuse_bad_status(status: int, host: str, path: str) -> None:
    """Raise the connector error for a status code outside 200 to 299: Denied for 401 and 403, else UnexpectedReply."""
    where = f"{host}{one_line(path, 80)}"
    if 200 <= status < 300:  # noqa: PLR2004 - the class of success, RFC 9110
        return
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}:
        raise Denied(f"{where} does not accept these credentials (HTTP {status}).", "Check the token or password.")
    if status == HTTPStatus.FORBIDDEN:
        raise Denied(f"{where} may not be read with this login (HTTP 403).", "Ask its owner for the right to read.")
    if status == HTTPStatus.NOT_FOUND:
        raise UnexpectedReply(f"{host} has nothing at {one_line(path, 80)} (HTTP 404).", "Check the address.")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise UnexpectedReply(f"{where} wants to be asked less often (HTTP 429).", "Poll it less often.")
    raise UnexpectedReply(f"{where} answers {status_words(status)}.", "See what its own log says.")


def status_words(status: int) -> str:
    """A status code with its name: `HTTP 503 Service Unavailable`."""
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def _explain_certificate(cause: BaseException, host: str) -> ConnectorError | None:
    if not isinstance(cause, ssl.SSLError):
        return None
    words, step = explain_tls_error(cause)
    return Unreachable(f"No secure connection to {host}: {words}.", step)


def _explain_network(cause: BaseException, host: str) -> ConnectorError | None:
    if isinstance(cause, socket.gaierror):
        return explain_lookup_error(cause, host)
    for kind, words, step in _NETWORK_WORDS:
        if isinstance(cause, kind):
            return Unreachable(words.format(host=host), step)
    return None


def _explain_protocol(fault: BaseException, host: str) -> ConnectorError:
    text = str(fault).lower()
    if isinstance(fault, httpx.LocalProtocolError):
        message = f"{host} was not asked: a token or header has characters that cannot be sent."
        return Misconfigured(message, "Check it for line breaks and spaces.")
    if "without sending complete" in text or "incomplete" in text:
        return UnexpectedReply(f"{host} cut its answer short.", "Try again; if it stays, look at the source's log.")
    if "without sending a response" in text:
        message = f"{host} closed the connection without an answer."
        return Unreachable(message, "See whether the service runs, and whether it wants https://.")
    if isinstance(fault, httpx.RemoteProtocolError):
        message = f"{host} answered with something that is not HTTP."
        return UnexpectedReply(message, "See whether the address and port are those of the right service.")
    if isinstance(fault, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return Unreachable(f"{host} broke off the connection.", "See whether it restarted; it is tried again.")
    return Unreachable(f"No connection to {host}.", "See whether the network and the service are up.")
