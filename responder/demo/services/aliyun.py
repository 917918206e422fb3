"""SMS and calls of Alibaba Cloud: checks the signature ACS3-HMAC-SHA256 over what really came."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from responder.demo.services.http_server import HttpRequest, HttpResponse, RequestRefusedError
from responder.demo.services.inbox import Budget, ServiceInbox
from responder.domain.channels.contact import ContactChannel

SIGNED_FOR: Final = timedelta(minutes=15)
OUT_ID_BYTES: Final = 15
_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key>[^,]+),"
    r"SignedHeaders=(?P<signed>[^,]+),Signature=(?P<signature>\w{64})"
)


class AliyunService:
    """`SendSms` and `SingleCallByTts`, version 2017-05-25 of both products."""

    def __init__(
        self,
        inbox: ServiceInbox,
        *,
        key_id: str,
        key_secret: str,
        per_number_and_minute: int = 1000,
        link_begins: str = "",
    ) -> None:
        """`link_begins` is what the circle's template has before `${code}`: variables may hold no address."""
        self._inbox = inbox
        self._link_begins = link_begins
        self._key_id = key_id
        self._key_secret = key_secret
        self._per_number = per_number_and_minute
        self._budgets: dict[str, Budget] = {}
        self._nonces: set[str] = set()

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        self._require_signature(request)
        if request.headers.get("x-acs-version") != "2017-05-25":
            return _answer("InvalidVersion", "Specified parameter Version is not valid.", status=400)
        match request.headers.get("x-acs-action"):
            case "SendSms":
                return self._sms(request.query)
            case "SingleCallByTts":
                return self._call(request.query)
            case _:
                return _answer("InvalidAction.NotFound", "Specified api is not found.", status=404)

    def _require_signature(self, request: HttpRequest) -> None:
        found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if found is None:
            raise RequestRefusedError(
                _answer("IncompleteSignature", "The request signature does not conform.", status=400)
            )
        if found["key"] != self._key_id:
            raise RequestRefusedError(
                _answer("InvalidAccessKeyId.NotFound", "Specified access key is not found.", status=404)
            )
        signed = found["signed"].split(";")
        wanted = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-version"}
        body_hash = hashlib.sha256(request.body).hexdigest()
        if not wanted <= set(signed) or request.headers["x-acs-content-sha256"] != body_hash:
            raise RequestRefusedError(
                _answer("IncompleteSignature", "The request signature does not conform.", status=400)
            )
        canonical = "\n".join(
            [
                request.method,
                urlsplit(request.target).path,
                _canonical(urlsplit(request.target).query),
                "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed),
                found["signed"],
                body_hash,
            ]
        )
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        expected = hmac.new(self._key_secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, found["signature"]):
            raise RequestRefusedError(
                _answer(
                    "SignatureDoesNotMatch", "Specified signature does not match our calculation.", status=400
                )
            )
        date = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(self._inbox.now - date) > SIGNED_FOR:
            raise RequestRefusedError(
                _answer(
                    "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.", status=400
                )
            )
        nonce = request.headers.get("x-acs-signature-nonce", "")
        if not nonce or nonce in self._nonces:
            raise RequestRefusedError(
                _answer("SignatureNonceUsed", "Specified signature nonce was used already.", status=400)
            )
        self._nonces.add(nonce)

    def _sms(self, query: Mapping[str, str]) -> HttpResponse:
        number = query.get("PhoneNumbers", "")
        if not re.fullmatch(r"(\+?86)?1[3-9]\d{9}", number):
            return _answer("isv.MOBILE_NUMBER_ILLEGAL", f"{number}invalid mobile number")
        params = _params(query.get("TemplateParam"))
        if params is None:
            return _answer("isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值")
        if any("http://" in value or "https://" in value for value in params.values()):
            return _answer("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL")
        if not self._allows(number):
            return _answer("isv.BUSINESS_LIMIT_CONTROL", f"触发分钟级流控Permits:{self._per_number}")
        code = params.pop("code", "")
        words = [*params.values(), f"{self._link_begins}{code}" if code else ""]
        text = f"【{query.get('SignName', '')}】" + "， ".join(filter(None, words))
        kept = self._inbox.take(ContactChannel.SMS, number, text, query)
        return _answer("OK", "OK", BizId=f"{kept}^0")

    def _call(self, query: Mapping[str, str]) -> HttpResponse:
        number = query.get("CalledNumber", "")
        if not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}", number):
            return _answer("isv.CALLED_NUMBER_ILLEGAL", f"被叫号码不合法 {number}")
        params = _params(query.get("TtsParam"))
        if params is None or len(query.get("OutId", "").encode()) > OUT_ID_BYTES:
            return _answer("isv.INVALID_PARAMETERS", "参数异常")
        if query.get("PlayTimes", "3") not in {"1", "2", "3"}:
            return _answer("isv.INVALID_PARAMETERS", "参数异常")
        if not self._allows(number):
            return _answer("isv.BUSINESS_LIMIT_CONTROL", "触发流控")
        kept = self._inbox.take(ContactChannel.VOICE, number, "。".join(params.values()), query)
        return _answer("OK", "OK", CallId=f"{kept}^1000000")

    def _allows(self, number: str) -> bool:
        budget = self._budgets.setdefault(number, Budget(self._inbox, per_minute=self._per_number))
        return budget.allows()


def _canonical(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)


def _params(given: str | None) -> dict[str, str] | None:
    try:
        parsed = json.loads(given or "{}")
    except ValueError:
        return None
    if not isinstance(parsed, dict) or not all(isinstance(value, str) for value in parsed.values()):
        return None
    return parsed


def _answer(code: str, words: str, *, status: int = 200, **more: str) -> HttpResponse:
    return HttpResponse.of_json(
        {"Code": code, "Message": words, "RequestId": "D9CB3933", **more}, status=status
    )
