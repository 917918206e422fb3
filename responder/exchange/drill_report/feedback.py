"""The section of a report that tells what participants said."""

from responder.exchange.drill_report.writer import Writer
from responder.exchange.printing.markup import Markup, el, join, table
from responder.exchange.qr_code import qr_svg

MOST_TEXTS = 200


def feedback(write: Writer) -> Markup:
    """Return counts, means and texts of what participants said, and the code by which they do."""
    shown = write.report.feedback
    summary = shown.summary
    title = el("h2", write("feedback"))
    parts = [_code(write)] if shown.link is not None else []
    if not summary.answers:
        return el("div", title, *parts, el("p", write("no_feedback")), class_="together")
    head = [
        write("question"),
        *(str(rating + 1) for rating in range(len(summary.questions[0].counts))),
        write("n"),
        write("mean"),
    ]
    rows = [
        (
            write.either((each.text, each.text_en)),
            *map(str, each.counts),
            str(each.n),
            "–" if each.mean is None else f"{each.mean:.1f}",
        )
        for each in summary.questions
    ]
    counted = el("p", write("feedback_answers").format(n=summary.answers))
    said = [el("li", each.text) for each in summary.texts[:MOST_TEXTS]]
    texts = [el("h3", write("feedback_texts")), el("ul", *said)] if said else []
    return join([el("div", title, *parts, counted, table(head, rows), class_="together"), *texts])


def _code(write: Writer) -> Markup:
    shown = write.report.feedback.link
    if shown is None:
        return Markup("")
    address = f"{write.report.page_url}{shown.path}"
    words = write("feedback_by_code").format(until=write.moment(shown.ends_at)[:16])
    code = el("div", Markup(qr_svg(address, label=write("feedback"))), class_="qr")
    return el("div", code, el("p", words, el("br"), el("span", address, class_="small")), class_="by-code")
