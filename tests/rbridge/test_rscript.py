"""Rscript workers: they need no rpy2, die loudly, end with Python and on Ctrl-C, and are kept while they are useful."""

import os
import subprocess
import sys
import textwrap
import time

import numpy as np
import psutil
import pytest

from pyterra.errors import PyterraError, RError, RWarning
from pyterra.rbridge import rscript


@pytest.fixture(scope="module", autouse=True)
def needs_r():
    try:
        found = rscript.find_rscript()
    except ImportError as error:
        pytest.skip(str(error))
    if subprocess.run([found, "-e", "library(jsonlite)"], capture_output=True, check=False).returncode:
        pytest.skip("R package jsonlite is missing; install r-cran-jsonlite")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A linear model in a file of R's: y = 1 + 2 a."""
    path = tmp_path_factory.mktemp("models") / "lm.rds"
    code = "d <- data.frame(a = c(0, 1, 3)); d$y <- 1 + 2 * d$a; saveRDS(lm(y ~ a, d), commandArgs(TRUE)[1])"
    subprocess.run([rscript.find_rscript(), "-e", code, str(path)], check=True)
    return path


@pytest.fixture
def question(saved):
    from pyterra.rbridge.models import job_of

    return {**job_of(saved, bare=True), "columns": '[{"name": "a"}]'}


@pytest.fixture
def pool():
    made = rscript.Pool()
    yield made
    made.close()


def python(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def ended(pids, patience=10.0):
    """Whether processes are gone, after a while."""
    pids = list(pids)
    until = time.monotonic() + patience
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(alive, pids))


def test_a_worker_predicts(pool, question):
    pool.start(1)
    with pool.borrowed() as worker:
        numbers, told = worker.predict(question, np.array([[0.0, 1.0, np.nan]]))
    np.testing.assert_allclose(numbers, [[1, 3, np.nan]])
    assert '"levels":null' in told


def test_prediction_without_rpy2(saved):
    done = python(
        """
        import sys
        sys.modules["rpy2"] = None  # an import of it fails
        import numpy as np, pyterra as pt
        r = pt.rast(np.arange(6.0).reshape(2, 3), names=["a"])
        print(r.predict(pt.rbridge.read_model(sys.argv[1])).values(drop=True).round(9).tolist())
        """,
        saved,
    )
    assert done.stdout == "[1.0, 3.0, 5.0, 7.0, 9.0, 11.0]\n", done.stderr


def test_workers_are_kept_and_borrowed_by_one_at_a_time(pool, question):
    pool.start(2)
    with pool.borrowed() as first, pool.borrowed() as second:
        assert first is not second
        first.predict(question, np.zeros((1, 2)))
    pool.start(2)
    with pool.borrowed() as again:
        assert again in (first, second)


def test_a_worker_that_died_is_an_error_and_is_replaced(pool, question):
    pool.start(1)
    with pool.borrowed() as worker:
        worker.predict(question, np.zeros((1, 2)))
    worker._process.kill()
    died = pytest.raises(PyterraError, match=r"worker process \(Rscript\) died, killed by signal 9")
    with died, pool.borrowed() as same:
        same.predict(question, np.zeros((1, 2)))
    pool.start(1)
    with pool.borrowed() as fresh:
        assert fresh is not worker
        assert fresh.predict(question, np.zeros((1, 2)))[0].shape == (1, 2)


def test_a_worker_that_cannot_start_says_why(pool, monkeypatch, tmp_path):
    (tmp_path / "worker.R").write_text("stop('no such luck')")
    monkeypatch.setattr(rscript, "FOLDER", tmp_path)
    pool.start(1)
    with (
        pytest.raises(PyterraError, match=r"exit status 1; it said: .*no such luck"),
        pool.borrowed() as worker,
    ):
        worker.ask({"do": "facts"})


def test_errors_and_warnings_come_back_and_the_worker_lives_on(pool, saved, tmp_path):
    from pyterra.rbridge.models import job_of

    path = tmp_path / "double.rds"
    code = (
        "d <- data.frame(a = c(0, 1, 3)); d$b <- 2 * d$a; d$y <- 1 + 2 * d$a; "
        "saveRDS(lm(y ~ a + b, d), commandArgs(TRUE)[1])"
    )
    subprocess.run([rscript.find_rscript(), "-e", code, str(path)], check=True)
    question = {**job_of(path, bare=True), "columns": '[{"name": "a"}, {"name": "b"}]'}
    wrong = {**job_of(saved, bare=True, more={"interval": "x"}), "columns": '[{"name": "a"}]'}
    pool.start(1)
    with pytest.raises(RError, match="'arg' should be one of"), pool.borrowed() as worker:
        worker.predict(wrong, np.zeros((1, 2)))
    with pytest.warns(RWarning, match="R: prediction from (a )?rank-deficient fit"), pool.borrowed() as same:
        worker.predict(question, np.array([[1.0, 2.0], [5.0, 7.0]]))  # b is not twice a, as it was
    assert same is worker


