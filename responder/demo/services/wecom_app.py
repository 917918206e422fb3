"""An application of WeCom: gives out tokens, and sends texts to members."""

from datetime import datetime, timedelta
from typing import Final

from responder.demo.services.http_server import HttpRequest, HttpResponse, RequestRefusedError
from responder.demo.services.inbox import ServiceInbox
from responder.demo.services.robots import errcode
from responder.domain.channels.contact import ContactChannel

TOKEN_LASTS_S: Final = 7200
TEXT_BYTES: Final = 2048


class WecomAppService:
    """<https://developer.work.weixin.qq.com/document/path/90236>."""

    def __init__(
        self,
        inbox: ServiceInbox,
        *,
        corp_id: str,
        secret: str,
        agent_id: int,
        members: frozenset[str] | None = None,
    ) -> None:
        self._inbox = inbox
        self._corp_id = corp_id
        self._secret = secret
        self._agent_id = agent_id
        self._members = members
        """Whom the application may send to; None for everyone."""
        self.tokens_given = 0
        self._token = ""
        self._token_until: datetime | None = None
        self._seen: set[tuple[str, str]] = set()

    def end_token(self) -> None:
        """Take no token any more that was given out, as WeCom may do before its time."""
        self._token = ""

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if request.path == "/cgi-bin/gettoken":
            return self._given_token(request)
        if request.path != "/cgi-bin/message/send":
            raise RequestRefusedError(errcode(40035, "invalid parameter"))
        if not self._token or request.query.get("access_token") != self._token:
            raise RequestRefusedError(errcode(40014, "invalid access_token"))
        if self._token_until is not None and self._inbox.now >= self._token_until:
            raise RequestRefusedError(errcode(42001, "access_token expired"))
        said = request.json
        if not isinstance(said, dict) or said.get("msgtype") != "text":
            raise RequestRefusedError(errcode(40008, "invalid message type"))
        if said.get("agentid") != self._agent_id:
            raise RequestRefusedError(errcode(40056, "invalid agentid"))
        return self._sent(
            said["touser"], said["text"]["content"], is_checked=said.get("enable_duplicate_check") == 1
        )

    def _given_token(self, request: HttpRequest) -> HttpResponse:
        if request.query.get("corpid") != self._corp_id:
            return errcode(40013, "invalid corpid")
        if request.query.get("corpsecret") != self._secret:
            return errcode(40001, "invalid credential")
        self.tokens_given += 1
        self._token = f"token-{self.tokens_given}-of-the-application"
        self._token_until = self._inbox.now + timedelta(seconds=TOKEN_LASTS_S)
        return errcode(0, "ok", access_token=self._token, expires_in=TOKEN_LASTS_S)

    def _sent(self, member: str, content: str, *, is_checked: bool) -> HttpResponse:
        if self._members is not None and member not in self._members:
            return errcode(81013, "user & party & tag all invalid", invaliduser=member)
        # Longer text is not refused but cut.
        shown = content.encode()[:TEXT_BYTES].decode(errors="ignore")
        if not (is_checked and (member, content) in self._seen):
            self._inbox.take(ContactChannel.WECOM_APP, member, shown)
        self._seen.add((member, content))
        return errcode(0, "ok", msgid=f"msg{len(self._inbox.messages)}")
