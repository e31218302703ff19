"""Whether two vectors are the same, and how they differ."""

import pytest

import pyterra as pt


@pytest.fixture
def v():
    return pt.vect([[0, 0], [1, 1]], atts={"a": [1, 2]}, crs="EPSG:4326")


def changed(v):
    out = v.copy()
    out["a"] = [1, 3]
    return out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v[:1], "numbers of geometries differ: 2 and 1"),
        (lambda v: v.shift(1, 0), "geometries differ"),
        (changed, "attributes differ"),
        (
            lambda v: pt.vect([[0, 0], [1, 1]], atts={"a": [1, 2]}, crs="EPSG:3857"),
            "reference systems differ",
        ),
    ],
)
def test_what_differs_is_told(v, change, said):
    found = v.all_equal(change(v))
    assert [text.split(":")[0] for text in found] == [said.split(":")[0]]
    assert not v.identical(change(v))


def test_equal_vectors_are_equal(v):
    assert v.all_equal(v.copy()) is True
    assert v.identical(v.copy())
    assert not v.identical(v.shift(1e-12, 0))
    assert v.shift(5, 5).all_equal(v.shift(5 + 1e-12, 5)) is True
    assert not v.identical("v")
