"""Category tables and colours in GDAL's side files (``.aux.xml``), read and written."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, SourceError
from pyterra.expr import Categories
from pyterra.packages import ElementTree

MAX_BYTES = 16 * 2**20
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']""")
_LIKE_ASCII = re.compile(rb"utf-?8|(?:us-)?ascii|iso-?8859-\d+|latin-?1|windows-125\d|cp125\d")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHOLE = re.compile("[0-9]{1,9}")
_INTEGER, _REAL, _TEXT = "0", "1", "2"
_GENERIC, _PIXEL_COUNT, _NAME, _MIN_MAX = "0", "1", "2", "5"


def read_categories(path: str | os.PathLike[str]) -> dict[int, Categories]:
    """Category tables of the bands (from 0) of a file, from its ``.aux.xml`` or from the XML of a VRT."""
    found: dict[int, Categories] = {}
    candidates = [Path(f"{os.fspath(path)}.aux.xml")]
    if str(path).lower().endswith(".vrt"):
        candidates.append(Path(path))
    for file in candidates:
        if not file.is_file():
            continue
        for band in parse_xml(file).iter():
            if band.tag not in ("PAMRasterBand", "VRTRasterBand"):
                continue
            try:
                table = _table(band)
            except (ValueError, OverflowError) as error:
                raise SourceError(
                    f"rast: {file} is malformed: a table of classes has another value than a number ({error}); "
                    "remove or repair it"
                ) from error
            if table is not None:
                found.setdefault(band_of(band, file), table)
    return found


def band_of(element: ElementTree.Element, file: Path) -> int:
    """The band (from 0) of which an element of a side file tells.

    Raises
    ------
    SourceError
        Where it has no number.
    """
    text = element.get("band", "1")
    if not _WHOLE.fullmatch(text):
        raise SourceError(f"rast: {file} is malformed: {text!r} is no number of a band; remove or repair it")
    return int(text) - 1


def parse_xml(path: Path) -> ElementTree.Element:
    """The root of a small XML file without document type declarations.

    Raises
    ------
    SourceError
        Where it is malformed, larger than 16 MB, declares entities, or is in an encoding in which its letters are not
        those of ASCII: GDAL would read something else than what is looked at here.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SourceError(f"rast: {path} has more than {MAX_BYTES} bytes; remove or repair it")
    data = path.read_bytes()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise SourceError(f"rast: {path} declares entities, which are not read; remove them")
    encoding = _ENCODING.match(data)
    if b"\0" in data or (encoding and not _LIKE_ASCII.fullmatch(encoding[1].lower())):
        raise SourceError(f"rast: {path} must be XML in UTF-8; write it again in that encoding")
    try:
        # Remarks are kept: GDAL ends a text where one begins.
        keeping = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
        return ElementTree.fromstring(data, ElementTree.XMLParser(target=keeping))
    except ElementTree.ParseError as error:
        raise SourceError(f"rast: {path} is malformed: {error}; remove or repair it") from error


def _table(band: ElementTree.Element) -> Categories | None:
    names = band.find("CategoryNames")
    if names is not None:
        rows = [(i, item.text or "") for i, item in enumerate(names.findall("Category"))]
        rows = [row for row in rows if row[1]]
        return Categories(("value", "label"), tuple(rows)) if rows else None
    attributes = band.find("GDALRasterAttributeTable")
    return None if attributes is None else _attribute_table(attributes)


def _attribute_table(table: ElementTree.Element) -> Categories | None:
    """A table whose first column holds whole numbers and another one text; anything else is a histogram or so."""
    fields = [
        (field.findtext("Name", ""), field.findtext("Type", _TEXT), field.findtext("Usage", _GENERIC))
        for field in table.findall("FieldDefn")
    ]
    values = [[cell.text or "" for cell in row.findall("F")] for row in table.findall("Row")]
    key = next((i for i, field in enumerate(fields) if field[2] == _MIN_MAX), 0)
    labels = [i for i, field in enumerate(fields) if i != key and field[2] in (_GENERIC, _NAME)]
    if not values or not labels or not any(fields[i][1] == _TEXT for i in labels):
        return None
    labels.sort(key=lambda i: fields[i][1] != _TEXT and fields[i][2] != _NAME)
    columns = [key, *labels]
    rows = [tuple(_cell(row[i], fields[i][1]) for i in columns) for row in values if len(row) == len(fields)]
    if any(not float(row[0]).is_integer() for row in rows):
        return None
    return Categories(tuple(fields[i][0] for i in columns), tuple((int(row[0]), *row[1:]) for row in rows))


def _cell(text: str, kind: str) -> Any:
    if kind == _INTEGER:
        return int(float(text or 0))
    return float(text or "nan") if kind == _REAL else text


def categories_xml(tables: dict[int, Categories]) -> str:
    """The text of an ``.aux.xml`` with the category tables of bands (from 0)."""
    root = ElementTree.Element("PAMDataset")
    for number, table in sorted(tables.items()):
        band = ElementTree.SubElement(root, "PAMRasterBand", band=str(number + 1))
        band.append(categories_element(table))
    return xml_text(root, "write_raster: names of classes")


def categories_element(table: Categories) -> ElementTree.Element:
    """A category table as GDAL's attribute table."""
    attributes = ElementTree.Element("GDALRasterAttributeTable", tableType="thematic")
    order = [0, table.active + 1, *(i for i in range(1, len(table.columns)) if i != table.active + 1)]
    kinds = [_kind(table, i) for i in order]
    for position, (i, kind) in enumerate(zip(order, kinds, strict=True)):
        field = ElementTree.SubElement(attributes, "FieldDefn", index=str(position))
        usage = (_MIN_MAX, _NAME)[position] if position < 2 and kinds[1] == _TEXT else _GENERIC
        for tag, text in (("Name", table.columns[i]), ("Type", kind), ("Usage", usage)):
            ElementTree.SubElement(field, tag).text = text
    for position, row in enumerate(table.rows):
        line = ElementTree.SubElement(attributes, "Row", index=str(position))
        for i in order:
            ElementTree.SubElement(line, "F").text = str(row[i])
    return attributes


def xml_text(root: ElementTree.Element, what: str) -> str:
    """The text of a document.

    Raises
    ------
    ArgumentError
        Where it holds a character that XML has no room for: it could not be read again.
    """
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode") + "\n"
    odd = _NO_XML.search(text)
    if odd:
        raise ArgumentError(
            f"{what} must have no control characters, got {odd[0]!r} in {text[max(0, odd.start() - 20) : odd.end()]!r}; "
            "take it out"
        )
    return text


def _kind(table: Categories, column: int) -> str:
    values = [row[column] for row in table.rows]
    if all(isinstance(v, int | np.integer) for v in values):
        return _INTEGER
    return _REAL if all(isinstance(v, float | int | np.number) for v in values) else _TEXT
