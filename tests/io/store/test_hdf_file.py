"""A file that HDF5 writes, and which never tells it that something failed."""

import errno
import os

import pytest

from pyterra.io.store.hdf_file import HdfFile


@pytest.fixture
def file(tmp_path):
    made = HdfFile(tmp_path / "a.h5")
    yield made
    made.close()


def test_what_is_written_is_read_and_beyond_it_are_zeros(file, tmp_path):
    assert (file.write(b"abcdef"), file.tell()) == (6, 6)
    assert (file.seek(2), file.seek(-1, os.SEEK_END)) == (2, 5)
    found = bytearray(3)
    assert file.readinto(found) == 3
    assert found == b"f\0\0"
    assert file.truncate(4) == 4
    file.close()
    file.close()
    assert (tmp_path / "a.h5").read_bytes() == b"abcd"


def test_a_file_that_is_there_is_never_taken(tmp_path):
    (tmp_path / "a.h5").touch()
    with pytest.raises(FileExistsError):
        HdfFile(tmp_path / "a.h5")


def test_after_a_failure_all_seems_well_and_the_first_error_is_known(file, tmp_path, monkeypatch):
    file.write(b"good")

    def full(descriptor, data, place):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "pwrite", full)
    assert file.write(b"lost") == 4
    monkeypatch.undo()
    assert file.write(b"later") == 5
    assert file.failure.errno == errno.ENOSPC
    file.seek(2)
    found = bytearray(8)
    file.readinto(found)
    assert found == b"odlostla"  # what could not be written is kept, and so is what came after it
    file.close()
    assert (tmp_path / "a.h5").read_bytes() == b"good"


def test_what_is_given_up_writes_nothing_more(file, tmp_path):
    file.write(b"a")
    file.give_up()
    file.write(b"b")
    file.truncate(9)
    assert file.failure is None
    assert (tmp_path / "a.h5").read_bytes() == b"a"
