"""An authority of our own, and a server `mail.circle.example` that it vouches for."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SERVER_NAME = "mail.circle.example"


@dataclass(frozen=True)
class Certificates:
    """Contexts of both sides."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    folder: Path


def made(folder: Path) -> Certificates:
    """Make both, and keep them in a folder, from which OpenSSL reads them."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("authority")
    authority = _certificate(key, name, name, key, x509.BasicConstraints(ca=True, path_length=None))
    server_key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName(SERVER_NAME)])
    server = _certificate(server_key, _name(SERVER_NAME), name, key, names)
    chain = folder / "server.pem"
    chain.write_bytes(
        server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + server.public_bytes(Encoding.PEM)
    )
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(chain)
    asking = ssl.create_default_context(cadata=authority.public_bytes(Encoding.PEM).decode())
    return Certificates(server=serving, client=asking, folder=folder)


def _certificate(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
