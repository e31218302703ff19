"""Where blocks are computed makes no difference: threads, processes and Dask give the bits of the calling thread."""

import warnings

import pytest
from cases import CASES, RASTERS
from cases.kinds import one_of_each
from same import assert_same, whole

from pyterra import options
from pyterra.run import Threads, use_executor
from pyterra.run.dask import Dask
from pyterra.run.pool import Processes


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        )
        with cluster, distributed.Client(cluster, set_as_default=False) as client:
            yield client


EXECUTORS = {
    "threads": lambda request: Threads(2),
    "processes": lambda request: Processes(2),
    "dask": lambda request: Dask(request.getfixturevalue("client")),
}


@pytest.fixture
def executor(who, request):
    return EXECUTORS[who](request)


class TestRasters:
    cases = one_of_each(RASTERS)
    across = ("who", list(EXECUTORS), 1)

    @pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
    def test_values_are_the_same_wherever_they_are_computed(
        self, case, who, executor, all_inputs, build, forced_blocks
    ):
        result = build(case, all_inputs("files"))
        expected = whole(result)
        forced_blocks(16, 16)
        with use_executor(executor):
            assert_same(result.to_numpy(), expected, what=case.name)


class TestValues:
    cases = [case for case in CASES if case.reads]
    across = ("who", list(EXECUTORS), 1)

    @pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
    def test_answers_are_the_same_wherever_they_are_computed(
        self, case, who, executor, all_inputs, build, forced_blocks
    ):
        forced_blocks(16, 16)
        with options(executor="serial"):
            expected = build(case, all_inputs("files"))
        with use_executor(executor):
            assert_same(build(case, all_inputs("files")), expected, what=case.name)
