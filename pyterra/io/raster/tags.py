"""Tags of files that say something of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_MADE_ANEW = re.compile(
    r"STATISTICS_.*|GRIB_.*|DATE_TIME|TIME_STEP|UNIT|VALUES|long_name|CHANNEL|TIFFTAG_DATETIME|TIFFTAG_SOFTWARE|OVR_RESAMPLING_ALG"
)
"""Tags that describe values or layers: they follow from those when a file is written."""


def lasting(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that values keep when they are written again."""
    return {key: value for key, value in tags.items() if not _MADE_ANEW.fullmatch(key)}


_OF_GDAL = re.compile(
    r"(xml|json):.*|COLOR_PROFILE|DERIVED_SUBDATASETS|EXIF|GEOLOCATION|IMAGE_STRUCTURE|IMD|LICENSE|RPC|SUBDATASETS|TIFF"
)
"""Domains in which GDAL keeps what it has other ways to tell."""


def is_free(domain: str) -> bool:
    """Whether a domain of tags holds what somebody said, and not what GDAL knows of a file."""
    return _OF_GDAL.fullmatch(domain) is None


def shared(dataset: Any) -> dict[tuple[str, str], str]:
    """Tags of all layers of a file together, by domain and name; those in domains of a GeoTIFF alone."""
    others = filter(is_free, dataset.tag_namespaces()) if dataset.driver == "GTiff" else ()
    found = {("", key): text for key, text in lasting(dataset.tags()).items()}
    return found | {(domain, key): text for domain in others for key, text in dataset.tags(ns=domain).items()}


def by_domain(tags: Mapping[tuple[str, str], str]) -> Iterable[tuple[str, dict[str, str]]]:
    """Domains, and what stands in them."""
    for domain in dict.fromkeys(domain for domain, _ in tags):
        yield domain, {key: text for (of, key), text in tags.items() if of == domain}
