"""The page shows what a role may do by the same table as the server decides by."""

import json
from collections.abc import Callable

from responder.domain.people.access import ADMINISTRATORS_MAY, MAY


def test_the_pages_table_is_the_domains(node: Callable[..., str]) -> None:
    shown = json.loads(
        node(
            "--input-type=module",
            "-e",
            'import { MAY } from "./js/state/access.js"; console.log(JSON.stringify(MAY))',
        )
    )

    assert {action: sorted(roles) for action, roles in shown.items()} == {
        action.value: sorted(role.value for role in roles) for action, roles in MAY.items()
    }


def test_what_administrators_may_everywhere_is_the_domains(node: Callable[..., str]) -> None:
    program = (
        'import { ADMINISTRATORS_MAY } from "./js/state/access.js";'
        "console.log(JSON.stringify(ADMINISTRATORS_MAY))"
    )

    shown = json.loads(node("--input-type=module", "-e", program))

    assert set(shown) == {action.value for action in ADMINISTRATORS_MAY}
