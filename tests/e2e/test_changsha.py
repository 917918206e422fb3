"""Real streets: Changsha as OpenStreetMap had it in 2019, where roads say nothing but that they are roads."""

import asyncio
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from geo.osm.roads import read_roads
from responder.domain.map.unit import Unit
from responder.domain.people.access import Role
from responder.domain.people.partner import Partner, PartnerKind
from responder.services.imports.roads import import_roads
from responder.store.database import connect
from tests.circles import make_bare_circle
from tests.e2e.people import DESKTOP, Circle

AT = (112.985, 28.158)
AROUND = (112.94, 28.12, 113.03, 28.22)
NAME = "长沙（2019 年道路）"
# Near enough for the commuting hours too, in which everything takes longer.
POSTS = {
    "巡逻车": ("car", 112.98, 28.15),
    "急救车": ("ambulance", 112.995, 28.165),
    "消防车": ("fire_engine", 112.985, 28.178),
}
BAND_MINUTES = """async () => {
  const { current } = window.responder;
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const found = current.view.map.querySourceFeatures("bands");
    const minutes = new Set(found.map(({ properties }) => properties.minutes));
    if (minutes.size === 3) return [...minutes].sort((a, b) => a - b);
    await new Promise((done) => setTimeout(done, 100));
  }
  return [];
}"""


@dataclass(frozen=True, kw_only=True)
class City:
    """A circle on real streets."""

    id: uuid.UUID


@pytest.fixture
async def city(stage_url: str, circle: Circle, shared_data: Path) -> City:
    path = shared_data / "osm" / "changsha-roads-2019.osm.pbf"
    if not path.is_file():
        pytest.skip(f"there is no {path.name}")
    async with httpx.AsyncClient(base_url=circle.stage.url) as client:
        answer = await client.post(
            "/api/session", json={"username": "community", "password": circle.stage.password}
        )
    database = connect(stage_url)
    try:
        made = await make_bare_circle(database, name=NAME, name_en="Changsha", centre=AT)
        read = await asyncio.to_thread(read_roads, path, bbox=AROUND)
        await import_roads(database, circle_id=made.id, read=read)
        partner = Partner(
            id=uuid.uuid4(),  # type: ignore[arg-type]
            circle_id=made.id,
            kind=PartnerKind.POLICE,
            name="试用单位",
            name_en="Trial",
        )
        async with database.begin() as transaction:
            await transaction.memberships.add(
                made.id, uuid.UUID(answer.json()["account"]["id"]), role=Role.COORDINATOR, partner_id=None
            )
            await transaction.partners.add(partner)
            await transaction.layer(Unit).add(
                made.id, [unit(name, partner, *where) for name, where in POSTS.items()]
            )
    finally:
        await database.dispose()
    return City(id=made.id)


def unit(name: str, partner: Partner, profile: str, lon: float, lat: float) -> Unit:
    return Unit(
        id=uuid.uuid4(),  # type: ignore[arg-type]
        partner_id=partner.id,
        name=name,
        name_en=name,
        kind=profile,
        profile=profile,
        turnout_s=60,
        people=2,
        on_duty=True,
        post=(lon, lat),
    )


async def test_an_alert_names_who_comes_and_draws_bands_on_real_streets(circle: Circle, city: City) -> None:
    staff = await circle.sign_in("community", DESKTOP)
    await staff.page.get_by_role("button", name="菜单").click()
    await staff.page.locator(".menu .row-button", has_text=NAME).click()
    await expect(staff.page.locator(".circle-name")).to_have_text(NAME)
    await expect(staff.page.locator(".connection[data-phase=live]")).to_be_visible()
    await expect(staff.page.get_by_text("© OpenStreetMap 贡献者")).to_be_visible()

    await staff.look_at(*AT, zoom=17)
    await staff.tap_map(*AT)
    await expect(staff.page.locator(".member")).to_have_count(len(POSTS))
    await staff.call_for("火情")

    members = staff.page.locator(".members")
    for name in POSTS:
        await expect(members).to_contain_text(name)
    await expect(members).to_contain_text("按默认值估算")
    await expect(staff.page.locator(".problem")).to_contain_text("没有人可呼叫")
    await staff.page.get_by_role("button", name="图层与图例").click()
    await staff.page.locator(".legend label", has_text="等时圈").click()
    await staff.page.locator(".legend select").select_option("foot")
    assert await staff.page.evaluate(BAND_MINUTES) == [5, 10, 15]
    await staff.page.locator(".legend").get_by_role("button", name="关闭").click()
    await staff.look_at(*AT, zoom=14.2, pitch=30)
    await staff.picture("1440x900-14-changsha")
    await end_all(circle, city)


async def end_all(circle: Circle, city: City) -> None:
    base = f"/api/circles/{city.id}/incidents"
    origin: dict[str, Any] = {"headers": {"Origin": circle.stage.url}}
    async with httpx.AsyncClient(base_url=circle.stage.url, **origin) as client:
        await client.post("/api/session", json={"username": "community", "password": circle.stage.password})
        for picture in (await client.get(base)).json()["incidents"]:
            await client.post(f"{base}/{picture['incident']['id']}/end", json={"reason": "resolved"})
