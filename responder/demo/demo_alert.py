"""The loop, shown with its times: raised, committed, receipts, accepted, on scene."""

import asyncio
import random
import re
from contextlib import AsyncExitStack, suppress

import httpx

from responder.demo.demo_circle import SCENE, DemoAccounts, demo_accounts
from responder.demo.simulated.client import LiveSocket, SignedIn, live_socket, signed_in
from responder.demo.simulated.exercise import WATCHED, Log, hold_exercise
from responder.demo.simulated.partner import SimulatedPartner, manner
from responder.domain.incidents.delivery import DeliveryState
from responder.terminal.console import ERR, OUT, CommandError, say
from responder.terminal.listing import listing

LIMIT_S = 40.0
WATCHED_WITHIN_S = 120.0
"""How long the exercise waits for an observer to sign in at the page."""
LINGER_S = 20.0
"""How long a watched exercise goes on when all are on scene, so that viewers can look around."""
ENTER_AT_ONCE = 4
"""More would only wait for each other's passwords, and on a slow machine until their requests time out."""
_SEED = 323
_SERVED = re.compile(r"^responder_live_members (\S+)$", re.MULTILINE)
_LOOK_EVERY_S = 0.5


async def run_demo_alert(api_url: str, *, password: str, gateway_url: str | None) -> bool:
    """
    Raise an exercise in the demo circle and let simulated partners answer it; tell whether all arrived.

    With a `gateway_url` the exercise begins when that gateway serves an observer's page.
    """
    if gateway_url is not None:
        say(
            f"演练在有人打开页面并登录后开始，最迟 {WATCHED_WITHIN_S:g} 秒后；"
            f"全部到场后再保留 {LINGER_S:g} 秒",
            "the exercise begins when an observer has signed in at the page, after"
            f" {WATCHED_WITHIN_S:g} s at the latest, and stays for {LINGER_S:g} s when all have arrived",
            style="bold",
        )
        await until_watched(gateway_url, limit_s=WATCHED_WITHIN_S)
    told = demo_accounts()
    chance = random.Random(_SEED)  # noqa: S311 - a play, the same each time
    async with AsyncExitStack() as doors:
        [(staff, watching), *others] = await _enter_all(doors, api_url, password=password, told=told)
        partners = [SimulatedPartner(socket, manner=manner(chance)) for _, socket in others]
        say(f"{len(partners)} 名模拟联动人员已在线", f"{len(partners)} simulated partners are online")
        incident = {
            "kind": "smoke",
            "severity": "orange",
            "exercise": True,
            "note": "二楼楼道冒烟，两位老人未下楼 · smoke on the second floor, two elderly residents inside",
            "building_id": await _scene_id(staff),
        }
        linger_s = LINGER_S if gateway_url is not None else 0.0
        playing = [asyncio.create_task(partner.play()) for partner in partners]
        try:
            log = await hold_exercise(staff, watching, incident=incident, limit_s=LIMIT_S, linger_s=linger_s)
        finally:
            for act in playing:
                act.cancel()
            await asyncio.gather(*playing, return_exceptions=True)
    _show(log)
    return _verdict(log, refusals=[code for partner in partners for code in partner.refusals])


async def until_watched(gateway_url: str, *, limit_s: float) -> bool:
    """Wait until the gateway serves an observer's page, at most `limit_s`; return whether it does."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s), httpx.AsyncClient(trust_env=False) as http:
            while True:
                with suppress(httpx.HTTPError):
                    figures = await http.get(f"{gateway_url}/metrics")
                    if (served := _SERVED.search(figures.text)) and float(served[1]) > 0:
                        return True
                await asyncio.sleep(_LOOK_EVERY_S)
    return False


async def _enter_all(
    doors: AsyncExitStack, api_url: str, *, password: str, told: DemoAccounts
) -> list[tuple[SignedIn, LiveSocket]]:
    """Sign in all accounts, the staff first, and connect them."""
    places = asyncio.Semaphore(ENTER_AT_ONCE)

    async def enter(username: str) -> tuple[SignedIn, LiveSocket]:
        async with places:
            session = await doors.enter_async_context(
                signed_in(api_url, username=username, password=password, circle_name=told.circle_name)
            )
            return session, await doors.enter_async_context(live_socket(session))

    return await asyncio.gather(*(enter(username) for username in (told.staff, *told.players)))


async def _scene_id(staff: SignedIn) -> str:
    answer = await staff.http.get(f"/api/circles/{staff.circle_id}/buildings")
    for building in answer.json()["features"]:
        if building["properties"]["name"] == SCENE:
            return str(building["id"])
    raise CommandError(zh=f"示例响应圈中没有{SCENE}。", en=f"The demo circle has no {SCENE}.")


def _show(log: Log) -> None:
    OUT.rule(log.detail.alerts[0].headline)
    table = listing("联动力量 Unit", "人员 Person", "响应 Response", "送达", "查看", "接受", "出发", "到场")
    response_s = {member.unit_id: member.response_s for member in log.detail.response_circle.members}
    names = {member.unit_id: member.unit_name for member in log.detail.response_circle.members}
    for delivery in sorted(log.detail.deliveries, key=lambda one: response_s.get(one.unit_id, 0.0)):
        states = log.states_s.get(delivery.recipient_id, {})
        table.add_row(
            names.get(delivery.unit_id, ""),
            delivery.recipient_name,
            f"{response_s.get(delivery.unit_id, 0.0) / 60:.1f} min",
            *(f"{states[state]:.2f} s" if state in states else "—" for state in WATCHED),
        )
    OUT.print(table)
    delivered = log.times_s(DeliveryState.DELIVERED)
    accepted = log.times_s(DeliveryState.ACCEPTED)
    on_scene = log.times_s(DeliveryState.ON_SCENE)
    for zh, en, at_s in (
        ("已发起", "raised", 0.0),
        ("已提交", "committed", log.committed_s),
        ("指挥席地图可见", "on the staff's map", log.seen_s),
        ("首个回执", "first receipt", delivered[0] if delivered else None),
        ("末个回执", "last receipt", delivered[-1] if delivered else None),
        ("首个接受", "first accepted", accepted[0] if accepted else None),
        ("首个到场", "first on scene", on_scene[0] if on_scene else None),
        ("全部到场", "last on scene", on_scene[-1] if on_scene else None),
        ("演练结束", "ended", log.ended_s),
        ("解除通知全部送达", "all-clear confirmed by all", log.cleared_s),
    ):
        told = "—" if at_s is None else f"{at_s:7.3f} s"
        say(f"{told}  {zh}", en)
    say(f"收到 {log.positions} 次位置更新", f"{log.positions} position updates seen by the staff")


def _verdict(log: Log, *, refusals: list[str]) -> bool:
    missing = [*log.missing(), *(f"refused: {code}" for code in refusals)]
    if not log.detail.deliveries:
        missing.append("no one was called")
    missing += [f"{name}: all-clear" for name in (log.uncleared or {}).values()]
    if log.seen_s is None or log.ended_s is None or log.positions == 0:
        missing.append("the staff did not see everything")
    for line in missing:
        ERR.print(f"缺少 missing: {line}", style="red", markup=False)
    if not missing:
        say(
            "演练闭环完成，全部送达并到场",
            "the loop is closed: all were told and arrived",
            style="green",
        )
    return not missing
