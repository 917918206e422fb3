"""Taking a file into the circle by the page: each question is asked there, and answered there."""

import json
import re
from pathlib import Path

import geopandas
import psycopg
import pytest
from playwright.async_api import Locator, expect
from shapely.geometry import Point, box, mapping

from tests.e2e.people import DESKTOP, PATIENCE_MS, PHONE, Circle
from tests.e2e.test_accounts import NAMELESS, open_screen
from tests.e2e.test_page import OVERFLOWS, TOO_SMALL

LYING = {**PHONE, "viewport": {"width": 844, "height": 390}}
SIZES = {"390x844": PHONE, "844x390": LYING, "1440x900": DESKTOP}
AT_EACH_SIZE = pytest.mark.parametrize(
    "size", ["390x844", pytest.param("844x390", marks=pytest.mark.nightly), "1440x900"]
)


def hydrants(folder: Path, *places: tuple[float, float]) -> Path:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {"kind": "hydrant", "name": f"栓{place}"},
        }
        for place in places
    ]
    path = folder / "hydrants.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@AT_EACH_SIZE
async def test_what_a_file_leaves_open_is_asked_and_answered_on_the_screen(
    circle: Circle, tmp_path: Path, size: str
) -> None:
    off = 0.0001 * list(SIZES).index(size)
    staff = await circle.sign_in("community", SIZES[size])
    # The browser complains of each question, for it comes as a refusal.
    staff.expected += ("status of 422",)
    page = staff.page
    await open_screen(staff, "导入文件")

    async def send(path: Path) -> None:
        await page.get_by_label("文件里是什么").select_option("facilities")
        await page.get_by_label("文件", exact=True).set_input_files(path)
        await page.get_by_role("button", name="导入", exact=True).click()

    async def looks_right(name: str) -> None:
        await staff.picture(f"{size}-imports-{name}")
        assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(TOO_SMALL, 48) == []
        assert not await page.evaluate(OVERFLOWS)

    await send(hydrants(tmp_path, (28.1571 + off, 112.9851)))
    await expect(page.locator("#import-question")).to_have_text("文件里哪个坐标写在前面？")
    await expect(page.locator("#import-question")).to_be_focused()
    await expect(page.locator(".made .choice")).to_contain_text("纬度、北坐标在前")
    await looks_right("order")
    await page.get_by_role("button", name="按此导入").click()
    await expect(page.locator("#import-result")).to_have_text("新增 1 条，更新 0 条，未变 0 条，未导入 0 条")

    two = geopandas.GeoDataFrame(
        {"kind": ["hydrant"], "name": [f"层{size}"]}, geometry=[Point(112.9853, 28.1571 + off)], crs=4490
    )
    for layer in ("栓", "井"):
        two.to_file(tmp_path / "two.gpkg", layer=layer, engine="pyogrio")
    await send(tmp_path / "two.gpkg")
    await page.locator("select[name=layer]").select_option("栓")
    await looks_right("layer")
    await page.get_by_role("button", name="按此导入").click()
    await expect(page.locator("#import-result")).to_contain_text("新增 1 条")

    metres = json.loads(hydrants(tmp_path, (400_293 + 10_000 * off, 3_116_290)).read_text(encoding="utf-8"))
    (tmp_path / "metres.geojson").write_text(json.dumps(metres), encoding="utf-8")
    await send(tmp_path / "metres.geojson")
    await expect(page.locator("#import-question")).to_have_text("文件用的是哪个坐标系？")
    await expect(page.locator(".made .choice").first).to_contain_text("EPSG:4547")
    await looks_right("crs")
    await page.get_by_role("button", name="按此导入").click()
    await expect(page.locator("#import-result")).to_contain_text("新增 1 条")

    await send(hydrants(tmp_path, (0, off), (112.9855, 28.1571 + off)))
    await expect(page.locator("#import-result")).to_contain_text("新增 1 条")
    await expect(page.locator(".import-result .row")).to_contain_text("远离片区")
    await looks_right("far")
    await page.get_by_role("button", name="远离的也导入").click()
    await expect(page.locator("#import-result")).to_contain_text(
        "新增 1 条，更新 0 条，未变 1 条，未导入 0 条"
    )

    (tmp_path / "bad.geojson").write_text("{", encoding="utf-8")
    await send(tmp_path / "bad.geojson")
    await expect(page.locator(".screen .problem")).to_be_visible()


