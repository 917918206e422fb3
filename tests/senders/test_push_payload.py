"""What a service worker is sent is what docs/protocol.md says: it shows the alert by this alone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import AlertReference, MessagePurpose, MessageText, OutgoingMessage
from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.incident import Severity
from responder.senders.web_push import payload

EXAMPLE = Path(__file__).parents[2] / "static" / "tests" / "pushed-alert.json"
"""The page's own tests show it as a notification and open the page with it."""
OPTIONAL = {"lang", "actions"}


def message(example: dict[str, Any], *, about: AlertReference | None) -> OutgoingMessage:
    return OutgoingMessage(
        id=uuid4(),
        channel=ContactChannel.WEB_PUSH,
        address="{}",
        text=MessageText(head=example["head"], lines=tuple(example["lines"]), link=example["link"]),
        purpose=MessagePurpose.ALERT,
        exercise=example["exercise"],
        severity=Severity(example["severity"]),
        expires_at=datetime(2025, 1, 31, 12, tzinfo=UTC),
        about=about,
    )


def test_it_holds_every_field_of_the_example_that_the_page_is_tested_with() -> None:
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    about = AlertReference(
        alert_id=AlertId(UUID(example["alert_id"])),
        incident_id=IncidentId(UUID(example["incident_id"])),
        circle_id=CircleId(UUID(example["circle_id"])),
    )
    outgoing = message(example, about=about)

    sent = json.loads(payload(outgoing, outgoing.text))
    assert {name: sent.get(name) for name in example.keys() - OPTIONAL} == {
        name: value for name, value in example.items() if name not in OPTIONAL
    }


def test_a_message_about_no_alert_names_none() -> None:
    outgoing = message(json.loads(EXAMPLE.read_text(encoding="utf-8")), about=None)

    sent = json.loads(payload(outgoing, outgoing.text))
    assert [sent[name] for name in ("alert_id", "incident_id", "circle_id")] == [None, None, None]
