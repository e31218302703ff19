"""How geometries lie to each other: predicates, patterns, neighbours."""

from __future__ import annotations

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


@pytest.fixture
def squares():
    return pt.vect(
        [pt.vect(pt.ext(x, x + 2, y, y + 2)).geoms[0] for x, y in ((0, 0), (2, 0), (4, 2), (9, 9))]
    )


def test_relations_by_name_and_by_pattern(squares):
    points = pt.vect([[1, 1], [2, 1], [50, 50]])
    assert squares.relate(points, "contains")[:2].tolist() == [[True, False, False], [False, False, False]]
    assert squares.relate(points, "covers")[:2].tolist() == [[True, True, False], [False, True, False]]
    assert squares.relate(points, "T********")[:2].tolist() == squares.relate(points, "contains")[:2].tolist()
    apart = squares.relate(points, "disjoint")
    assert (apart == ~squares.relate(points, "intersects")).all()
    assert (squares.relate(points, "FF*FF****") == apart).all()
    assert (squares.relate(squares, "equals") == np.eye(4, dtype=bool)).all()


def test_all_pairs_are_found_whatever_fits_at_once(squares, monkeypatch):
    from pyterra.vector import relate

    expected = squares.relate(squares, "disjoint")
    monkeypatch.setattr(relate, "CHUNK", 5)
    assert (squares.relate(squares, "disjoint") == expected).all()


def test_relations_as_pairs(squares):
    found = squares.relate(relation="touches", pairs=True)
    assert (list(found), found.to_numpy().tolist()) == (["id_1", "id_2"], [[0, 1], [1, 0], [1, 2], [2, 1]])
    points = pt.vect([[1, 1]])
    assert squares.relate(points, "contains", pairs=True).to_numpy().tolist() == [[0, 0]]
    kept = squares.relate(points, "contains", pairs=True, na_rm=False)
    assert kept.to_numpy().tolist() == [[0, 0], [1, -1], [2, -1], [3, -1]]
    assert squares.is_related(pt.ext(0, 1, 0, 1), "covers").tolist() == [True, False, False, False]


def test_neighbours_share_a_border_or_a_corner(squares):
    assert squares.adjacent(symmetrical=True).to_numpy().tolist() == [[0, 1]]
    assert squares.adjacent("queen", symmetrical=True).to_numpy().tolist() == [[0, 1], [1, 2]]
    assert squares.adjacent(pairs=False).sum() == 2
    with pytest.raises(ArgumentError, match="type: must be one of rook"):
        squares.adjacent("bishop")
    with pytest.raises(ArgumentError, match="must be polygons, got points"):
        squares.centroids().adjacent()


@pytest.mark.parametrize("relation", ["touch", "T*F", "TTTTTTTTX", "coverdby"])
def test_relations_that_are_none_are_refused(squares, relation):
    with pytest.raises(ArgumentError, match="must be a name or a DE-9IM pattern"):
        squares.relate(squares, relation)


def test_the_relation_is_not_taken_for_y(squares):
    with pytest.raises(ArgumentError, match="give the relation by name"):
        squares.relate("touches")
