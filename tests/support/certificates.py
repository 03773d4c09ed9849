"""Certificates made for one test: an authority of our own, and servers' certificates good and bad."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority whose certificate lies in `ca_file`."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    folder: Path

    @property
    def ca_file(self) -> Path:
        return self.folder / "authority.pem"

    def server_file(self, name: str = "localhost", *, days_left: float = 60.0, self_signed: bool = False) -> Path:
        """A PEM file with a key and its certificate for `name` and 127.0.0.1, which ends in `days_left` days."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = _name(name) if self_signed else self.certificate.subject
        certificate = _signed(_name(name), issuer, key, key if self_signed else self.key, days_left=days_left)
        file = self.folder / f"{name}-{certificate.serial_number}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return file

    def server_context(
        self, name: str = "localhost", *, days_left: float = 60.0, self_signed: bool = False
    ) -> ssl.SSLContext:
        """A server's TLS context with such a key and certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_file(name, days_left=days_left, self_signed=self_signed))
        return context


def make_authority(folder: Path) -> Authority:
    """A new authority, valid for a year, with its certificate written into `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("Quarterdeck test authority")
    certificate = _signed(subject, subject, key, key, days_left=365, authority=True)
    authority = Authority(certificate, key, folder)
    authority.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return authority


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signing_key: ec.EllipticCurvePrivateKey,
    *,
    days_left: float,
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    names = [
        x509.DNSName(str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value).replace(" ", "-")),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days_left))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signing_key, hashes.SHA256())
    )
