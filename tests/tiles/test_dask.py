"""Tiles on a Dask cluster."""

import warnings
from pathlib import Path

import pytest

from pyterra.tiles import Manifest, run_tiles

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def client():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        )
        with cluster, distributed.Client(cluster) as client:
            yield client


def write_name(tile, folder):
    if tile == "t3":
        raise ValueError("no data")
    path = Path(folder) / f"{tile}.txt"
    path.write_text(tile)
    return path


@pytest.mark.parametrize("how", ["client", "active", "address"])
def test_a_cluster_makes_every_tile_it_can(tmp_path, client, how):
    executor = {"client": client, "active": "dask", "address": client.scheduler.address}[how]
    with Manifest() as manifest:
        report = run_tiles(
            write_name,
            [f"t{i}" for i in range(10)],
            context=tmp_path,
            executor=executor,
            retries=1,
            pause=0.01,
            on_error="skip",
            manifest=manifest,
        )
        assert manifest.counts() == {"done": 9, "failed": 1}
    assert [(f.id, f.attempts) for f in report.failures] == [("t3", 2)]
    assert len(list(tmp_path.glob("t*.txt"))) == 9
    assert client.status == "running"
