"""A button says what comes next from the tap on, also while what was said is not told to all yet."""

import asyncio

from playwright.async_api import WebSocketRoute, expect

from tests.e2e.people import PHONE, Circle

ALL_STORED = """() => Object.entries(localStorage).every(([key, kept]) =>
    !key.startsWith('responder.outbox') || kept === '[]')"""


async def test_a_slow_event_does_not_take_back_what_a_person_said(circle: Circle) -> None:
    person = await circle.sign_in("hospital.wen", PHONE)
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    slow = asyncio.Event()
    slow.set()

    def between(page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def from_server(message: str | bytes) -> None:
            if slow.is_set() and '"deliveries_updated"' in str(message):
                held.append((page, message))
            else:
                page.send(message)

        server.on_message(from_server)

    await person.page.route_web_socket("**/live", between)
    await person.page.reload()
    await person.page.wait_for_selector(".connection[data-phase=live]")
    building = await circle.building("脑科巷7栋")
    await circle.raise_alert(kind="smoke", severity="orange", exercise=False, building_id=building["id"])
    answer = person.page.locator(".answer .respond")
    for said, then in (("接警", "出发"), ("出发", "到场")):
        await expect(answer).to_contain_text(said)
        await answer.click()
        await expect(answer).to_contain_text(then)
        # The server has it, and the event that says so to all does not come.
        await person.page.wait_for_function(ALL_STORED)
        await expect(answer).to_contain_text(then)
    assert held
    slow.clear()
    for page, message in held:
        page.send(message)
    await expect(answer).to_contain_text("到场")
    assert person.faults == []
