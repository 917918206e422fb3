"""Gateways for SMS and calls: one HTTP request by a template."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from uuid import uuid4

import httpx

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.fit import TextTooLongError, below_each_other, fit_as
from responder.domain.channels.limits import ServiceLimits
from responder.domain.channels.message import MessageText, OutgoingMessage, Verdict, VerdictReason
from responder.domain.channels.service_fields import PROVIDER, service_fields
from responder.domain.channels.template import Json, fill
from responder.ports.clock import Clock
from responder.senders.answers import accepted, is_taken, json_object, verdict_of_code, verdict_of_status
from responder.senders.failures import SendingError
from responder.senders.gateway_template import GatewayTemplate, Signature, template_for
from responder.senders.http_requests import Answer, HttpRequests
from responder.senders.signatures import acs3_headers, canonical_query, tc3_headers

SHORT_ID_CHARACTERS: Final = 15
Values: TypeAlias = Mapping[str, Json]


class PhoneGateway:
    """Sends SMS, or has a text read out on the telephone."""

    def __init__(self, channel: ContactChannel, requests: HttpRequests, *, clock: Clock) -> None:
        self._channel = channel
        self._requests = requests
        self._clock = clock

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Make one request."""
        try:
            template = template_for(self._channel, service)
            request = self._request(template, message, service, limits)
        except TextTooLongError:
            raise
        except (ValueError, TypeError, KeyError, httpx.InvalidURL) as error:
            # Nothing of the error is told: it may hold a value.
            raise SendingError(VerdictReason.WRONG_SETTINGS, "the template makes no request") from error
        answer = await self._requests.send(request)
        return _verdict(template, answer, blocked_s=limits.blocked_s)

    def _request(
        self,
        template: GatewayTemplate,
        message: OutgoingMessage,
        service: Mapping[str, str],
        limits: ServiceLimits,
    ) -> httpx.Request:
        known = {field.name: "" for field in service_fields(self._channel, service[PROVIDER])}
        parts = self._parts(message, limits) | {"secret": service.get("secret", "")}
        values: dict[str, Json] = {**known, **service, **parts}
        if "server" in service:
            values["server"] = service["server"].rstrip("/")
        if "template_params" in service:
            values["template_params"] = fill(json.loads(service["template_params"]), parts)
        filled_query = {name: _as_text(fill(part, values)) for name, part in template.query.items()}
        query = {name: value for name, value in filled_query.items() if value}
        headers = {name: _as_text(fill(part, values)) for name, part in template.headers.items()}
        body = b""
        if template.method != "GET" and template.json_body is not None:
            body = json.dumps(fill(template.json_body, values), ensure_ascii=False).encode()
            headers = {"content-type": "application/json; charset=utf-8", **headers}
        if template.method != "GET" and template.form is not None:
            form = {name: _as_text(fill(part, values)) for name, part in template.form.items()}
            body = str(httpx.QueryParams(form)).encode()
            headers = {"content-type": "application/x-www-form-urlencoded", **headers}
        url = httpx.URL(_as_text(fill(template.url, values)))
        if query:
            url = url.copy_with(query=canonical_query({**url.params, **query}).encode())
        if template.signature is not None:
            headers |= self._signed(template.signature, service, url, query=query, body=body)
        return httpx.Request(template.method, url, headers=headers, content=body)

    def _parts(self, message: OutgoingMessage, limits: ServiceLimits) -> dict[str, Json]:
        written = _spoken if self._channel is ContactChannel.VOICE else below_each_other
        text = fit_as(written, message.text, limits.max_bytes)
        body = fit_as(_body, message.text, max(limits.max_bytes - len(message.text.head.encode()), 0))
        link = message.text.link or ""
        return {
            "to": message.address,
            "to_digits": message.address.removeprefix("+"),
            "to_national": message.address.removeprefix("+86").removeprefix("+"),
            "text": text,
            "head": message.text.head,
            "body": body,
            "link": link,
            "link_tail": link.replace("#", "/").replace("=", "/").rstrip("/").rpartition("/")[2],
            "id": str(message.id),
            "short_id": message.id.hex[:SHORT_ID_CHARACTERS],
        }

    def _signed(
        self,
        signature: Signature,
        service: Mapping[str, str],
        url: httpx.URL,
        *,
        query: Mapping[str, str],
        body: bytes,
    ) -> dict[str, str]:
        host = url.netloc.decode()
        if signature.kind == "acs3":
            return acs3_headers(
                action=signature.action,
                version=signature.version,
                host=host,
                query=query,
                key_id=service["access_key_id"],
                key_secret=service["access_key_secret"],
                nonce=uuid4().hex,
                now=self._clock.now(),
            )
        return tc3_headers(
            action=signature.action,
            version=signature.version,
            region=service["region"],
            service=signature.service,
            host=host,
            body=body,
            secret_id=service["secret_id"],
            secret_key=service["secret_key"],
            now=self._clock.now(),
        )


def _verdict(template: GatewayTemplate, answer: Answer, *, blocked_s: float) -> Verdict:
    said = json_object(answer)
    if said is None:
        return verdict_of_status(answer)
    told = _at(said, template.success_path)
    succeeded = bool(told) if template.success_value is None else _as_text(told) == template.success_value
    if succeeded and is_taken(answer):
        return accepted(_at(said, template.id_path))
    codes = [code for path in template.code_paths if (code := _at(said, path)) is not None]
    if not codes:
        return verdict_of_status(answer)
    words = [text for path in template.message_paths if (text := _at(said, path)) is not None]
    return verdict_of_code(
        answer, _as_text(codes[0]), next(iter(words), ""), template.reasons_by_code, blocked_s=blocked_s
    )


def _at(said: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - anything that is in JSON
    found: Any = said
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _spoken(text: MessageText) -> str:
    # Without the link: nobody can follow one that is read out.
    return "。".join([text.head, *text.lines])


def _body(text: MessageText) -> str:
    return "，".join(text.lines)
