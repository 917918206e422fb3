#!/usr/bin/env bash
# webpush 1.0.6 keeps the ttl, the expiration and the subscriber of one message for all that follow.
#
# They are arguments of get(), beside "global" ones of the constructor. get() writes them over the global ones. So a
# message made without a ttl (0 by default: now or never) has that of the message before, and a push service may deliver
# it an hour late. An explicit ttl=0 does not help: it is taken for none given.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check webpush==1.0.6 pydantic==2.14.4 pyjwt==2.15.1
cd "$folder"
"$folder/venv/bin/python" - << 'END'
import time
from base64 import urlsafe_b64encode
from importlib.metadata import version

import jwt
from webpush import VAPID, WebPush, WebPushSubscription

private, public, _ = VAPID.generate_keys()
_, _, browser_key = VAPID.generate_keys()
subscription = WebPushSubscription(
    endpoint="https://push.example/send/1",
    keys={"p256dh": browser_key, "auth": urlsafe_b64encode(bytes(16)).decode()},
)
push = WebPush(private_key=private, public_key=public, subscriber="duty@circle.example")


def made(**settings):
    """ttl in s, hours that the token lasts, and its contact."""
    headers = push.get("water at the east gate", subscription, **settings).headers
    token = headers["authorization"].removeprefix("vapid t=").partition(",")[0]
    claims = jwt.decode(token, options={"verify_signature": False})
    return int(headers["ttl"]), round((claims["exp"] - time.time()) / 3600), claims["sub"]


print("webpush", version("webpush"))
first = made()
own = made(ttl=3600, expiration=2 * 3600, subscriber="drill@circle.example")
after = made()
zero = made(ttl=0)
for words, seen in (("first", first), ("with its own", own), ("after it", after), ("ttl=0", zero)):
    print(f"{words}: {seen}")
assert first == (0, 12, "mailto:duty@circle.example"), first
assert own == (3600, 2, "mailto:drill@circle.example"), own
assert after == own, after
assert zero == own, zero
END
