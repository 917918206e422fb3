"""Compile what the first question would have to wait for: `python -m geo`."""

import geo.reach.isochrones  # noqa: F401 - everything that is compiled is reached from there
from geo.jit import Compiled

if __name__ == "__main__":
    for function in Compiled.known:
        function.prepare()
