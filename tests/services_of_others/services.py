"""One account with each kind of service, and what must be entered to use it."""
# ruff: noqa: S106 - secrets of services that run here

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from responder.demo.services.aliyun import AliyunService
from responder.demo.services.http_server import Handler, serve_http
from responder.demo.services.inbox import ServiceInbox
from responder.demo.services.ntfy import NtfyService
from responder.demo.services.plain_gateway import PlainGateway
from responder.demo.services.push_service import PushService
from responder.demo.services.robots import DingtalkService, FeishuService, WecomRobotService
from responder.demo.services.smtp_server import SmtpAccount, serve_smtp
from responder.demo.services.tencent import TencentService
from responder.demo.services.wecom_app import WecomAppService
from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.contact import ContactChannel as Channel
from responder.senders.web_push import VapidKeys
from tests.services_of_others.unreliable import Unreliable

MOBILE = "+8613800138000"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A circle's account with a service, and a person who is reached by it."""

    channel: Channel
    settings: Mapping[str, str]
    address: str
    http: Unreliable | None = None
    """None for mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesOfOthers:
    """All services; `inbox` holds what they took."""

    inbox: ServiceInbox
    accounts: Mapping[str, Account]
    """By channel, with the gateway behind it where there are several: `sms-aliyun`."""
    push: PushService
    wecom_app: WecomAppService
    allowed: AllowedHosts
    """Lets messages out to these services only."""


@asynccontextmanager
async def services_of_others(now: Callable[[], datetime]) -> AsyncIterator[ServicesOfOthers]:
    """Run all services on this machine, by one clock."""
    inbox = ServiceInbox(now=now)
    async with AsyncExitStack() as stack:

        async def served(handler: Handler) -> tuple[Unreliable, str]:
            unreliable = Unreliable(handler)
            port = await stack.enter_async_context(serve_http(unreliable))
            return unreliable, f"http://{HOST}:{port}"

        wecom_app = WecomAppService(
            inbox,
            corp_id="ww-corp",
            secret="app-secret-7f3",
            agent_id=1000002,
            members=frozenset({"ZhangSan"}),
        )
        handlers: dict[str, Handler] = {
            "ntfy": NtfyService(inbox, token="tk_0f8e7d"),
            "wecom_robot": WecomRobotService(inbox, key="693a91f6-key"),
            "wecom_app": wecom_app,
            "dingtalk": DingtalkService(inbox, token="ding-token-1a", secret="SEC+ding/secret=="),
            "feishu": FeishuService(inbox, token="feishu-token-2b", secret="feishu-secret-3c"),
            "aliyun": AliyunService(inbox, key_id="LTAI-id", key_secret="aliyun-secret-4d"),
            "tencent": TencentService(inbox, secret_id="AKID-id", secret_key="tencent-secret-5e"),
            "plain_sms": PlainGateway(inbox, channel=Channel.SMS, token="plain-secret-6f"),
            "plain_voice": PlainGateway(inbox, channel=Channel.VOICE, token="plain-secret-6f"),
        }
        running = {name: await served(handler) for name, handler in handlers.items()}
        push = PushService(inbox, origin="")
        pushing, push.origin = await served(push)
        smtp_account = SmtpAccount(username="circle", password="mail-secret-8a")
        smtp_port = await stack.enter_async_context(serve_smtp(inbox, account=smtp_account))
        accounts = _accounts(running, smtp_port)
        accounts["web_push"] = _push_account(push, pushing)
        yield ServicesOfOthers(
            inbox=inbox,
            accounts=accounts,
            push=push,
            wecom_app=wecom_app,
            allowed=AllowedHosts.parse([HOST]),
        )


def _push_account(push: PushService, http: Unreliable) -> Account:
    keys = VapidKeys()
    private_key = keys.new_private_key()
    browser = push.subscribe(keys.public_key(private_key))
    settings = {"private_key": private_key, "contact": "mailto:duty@circle.example"}
    return Account(channel=Channel.WEB_PUSH, settings=settings, address=browser.subscription, http=http)


def _accounts(running: Mapping[str, tuple[Unreliable, str]], smtp_port: int) -> dict[str, Account]:
    def account(channel: Channel, name: str, address: str, **settings: str) -> Account:
        http, url = running[name]
        where = {"url" if settings.get("provider") == "generic" else "server": url}
        return Account(channel=channel, settings={**where, **settings}, address=address, http=http)

    aliyun = {"provider": "aliyun", "access_key_id": "LTAI-id", "access_key_secret": "aliyun-secret-4d"}
    tencent = {"provider": "tencent", "secret_id": "AKID-id", "secret_key": "tencent-secret-5e"}
    generic = {
        "provider": "generic",
        "secret": "plain-secret-6f",
        "headers": '{"Authorization": "Token {secret}"}',
        "success_path": "result.code",
        "success_value": "0",
        "message_path": "result.message",
        "id_path": "result.id",
        "too_fast_codes": "429",
        "unauthorized_codes": "401, 403",
        "unknown_address_codes": "404",
    }
    return {
        "ntfy": account(Channel.NTFY, "ntfy", "circle-7-zhang", token="tk_0f8e7d"),
        "wecom_robot": account(Channel.WECOM_ROBOT, "wecom_robot", MOBILE, key="693a91f6-key"),
        "wecom_app": account(
            Channel.WECOM_APP,
            "wecom_app",
            "ZhangSan",
            corp_id="ww-corp",
            agent_id="1000002",
            secret="app-secret-7f3",
        ),
        "dingtalk": account(
            Channel.DINGTALK, "dingtalk", MOBILE, access_token="ding-token-1a", secret="SEC+ding/secret=="
        ),
        "feishu": account(
            Channel.FEISHU, "feishu", "ou_84aad35d", token="feishu-token-2b", secret="feishu-secret-3c"
        ),
        "sms-aliyun": account(
            Channel.SMS, "aliyun", MOBILE, **aliyun, sign_name="脑科巷社区", template_code="SMS_1"
        ),
        "sms-tencent": account(
            Channel.SMS,
            "tencent",
            MOBILE,
            **tencent,
            app_id="1400006666",
            sign_name="脑科巷社区",
            template_id="1110",
        ),
        "sms-generic": account(Channel.SMS, "plain_sms", MOBILE, **generic),
        "voice-aliyun": account(Channel.VOICE, "aliyun", MOBILE, **aliyun, template_code="TTS_1"),
        "voice-tencent": account(
            Channel.VOICE, "tencent", MOBILE, **tencent, app_id="1400006666", template_id="4356"
        ),
        "voice-generic": account(Channel.VOICE, "plain_voice", MOBILE, **generic, format="form"),
        "email": Account(
            channel=Channel.EMAIL,
            settings={
                "host": HOST,
                "port": str(smtp_port),
                "security": "none",
                "username": "circle",
                "password": "mail-secret-8a",
                "sender": "alarm@circle.example",
            },
            address="zhang@example.org",
        ),
    }
