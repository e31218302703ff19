"""Tags that values keep when they are written again."""

from pyterra.io.raster.tags import lasting


def test_what_follows_from_values_and_layers_is_made_anew():
    own = {"AREA_OR_POINT": "Area", "MY_NOTE": "kept", "UNIT_OF_MINE": "kept"}
    made = {
        "STATISTICS_MEAN": "2",
        "GRIB_UNIT": "[K]",
        "DATE_TIME": "2020",
        "UNIT": "m",
        "TIFFTAG_SOFTWARE": "x",
    }
    assert lasting(own | made) == own
