"""Compiled loops: for their own types only, kept where that can be, and not before they are needed."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.jit import compiled


@compiled("float64(float64[::1])")
def total(numbers: NDArray[np.float64]) -> float:
    found = 0.0
    for number in numbers:
        found += number
    return found


def test_other_types_are_refused_and_not_compiled_during_a_call() -> None:
    assert total(np.arange(4.0)) == 6.0
    with pytest.raises(TypeError):
        total(np.arange(4, dtype=np.float32))


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same() -> None:
    # There is no file beside which to keep what was typed in.
    named: dict[str, Any] = {}
    exec("def twice(number):\n    return 2 * number\n", named)  # noqa: S102 - our own line
    assert compiled("int64(int64)")(named["twice"])(21) == 42


def test_a_question_without_a_way_does_not_wait_for_the_compiler() -> None:
    asks = "import sys, geo.reach.isochrones, geo.reach.model; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", asks], check=True)  # noqa: S603 - our own line
