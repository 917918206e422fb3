"""The frame of an alley sheet: a scale of the list at which all that is needed fits, and its grid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates.local_plane import LocalPlane
from responder.domain.registers.sheet_frame import SCALES, Extent, Paper, choose_frame

LON, LAT = 112.985, 28.158


def extent(width_m: float, height_m: float, *, east_m: float = 0, north_m: float = 0) -> Extent:
    east, north = LocalPlane(lon=LON, lat=LAT).metres_per_degree
    return (
        LON + (east_m - width_m / 2) / east,
        LAT + (north_m - height_m / 2) / north,
        LON + (east_m + width_m / 2) / east,
        LAT + (north_m + height_m / 2) / north,
    )


@given(width_m=st.floats(1, 3000), height_m=st.floats(1, 3000), paper=st.sampled_from(Paper))
def test_what_is_needed_lies_on_the_map_at_the_largest_scale_of_the_list(
    width_m: float, height_m: float, paper: Paper
) -> None:
    needed = extent(width_m, height_m)

    frame = choose_frame(needed, wanted=needed, paper=paper)

    west, south, east, north = frame.extent
    assert frame.scale in SCALES
    assert west <= needed[0] + 1e-9
    assert south <= needed[1] + 1e-9
    assert east >= needed[2] - 1e-9
    assert north >= needed[3] - 1e-9
    larger = [scale for scale in SCALES if scale < frame.scale]
    if larger:
        room = [each / 1000 * larger[-1] for each in (frame.area.width_mm, frame.area.height_mm)]
        assert width_m > room[0] - 1 or height_m > room[1] - 1


def test_a_long_alley_stands_beside_its_lists_and_a_square_one_above_them() -> None:
    tall, square = extent(80, 700), extent(400, 400)

    assert not choose_frame(tall, wanted=tall, paper=Paper.A4).area.is_wide
    assert choose_frame(square, wanted=square, paper=Paper.A4).area.is_wide


def test_the_map_is_moved_to_show_more_and_never_off_what_is_needed() -> None:
    needed = extent(100, 400)
    wanted = extent(2000, 400, east_m=1000)

    frame = choose_frame(needed, wanted=wanted, paper=Paper.A4)

    assert frame.lon > LON
    assert frame.extent[0] <= needed[0] + 1e-9


def test_larger_paper_shows_more() -> None:
    needed = extent(400, 400)

    a4, a3 = (choose_frame(needed, wanted=needed, paper=each) for each in (Paper.A4, Paper.A3))

    assert a3.scale < a4.scale


def test_a_circle_as_large_as_a_town_is_cut_around_its_middle() -> None:
    needed = extent(30_000, 30_000)

    frame = choose_frame(needed, wanted=needed, paper=Paper.A4)

    assert frame.scale == SCALES[-1]
    assert (frame.lon, frame.lat) == pytest.approx((LON, LAT))


def test_squares_are_lettered_to_the_right_and_numbered_downwards() -> None:
    needed = extent(400, 400)
    frame = choose_frame(needed, wanted=needed, paper=Paper.A4)
    west, south, east, north = frame.extent
    step = 1e-7

    assert frame.cell(west + step, north - step) == "A1"
    assert frame.cell(east - step, south + step) == "D6"
    assert frame.cell(LON + step, LAT + step) == "C3"
    assert frame.cell(west - step, LAT) is None
    assert frame.cell(LON, north + step) is None
