"""Signatures by which the clouds of Alibaba and Tencent know who asks."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote


def acs3_headers(
    *,
    action: str,
    version: str,
    host: str,
    query: Mapping[str, str],
    key_id: str,
    key_secret: str,
    nonce: str,
    now: datetime,
) -> dict[str, str]:
    """
    Return the headers of a POST to `/` without a body, signed by ACS3-HMAC-SHA256.

    <https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature>.
    """
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    signed = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            "POST",
            "/",
            canonical_query(query),
            "".join(f"{name}:{headers[name]}\n" for name in sorted(headers)),
            signed,
            headers["x-acs-content-sha256"],
        ]
    )
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key_secret.encode(), to_sign.encode(), hashlib.sha256).hex()
    credential = f"Credential={key_id},SignedHeaders={signed},Signature={signature}"
    return {**headers, "authorization": f"ACS3-HMAC-SHA256 {credential}"}


def canonical_query(query: Mapping[str, str]) -> str:
    """Return the query sorted and encoded by RFC 3986, as it is signed and sent."""
    return "&".join(f"{_encoded(name)}={_encoded(query[name])}" for name in sorted(query))


def tc3_headers(
    *,
    action: str,
    version: str,
    region: str,
    service: str,
    host: str,
    body: bytes,
    secret_id: str,
    secret_key: str,
    now: datetime,
) -> dict[str, str]:
    """
    Return the headers of a POST of JSON to `/`, signed by TC3-HMAC-SHA256.

    <https://cloud.tencent.com/document/api/382/52072>.
    """
    content_type = "application/json; charset=utf-8"
    signed = "content-type;host;x-tc-action"
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            f"content-type:{content_type}\nhost:{host}\nx-tc-action:{action.lower()}\n",
            signed,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    timestamp = int(now.timestamp())
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}"
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    signature = hmac.digest(key, to_sign.encode(), hashlib.sha256).hex()
    credential = f"Credential={secret_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
    return {
        "authorization": f"TC3-HMAC-SHA256 {credential}",
        "content-type": content_type,
        "host": host,
        "x-tc-action": action,
        "x-tc-timestamp": str(timestamp),
        "x-tc-version": version,
        "x-tc-region": region,
    }


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
