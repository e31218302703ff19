"""Statistics of zones and the ground that values cover."""

import pytest

import pyterra as pt

NA = float("nan")


@pytest.fixture
def x():
    return pt.rast([[1.0, 2, 4, NA]], names="v", crs="")


@pytest.fixture
def z():
    return pt.rast([[7, 7, 9, 9]], names="zone", crs="")


def column(table, name="v"):
    return table[name].tolist()


# expanse


def test_the_ground_of_cells_with_values(x):
    assert x.expanse(transform=False).values.tolist() == [[0, 3]]
    assert (x * NA).expanse(transform=False).values.tolist() == [[0, 0]]
    assert pt.rast(nrows=2, ncols=2).expanse("km").loc[0, "area"] == pytest.approx(510_065_621.7, rel=1e-6)


def test_the_ground_of_values_and_zones(x, z):
    y = pt.rast([[5, 5, 6, 6]], crs="")
    found = y.expanse(transform=False, by_value=True)
    assert found.values.tolist() == [[0, 5, 2], [0, 6, 2]]
    assert x.expanse(transform=False, zones=z).values.tolist() == [[0, 7, 2], [0, 9, 1]]
    wide = y.expanse(transform=False, by_value=True, zones=z, wide=True)
    assert list(wide.columns) == ["layer", "zone", 5, 6]
    assert wide.values.tolist() == [[0, 7, 2, 0], [0, 9, 0, 2]]
