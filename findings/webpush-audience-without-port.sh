#!/usr/bin/env bash
# webpush 1.0.6 leaves the port out of the audience of a VAPID token.
#
# RFC 8292, section 2: "aud" is the origin of the push resource URL, as RFC 6454, section 6.1 writes it: with the port,
# unless it is the default of the scheme. For a push service at port 8443 the token names the origin at port 443, and a
# service that compares the two has to refuse it. Endpoints at the default port are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check webpush==1.0.6 pydantic==2.14.4 pyjwt==2.15.1
cd "$folder"
"$folder/venv/bin/python" - << 'END'
from base64 import urlsafe_b64encode
from importlib.metadata import version

import jwt
from webpush import VAPID, WebPush, WebPushSubscription

# What the RFC asks for, by endpoint.
ORIGINS = {
    "https://push.example/send/1": "https://push.example",
    "https://push.example:443/send/1": "https://push.example",
    "https://push.example:8443/send/1": "https://push.example:8443",
    "http://localhost:8080/send/1": "http://localhost:8080",
}
private, public, _ = VAPID.generate_keys()
_, _, browser_key = VAPID.generate_keys()
push = WebPush(private_key=private, public_key=public, subscriber="duty@circle.example")

print("webpush", version("webpush"))
differ = []
for endpoint, origin in ORIGINS.items():
    subscription = WebPushSubscription(
        endpoint=endpoint, keys={"p256dh": browser_key, "auth": urlsafe_b64encode(bytes(16)).decode()}
    )
    header = push.get("water at the east gate", subscription).headers["authorization"]
    token = header.removeprefix("vapid t=").partition(",")[0]
    audience = jwt.decode(token, options={"verify_signature": False})["aud"]
    print(f"{endpoint}: aud {audience}, origin {origin}")
    if audience != origin:
        differ.append((endpoint, audience))
assert differ == [
    ("https://push.example:8443/send/1", "https://push.example"),
    ("http://localhost:8080/send/1", "http://localhost"),
], differ
END
