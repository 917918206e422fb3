"""Small inputs that failed in trials: how many there are, and how many give the right value."""

import asyncio
import shutil
import tempfile
import traceback
from pathlib import Path

from benchmarks.small_cases import Case, WrongError, brigade, feature_files, osm_files, town, without_file
from benchmarks.trial_parts import TrialOptions
from responder.embedded import Cluster
from responder.security import hasher

FILES = Path(__file__).resolve().parents[3] / "shared" / "cases"
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CASES = (*feature_files.CASES, *osm_files.CASES, *brigade.CASES, *without_file.CASES)


def measure(_: TrialOptions) -> dict[str, float | str]:
    """Run every case on a private database and print a line for each."""
    if not FILES.is_dir():
        print(f"the small inputs are not here: no folder {FILES}")
        return {"cases": "not here", "cases_right": "not here"}
    hasher.NICENESS = 0
    data_dir = Path(tempfile.mkdtemp(prefix="responder-cases-"))
    data_dir.chmod(0o755)
    cluster = Cluster(data_dir, settings=DISPOSABLE)
    try:
        cluster.ensure()
        town.prepare(cluster)
        outcomes = [_run(case, cluster) for case in CASES if case.run is not None]
    finally:
        cluster.stop()
        shutil.rmtree(data_dir, ignore_errors=True)
    for case in CASES:
        if case.run is None:
            print(f"not run  {case.name}: {case.why_not}")
    return {"cases": str(len(outcomes)), "cases_right": str(sum(outcomes))}


def _run(case: Case, cluster: Cluster) -> bool:
    try:
        asyncio.run(_in_a_town(case, cluster))
    except WrongError as wrong:
        print(f"wrong    {case.name}: {wrong}", flush=True)
        return False
    except Exception as error:  # noqa: BLE001 - whatever a case ends with, the others are run
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        print(f"wrong    {case.name}: {type(error).__name__}: {str(error)[:200]} ({where})", flush=True)
        return False
    print(f"right    {case.name}", flush=True)
    return True


async def _in_a_town(case: Case, cluster: Cluster) -> None:
    async with town.town(cluster, FILES) as installation:
        if case.run is not None:
            await case.run(installation)
