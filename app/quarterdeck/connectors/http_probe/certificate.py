"""What a certificate says of itself, read from its DER bytes: also when nobody vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quarterdeck.sdk.texts import one_line

_DAY_SECONDS = 86400.0
_MAX_NAMES = 12
_MAX_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class Certificate:
    """A peer's certificate and the connection it was shown in."""

    subject: str
    issuer: str
    not_after_at: datetime
    names: tuple[str, ...]
    fingerprint: str
    tls_version: str
    cipher: str
    is_verified: bool

    def days_left(self, now: datetime) -> float:
        """Days until it ends; below zero once it has."""
        return (self.not_after_at - now).total_seconds() / _DAY_SECONDS

    def facts(self) -> dict[str, str]:
        """As facts of a check."""
        return {
            "certificate_subject": self.subject,
            "certificate_issuer": self.issuer,
            "certificate_not_after": self.not_after_at.isoformat(),
            "certificate_names": " ".join(self.names),
            "certificate_sha256": self.fingerprint,
            "certificate_verified": "yes" if self.is_verified else "no",
            "tls_version": self.tls_version,
            "tls_cipher": self.cipher,
        }


@dataclass(frozen=True, slots=True)
class TlsSession:
    """What a finished handshake left: the peer's certificate as DER, protocol version, cipher."""

    der: bytes
    version: str
    cipher: str
    is_verified: bool


def read_certificate(session: TlsSession) -> Certificate | None:
    """The certificate of a session; None when the peer showed none that can be read."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    try:
        found = x509.load_der_x509_certificate(session.der)
        return Certificate(
            subject=one_line(found.subject.rfc4514_string(), 200),
            issuer=one_line(found.issuer.rfc4514_string(), 200),
            not_after_at=found.not_valid_after_utc,
            names=_names(found),
            fingerprint=found.fingerprint(hashes.SHA256()).hex(),
            tls_version=session.version,
            cipher=session.cipher,
            is_verified=session.is_verified,
        )
    except (ValueError, TypeError):
        return None


def _names(found: object) -> tuple[str, ...]:
    from cryptography import x509

    if not isinstance(found, x509.Certificate):
        return ()
    try:
        alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return ()
    hosts = alternative.get_values_for_type(x509.DNSName)
    addresses = [str(address) for address in alternative.get_values_for_type(x509.IPAddress)]
    return tuple(one_line(name, _MAX_NAME_CHARS) for name in [*hosts, *addresses][:_MAX_NAMES])