@AT_EACH_SIZE
async def test_an_import_is_listed_by_its_source_and_removed_again(
    circle: Circle, tmp_path: Path, size: str
) -> None:
    staff = await circle.sign_in("community", SIZES[size])
    page = staff.page
    await open_screen(staff, "导入文件")
    await page.get_by_label("文件里是什么").select_option("facilities")
    await page.get_by_label("文件", exact=True).set_input_files(hydrants(tmp_path, (112.9842, 28.1592)))
    await page.locator("input[name=source]").fill(f"台账 {size}")
    await page.get_by_role("button", name="导入", exact=True).click()
    await expect(page.locator("#import-result")).to_contain_text("新增 1 条")

    record = page.locator(".row", has_text=f"台账 {size}")
    await expect(record).to_contain_text("hydrants.geojson")
    await staff.picture(f"{size}-imports-records")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(TOO_SMALL, 48) == []
    assert not await page.evaluate(OVERFLOWS)
    await record.get_by_role("button", name="移除").click()
    await record.get_by_role("button").click()
    await expect(record).to_contain_text("已移除 1 项，保留 0 项")
    await expect(record.get_by_role("button")).to_have_count(0)


CASES = Path(__file__).parent.parent / "services" / "imports"


async def six_hydrants_are_there(circle: Circle) -> None:
    found = [each["properties"] for each in (await circle.office.get("facilities"))["features"]]
    taken = [each for each in found if each["name"] in {f"A{n}" for n in range(1, 7)}]
    assert {each["name"] for each in taken if each["state"] == "faulty"} == {"A3"}
    assert {each["kind"] for each in taken} == {"hydrant"}
    assert len(taken) == 6


@AT_EACH_SIZE
async def test_a_register_is_read_column_by_column_and_remembered(
    circle: Circle, tmp_path: Path, size: str
) -> None:
    """A fire brigade's register: no kind, the squad in every name, own numbers, some out of service."""
    staff = await circle.sign_in("community", SIZES[size])
    page = staff.page
    register = tmp_path / f"hydrants-{size}.geojson"
    register.write_bytes((CASES / "hydrants-brigade.geojson").read_bytes())
    next_month = tmp_path / f"hydrants-{size}-2026-11.geojson"
    next_month.write_bytes(register.read_bytes())
    await open_screen(staff, "导入文件")

    async def choose(path: Path) -> None:
        await page.get_by_label("文件里是什么").select_option("facilities")
        await page.get_by_label("文件", exact=True).set_input_files(path)
        await page.get_by_role("button", name="核对各列").click()

    understood = page.locator("#import-understood")
    await choose(register)
    await expect(understood).to_have_text("将新增 0 条，更新 0 条，未变 0 条，不导入 6 条")
    await expect(understood).to_be_focused()
    await expect(page.locator(".mapping .row").first).to_contain_text("没有填写类型")

    def of(section: str, name: str) -> Locator:
        table = page.locator(".mapping-table", has_text=section)
        return table.locator("label", has=page.locator(f'span > bdi:text-is("{name}")')).locator("select")

    await of("文件的各列", "自编号").select_option(label="名称")
    await of("文件的各列", "是否停用").select_option(label="是否停用")
    await of("文件的各列", "消防栓位置").select_option(label="说明")
    await of("里的内容是什么意思", "True").select_option(label="是")
    await of("里的内容是什么意思", "False").select_option(label="否")
    await of("所有行都相同", "类型").select_option(label="消火栓")
    await of("编号列", "编号列").select_option(label="消防栓编号")
    await page.get_by_role("button", name="再看一次").click()
    await expect(understood).to_have_text("将新增 6 条，更新 0 条，未变 0 条，不导入 0 条")
    await expect(page.locator(".first-rows li").first).to_contain_text("类型 消火栓")
    await expect(page.locator(".first-rows li").first).to_contain_text("名称 A1")
    await expect(page.locator(".mapping .row", has_text="与同类对象位置完全相同")).to_have_count(3)
    for place, name in ((understood, "understood"), (of("文件的各列", "自编号"), "columns")):
        await place.scroll_into_view_if_needed()
        await staff.picture(f"{size}-imports-{name}")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(TOO_SMALL, 48) == []
    assert not await page.evaluate(OVERFLOWS)
    heights = "each => each.map((one) => one.getBoundingClientRect().height)"
    assert min(await page.locator(".mapping :is(select, input, button)").evaluate_all(heights)) >= 48
    await page.get_by_role("button", name="照此导入").click()
    await expect(page.locator("#import-result")).to_contain_text("新增 6 条")

    # The next file of this source is read in the same way, with nothing said.
    await choose(next_month)
    await expect(understood).to_have_text("将新增 0 条，更新 0 条，未变 6 条，不导入 0 条")
    await expect(of("编号列", "编号列")).to_have_value("消防栓编号")
    await six_hydrants_are_there(circle)

    record = page.locator(".rows > .row", has_text=f"hydrants-{size}.geojson")
    await record.get_by_role("button", name="移除").click()
    await record.get_by_role("button").click()
    await expect(record).to_contain_text("已移除 6 项，保留 0 项")


