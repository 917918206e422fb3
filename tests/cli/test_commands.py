"""What the administrator's commands do and say."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import psycopg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from geo.network.profiles import DEFAULT_PROFILES
from geo.reach.results import Missing
from responder.cli.alert import REASONS
from responder.cli.commands import app
from responder.cli.import_words import words
from responder.demo.demo_circle import SCENE, demo_accounts
from responder.domain.map.facility import FacilityKind
from responder.domain.map.hazard import HazardGrade, HazardState
from responder.domain.people.partner import PartnerKind
from responder.store.install_state import libpq_url

DEMO = Path(__file__).parents[2] / "responder" / "demo" / "data"
LANES = DEMO / "lanes.osm"


@pytest.fixture
def run(demo_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Run":
    monkeypatch.setenv("RESPONDER_DATABASE_URL", demo_database_url)
    monkeypatch.setenv("RESPONDER_DATA_DIR", str(tmp_path))
    run = Run(demo_database_url)
    run.let_an_hour_pass()
    return run


class Run:
    """Runs commands, and looks into the database behind their back."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)

    def __call__(self, *words: str, code: int = 0) -> str:
        done: Result = CliRunner().invoke(app, list(words))
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done.output

    def count(self, table: str, circle: str) -> int:
        query = f"SELECT count(*) FROM {table} JOIN circle ON circle.id = circle_id WHERE circle.name = %s"  # noqa: S608
        with psycopg.connect(self._url) as connection:
            found = connection.execute(query.encode(), (circle,)).fetchone()
        return found[0] if found else 0

    def latest_severity(self, circle: str) -> str:
        query = (
            "SELECT severity FROM incident JOIN circle ON circle.id = circle_id "
            "WHERE circle.name = %s ORDER BY raised_at DESC LIMIT 1"
        )
        with psycopg.connect(self._url) as connection:
            found = connection.execute(query, (circle,)).fetchone()
        return str(found[0]) if found else ""

    def let_an_hour_pass(self) -> None:
        """Leave nothing that an alert of now could be the same as."""
        with psycopg.connect(self._url) as connection:
            connection.execute("SELECT set_config('responder.system', 'on', true)")
            connection.execute("UPDATE incident SET raised_at = raised_at - interval '1 hour'")

    def circles(self) -> set[str]:
        with psycopg.connect(self._url) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM circle")}


def test_openstreetmap_makes_the_circle_with_its_roads(run: Run) -> None:
    said = run("import", "osm", str(LANES), "--circle", "新片区")
    assert "新片区" in said
    assert "km" in said
    assert "新片区" in run.circles()
    assert run.count("road", "新片区") > 10


def test_taking_the_same_file_again_changes_nothing(run: Run) -> None:
    run("import", "osm", str(LANES), "--circle", "再来一次")
    before = run.count("road", "再来一次")
    said = run("import", "osm", str(LANES), "--circle", "再来一次")
    assert "已新建" not in said
    assert run.count("road", "再来一次") == before


