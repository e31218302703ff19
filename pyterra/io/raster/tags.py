"""Tags of files that say something of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MADE_ANEW = re.compile(
    r"STATISTICS_.*|GRIB_.*|DATE_TIME|TIME_STEP|UNIT|VALUES|long_name|CHANNEL|TIFFTAG_DATETIME|TIFFTAG_SOFTWARE|OVR_RESAMPLING_ALG"
)
"""Tags that describe values or layers: they follow from those when a file is written."""


def lasting(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that values keep when they are written again."""
    return {key: value for key, value in tags.items() if not _MADE_ANEW.fullmatch(key)}
