"""The sections of a report that are tables of figures."""

from collections.abc import Iterator
from typing import Final

from responder.domain.drills.facts import FactKind
from responder.domain.drills.run import InjectState
from responder.domain.drills.score.objectives import ObjectiveResult, ObjectiveScore
from responder.domain.drills.score.times import PersonScore, Statistics
from responder.exchange.drill_report.photos import photos
from responder.exchange.drill_report.writer import Writer
from responder.exchange.printing.markup import Markup, el, join, table

MOST_ROWS: Final = 500
"""Of one table; a drill has far fewer, unless someone makes up thousands."""
_Row = tuple[float, str, str]


def objectives(write: Writer) -> Markup:
    """Return the objectives with their outcome and its evidence."""
    rows = [
        (
            each.text,
            "≤ " + write.clock(each.within_s),
            write.clock(each.took_s),
            el("span", write(each.outcome.value), class_=each.outcome.value)
            if each.unmeasured is None
            else write(each.outcome.value) + write.aside(write(each.unmeasured.value)),
            _evidence(write, each),
        )
        for each in write.report.scored.score.objectives
    ]
    head = [write(name) for name in ("objective", "target", "took", "outcome", "evidence")]
    return join([el("h2", write("objectives")), table(head, rows) if rows else el("p", write("none"))])


def _evidence(write: Writer, score: ObjectiveScore) -> str:
    numbers = write.events([each.seq for each in score.proof])
    seen = [("good", len(score.good)), ("improve", len(score.improve))]
    words = [numbers, *(f"{write(name)} ×{count}" for name, count in seen if count)]
    return " ".join(filter(None, words)) or "–"


def timeline(write: Writer) -> Markup:
    """Return what happened, in order: injects, firsts, reports, pauses."""
    score = write.report.scored.score
    rows = sorted(
        [*_injects(write), *_firsts(write), *_reports(write), *_pauses(write)], key=lambda row: row[0]
    )
    counts = score.inject_counts
    words = write("late_injects").format(
        given=counts.given,
        late=counts.late,
        expired=counts.expired,
        skipped=counts.skipped,
        not_given=counts.not_given,
    )
    head = [write(name) for name in ("time", "event", "evidence")]
    shown = [(f"T+{write.clock(at)}", what, proof) for at, what, proof in rows[:MOST_ROWS]]
    return join([el("h2", write("timeline")), el("p", words), table(head, shown)])


def _injects(write: Writer) -> Iterator[_Row]:
    comma, colon = write("comma"), write("colon")
    for each in write.report.scored.score.injects:
        at = each.at_s if each.at_s is not None else each.due_s
        if at is None:
            continue
        state = write(each.state.value)
        late = f"{comma}{write('lateness')} {write.clock(each.lateness_s)}" if each.is_late else ""
        by = f"{comma}{each.by_name}" if write.names and each.by_name else ""
        decided = each.state in {InjectState.GIVEN, InjectState.SKIPPED, InjectState.EXPIRED}
        proof = write.events([each.seq]) if decided else ""
        yield at, f"{write('inject')} {each.number}{write.aside(state + late + by)}{colon}{each.text}", proof


def _firsts(write: Writer) -> Iterator[_Row]:
    people = write.report.scored.score.people
    left = [each for each in people if each.left_at_s is not None]
    here = [each for each in people if each.on_scene_at_s is not None]
    if left:
        first = min(left, key=lambda each: each.left_at_s or 0.0)
        state = "accepted" if first.left_by_accepting else "en_route"
        yield first.left_at_s or 0.0, _who(write, "first_left", first), write.events([first.seqs.get(state)])
    if here:
        first = min(here, key=lambda each: each.on_scene_at_s or 0.0)
        proof = write.events([first.seqs.get("on_scene")])
        yield first.on_scene_at_s or 0.0, _who(write, "first_on_scene", first), proof


def _who(write: Writer, what: str, person: PersonScore) -> str:
    name = f" {person.name}" if write.names else ""
    return f"{write(what)}{write('colon')}{write.unit(person.unit_id)}{name}"


def _reports(write: Writer) -> Iterator[_Row]:
    scored = write.report.scored
    roll_call = scored.score.roll_call
    for each in () if roll_call is None else roll_call.counts:
        yield each.fact.at_s, f"{write('counted')} {each.fact.people:+d}", write.events([each.seq])
    proofs = {proof.fact: proof.seq for each in scored.score.objectives for proof in each.proof}
    for fact in dict.fromkeys(scored.run.facts):
        if fact.kind is FactKind.LANE_CLEAR:
            what = write("lane_clear") + write.aside(f"{write('inject')} {fact.inject}")
            yield fact.at_s, what, write.events([proofs.get(fact)])
        elif fact.kind is FactKind.OBSERVED:
            objective = scored.drill.plan.objective(fact.objective or "")
            text = "" if objective is None else write("colon") + objective.text
            yield fact.at_s, f"{write('observed')}{text}", write.events([proofs.get(fact)])


def _pauses(write: Writer) -> Iterator[_Row]:
    score = write.report.scored.score
    yield 0.0, write("started"), ""
    for each in score.pauses:
        yield (
            each.at_s,
            f"{write('paused')}{write.aside(write(each.reason.value))} {write.clock(each.lasted_s)}",
            "",
        )
    if score.ended_at is not None:
        yield score.clock_s, write("over"), ""


