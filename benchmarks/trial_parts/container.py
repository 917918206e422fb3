"""The first alert in a read-only container without a home, beside the second; and the image's size."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.trial_parts import TrialOptions
from tests.images.rig.building import missing
from tests.images.rig.first_alert import first_and_second
from tests.images.rig.installation import installed

STARTS = 7
QUICK_STARTS = 3


def measure(options: TrialOptions) -> dict[str, float | str]:
    """Start the images several times on one database; medians over the starts."""
    if lacking := missing():
        print(f"container: not measured, because the images cannot be built here; missing: {lacking}")
        return {}
    with (
        tempfile.TemporaryDirectory(prefix="responder-images-") as folder,
        installed(Path(folder), port=options.port) as installation,
    ):
        size_mib = installation.image_venv_mib()
        found = []
        for _ in range(QUICK_STARTS if options.quick else STARTS):
            one = asyncio.run(first_and_second(installation))
            print(
                f"  alert {one.alert_ms[0]:.0f} ms, then {one.alert_ms[1]:.0f}; "
                f"bands {one.bands_ms[0]:.0f} ms, then {one.bands_ms[1]:.0f}"
            )
            found.append(one)
    return {
        "container_first_alert_ratio": median(one.alert_ms[0] / one.alert_ms[1] for one in found),
        "container_first_alert_ms": median(one.alert_ms[0] for one in found),
        "container_first_bands_ms": median(one.bands_ms[0] for one in found),
        "image_venv_mib": size_mib,
    }
