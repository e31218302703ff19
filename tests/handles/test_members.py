"""What all that holds rasters or vectors has in common: names, numbers, brackets."""

import pytest

import pyterra as pt
from pyterra.errors import LayerError


@pytest.fixture
def r():
    return pt.rast(
        nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, nlyrs=2, vals=range(1, 25), names=["a", "b"]
    )


@pytest.fixture
def s(r):
    return pt.sds(t=r, p=r * 10)


def test_members_are_got_by_number_and_by_name(s):
    assert s[1].values(drop=False)[0].tolist() == [10, 130]
    assert s["p"].names == ["a", "b"]
    assert [one.values()[-1, 0] for one in s] == [12, 120]


@pytest.mark.parametrize(
    ("key", "names"),
    [(slice(1, 2), ["p"]), ([1, 0], ["p", "t"]), (["p"], ["p"]), ([True, False], ["t"]), (slice(2, 9), [])],
)
def test_several_members_are_a_dataset(s, key, names):
    assert isinstance(s[key], pt.SpatRasterDataset)
    assert s[key].names == names
    assert s.subset(key).names == names


@pytest.mark.parametrize("key", [2, -3, "q", [True], [0, 5]])
def test_members_that_are_not_there_are_errors(s, key):
    with pytest.raises(LayerError, match="sds"):
        s[key]


def test_a_near_name_is_named(r):
    with pytest.raises(LayerError, match="did you mean 'rain'"):
        pt.sds(rain=r, temp=r)["rian"]


def test_what_is_taken_out_can_be_changed_without_changing_the_dataset(s):
    one = s[0]
    one.names = ["x", "y"]
    one[one > 5] = None
    assert s[0].names == ["a", "b"]
    assert s[0].values()[-1, 0] == 12


def test_in_brackets_numbers_below_0_count_from_the_end():
    rasters = [pt.rast(nrows=1, ncols=1, vals=i) for i in range(3)]
    for held in (pt.sprc(rasters), pt.sds(rasters)):
        assert held[-1].minmax().ravel().tolist() == [2, 2]
        assert [r.minmax()[0, 0] for r in held[:-1]] == [0, 1]
        with pytest.raises(pt.errors.LayerError, match="never from the end"):
            held.subset(slice(-1, None))
    vectors = pt.svc([pt.vect([[0.0, float(i)]]) for i in range(3)])
    assert vectors[-1].crds().tolist() == [[0, 2]]
    assert len(vectors[:-1]) == 2
    assert pt.ext(0, 1, 2, 3)[-1] == 3