def times(write: Writer) -> Markup:
    """Return mean and 90th percentile of turnout, travel and response."""
    score = write.report.scored.score
    head = [write(name) for name in ("what", "n", "mean", "p90", "longest")]
    parts = [el("h2", write("times"))]
    for name, found in (("of_units", score.of_units), ("of_people", score.of_people)):
        parts += [el("h3", write(name)), table(head, _statistics(write, found))]
    return el("div", *parts, class_="together")


def _statistics(write: Writer, found: Statistics) -> list[tuple[str, ...]]:
    each_of = (("turnout", found.turnout), ("travel", found.travel), ("response", found.response))
    return [
        (write(name), str(one.n), write.clock(one.mean_s), write.clock(one.p90_s), write.clock(one.longest_s))
        for name, one in each_of
    ]


def expected_actual(write: Writer) -> Markup:
    """Return what was expected of each unit at the start beside what it did."""
    rows = []
    for each in write.report.scored.score.units[:MOST_ROWS]:
        expected = each.expected
        pairs = [
            (None if expected is None else expected.turnout_s, each.actual.turnout_s),
            (None if expected is None else expected.travel_s, each.actual.travel_s),
            (None if expected is None else expected.response_s, each.actual.response_s),
        ]
        cells = (f"{write.clock(wanted)} / {write.clock(actual)}" for wanted, actual in pairs)
        rows.append(
            (
                write.unit(each.unit_id),
                write.partner(each.partner_id),
                *cells,
                write.clock(each.late_s, sign=True),
            )
        )
    both = f"{write('expected_s')} / {write('actual_s')}"
    head = [
        write("unit"),
        write("partner"),
        *(f"{write(name)} {both}" for name in ("short_turnout", "short_travel", "short_response")),
        write("difference"),
    ]
    return join([el("h2", write("expected_actual")), table(head, rows) if rows else el("p", write("none"))])


def attendance(write: Writer) -> Markup:
    """Return who was called, answered and came, by partner and by person."""
    score = write.report.scored.score
    rows = [
        (write.partner(each.partner_id), *map(str, (each.called, each.answered, each.declined, each.came)))
        for each in score.attendance
    ]
    head = [write(name) for name in ("partner", "called", "answered", "declined", "came")]
    parts = [el("h2", write("attendance")), table(head, rows) if rows else el("p", write("none"))]
    if score.people:
        first = ["unit", "person"] if write.names else ["unit"]
        columns = (*first, "called", "answered", "left", "on_scene", "evidence")
        people = [_person(write, each) for each in score.people[:MOST_ROWS]]
        parts.append(table([write(name) for name in columns], people))
    if score.roll_call is not None:
        wanted = "–" if score.roll_call.wanted is None else score.roll_call.wanted
        parts.append(el("p", write("roll_call").format(people=score.roll_call.people, wanted=wanted)))
    return join(parts)


def _person(write: Writer, person: PersonScore) -> tuple[str, ...]:
    declined = write.aside(write("declined")) if person.declined else ""
    return (
        write.unit(person.unit_id),
        *((person.name,) if write.names else ()),
        write.clock(person.called_at_s),
        write.clock(person.answered_at_s) + declined,
        write.clock(person.left_at_s) + ("*" if person.left_by_accepting else ""),
        write.clock(person.on_scene_at_s),
        write.events([person.seqs.get(state) for state in ("declined", "accepted", "en_route", "on_scene")]),
    )


def observations(write: Writer) -> Markup:
    """Return what was observed."""
    scored = write.report.scored
    counts = scored.score.observations
    total = " · ".join(f"{write(name)} {getattr(counts, name)}" for name in ("good", "improve", "note"))
    rows = []
    for each in scored.observations[:MOST_ROWS]:
        objective = None if each.objective is None else scored.drill.plan.objective(each.objective)
        who = each.by_name if write.names else write.partner(each.partner_id)
        about = "" if objective is None else objective.text
        rows.append(
            (
                f"T+{write.clock(scored.run.clock_s(each.at))}",
                write(each.verdict.value),
                who,
                about,
                each.text,
            )
        )
    head = [write(name) for name in ("time", "verdict", "who", "objective", "text")]
    listed = table(head, rows) if rows else ""
    hidden = not write.names and any(each.has_photo for each in scored.observations)
    left_out = el("p", write("photos_left_out"), class_="small") if hidden else ""
    return join([el("h2", write("observations")), el("p", total), listed, left_out, photos(write)])


def comparison(write: Writer) -> Markup:
    """Return the figures of this drill beside those of earlier ones of the place."""
    score = write.report.scored.score
    title = el("h2", write("comparison"))
    if not score.earlier:
        return join([title, el("p", write("no_earlier"))])
    own = {
        each.key: _took(write, each.took_s, in_time=each.outcome is ObjectiveResult.MET)
        for each in score.objectives
    }
    response = score.of_units.response
    drills = [(f"{write('this')} {write.moment(score.started_at)[:10]}", response, own)]
    for each in score.earlier:
        theirs = {one.key: _took(write, one.took_s, in_time=one.in_time) for one in each.objectives}
        drills.append((f"{each.name[:20]} {write.moment(each.started_at)[:10]}", each.response, theirs))
    rows = [
        (
            f"{write('short_response')} {write('p90')}",
            *(f"{write.clock(found.p90_s)} (n={found.n})" for _, found, _ in drills),
        ),
        *(
            (each.text, *(outcomes.get(each.key, "–") for _, _, outcomes in drills))
            for each in score.objectives
        ),
    ]
    return join([title, table([write("what"), *(name for name, _, _ in drills)], rows)])


def _took(write: Writer, seconds: float | None, *, in_time: bool) -> str:
    return "✗" if seconds is None else f"{write.clock(seconds)} {'✓' if in_time else '✗'}"
