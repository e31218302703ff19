"""Files that belong together are replaced as one, also where a writer was stopped in the middle."""

import os

import pytest

from pyterra.io.safe import swap
from pyterra.io.safe.parts import Output

ENDINGS = (".dbf", ".prj", "_more")


@pytest.fixture
def old(tmp_path):
    """An old set of three files."""
    for end in (".shp", ".dbf", ".prj"):
        (tmp_path / f"a{end}").write_text(f"old {end}")
    return tmp_path


def new_set(folder, *ends):
    part = folder / "part"
    part.mkdir()
    for end in ends:
        (part / f"a{end}").write_text(f"new {end}")
    return part


def texts(folder):
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}


def test_files_belong_to_another_by_their_endings(tmp_path):
    assert swap.beside(tmp_path / "a.shp", ENDINGS) == [
        tmp_path / "a.dbf",
        tmp_path / "a.prj",
        tmp_path / "a.shp_more",
    ]


def test_a_set_takes_the_place_of_another_and_what_it_lacks_goes(old):
    part = new_set(old, ".shp", ".dbf")
    with Output(old / "a.shp", overwrite=True) as output:
        swap.publish(output, part / "a.shp", ENDINGS)
    assert texts(old) == {"a.dbf": "new .dbf", "a.shp": "new .shp"}


class Stopped(Exception):
    pass


def stopped_in_the_middle(old, monkeypatch):
    """The folder of the new files has its final name, and nothing was moved yet."""
    part = new_set(old, ".shp", ".dbf")

    def stop(target):
        raise Stopped

    with monkeypatch.context() as change:
        change.setattr(swap, "_move_in", stop)
        with pytest.raises(Stopped):
            swap.commit(part, old / "a.shp", [old / "a.prj"])
    assert texts(old) == {f"a{end}": f"old {end}" for end in (".dbf", ".prj", ".shp")}


@pytest.mark.parametrize("again", [swap.complete, lambda target: swap.look_after(target, "vect")])
def test_whoever_comes_next_ends_what_was_begun(old, monkeypatch, again):
    stopped_in_the_middle(old, monkeypatch)
    again(old / "a.shp")
    assert texts(old) == {"a.dbf": "new .dbf", "a.shp": "new .shp"}
    again(old / "a.shp")  # nothing is left to do
    assert not [path for path in old.iterdir() if path.is_dir()]


def test_what_another_program_wrote_since_counts(old, monkeypatch):
    stopped_in_the_middle(old, monkeypatch)
    (old / "a.shp").write_text("written by another program")
    os.utime(old / "a.shp", (1, 1))
    swap.complete(old / "a.shp")
    assert texts(old)["a.shp"] == "written by another program"
    assert texts(old)["a.dbf"] == "old .dbf"
