"""Side files (``.aux.xml``) of files that are made of others: what they must say, and what they must not any more."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

from pyterra.grid.crs import parse_crs, same_crs
from pyterra.io.raster.aux_xml import band_of, categories_element, parse_xml, read_categories, xml_text
from pyterra.packages import ElementTree

_OF_TIFF = ("AREA_OR_POINT", "TIFFTAG_", "OVR_RESAMPLING_ALG")


def describe_beside(source: Path, result: Path, *, values: bool) -> None:
    """Add to the side file of a copy what the GeoTIFF says and the copy does not.

    Parameters
    ----------
    source, result : Path
        The GeoTIFF and its copy.
    values : bool
        Whether the numbers are the same, so that statistics hold.
    """
    import rasterio

    from pyterra.io.raster.gdal import open_dataset

    side = Path(f"{result}.aux.xml")
    with (
        rasterio.open(source, driver="GTiff", sharing=False) as given,
        open_dataset(str(result), checked=True) as found,
    ):
        root = parse_xml(side) if side.exists() else ElementTree.Element("PAMDataset")
        changed = _place(root, given, found)
        changed |= _tags(root, _lasting(given.tags(), values), found.tags())
        for number in range(1, given.count + 1):
            changed |= _band(_of_band(root, number), given, found, number, values)
    tables, known = read_categories(source), read_categories(result)
    for number, table in tables.items():
        if known.get(number) != table:
            _put(_of_band(root, number + 1), categories_element(table))
            changed = True
    if changed:
        side.write_text(xml_text(root, "write_raster: what the side file holds"), encoding="utf-8")


def _place(root: ElementTree.Element, given: Any, found: Any) -> bool:
    changed = False
    if given.crs and not (found.crs and same_crs(parse_crs(given.crs), parse_crs(found.crs))):
        _put(root, _element("SRS", given.crs.to_wkt()))
        changed = True
    if not given.transform.almost_equals(found.transform, 0):
        a, b, c, d, e, f = given.transform[:6]
        _put(root, _element("GeoTransform", ", ".join(f"{v:.17g}" for v in (c, a, b, f, d, e))))
        changed = True
    return changed


def _band(band: ElementTree.Element, given: Any, found: Any, number: int, values: bool) -> bool:
    changed = _tags(band, _lasting(given.tags(number), values), found.tags(number))
    wanted = {
        "Description": (given.descriptions, found.descriptions),
        "UnitType": (given.units, found.units),
        "Offset": (given.offsets, found.offsets),
        "Scale": (given.scales, found.scales),
    }
    for tag, (ours, theirs) in wanted.items():
        one, other = ours[number - 1], theirs[number - 1]
        if one and one != other:
            _put(band, _element(tag, str(one)))
            changed = True
    code = given.nodatavals[number - 1]
    if code is not None and found.nodatavals[number - 1] is None:
        _put(band, _element("NoDataValue", f"{code:.17g}"))
        changed = True
    return changed


def _tags(parent: ElementTree.Element, given: dict[str, str], found: dict[str, str]) -> bool:
    lacking = {key: value for key, value in given.items() if found.get(key) != value}
    if not lacking:
        return False
    own = next((e for e in parent.findall("Metadata") if not e.get("domain")), None)
    own = ElementTree.SubElement(parent, "Metadata") if own is None else own
    for key, value in lacking.items():
        for old in [item for item in own.findall("MDI") if item.get("key") == key]:
            own.remove(old)
        ElementTree.SubElement(own, "MDI", key=key).text = value
    return True


def _lasting(tags: dict[str, str], values: bool) -> dict[str, str]:
    return {
        key: value
        for key, value in tags.items()
        if not key.startswith(_OF_TIFF) and (values or not key.startswith("STATISTICS_"))
    }


def _of_band(root: ElementTree.Element, number: int) -> ElementTree.Element:
    found = next((e for e in root.findall("PAMRasterBand") if e.get("band") == str(number)), None)
    return ElementTree.SubElement(root, "PAMRasterBand", band=str(number)) if found is None else found


def _put(parent: ElementTree.Element, element: ElementTree.Element) -> None:
    """Add an element in place of another of its name."""
    for old in parent.findall(element.tag):
        parent.remove(old)
    parent.append(element)


def _element(tag: str, text: str) -> ElementTree.Element:
    made = ElementTree.Element(tag)
    made.text = text
    return made


def forget_stale(
    side: Path, *, crs: bool, transform: bool, named: Container[int], changed: Container[int]
) -> None:
    """Take from the side file of a changed copy what would be told in place of the changes, and what is no longer so.

    Parameters
    ----------
    side : Path
        The side file; there may be none.
    crs, transform : bool
        Whether the file itself has a new one.
    named, changed : container of int
        Bands, from 0, that have new names, and new values.
    """
    if not side.exists():
        return
    root = parse_xml(side)
    for tag, new in (("SRS", crs), ("GeoTransform", transform)):
        if new:
            _drop(root, root.findall(tag))
    for band in root.findall("PAMRasterBand"):
        number = band_of(band, side)
        if number in named:
            _drop(band, band.findall("Description"))
        if number in changed:
            _drop(band, band.findall("Histograms"))
            for metadata in band.findall("Metadata"):
                _drop(metadata, [e for e in metadata if (e.get("key") or "").startswith("STATISTICS_")])
    side.write_text(xml_text(root, "update: what the side file holds"), encoding="utf-8")


def _drop(parent: ElementTree.Element, children: list[ElementTree.Element]) -> None:
    for child in children:
        parent.remove(child)
