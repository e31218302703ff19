"""Principal components and clusters, against terra 1.9, numpy and by hand."""

import numpy as np
import pytest
from raster.test_focal_layers import VALUES, three

import pyterra as pt
from pyterra.errors import ArgumentError, MemoryBudgetError

NAN = float("nan")


def same_up_to_sign(found, expected, **how):
    turned = found * np.sign((found * expected).sum(axis=0))
    np.testing.assert_allclose(turned, expected, **how)


def test_components_are_those_of_terra():
    # terra 1.9-45: prcomp(x)
    found = three().prcomp()
    np.testing.assert_allclose(found.sdev, [0.366497540, 0.320543203, 0.247121380], rtol=1e-8)
    expected = np.array([
        [0.378618277, 0.704889186, 0.599816168],
        [0.563214746, 0.338797666, -0.753661258],
        [0.734463988, -0.623175238, 0.268728995],
    ])  # fmt: skip
    same_up_to_sign(found.rotation, expected, atol=1e-8)
    assert found.names == ("PC1", "PC2", "PC3")
    assert (np.abs(found.rotation).max(axis=0) == found.rotation.max(axis=0)).all()
    assert found.loadings.loc["b"].tolist() == found.rotation[1].tolist()


def test_components_of_correlations_are_those_of_terra():
    # terra 1.9-45: princomp(x, cor = TRUE)
    found = three().princomp(cor=True)
    np.testing.assert_allclose(found.sdev, [1.166973206, 0.990433045, 0.810688546], rtol=1e-8)
    assert (found.rotation[0] >= 0).all()
    assert found.names == ("Comp.1", "Comp.2", "Comp.3")
    np.testing.assert_allclose(found.sdev, three().prcomp(scale=True).sdev, rtol=1e-12)


def test_layers_of_components_do_not_go_together_and_keep_the_variance():
    x = three(missing=0.1)
    found = x.prcomp()
    got = x.predict(found)
    assert got.names == ["PC1", "PC2", "PC3"]
    assert np.array_equal(np.isnan(got.to_numpy()).any(axis=0), np.isnan(x.to_numpy()).any(axis=0))
    matrix = got.layer_cor("cov", use="complete.obs")["covariance"].to_numpy()
    np.testing.assert_allclose(matrix, np.diag(found.sdev**2), atol=1e-12)
    assert found.explained.sum() == pytest.approx(1)


def test_without_centring_the_values_themselves_count():
    rows = VALUES.T
    expected = np.linalg.svd(rows, compute_uv=False) / np.sqrt(len(rows) - 1)
    np.testing.assert_allclose(three().prcomp(center=False).sdev, expected, rtol=1e-10)


def test_components_may_be_left_out():
    assert three().prcomp(rank=2).rotation.shape == (3, 2)
    assert three().prcomp(tol=0.8).names == ("PC1", "PC2")
    assert three().predict(three().prcomp(rank=1)).names == ["PC1"]


def test_layers_are_found_by_name():
    x = three()
    found = x.prcomp()
    again = x[["c", "a", "b"]].predict(found).to_numpy()
    np.testing.assert_array_equal(again, x.predict(found).to_numpy())


def test_clusters_end_where_each_cell_is_nearest_to_its_own_mean():
    rows = VALUES.T
    got = three().k_means([[0, 0, 0], [1, 1, 1]]).to_numpy()[0].ravel()
    middles = np.array([rows[got == k].mean(axis=0) for k in (1, 2)])
    assert np.array_equal(((rows[:, None] - middles) ** 2).sum(axis=2).argmin(axis=1) + 1, got)


def test_centres_in_an_array_of_float64_are_no_number_of_clusters():
    got = [
        pt.rast([[1, 2, 8, 9]]).k_means(np.array([[10.0], [0.0]])).values(drop=True).tolist()
        for _ in range(5)
    ]
    assert got == [[2, 2, 1, 1]] * 5


def test_clusters_that_lie_apart_are_found_from_any_start():
    rng = np.random.default_rng(1)
    middles = np.array([[0, 0], [10, 0], [0, 10]])
    which = rng.integers(0, 3, 200)
    values = (middles[which] + rng.normal(0, 0.5, (200, 2))).T.reshape(2, 10, 20)
    values[:, 0, 0] = NAN
    got = pt.rast(values).k_means(3, seed=5, nstart=5).to_numpy()[0].ravel()
    assert np.isnan(got[0])
    pairs = {(int(a), int(b)) for a, b in zip(which[1:], got[1:], strict=True)}
    assert len(pairs) == 3
    again = pt.rast(values).k_means(3, seed=5, nstart=5).to_numpy()[0].ravel()
    assert np.array_equal(got, again, equal_nan=True)


def test_centres_come_from_a_sample_and_all_cells_belong_to_one():
    values = (
        np.where(np.arange(400).reshape(20, 20) % 20 < 8, 1.0, 50.0) + np.arange(400).reshape(20, 20) / 1e4
    )
    got = pt.rast(values).k_means([[0], [60]], maxcell=40).to_numpy()[0]
    assert np.array_equal(got, np.where(values < 10, 1, 2))


def test_what_is_refused():
    x = three()
    with pytest.raises(ArgumentError, match="two layers or more"):
        x["a"].prcomp()
    with pytest.raises(ArgumentError, match="must vary to be scaled; 'b' does not"):
        pt.rast([[[1, 2]], [[3, 3]]], names=["a", "b"]).prcomp(scale=True)
    with pytest.raises(ArgumentError, match="at least one component"):
        x.prcomp(rank=0)
    with pytest.raises(ArgumentError, match="two cells or more"):
        pt.rast([[[1, NAN]], [[NAN, 3]]]).prcomp()
    with pytest.raises(ArgumentError, match="covariances must not be missing"):
        three(missing=0.2).princomp(use="everything")
    with pytest.raises(ArgumentError, match="a number for each of 3 layers"):
        x.k_means([[1, 2]])
    with pytest.raises(ArgumentError, match=r"no more than the different cells of the sample \(20\), got 21"):
        x.k_means(21)
    with pt.options(memory="1MB"), pytest.raises(MemoryBudgetError, match="lower maxcell"):
        pt.rast(np.zeros((300, 300))).k_means(2)


def test_clusters_are_whole_numbers():
    found = pt.rast([[1, 2, 8, 9]], names="height").k_means([[0], [10]])
    assert (found.names, found.is_int(), found.is_factor()) == (["lyr1"], [True], [False])