def test_a_file_that_is_cut_short_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    whole = LANES.read_bytes()
    for name, content in {
        "cut.osm": whole[: len(whole) // 2],
        "other.osm": b"hello",
        "empty.osm": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
        said = run("import", "osm", str(tmp_path / name), "--circle", "坏文件", code=1)
        assert "unreadable_file" in said
    assert "坏文件" not in run.circles()


@pytest.mark.parametrize("bbox", ["1,2,3", "a,b,c,d", "113,28,112,29", "nan,nan,nan,nan"])
def test_a_bbox_that_is_none_is_refused(run: Run, bbox: str) -> None:
    said = run("import", "osm", str(LANES), "--circle", "x", "--bbox", bbox, code=1)
    assert "西,南,东,北" in said


def test_a_bbox_takes_less(run: Run) -> None:
    run("import", "osm", str(LANES), "--circle", "全部")
    run("import", "osm", str(LANES), "--circle", "一角", "--bbox", "112.984,28.157,112.986,28.159")
    assert 0 < run.count("road", "一角") < run.count("road", "全部")


def test_features_come_from_files(run: Run) -> None:
    run("import", "osm", str(LANES), "--circle", "要素")
    told = json.loads((DEMO / "hazards.geojson").read_text(encoding="utf-8"))
    first = run("import", "features", "hazards", str(DEMO / "hazards.geojson"), "--circle", "要素")
    again = run("import", "features", "hazards", str(DEMO / "hazards.geojson"), "--circle", "要素")
    assert f"新增 {len(told['features'])} 条" in first
    assert f"新增 0 条，更新 0 条，未变 {len(told['features'])} 条" in again
    assert run.count("hazard", "要素") == len(told["features"])


def test_a_row_without_a_geometry_is_named_and_the_others_are_taken(run: Run, tmp_path: Path) -> None:
    run("import", "osm", str(LANES), "--circle", "未画全")
    told = json.loads((DEMO / "hazards.geojson").read_text(encoding="utf-8"))
    told["features"][1]["geometry"] = None
    file = tmp_path / "hazards.geojson"
    file.write_text(json.dumps(told), encoding="utf-8")
    said = run("import", "features", "hazards", str(file), "--circle", "未画全")
    assert f"新增 {len(told['features']) - 1} 条" in said
    assert "没有几何" in said
    assert run.count("hazard", "未画全") == len(told["features"]) - 1


def test_rows_that_cannot_be_are_said_in_words_and_nothing_taken_is_a_failure(run: Run) -> None:
    run("import", "osm", str(LANES), "--circle", "没有单位")
    # None of the partners that the file names is in the new circle.
    file = str(DEMO / "facilities.geojson")
    said = run("import", "features", "facilities", file, "--circle", "没有单位", code=1)
    assert "没有名为该名称的联动单位" in said
    assert "unknown_partner" in said
    assert "没有可以导入的行" in said
    assert run.count("facility", "没有单位") == 0


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("unknown_partner_kind", PartnerKind),
        ("unknown_kind", FacilityKind),
        ("unknown_grade", HazardGrade),
        ("unknown_state", HazardState),
        ("unknown_profile", DEFAULT_PROFILES),
    ],
)
def test_a_value_that_is_not_known_is_answered_with_those_that_are(code: str, values: Iterable[str]) -> None:
    assert all(value in said for said in words(code) for value in values)


def test_an_unknown_circle_or_kind_is_said_in_words(run: Run) -> None:
    facilities = str(DEMO / "facilities.geojson")
    assert "没有名为" in run("import", "features", "facilities", facilities, "--circle", "无", code=1)
    assert "buildings" in run("import", "features", "dragons", facilities, "--circle", "无", code=1)
    said = run("alert", "raise", "--circle", "无", "--kind", "fire", "--at", "1,2", code=1)
    zh, en = said.splitlines()[-2:]
    assert demo_accounts().circle_name in zh.split("没有名为“无”的响应圈。现有：")[1]
    assert demo_accounts().circle_name in en.split("no circle named '无'; there are: ")[1]


def test_an_alert_is_raised_at_a_building_or_a_point(run: Run) -> None:
    circle = demo_accounts().circle_name
    before = run.count("incident", circle)
    said = run("alert", "raise", "--circle", circle, "--kind", "fire", "--building", SCENE, "--exercise")
    assert f"【演练】火情：{SCENE}" in said
    assert "min" in said
    said = run("alert", "raise", "--circle", circle, "--kind", "smoke", "--at", "112.985,28.158")
    assert "【演练】" not in said
    assert "…" not in said, "the reason of the fire engine is long, and whole"
    assert run.count("incident", circle) == before + 2


def test_an_alert_that_may_be_the_same_as_another_names_it_and_how_to_go_on(run: Run) -> None:
    circle = demo_accounts().circle_name
    raising = ("alert", "raise", "--circle", circle, "--kind", "fire", "--building", SCENE, "--exercise")
    run(*raising)
    before = run.count("incident", circle)
    said = run(*raising, code=1)
    assert run.count("incident", circle) == before
    [option] = [line.split()[:2] for line in said.splitlines() if "--not-same-as" in line]
    run(*raising, *option)
    assert run.count("incident", circle) == before + 1


