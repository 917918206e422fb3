"""What an answer says beside its words."""

import pytest

from responder.api.errors.problem import problem
from responder.domain.errors import TooManyAttemptsError


@pytest.mark.parametrize(("wait_s", "told"), [(0.2, "1"), (1.3, "2"), (2.0, "2"), (15.4, "16")])
def test_a_client_that_retries_when_told_to_is_not_too_early(wait_s: float, told: str) -> None:
    assert problem(TooManyAttemptsError(retry_after_s=wait_s)).headers["Retry-After"] == told