def test_workers_end_with_python(saved):
    done = python(
        """
        import sys, numpy as np, pyterra as pt
        from pyterra.rbridge import rscript
        pt.rast(np.arange(6.0).reshape(2, 3), names=["a"]).predict(pt.rbridge.read_model(sys.argv[1])).to_numpy()
        print(rscript.pool._folder, *[w._process.pid for w in rscript.pool._all])
        """,
        saved,
    )
    folder, *pids = done.stdout.split()
    assert pids, done.stderr
    assert ended(map(int, pids))
    assert not os.path.exists(folder)


def test_workers_end_when_python_is_killed(saved):
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, os, time, numpy as np, pyterra as pt\n"
            "from pyterra.rbridge import rscript\n"
            "pt.rast(np.arange(6.0).reshape(2, 3), names=['a']).predict(pt.rbridge.read_model(sys.argv[1]))\n"
            "print(rscript.pool._folder, *[w._process.pid for w in rscript.pool._all], flush=True)\n"
            "time.sleep(60)",
            str(saved),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    folder, *pids = process.stdout.readline().split()
    process.kill()
    process.wait()
    process.stdout.close()
    assert pids
    assert ended(map(int, pids))
    assert not os.path.exists(folder)


def test_ctrl_c_ends_a_run_and_its_workers(tmp_path):
    path = tmp_path / "slow.rds"
    code = """
        slow <- function(formula) {
          model <- lm(formula, data.frame(a = c(0, 1, 3), y = c(1, 3, 7)))
          model$terms <- structure(model$terms, predvars = quote(list(y, { Sys.sleep(30); a })))
          model
        }
        saveRDS(slow(y ~ a), commandArgs(TRUE)[1])
    """
    subprocess.run([rscript.find_rscript(), "-e", textwrap.dedent(code), str(path)], check=True)
    done = python(
        """
        import os, signal, sys, threading, time, numpy as np, pyterra as pt
        from pyterra.models import describe
        from pyterra.rbridge import models, rscript
        from pyterra.run import Threads, blocks_of, use_executor
        from pyterra.expr import Cells, Layer

        job = models.Remote(models.job_of(models.Path(sys.argv[1]), bare=True))
        class Kernel:
            def __call__(self, block):
                rows = models.Columns(block.reshape(1, -1).astype(float), (models.Column("a"),), 4)
                return job.predict(rows)[0].reshape(block.shape)
        r = pt.rast(np.zeros((1, 4, 4)), names=["a"])._node
        node = Cells(grid=r.grid, layers=(Layer("x"),), dtype=np.dtype(float), arguments=(r,), kernel=Kernel())
        pt.options(workers=2)
        rscript.pool.start(2)
        while not rscript.pool.any_ready():
            time.sleep(0.05)
        pids = [w._process.pid for w in rscript.pool._all]
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            with use_executor(Threads(2)):
                list(blocks_of(node, lambda b, w: 0, block=(1, 4)))
        except KeyboardInterrupt:
            print("interrupted", *pids)
        """,
        path,
    )
    word, *pids = done.stdout.split() or ["nothing"]
    assert word == "interrupted", done.stderr
    assert ended(map(int, pids))


def test_idle_workers_end(monkeypatch, pool, question):
    monkeypatch.setattr(rscript, "IDLE_SECONDS", 0.2)
    pool.start(1)
    with pool.borrowed() as worker:
        worker.predict(question, np.zeros((1, 2)))
    assert ended([worker._process.pid])
    until = time.monotonic() + 30
    while pool._all and time.monotonic() < until:  # whoever ended it takes it off the list
        time.sleep(0.05)
    assert pool._all == []


def test_the_environment_of_workers(monkeypatch, tmp_path):
    monkeypatch.setenv("R_HOME", "/opt/R")
    monkeypatch.setenv("LD_LIBRARY_PATH", os.pathsep.join(["/opt/R/lib", "/opt/own", ""]))
    monkeypatch.setenv("LANG", "C")
    monkeypatch.delenv("LC_ALL", raising=False)
    found = rscript.worker_environment("mark", tmp_path / "in", tmp_path / "out", "/a:/b")
    assert found["LD_LIBRARY_PATH"] == "/opt/own"
    assert "R_HOME" not in found
    assert (found["R_LIBS"], found["LC_ALL"], found["OMP_NUM_THREADS"]) == ("/a:/b", "C.UTF-8", "1")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/R/lib")
    assert "LD_LIBRARY_PATH" not in rscript.worker_environment("mark", tmp_path, tmp_path, "")


def test_no_rscript_is_an_import_error_with_the_cure(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("R_HOME", "")
    with pytest.raises(ImportError, match="no Rscript was found; install R"):
        rscript.find_rscript()
