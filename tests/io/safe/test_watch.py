"""What fails while a file is written names the file, and what was being done."""

import logging
from pathlib import Path

import pytest
import rasterio
from rasterio.errors import RasterioIOError

from pyterra.errors import SinkError, WriteError
from pyterra.io.safe.watch import Watch

WATCH = Watch(Path("a.tif"))
MANAGERS = [WATCH.gdal, WATCH.calls, WATCH.disk]


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("error", [RasterioIOError("no room"), OSError(28, "no room")])
def test_what_fails_names_the_file_and_the_step(manager, error):
    with (
        pytest.raises(WriteError, match=r"^write: a\.tif, rows 0\.\.9: .*no room") as raised,
        manager("rows 0..9"),
    ):
        raise error
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("error", [SinkError("said already"), ValueError("a fault"), KeyboardInterrupt()])
def test_what_is_said_already_and_what_is_no_failure_passes(manager, error):
    with pytest.raises(type(error)) as raised, manager("rows 0..9"):
        raise error
    assert raised.value is error


@pytest.mark.parametrize("manager", [WATCH.gdal, WATCH.calls])
def test_what_gdal_only_logs_is_an_error(manager):
    with pytest.raises(WriteError, match=r"^write: a\.tif, closing: .*disk is full"), manager("closing"):
        logging.getLogger("rasterio._err").info("GDAL signalled an error: %s", "disk is full")


def test_an_environment_of_gdal_is_there_and_goes():
    with WATCH.gdal("opening"):
        assert rasterio.env.hasenv()
    assert not rasterio.env.hasenv()
