"""A register as a fire brigade keeps it: no kind, its own numbers, and whether a hydrant works in words."""

import json

from benchmarks.small_cases import Case, WrongError, must_be, must_have
from benchmarks.small_cases.town import Town

NAME = "hydrants-brigade.geojson"
MAPPING = {
    "fixed": {"kind": "hydrant"},
    "columns": {"name": "自编号", "note": "消防栓位置", "out_of_service": "是否停用"},
    "values": {"out_of_service": {"True": "true", "False": "false"}},
    "identity": "消防栓编号",
}
"""What a person says of the file once."""


async def brigade(town: Town) -> None:
    """Take six hydrants, name the shared point, and remember the answers."""
    content = (town.files / NAME).read_bytes()
    sent = await town.http.post(
        f"{town.t1}/facilities/import",
        files={"file": (NAME, content)},
        data={"mapping": json.dumps(MAPPING, ensure_ascii=False)},
    )
    answer = sent.json()
    must_have("first time", answer, created=6, skipped=[])
    doubtful = {row["row"] for row in answer.get("doubtful", ())}
    if not doubtful or not doubtful <= {4, 5, 6}:
        message = f"rows 4 to 6 share a point and are not named as doubtful: {answer.get('doubtful')}"
        raise WrongError(message)
    there = [each["properties"] for each in await town.things("facilities")]
    must_be("kinds", {each["kind"] for each in there}, {"hydrant"})
    stopped = [each["name"] for each in there if each["state"] == "faulty"]
    must_be("out of service", stopped, ["A3"])
    again = await town.post_file("facilities", NAME, content)
    must_have("remembered", again.json(), created=0, updated=0, unchanged=6, skipped=[])


CASES = (Case(name="hydrants-brigade", run=brigade),)
