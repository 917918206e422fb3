"""Encrypts what a browser is sent, so that the push service in between cannot read it (RFC 8291)."""

import os
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES: Final = 4096
"""All is one record; push services take no more (RFC 8030, section 7.2)."""
SALT_BYTES: Final = 16
_LAST_RECORD: Final = b"\x02"


def encrypt(
    plain: bytes,
    *,
    browser_key: bytes,
    auth_secret: bytes,
    own_key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """
    Return a body of `Content-Encoding: aes128gcm`.

    Parameters
    ----------
    plain
        At most 3,993 bytes.
    browser_key
        The browser's public key: 65 bytes, uncompressed, on P-256.
    auth_secret
        The browser's secret: 16 bytes.
    own_key, salt
        Used once; made here but for the example of the RFC.

    Raises
    ------
    ValueError
        `browser_key` is no point of the curve.
    """
    own_key = own_key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    own_public = own_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    their_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_key)
    shared = own_key.exchange(ec.ECDH(), their_key)

    # RFC 8291, section 3.4; then RFC 8188, sections 2.1 to 2.3.
    key = _derived(shared, auth_secret, b"WebPush: info\x00" + browser_key + own_public, 32)
    content_key = _derived(key, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(key, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(content_key).encrypt(nonce, plain + _LAST_RECORD, None)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + len(own_public).to_bytes(1, "big") + own_public
    return header + sealed


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
