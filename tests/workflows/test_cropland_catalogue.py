"""Catalogue, pictures and report of the croplands job."""

import json

from pyterra.workflows.croplands import croplands


def test_the_catalogue_the_pictures_and_the_report_are_written(calm, job):
    out, report = calm.out, calm.report
    catalogue = json.loads((out / "stac" / "catalog.json").read_text())
    assert [link["rel"] for link in catalogue["links"]] == ["root", "child"]
    assert sorted(p.name for p in (out / "stac" / "cropland").glob("cropland-*.json")) == [
        f"cropland-{year}.json" for year in job["years"]
    ]
    item = json.loads((out / "stac" / "cropland" / "cropland-2005.json").read_text())
    assert {name: asset["proj:shape"] for name, asset in item["assets"].items()} == {
        "30m": [40, 160],
        "100m": [12, 48],
        "1km": [4, 16],
    }
    # Metres of a degree of the equator, 111319.49, through 40, 12 and 4 cells.
    assert [asset["gsd"] for asset in item["assets"].values()] == [2782.99, 9276.62, 27829.87]
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in report.pictures)
    assert len(report.pictures) == 2
    written = json.loads((out / "report.json").read_text())
    assert written["tiles"]["with_cropland"] == 3
    assert written["files"]["30m"]["2005"] == str(report.paths["30m"][2005].relative_to(out))
    assert (out / "report.txt").read_text() == str(report)
    assert "Failures: none" in str(report)


def test_a_map_that_fails_is_left_out_of_catalogue_and_pictures(glad, tmp_path, job):
    out = tmp_path / "out"
    (out / "layers30m").mkdir(parents=True)
    name = "cropland_glad.potapov.et.al_p_30m_s_{0}0101_{0}1231_go_epsg.4326_v1.tif"
    for year in job["years"]:
        (out / "layers30m" / name.format(year)).mkdir()  # something that cannot be replaced
    report = croplands(glad, out, on_error="skip", **job)
    assert [failure.id for failure in report.failures] == [f"map_30m_{year}" for year in job["years"]]
    assert not report.paths["30m"]
    item = json.loads((out / "stac" / "cropland" / "cropland-2005.json").read_text())
    assert list(item["assets"]) == ["100m", "1km"]
    assert len(report.pictures) == 2
