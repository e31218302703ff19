"""Statistics over cells."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError
from pyterra.run import Forbidden, use_executor

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.array([[[1.0, 2, 2], [NAN, 5, 10]], [[1.0, 1, 1], [1, 1, 1]]]), names=["a", "b"])


@pytest.mark.parametrize(
    ("fun", "expected"),
    [
        ("sum", 20),
        ("mean", 4),
        ("min", 1),
        ("max", 10),
        ("prod", 200),
        ("sd", np.std([1, 2, 2, 5, 10], ddof=1)),
        ("std", np.std([1, 2, 2, 5, 10])),
        ("var", np.var([1, 2, 2, 5, 10], ddof=1)),
        ("rms", np.sqrt((1 + 4 + 4 + 25 + 100) / 4)),
        ("isNA", 1),
        ("notNA", 5),
        ("median", 2),
        ("modal", 2),
    ],
)
def test_statistics_leave_missing_out_on_request(r, fun, expected):
    found = r.global_(fun, na_rm=True)
    assert list(found.index) == ["a", "b"]
    assert list(found.columns) == [fun]
    assert found.iloc[0, 0] == pytest.approx(expected)
    kept = r.global_(fun).iloc[0, 0]
    assert np.isnan(kept) or fun in ("isNA", "notNA")


def test_several_statistics_are_columns_and_range_is_two(r):
    assert list(r.global_(["mean", "range"], na_rm=True).columns) == ["mean", "min", "max"]


def test_weights_and_functions(r):
    w = pt.rast(np.array([[1.0, 1, 0], [1, 1, 0]]))
    assert r[1].global_("mean", weights=w).iloc[0, 0] == 1
    found = r.global_("mean", weights=w, na_rm=True)
    assert list(found.columns) == ["weighted_mean"]
    assert found.iloc[0, 0] == pytest.approx((1 + 2 + 5) / 3)
    assert r.global_(lambda v: np.nanmax(v)).iloc[0, 0] == 10
    assert r.global_(lambda v, q: np.quantile(v, q), na_rm=True, q=[0.5, 1]).iloc[0].tolist() == [2, 10]
    ends = r.global_(lambda v: {"low": np.nanmin(v), "high": np.nanmax(v)})
    assert ends.iloc[0].to_dict() == {"low": 1, "high": 10}
    with pytest.raises(UDFError, match="layer 'a'"):
        r.global_(lambda v: 1 / int(v.size - 6))
    with pytest.raises(ArgumentError, match="'mean'"):
        r.global_("maen")


def test_freq_counts_values_rounded_half_away_from_zero():
    r = pt.rast([[0.5, 1.4, 2.5, NAN]])
    found = r.freq()
    assert found["value"].tolist() == [1, 3]
    assert found["count"].tolist() == [2, 1]
    assert found["layer"].tolist() == [0, 0]
    assert r.freq(digits=1)["value"].tolist() == [0.5, 1.4, 2.5]
    assert r.freq(value=NAN)["count"].tolist() == [1]


def test_freq_shows_labels_and_joins_layers(r):
    s = pt.rast([[1, 2], [2, 7]])
    s.levels = {1: "forest", 2: "grass"}
    assert s.freq()["value"].tolist() == ["forest", "grass", 7]
    assert s.freq(value="grass")["count"].tolist() == [2]
    assert r.freq(bylayer=False)["count"].tolist() == [7, 2, 1, 1]


def test_limits_are_computed_and_kept_unless_told_otherwise(r):
    computed = r * 2
    assert np.isnan(computed.minmax(compute=False)).all()
    assert computed.minmax().tolist() == [[2, 2], [20, 2]]
    with use_executor(Forbidden()):
        assert computed.minmax(compute=False).tolist() == [[2, 2], [20, 2]]


def test_limits_of_values_in_memory_and_of_files_with_statistics_are_known(tmp_path, r):
    written = r.write_raster(tmp_path / "r.tif")
    with use_executor(Forbidden()):
        assert r.minmax(compute=False).tolist() == [[1, 1], [10, 1]]
        assert written.minmax().tolist() == [[1, 1], [10, 1]]
    assert pt.rast([[np.nan, 2.0]]).minmax(compute=False).tolist() == [[2], [2]]
    assert np.isnan(pt.rast([[np.nan]]).minmax()).all()


def test_what_is_printed_shows_the_limits_that_are_known(r):
    assert "min values  :  1, 1" in str(r)
    computed = r * 2
    assert "min value" not in str(computed)
    computed.minmax()
    assert "max values  : 20, 2" in str(computed)


def test_unique_keeps_the_row_that_is_missing_in_all_layers():
    x = pt.rast(np.array([[[1, np.nan, 2]], [[1, np.nan, np.nan]]]))
    assert x.unique().values.tolist() == [[1, 1]]
    assert str(x.unique(na_rm=False).values.tolist()) == "[[1.0, 1.0], [2.0, nan], [nan, nan]]"  # terra 1.9


def test_unique_numbers_combinations_from_0_whatever_the_names():
    x = pt.rast(np.array([[[1, 2.0]], [[1, 3]]]), names=["a", "a"])
    numbered = x.unique(as_raster=True)
    assert (numbered + 0).values(drop=True).tolist() == [0, 1]  # as terra 1.9 numbers them
    table = numbered.cats()[0]
    assert table["label"].tolist() == ["1_1", "2_3"]
    assert table.iloc[:, 2:].values.tolist() == [[1, 1], [2, 3]]


def test_unique_gives_combinations_or_values_by_layer(r):
    both = r.unique()
    assert both["a"].tolist() == [1, 2, 5, 10]
    assert both["b"].tolist() == [1, 1, 1, 1]
    assert [v.tolist() for v in r.unique(incomparables=True)] == [[1, 2, 5, 10], [1]]
    assert r[0].unique()["a"].tolist() == [1, 2, 5, 10]


def test_a_statistic_is_computed_once(r, monkeypatch):
    r.global_("mean")
    monkeypatch.setattr("pyterra.run.compute.blocks_of", None)
    assert r.global_("sum", na_rm=True).iloc[0, 0] == 20


def test_sums_of_many_small_numbers_keep_their_digits():
    r = pt.rast(np.full((1500, 1500), 0.1))
    assert r.global_("sum").iloc[0, 0] == pytest.approx(225_000, rel=1e-14)


def test_whether_there_are_missing_cells_or_others(r):
    found = r.global_(["anyNA", "anynotNA"])
    assert found.to_dict("list") == {"anyNA": [True, False], "anynotNA": [True, True]}
    nothing = pt.rast(np.full((1, 2), NAN)).global_(["anyNA", "anynotNA"], na_rm=True)
    assert nothing.to_numpy().tolist() == [[True, False]]
