"""docs/api.md says who may do what, in the words of the domain's tables."""

import re
from pathlib import Path

from responder.domain.people.access import ADMINISTRATORS_MAY, MAY, Role
from responder.domain.people.permissions import ENDPOINTS, MESSAGES, Access, Requirement

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
BEGIN, END = "<!-- who may do what: begin -->\n", "<!-- who may do what: end -->\n"


def table() -> str:
    """Write the table as the document has it; put it there when rights change."""
    lines = [
        f"| | 需要 · needs | {' | '.join(role.value for role in Role)} | administrator |",
        f"|---|---|{'---|' * (len(Role) + 1)}",
        *(line(f"`{row}`", need) for row, need in ENDPOINTS.items()),
        *(line(f"`/live` `{kind}`", need) for kind, need in MESSAGES.items()),
    ]
    return "".join(f"{one}\n" for one in lines)


def line(what: str, need: Requirement) -> str:
    if isinstance(need, Access):
        by_role = need is not Access.ADMINISTRATOR
        return what_and_marks(what, need.value, [*(by_role for _ in Role), True])
    roles = [any(role in MAY[action] for action in need) for role in Role]
    administrator = not ADMINISTRATORS_MAY.isdisjoint(need)
    return what_and_marks(what, ", ".join(action.value for action in need), [*roles, administrator])


def what_and_marks(what: str, words: str, allowed: list[bool]) -> str:
    return f"| {what} | {words} | {' | '.join('✓' if may else '' for may in allowed)} |"


def test_the_document_says_who_may_do_what() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    found = re.search(f"{re.escape(BEGIN)}(.*?){re.escape(END)}", text, re.DOTALL)
    assert found is not None
    assert found[1] == table()
