"""SMS and calls of Tencent Cloud: checks the signature TC3-HMAC-SHA256, and always answers with HTTP 200."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Any, Final

from responder.demo.services.http_server import HttpRequest, HttpResponse, RequestRefusedError
from responder.demo.services.inbox import Budget, ServiceInbox
from responder.domain.channels.contact import ContactChannel

SIGNED_FOR_S: Final = 300
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+), "
    r"SignedHeaders=(?P<signed>[^,]+), Signature=(?P<signature>\w{64})"
)
_NUMBER = re.compile(r"\+861[3-9]\d{9}")


class TencentService:
    """`SendSms` of 2021-01-11 and `SendTtsVoice` of 2020-09-02."""

    def __init__(
        self, inbox: ServiceInbox, *, secret_id: str, secret_key: str, per_number_and_minute: int = 1000
    ) -> None:
        self._inbox = inbox
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._per_number = per_number_and_minute
        self._budgets: dict[str, Budget] = {}

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        self._require_signature(request)
        said = request.json
        called = (request.headers.get("x-tc-action"), request.headers.get("x-tc-version"))
        if not isinstance(said, dict):
            return _error("InvalidParameter", "The request is not JSON.")
        if called == ("SendSms", "2021-01-11"):
            return self._sms(said)
        if called == ("SendTtsVoice", "2020-09-02"):
            return self._call(said)
        return _error("InvalidAction", "The action is invalid.")

    def _require_signature(self, request: HttpRequest) -> None:
        found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        timestamp = request.headers.get("x-tc-timestamp", "")
        if found is None or not timestamp.isdecimal():
            raise RequestRefusedError(
                _error("AuthFailure.InvalidAuthorization", "Authorization does not conform.")
            )
        if found["key"] != self._secret_id:
            raise RequestRefusedError(_error("AuthFailure.SecretIdNotFound", "The SecretId is not found."))
        if abs(self._inbox.now.timestamp() - int(timestamp)) > SIGNED_FOR_S:
            raise RequestRefusedError(_error("AuthFailure.SignatureExpire", "The signature has expired."))
        signed = found["signed"].split(";")
        values = {name: request.headers.get(name, "") for name in signed}
        values["x-tc-action"] = values.get("x-tc-action", "").lower()
        canonical = "\n".join(
            [
                request.method,
                "/",
                "",
                "".join(f"{name}:{values[name]}\n" for name in signed),
                found["signed"],
                hashlib.sha256(request.body).hexdigest(),
            ]
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"TC3-HMAC-SHA256\n{timestamp}\n{found['scope']}\n{digest}"
        date, service, ending = found["scope"].split("/")
        key = ("TC3" + self._secret_key).encode()
        for part in (date, service, ending):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        day = datetime.fromtimestamp(int(timestamp), UTC).strftime("%Y-%m-%d")
        if date != day or ending != "tc3_request" or not {"content-type", "host"} <= set(signed):
            raise RequestRefusedError(
                _error("AuthFailure.SignatureFailure", "The credential scope does not conform.")
            )
        if not hmac.compare_digest(expected, found["signature"]):
            raise RequestRefusedError(
                _error("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
            )

    def _sms(self, said: dict[str, Any]) -> HttpResponse:
        numbers, params = said.get("PhoneNumberSet"), said.get("TemplateParamSet", [])
        if not isinstance(numbers, list) or len(numbers) != 1 or not _are_texts(params):
            return _error("InvalidParameter", "A parameter error occurred.")
        [number] = numbers
        code, words = self._objection(number, params)
        if code == "Ok":
            text = f"【{said.get('SignName', '')}】" + "，".join(params)
            self._inbox.take(ContactChannel.SMS, number, text, said)
        status = {
            "SerialNo": f"5000:{len(self._inbox.messages)}" if code == "Ok" else "",
            "PhoneNumber": number,
            "Fee": 1 if code == "Ok" else 0,
            "SessionContext": said.get("SessionContext", ""),
            "Code": code,
            "Message": words,
            "IsoCode": "CN",
        }
        return _response({"SendStatusSet": [status]})

    def _objection(self, number: str, params: list[str]) -> tuple[str, str]:
        if not _NUMBER.fullmatch(number):
            return "InvalidParameterValue.IncorrectPhoneNumber", "incorrect phone number"
        if any("http://" in value or "https://" in value for value in params):
            code = "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
            return code, "prohibited use url in template parameter"
        if not self._allows(number):
            return (
                "LimitExceeded.PhoneNumberThirtySecondLimit",
                "the number of sms messages exceeds the limit",
            )
        return "Ok", "send success"

    def _call(self, said: dict[str, Any]) -> HttpResponse:
        number, params = str(said.get("CalledNumber", "")), said.get("TemplateParamSet", [])
        if not _are_texts(params) or not isinstance(said.get("PlayTimes", 2), int):
            return _error("InvalidParameter", "A parameter error occurred.")
        if not _NUMBER.fullmatch(number):
            return _error(
                "InvalidParameterValue.CalledNumberVerifyFail", f"called number {number} verify fail"
            )
        if not self._allows(number):
            return _error("LimitExceeded.DeliveryFrequencyLimit", "delivery frequency limit")
        kept = self._inbox.take(ContactChannel.VOICE, number, "。".join(params), said)
        return _response(
            {"SendStatus": {"CallId": f"call-{kept}", "SessionContext": said.get("SessionContext")}}
        )

    def _allows(self, number: str) -> bool:
        budget = self._budgets.setdefault(number, Budget(self._inbox, per_minute=self._per_number))
        return budget.allows()


def _are_texts(params: object) -> bool:
    return isinstance(params, list) and all(isinstance(value, str) for value in params)


def _error(code: str, words: str) -> HttpResponse:
    return _response({"Error": {"Code": code, "Message": words}})


def _response(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse.of_json({"Response": {**body, "RequestId": "ed93f3cb"}})
