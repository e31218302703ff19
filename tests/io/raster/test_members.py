"""Other files whose values a file shows."""

import numpy as np

import pyterra as pt
from pyterra.grid import Window
from pyterra.io.raster.members import Member, members_of


def test_a_member_meets_the_windows_over_its_place():
    member = Member("a.tif", (2.0, 3.0, 4.0, 5.0))
    assert member.meets(Window(5, 7, 1, 1))
    assert not member.meets(Window(6, 7, 1, 1))
    assert not member.meets(Window(0, 0, 9, 3))
    assert Member("a.tif", None).meets(Window(0, 0, 1, 1))


def test_a_virtual_raster_names_its_files_with_their_places(tmp_path):
    for name, x in (("a", 0), ("b", 4)):
        r = pt.rast(np.ones((1, 3, 4)), extent=(x, x + 4, 0, 3), crs="EPSG:3035")
        r.write_raster(tmp_path / f"{name}.tif")
    pt.vrt([tmp_path / "a.tif", tmp_path / "b.tif"], tmp_path / "both.vrt")
    found = {member.path.rpartition("/")[2]: member for member in members_of(str(tmp_path / "both.vrt"), 1)}
    assert set(found) == {"a.tif", "b.tif"}
    assert found["a.tif"].meets(Window(0, 0, 1, 1))
    assert not found["b.tif"].meets(Window(0, 0, 1, 2))


def test_the_data_beside_a_header_are_its_member(tmp_path):
    pt.rast([[1.0, 2.0]], crs="EPSG:3035").write_raster(tmp_path / "a.envi")
    assert [member.path.rpartition("/")[2] for member in members_of(str(tmp_path / "a.envi"), 1)] == ["a.hdr"]


def test_files_in_one_piece_remote_and_missing_ones_have_none(tmp_path):
    pt.rast([[1.0]]).write_raster(tmp_path / "a.tif")
    assert members_of(str(tmp_path / "a.tif"), 1) == ()
    assert members_of("https://example.org/a.vrt", 1) == ()
    assert members_of(str(tmp_path / "none.vrt"), 1) == ()
