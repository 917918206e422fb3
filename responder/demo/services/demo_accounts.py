"""Accounts of the demo circle with the stand-ins: made-up keys, and addresses on this machine alone."""

import hashlib
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from responder.demo.services.push_service import PushBrowser, encoded, public_bytes
from responder.demo.services.where import HOST
from responder.domain.channels.contact import ContactChannel as Channel

CORP_ID: Final = "ww-demo"
AGENT_ID: Final = 1000002
KEY: Final = "demo-key"
SECRET: Final = "demo-secret"  # noqa: S105 - opens nothing but the stand-ins
SENDER: Final = "alarm@demo.invalid"


def demo_service_settings(http_port: int, mail_port: int) -> Mapping[Channel, Mapping[str, str]]:
    """Return what the demo circle has entered for each channel."""
    url = f"http://{HOST}:{http_port}"
    aliyun = {"provider": "aliyun", "access_key_id": KEY, "access_key_secret": SECRET}
    return {
        Channel.NTFY: {"server": f"{url}/ntfy"},
        Channel.WEB_PUSH: {"private_key": encoded(_digest("vapid")), "contact": f"mailto:{SENDER}"},
        Channel.WECOM_ROBOT: {"server": f"{url}/wecom-robot", "key": KEY},
        Channel.WECOM_APP: {
            "server": f"{url}/wecom-app",
            "corp_id": CORP_ID,
            "agent_id": str(AGENT_ID),
            "secret": SECRET,
        },
        Channel.DINGTALK: {"server": f"{url}/dingtalk", "access_token": KEY, "secret": SECRET},
        Channel.FEISHU: {"server": f"{url}/feishu", "token": KEY, "secret": SECRET},
        Channel.SMS: {**aliyun, "server": f"{url}/aliyun", "sign_name": "示例", "template_code": "SMS_DEMO"},
        Channel.VOICE: {**aliyun, "server": f"{url}/aliyun", "template_code": "TTS_DEMO"},
        Channel.EMAIL: {"host": HOST, "port": str(mail_port), "security": "none", "sender": SENDER},
    }


def demo_browser(http_port: int) -> PushBrowser:
    """Return a browser that is subscribed at the stand-in: the same after each start."""
    vapid = ec.derive_private_key(int.from_bytes(_digest("vapid"), "big"), ec.SECP256R1())
    return PushBrowser(
        key=ec.derive_private_key(int.from_bytes(_digest("browser"), "big"), ec.SECP256R1()),
        secret=_digest("secret")[:16],
        endpoint=f"http://{HOST}:{http_port}/push/demo-browser",
        application_server_key=encoded(public_bytes(vapid)),
    )


def _digest(name: str) -> bytes:
    return hashlib.sha256(f"responder demo {name}".encode()).digest()
