"""The page shows what a role may do by the same table as the server decides by."""

import json
from collections.abc import Callable

from responder.domain.access import MAY


def test_the_pages_table_is_the_domains(node: Callable[..., str]) -> None:
    shown = json.loads(
        node(
            "--input-type=module",
            "-e",
            'import { MAY } from "./js/access.js"; console.log(JSON.stringify(MAY))',
        )
    )

    assert {action: sorted(roles) for action, roles in shown.items()} == {
        action.value: sorted(role.value for role in roles) for action, roles in MAY.items()
    }
