"""Holds the journals against what the oracle says must have come about."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.faults.rig.driver import Answered
from tests.faults.rig.journals import Line
from tests.faults.rig.town import Town, by_account, expected_recipients, may_see


@dataclass(kw_only=True)
class Verdict:
    """What was found. Everything but `pairs`, `presented_again` and the times should be nothing."""

    pairs: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    misdirected: list[tuple[str, str]] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    shown_twice: list[tuple[str, str]] = field(default_factory=list)
    presented_again: int = 0
    """Alerts that came to a device which had shown them: it showed them once all the same."""
    reordered: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    heard_s: list[float] = field(default_factory=list)
    """From the answer to the request to each device's screen."""

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing wrong."""
        return not (
            self.lost
            or self.misdirected
            or self.phantom
            or self.shown_twice
            or self.reordered
            or self.crashed
        )

    def __str__(self) -> str:
        return (
            f"pairs {self.pairs}, lost {len(self.lost)}, misdirected {len(self.misdirected)}, phantom"
            f" {len(self.phantom)}, duplicates shown {len(self.shown_twice)} (presented again"
            f" {self.presented_again}), reordered {len(self.reordered)}, crashed {self.crashed}, heard p50"
            f" {percentile(self.heard_s, 0.5):.3f} s p99 {percentile(self.heard_s, 0.99):.3f} s"
        )


def judge(
    town: Town, answered: Sequence[Answered], lines: Sequence[Line], *, real_alerts: frozenset[str]
) -> Verdict:
    """
    Compare.

    `real_alerts` are the alerts in the database: one that a device heard of and that is not there is a
    phantom. An alert without an answer to the driver may come or not; to the wrong person it may not.
    """
    verdict = Verdict()
    accounts = {str(person.responder_id): str(account) for account, person in by_account(town.people).items()}
    heard: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line["k"] == "alert":
            heard[line["alert_id"], line["d"]].append(line)
        elif line["k"] == "crashed":
            verdict.crashed.append(line["error"])

    expected = {
        (answer.alert_id, accounts[str(recipient)]): answer
        for answer in answered
        for recipient in expected_recipients(town, village=answer.village)
    }
    verdict.pairs = len(expected)
    verdict.lost = sorted(expected.keys() - heard.keys())
    verdict.heard_s = [heard[pair][0]["t"] - answer.at for pair, answer in expected.items() if pair in heard]
    verdict.phantom = sorted({alert_id for alert_id, _ in heard} - real_alerts)
    shown = Counter({pair: sum(not line["known"] for line in told) for pair, told in heard.items()})
    verdict.shown_twice = sorted(pair for pair, times in shown.items() if times > 1)
    verdict.presented_again = sum(len(told) - 1 for told in heard.values())
    verdict.misdirected = _misdirected(town, answered, lines)
    verdict.reordered = _reordered(lines)
    return verdict


def _misdirected(town: Town, answered: Sequence[Answered], lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return what incidents came to devices whose business they are not, in whatever message."""
    villages = {answer.incident_id: answer.village for answer in answered}
    people = {str(account): person for account, person in by_account(town.people).items()}
    seen = {(incident, line["d"]) for line in lines for incident in line.get("incidents", ())}
    return sorted(
        (incident, device)
        for incident, device in seen
        if incident in villages and not may_see(town, people[device], village=villages[incident])
    )


def _reordered(lines: Sequence[Line]) -> list[str]:
    """Return the devices to which a later event came before an earlier one, or the same one twice."""
    last: dict[str, int] = {}
    wrong = []
    for line in lines:
        if line["k"] == "snapshot":
            last[line["d"]] = line["seq"]
        elif line["k"] == "event":
            if line["seq"] <= last.get(line["d"], 0):
                wrong.append(f"{line['d']} {line['seq']} after {last[line['d']]}")
            last[line["d"]] = line["seq"]
    return wrong


def catch_up_s(lines: Iterable[Line], *, since: float, devices: int) -> list[float]:
    """Return how long after a fault each device that lost its connection by it was live again."""
    lost: dict[str, float] = {}
    back: dict[str, float] = {}
    for line in lines:
        if line["t"] < since or "d" not in line:
            continue
        if line["k"] in {"closed", "failed"} and line["d"] not in back:
            lost.setdefault(line["d"], line["t"])
        elif line["k"] == "live" and line["d"] in lost:
            back.setdefault(line["d"], line["t"] - since)
    missing = len(lost) - len(back)
    return [*back.values(), *([float("inf")] * missing)][:devices]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of all lie at or below, nearest rank; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