async def test_an_open_page_shows_other_buildings_when_an_import_comes_or_a_new_epoch_begins(
    circle: Circle, tmp_path: Path, stage_url: str
) -> None:
    watcher = await circle.sign_in("hospital", DESKTOP)
    await watcher.map_settled()
    staff = await circle.sign_in("community", DESKTOP)
    page = staff.page
    block = tmp_path / "new-block.geojson"
    outline = mapping(box(112.9871, 28.1571, 112.9873, 28.1573))
    feature = {"type": "Feature", "geometry": outline, "properties": {"id": 1, "name": "新建楼"}}
    block.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    await open_screen(staff, "导入文件")
    await page.get_by_label("文件", exact=True).set_input_files(block)

    async with watcher.page.expect_request(re.compile(r"/tiles/\d+/\d+/\d+\?v=")) as with_it:
        await page.get_by_role("button", name="导入", exact=True).click()
    record = page.locator(".rows > .row", has_text="new-block.geojson")
    version = (await with_it.value).url.partition("?v=")[2]
    async with watcher.page.expect_request(lambda sent: "?v=" in sent.url and version not in sent.url):
        await record.get_by_role("button", name="移除").click()
        await record.get_by_role("button").click()

    # A large removal, or an import of units, begins an epoch instead of telling each change.
    with psycopg.connect(stage_url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as owner:
        async with (
            watcher.page.expect_request(re.compile(r"/buildings$"), timeout=PATIENCE_MS),
            watcher.page.expect_request(re.compile(r"/facilities$"), timeout=PATIENCE_MS),
        ):
            owner.execute("UPDATE circle SET epoch = %s WHERE id = %s", ["e2e", circle.office.circle_id])


async def test_one_thing_is_removed_in_its_own_view(circle: Circle, tmp_path: Path) -> None:
    staff = await circle.sign_in("community", PHONE)
    page = staff.page
    place = (112.98365, 28.15965)
    await open_screen(staff, "导入文件")
    await page.get_by_label("文件里是什么").select_option("facilities")
    await page.get_by_label("文件", exact=True).set_input_files(hydrants(tmp_path, place))
    await page.get_by_role("button", name="导入", exact=True).click()
    await expect(page.locator("#import-result")).to_contain_text("新增 1 条")
    await page.locator(".screen .view-header button").first.click()
    await staff.look_at(*place)
    await staff.map_settled()
    await staff.tap_map(*place)
    await expect(page.locator(".view-header h2")).to_have_text(f"栓{place}")

    remove = page.locator("er-confirm-button.remove-thing button")
    await staff.picture("390x844-remove-thing")
    assert await page.evaluate(TOO_SMALL, 48) == []
    await remove.click()
    await remove.click()
    await expect(page.get_by_text("已从地图上移除")).to_be_visible()
    names = [each["properties"]["name"] for each in (await circle.office.get("facilities"))["features"]]
    assert f"栓{place}" not in names
