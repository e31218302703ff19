"""Texts by which drivers of GDAL follow a file to other files or to a network."""

from __future__ import annotations

MARKS = (
    b"<vrtdataset",
    b"<gdal_wm",
    b"<gdaltileindexdataset",
    b"<wms_",
    b"<wmt_ms_",
    b"<wcs_gdal",
    b"<capabilities",
    b"<mrf_meta",
    b"<ogrvrt",
    b"<ogrwfs",
    b"<ogrcsw",
    b"<ogroapif",
    b"gdal_streamed_alg",
    b"pds_version_id",
    b"isiscube",
    b"product_observational",
    b"<dimap_document",
    b"stac_version",
)
"""What drivers look for near the beginning of a file, in small letters, that then lead to other files or a network."""


def leads_elsewhere(start: bytes) -> str:
    """The mark in the beginning of a file by which a driver would follow it elsewhere; nothing for none."""
    lower = start.lower()
    return next((mark.decode() for mark in MARKS if mark in lower), "")
