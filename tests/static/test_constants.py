"""Numbers and orders that the page shares with the domain."""

import json
from collections.abc import Callable

from responder.domain.audit import AuditAction
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.snapshot import ENDED_KEPT
from responder.domain.map.unit import FRESH_POSITION
from responder.security.password_policy import SHORTEST

PROGRAM = """
import { ENDED_KEPT } from "./js/state/store.js";
import { STATES } from "./js/state/selectors.js";
import { FRESH_S } from "./js/state/positions.js";
import { SHORTEST } from "./js/state/password-rules.js";
console.log(JSON.stringify({ ENDED_KEPT, STATES, FRESH_S, SHORTEST }));
"""


def test_states_and_limits_are_the_domains(node: Callable[..., str]) -> None:
    assert json.loads(node("--input-type=module", "-e", PROGRAM)) == {
        "ENDED_KEPT": ENDED_KEPT,
        "STATES": [state.value for state in DeliveryState],
        "FRESH_S": FRESH_POSITION.total_seconds(),
        "SHORTEST": SHORTEST,
    }


def test_the_log_can_be_searched_for_deeds_that_there_are(node: Callable[..., str]) -> None:
    program = 'import { AUDIT_ACTIONS } from "./js/state/audit-actions.js"; console.log(JSON.stringify(AUDIT_ACTIONS))'

    offered = json.loads(node("--input-type=module", "-e", program))

    assert len(offered) == len(set(offered)) > 10
    assert set(offered) <= {action.value for action in AuditAction}