def test_a_person_who_cannot_come_or_cannot_be_called_is_named_with_the_reason(
    run: Run, tmp_path: Path
) -> None:
    circle = demo_accounts().circle_name
    unit = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [112.985, 28.158]},
        "properties": {
            "name": "楼道长",
            "name_en": "Stairwell wardens",
            "kind": "warden",
            "profile": "foot",
            "turnout_s": 30,
            "partner": "省示例医院",
        },
    }
    file = tmp_path / "units.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [unit]}), encoding="utf-8")
    run("import", "features", "units", str(file), "--circle", circle)
    said = run("alert", "raise", "--circle", circle, "--kind", "fire", "--building", SCENE, "--exercise")
    before, more = said.split("不在岗：")
    absent, unlisted = more.split("无人登记")
    assert absent.startswith("夜间志愿队")
    assert "off duty: Night volunteers" in absent
    assert "夜间志愿队" not in before
    assert "楼道长" not in absent
    assert "请打电话通知：楼道长" in unlisted
    assert "no person on record, call by telephone: Stairwell wardens" in unlisted
    assert "急救车组" not in unlisted


def test_every_reason_of_not_coming_has_words() -> None:
    assert set(REASONS) == {*get_args(Missing), "off_duty"}


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        (("--kind", "fire"), "red"),
        (("--kind", "flood"), "yellow"),
        (("--kind", "fire", "--severity", "blue"), "blue"),
    ],
)
def test_how_bad_it_is_follows_from_the_kind_unless_it_is_said(
    run: Run, words: tuple[str, ...], severity: str
) -> None:
    circle = demo_accounts().circle_name
    run("alert", "raise", "--circle", circle, "--building", SCENE, "--exercise", *words)
    assert run.latest_severity(circle) == severity


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--building", "没有这栋"), "0"),
        (("--at", "here"), "经度"),
        (("--at", "0,0"), "outside_network"),
        (("--at", "999,0"), "invalid_coordinates"),
        ((), "invalid_value"),
    ],
)
def test_an_alert_nowhere_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    circle = demo_accounts().circle_name
    before = run.count("incident", circle)
    assert said in run("alert", "raise", "--circle", circle, "--kind", "fire", *words, code=1)
    assert run.count("incident", circle) == before


def test_migrating_twice_changes_nothing(run: Run) -> None:
    run("migrate")
    assert "earlier rules" not in run("migrate")


def test_an_upgrade_names_circles_whose_roads_an_earlier_version_read(
    run: Run, demo_database_url: str
) -> None:
    with psycopg.connect(libpq_url(demo_database_url)) as connection:
        connection.execute("SELECT set_config('responder.system', 'on', true)")
        connection.execute("UPDATE circle SET roads_summary = roads_summary - 'rules_version'")
    said = run("migrate")
    with psycopg.connect(libpq_url(demo_database_url)) as connection:
        connection.execute("SELECT set_config('responder.system', 'on', true)")
        connection.execute("""UPDATE circle SET roads_summary = roads_summary || '{"rules_version": 1}'""")
    assert demo_accounts().circle_name in said
    assert "import the map again" in said


def test_a_database_that_is_away_is_said_in_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert "not_ready" in run("alert", "raise", "--circle", "x", "--kind", "fire", "--at", "1,2", code=1)


def test_without_tables_the_command_to_make_them_is_named(
    run: Run, postgis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", postgis)
    said = run("alert", "raise", "--circle", "x", "--kind", "fire", "--at", "1,2", code=1)
    assert "responder migrate" in said


def test_settings_that_cannot_be_are_said_in_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_PORT", "70000")
    assert "port" in run("migrate", code=1)


def test_the_private_database_of_a_new_folder_is_absent(run: Run) -> None:
    assert "absent" in run("db", "status")


@pytest.mark.shared_data
def test_changsha_without_tags_works_and_says_where_widths_come_from(run: Run, shared_data: Path) -> None:
    file = shared_data / "osm" / "changsha-roads-2019.osm.pbf"
    if not file.is_file():
        pytest.skip(f"there is no {file.name}")
    said = run("import", "osm", str(file), "--circle", "长沙")
    assert "按道路等级取宽度" in said
    assert "火情" in run("alert", "raise", "--circle", "长沙", "--kind", "fire", "--at", "112.985,28.158")
