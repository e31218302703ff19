"""COGs that are whole, or not there; what they hold is asked in io/raster/test_cog.py."""

import pytest
from part_files import profile, values_for

from pyterra.errors import WriteError
from pyterra.io.safe.safe_cog import SafeCog


@pytest.mark.parametrize("call", ["copy_to_cog", "cog_problems"])
def test_no_error_of_gdals_own_escapes_the_writing_of_a_cog(tmp_path, monkeypatch, call):
    from rasterio._err import CPLE_AppDefinedError

    def full(*_):
        raise CPLE_AppDefinedError(3, 1, "No space left")  # as GDAL 3.10 on a full disk

    monkeypatch.setattr(f"pyterra.io.raster.cog.{call}", full)
    settings = profile(rows=16)
    lossy = {"compress": "lerc"} if call == "copy_to_cog" else {}
    with SafeCog(tmp_path / "a.tif", settings, cog=lossy) as raster:
        raster.write((0, 0, 16, 60), values_for(settings))
        with pytest.raises(WriteError, match=r"a\.tif, the COG: No space left"):
            raster.commit()
    assert list(tmp_path.iterdir()) == []
