"""Which layers follow each other in time."""

import numpy as np

import pyterra as pt
from pyterra.maps.moments import NEVER, moments


def stack(names, times, step=""):
    r = pt.rast(np.zeros((len(names), 1, 1)), names=names)
    return (r.set_time(times, step) if step else r.set_time(times))._node.layers


def told(layers, name=""):
    return [(m.series, m.text) for m in moments(layers, name)]


def test_layers_with_times_are_a_series_with_the_name_that_they_share():
    dates = np.array(["2000-01-01", "2001-02-01"], "datetime64[D]")
    assert told(stack(["ndvi_2000", "ndvi_2001"], dates)) == [("ndvi", "2000-01-01"), ("ndvi", "2001-02-01")]
    assert told(stack(["a", "b"], dates))[0][0] == "layers"
    assert told(stack(["a", "b"], dates), "green")[0][0] == "green"
    found = moments(stack(["a", "b"], dates))
    assert 2000 <= found[0].when < found[1].when < 2001.1


def test_years_are_written_in_full():
    assert told(stack(["y2003", "y2012"], [2003, 2012], "years")) == [("y", "2003"), ("y", "2012")]


def test_layers_of_one_time_are_of_series_of_their_own():
    times = np.array(["2000-01-01", "2000-01-01", "2001-01-01", "2001-01-01"], "datetime64[D]")
    found = told(stack(["ndvi_1", "evi_1", "ndvi_2", "evi_2"], times))
    assert [name for name, _ in found] == ["ndvi", "evi", "ndvi", "evi"]
    assert [name for name, _ in told(stack(["1", "2", "3", "4"], times))] == ["layers", "layers (2)"] * 2


def test_without_times_or_with_one_there_is_no_series():
    assert moments(pt.rast(np.zeros((2, 1, 1)))._node.layers) == [NEVER, NEVER]
    assert moments(stack(["a", "b"], np.array(["2000-01-01"] * 2, "datetime64[D]"))) == [NEVER, NEVER]
