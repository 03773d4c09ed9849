"""The demo authority and the certificates of the bank's partner: made at the start, trusted by nobody else."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from quarterdeck.demo.doors import LOOPBACK

USUAL_DAYS_LEFT = 19.4
EXPIRING_DAYS_LEFT = 2.3
_LIFETIME_DAYS = 365
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where the authority's certificate, the server's key and its two certificates lie."""

    authority: Path
    key: Path
    usual: Path
    expiring: Path

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """Their places in a folder."""
        return cls(
            authority=folder / "demo-authority.pem",
            key=folder / "demo-key.pem",
            usual=folder / "demo-usual.pem",
            expiring=folder / "demo-expiring.pem",
        )

    def remove(self) -> None:
        """Delete those that are there."""
        for path in (self.authority, self.key, self.usual, self.expiring):
            path.unlink(missing_ok=True)


def make_certificates(files: CertificateFiles, now_at: datetime) -> None:
    """Write an authority's and two certificates for this machine's loopback address, one about to expire.

    Keys are readable by their owner only; the authority's own key is never written. Raises OSError.
    """
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, now_at)
    key = ec.generate_private_key(ec.SECP256R1())
    write_private(files.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_private(files.authority, authority.public_bytes(Encoding.PEM))
    for path, days_left in ((files.usual, USUAL_DAYS_LEFT), (files.expiring, EXPIRING_DAYS_LEFT)):
        ends_at = now_at + timedelta(days=days_left)
        certificate = _certificate(key.public_key(), ends_at, authority, authority_key)
        write_private(path, certificate.public_bytes(Encoding.PEM))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in place of any that was there. Raises OSError."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _authority(key: ec.EllipticCurvePrivateKey, now_at: datetime) -> x509.Certificate:
    name = _name("Demo bank authority")
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now_at - timedelta(days=_LIFETIME_DAYS))
        .not_valid_after(now_at + timedelta(days=10 * _LIFETIME_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _certificate(
    key: ec.EllipticCurvePublicKey,
    ends_at: datetime,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK)), x509.DNSName("localhost")])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_name("health.northgate.example"))
        .issuer_name(authority.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends_at - timedelta(days=_LIFETIME_DAYS))
        .not_valid_after(ends_at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Demo bank"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
