"""Cells that lines and polygons cover: their values, and statistics of them."""

import tracemalloc

import numpy as np
import pytest
import shapely

import pyterra as pt


def test_statistics_of_polygons_that_overlap_need_little_memory():
    big = pt.rast(np.ones((1, 500, 500)), crs="", names="a")
    v = pt.vect([shapely.box(0, 0, 500, 500 - i) for i in range(100)])
    big.extract(v[0:2], "sum")
    tracemalloc.start()
    found = big.extract(v, "sum")["a"].tolist()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [500.0 * (500 - i) for i in range(100)]
    assert peak < 100e6  # all cells of all polygons take 24 bytes each: 540 MB


NAN = float("nan")


@pytest.fixture
def r():
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs="", vals=range(12), names="a")


def box(*bounds, **more):
    return pt.vect(shapely.box(*bounds), **more)


class TestPolygons:
    def test_every_cell_whose_centre_lies_inside(self, r):
        out = r.extract(box(0, 0, 2, 1), cells=True)
        assert out.to_numpy().tolist() == [[0, 8, 8], [0, 9, 9]]

    def test_a_polygon_that_holds_no_centre_takes_what_it_touches(self, r):
        v = box(0.8, 0.1, 1.2, 0.2)
        assert r.extract(v)["a"].tolist() == [8, 9]
        assert r.extract(v, small=False)["a"].isna().tolist() == [True]

    def test_a_polygon_elsewhere_gives_one_missing_row(self, r):
        assert r.extract(box(9, 9, 10, 10)).to_numpy()[0, 0] == 0
        assert r.extract(box(9, 9, 10, 10))["a"].isna().tolist() == [True]

    def test_exact_fractions_weigh_mean_and_sum(self, r):
        v = box(0, 0, 1.5, 1)
        assert r.extract(v, exact=True)["fraction"].tolist() == [1, 0.5]
        assert r.extract(v, weights=True)["weight"].tolist() == [1, 0.5]
        assert r.extract(v, "mean", exact=True)["a"].tolist() == [pytest.approx((8 + 4.5) / 1.5)]
        assert r.extract(v, "sum", exact=True)["a"].tolist() == [12.5]

    def test_fractions_are_those_of_the_cell_in_degrees(self):
        r = pt.rast([[2.0], [1.0]], extent=(0, 10, 60, 80), crs="EPSG:4326")
        v = box(0, 65, 10, 75)
        v.crs = "EPSG:4326"
        assert r.extract(v, exact=True)["fraction"].tolist() == [0.5, 0.5]
        assert r.extract(v, "mean", exact=True).iloc[0, 1] == r.zonal(v, exact=True).iloc[0, 0] == 1.5
        assert v.rasterize(r, cover=True).values(drop=True).tolist() == [0.5, 0.5]

    @pytest.mark.parametrize(
        ("fun", "expected"),
        [
            ("sum", 17),
            ("mean", 8.5),
            ("min", 8),
            ("max", 9),
            ("median", 8.5),
            ("notNA", 2),
            ("isNA", 0),
            ("sd", 0.5**0.5),
        ],
    )
    def test_statistics(self, r, fun, expected):
        assert r.extract(box(0, 0, 2, 1), fun)["a"].tolist() == [pytest.approx(expected)]

    def test_one_missing_cell_makes_a_statistic_missing(self, r):
        r[2, 0] = NAN
        for fun in ("mean", "median"):
            assert r.extract(box(0, 0, 2, 1), fun)["a"].isna().all()
            assert r.extract(box(0, 0, 2, 1), fun, na_rm=True)["a"].tolist() == [9]

    def test_a_function_may_give_several_numbers(self, r):
        out = r.extract(box(0, 0, 2, 1), np.sort)
        assert list(out.columns) == ["ID", "a", "a.1"]
        assert out.to_numpy().tolist() == [[0, 8, 9]]

    def test_a_table_counts_values(self, r):
        out = (r > 8).extract(box(0, 0, 4, 1), "table")
        assert out["count"].tolist() == [1, 3]

    @pytest.mark.parametrize("memory", ["64MB", "2GB"])
    def test_a_table_of_many_blocks_is_that_of_the_cells(self, tmp_path, memory):
        rng = np.random.default_rng(4)
        values = np.where(rng.random((2, 300, 200)) < 0.1, NAN, rng.integers(0, 5, (2, 300, 200)))
        x = pt.rast(values, names=["a", "b"]).write_raster(
            tmp_path / "x.tif", options={"TILED": "YES", "BLOCKXSIZE": "16", "BLOCKYSIZE": "16"}
        )
        v = pt.vect(shapely.buffer(shapely.points(rng.uniform(0, 300, (12, 2))), rng.uniform(2, 90, 12)))
        cells = x.extract(v)
        parts = [cells[["ID", name]].dropna().groupby(["ID", name]).size() for name in ("a", "b")]
        with pt.options(memory=memory):
            out = x.extract(v, "table")
            assert x["b"].freq(zones=v)["count"].tolist() == parts[1].tolist()
        for name, part in zip("ab", parts, strict=True):
            own = out[out["layer"] == name]
            assert list(zip(own["ID"], own["value"], strict=True)) == part.index.tolist()
            assert own["count"].tolist() == part.tolist()

    def test_a_table_of_nothing_is_empty(self, r):
        assert r.extract(box(50, 50, 60, 60), "table").shape == (0, 3)

    def test_more_counts_than_fit_are_refused(self):
        x = pt.rast(np.random.default_rng(1).random((2, 500, 500)))
        with (
            pt.options(memory="1MB"),
            pytest.raises(pt.errors.MemoryBudgetError, match="different values in geometries"),
        ):
            x.extract(box(0, 0, 500, 500), "table")

    def test_lines_take_all_cells_they_touch(self, r):
        assert r.extract(pt.vect("LINESTRING (0.5 0.5, 2.5 0.5)"))["a"].tolist() == [8, 9, 10]

    def test_only_blocks_that_hold_a_geometry_are_computed(self, r, monkeypatch):
        seen = []
        big = pt.rast(nrows=5000, ncols=5000, xmin=0, xmax=5000, ymin=0, ymax=5000, crs="", vals=1)

        def spy(block):
            seen.append(block.shape)
            return block[0]

        assert big.app(spy, per="block").extract(box(10, 10, 12, 12), "sum").iloc[0, 1] == 4
        assert sum(np.prod(shape[1:]) for shape in seen) < 5000 * 5000 / 4
