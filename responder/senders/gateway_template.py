"""How a gateway for SMS or calls is asked and understood, as data: shipped, or entered by a circle."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import VerdictReason
from responder.domain.channels.service_fields import GENERIC, PROVIDER, providers


class Signature(BaseModel):
    """By which method of its cloud a request is signed, and what is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["acs3", "tc3"]
    action: str
    version: str
    service: str = ""


class GatewayTemplate(BaseModel):
    """One request and the meaning of its answers; `{name}` stands for settings and parts of the message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    signature: Signature | None = None
    headers: dict[str, Any] = {}
    query: dict[str, Any] = {}
    json_body: Any = None
    form: dict[str, Any] | None = None
    success_path: str
    """Where the answer tells of success: names and positions, with dots between: `Response.Set.0.Code`."""
    success_value: str | None = None
    """What stands there; without it anything."""
    code_paths: tuple[str, ...] = ()
    """Where the code of an error stands; the first that there is."""
    message_paths: tuple[str, ...] = ()
    id_path: str = ""
    reasons: Mapping[VerdictReason, tuple[str, ...]] = {}
    """Codes by what they mean; `Throttling*` stands for all that begin so."""

    @model_validator(mode="before")
    @classmethod
    def _json(cls, given: Any) -> Any:  # noqa: ANN401 - as pydantic hands it over
        # In a file it is called `json`, which pydantic keeps for itself.
        if isinstance(given, dict) and "json" in given:
            return {"json_body": given["json"], **{name: given[name] for name in given if name != "json"}}
        return given

    @property
    def reasons_by_code(self) -> Mapping[str, VerdictReason]:
        """What each code means."""
        return {code: reason for reason, codes in self.reasons.items() for code in codes}

    @classmethod
    def entered(cls, service: Mapping[str, str]) -> Self:
        """Return the template that a circle has entered, from its checked settings."""
        body = json.loads(service["body"])
        return cls(
            # Not filled in: `{` has no place in an address.
            url="{url}",
            method=service["method"],
            headers=json.loads(service.get("headers", "{}")),
            query=json.loads(service.get("query", "{}")),
            json_body=body if service["format"] == "json" else None,
            form=body if service["format"] == "form" else None,
            success_path=service["success_path"],
            success_value=service["success_value"],
            code_paths=_paths(service, "code_path") or (service["success_path"],),
            message_paths=_paths(service, "message_path"),
            id_path=service.get("id_path", ""),
            reasons={
                VerdictReason.TOO_FAST: _codes(service, "too_fast_codes"),
                VerdictReason.UNAUTHORIZED: _codes(service, "unauthorized_codes"),
                VerdictReason.UNKNOWN_ADDRESS: _codes(service, "unknown_address_codes"),
            },
        )


def template_for(channel: ContactChannel, service: Mapping[str, str]) -> GatewayTemplate:
    """
    Return the template of a checked account.

    Raises
    ------
    ValueError
        What a circle has entered is not a request: such as a list for a form.
    """
    provider = service[PROVIDER]
    return GatewayTemplate.entered(service) if provider == GENERIC else shipped(channel, provider)


@cache
def shipped(channel: ContactChannel, provider: str) -> GatewayTemplate:
    """Return the template of a gateway that is shipped."""
    if provider not in providers(channel):
        raise KeyError(provider)
    text = files("responder.senders").joinpath("gateways", f"{provider}_{channel}.yaml").read_text("utf-8")
    return GatewayTemplate.model_validate(yaml.safe_load(text))


def _paths(service: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (service[name],) if name in service else ()


def _codes(service: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in service.get(name, "").split(",") if code.strip())
