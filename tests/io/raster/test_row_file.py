"""A temporary raster that is written row by row: exact, gone with its object, and its failures are pyterra's."""

import subprocess
import sys

import numpy as np
import rasterio

from pyterra.io.raster.row_file import RowFile, remove


def test_rows_come_back_to_the_last_bit_and_the_file_goes_with_the_object(tmp_path):
    values = np.random.default_rng(4).random((2, 7, 5))
    values[0, 1, 1] = np.nan
    file = RowFile(2, 7, 5, tmp_path)
    for row in (4, 0, 2, 6):
        file.put(values[:, row : row + 2], row)
    path = file.close()
    with rasterio.open(path) as dataset:
        np.testing.assert_array_equal(dataset.read(), values)
    remove(path)
    unfinished = RowFile(1, 2, 2, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    del unfinished
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from pyterra.errors import WriteError
from pyterra.io.raster.row_file import RowFile

resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, 2**16))
try:
    file = RowFile(4, 300, 300, Path(sys.argv[1]))
    for row in range(0, 300, 50):
        file.put(np.random.default_rng(1).random((4, 50, 300)), row)
    file.close()
except WriteError as error:
    print(error)
"""


def test_a_file_that_does_not_fit_is_an_error_that_names_it(tmp_path):
    done = subprocess.run([sys.executable, "-c", LIMITED, tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"{tmp_path}/pyterra-" in done.stdout
    assert "were lost" in done.stdout or "could not be" in done.stdout
