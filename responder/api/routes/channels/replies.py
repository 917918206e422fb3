"""Where services report on their own: answers that people sent back, and whether messages arrived."""

import json
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, StringConstraints

from responder.api.deps.auth import ClientDep
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.errors.refusals import MalformedRequestError
from responder.api.json_body import parse
from responder.domain.errors import NotFoundError
from responder.domain.people.access import OPERATOR
from responder.services.channels.replies import read_reports, service_of_token, take_reports

router = APIRouter(prefix="/channel-replies", tags=["channels"])

Token = Annotated[str, StringConstraints(min_length=1, max_length=128)]
FORM = "application/x-www-form-urlencoded"


class Taken(BaseModel):
    """That the report was taken, in the words that services wait for."""

    code: int = 0
    result: int = 0
    msg: str = "ok"
    errmsg: str = "OK"
    known: int
    """How many reports were about a message of ours."""


@router.post("/{token}", responses=answers(400, 404, 413, 429))
async def taken(context: ContextDep, origin: ClientDep, request: Request, token: Token) -> Taken:
    """Take what a service reports, as JSON or as a form; its account is known by the token."""
    try:
        service = await service_of_token(context.database, token=token)
    except NotFoundError:
        context.answers.begin(OPERATOR, origin.address)
        raise
    reports = read_reports(await run_in_threadpool(_read, await request.body()))
    known = await take_reports(context.database, service=service, reports=reports, clock=context.clock)
    return Taken(known=known)


def _read(body: bytes) -> object:
    """Read the body by what it looks like: services label it in many ways."""
    if body.lstrip()[:1] in {b"{", b"["}:
        try:
            return parse(body)
        except json.JSONDecodeError as error:
            raise MalformedRequestError(str(error)) from error
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "not UTF-8"
        raise MalformedRequestError(message) from error
    try:
        fields = parse_qsl(text, max_num_fields=100) if text else []
    except ValueError as error:
        raise MalformedRequestError(str(error)) from error
    return {name: value.replace("\x00", "") for name, value in fields}
