"""Virtual rasters from strangers: their documents are read here before GDAL reads them.

A document may show files of its own folder or below, and of the folders in ``options(vrt_roots=...)``; it may say only
what an ordinary mosaic or warped raster says, or be the header of plain numbers that lie in ``a.bin``, by the name of
``a.bin.vrt``. GDAL takes attributes for elements, letters of either case, and the first piece of a text for all of it:
so every name in a document must be one that is known, written once, in one piece.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from pyterra.errors import SourceError
from pyterra.io.formats import raster_drivers
from pyterra.io.formats.names import PREFIX, VIRTUAL, ending, without_part
from pyterra.io.raster.aux_xml import parse_xml
from pyterra.io.raster.guard import TIFF, check_file, check_store, check_text, start_of
from pyterra.io.safe.places import local_file
from pyterra.options import current
from pyterra.packages import ElementTree
from pyterra.redact import redact

_ELEMENTS = """
    vrtdataset srs geotransform metadata mdi gcplist gcp overviewlist maskband blockxsize blockysize
    vrtrasterband description unittype offset scale colorinterp colortable entry categorynames category nodatavalue
    hidenodatavalue histograms histitem histmin histmax bucketcount includeoutofrange approximate histcounts
    gdalrasterattributetable fielddefn name type usage row f row0min binsize
    overview simplesource complexsource averagedsource kernelfilteredsource nodatafrommasksource
    sourcefilename sourceband sourceproperties srcrect dstrect nodata usemaskband scaleoffset scaleratio lut exponent
    srcmin srcmax dstmin dstmax clamp colortablecomponent resampling kernel size coefs maskvaluethreshold remappedvalue
    pixelfunctiontype pixelfunctionarguments sourcetransfertype sourcedataset
    gdalwarpoptions warpmemorylimit resamplealg workingdatatype option bandlist bandmapping srcnodatareal srcnodataimag
    dstnodatareal dstnodataimag sourcealphaband srcalphaband dstalphaband destalphaband
    transformer approxtransformer maxerror basetransformer genimgprojtransformer srcgeotransform srcinvgeotransform
    dstgeotransform dstinvgeotransform srcgcptransformer gcptransformer order reversed srctpstransformer tpstransformer
    reprojecttransformer reprojectiontransformer sourcesrs targetsrs sourcecrs targetcrs options coordinateoperation
"""
_TAGS = frozenset(_ELEMENTS.split())
"""Elements of an ordinary document, in small letters."""
_PLAIN = """
    vrtdataset srs geotransform vrtrasterband description nodatavalue offset scale
    sourcefilename imageoffset pixeloffset lineoffset byteorder
"""
_HEADER = frozenset(_PLAIN.split())
"""Elements of a header of plain numbers: none by which GDAL would open a file as anything else."""
_RAW = "vrtrawrasterband"
"""Value of ``subClass`` of a band of plain numbers."""
_WORDS = """
    rasterxsize rasterysize subclass datatype band blockxsize blockysize relativetovrt shared xoff yoff xsize ysize key
    domain format c1 c2 c3 c4 id info pixel line x y z dataaxistosrsaxismapping coordinateepoch resampling name index
    tabletype row0min binsize normalized src dst projection resample_alg
"""
_ATTRIBUTES = frozenset(_WORDS.split())
"""Attributes of an ordinary document, in small letters."""
_KINDS = ("", "vrtwarpeddataset", "vrtsourcedrasterband", "vrtderivedrasterband", "vrtwarpedrasterband")
"""Values of ``subClass``: datasets and bands that show other rasters, as GDAL reads those."""
_FILES = ("sourcefilename", "sourcedataset")
_CRS = ("srs", "sourcesrs", "targetsrs", "sourcecrs", "targetcrs")
_DOMAINS = ("overviews", "subdatasets", "geolocation", "vrt_sources", "new_vrt_sources")
"""Metadata by which GDAL finds other files."""
_WARP_OPTIONS = ("cutline", "src_coord", "dst_coord")
_IMAGES = (
    *TIFF, b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"\0\0\0\x0cjP", b"\xff\x4f\xff\x51",
    b"EHFA_HEADER_TAG", b"GRIB", b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF",
)  # fmt: skip
"""How the files begin that a document may show: each keeps its cells to itself."""
_TEXT_GRID = re.compile(rb"\s*(?:ncols|nrows|xll|yll|cellsize|dx|dy|north|south)\b", re.IGNORECASE)

_made: dict[str, tuple[int, int, int]] = {}
"""Documents that pyterra wrote in this process, over files that it had opened."""


def trust(path: str | os.PathLike[str]) -> None:
    """Take a document that was just written for one of our own, as long as it stays as it is."""
    _made[os.path.abspath(path)] = _state(path)


def check_shown(path: str) -> None:
    """Take a document for one of our own, if what it shows may itself be opened.

    Raises
    ------
    SourceError
        Where it shows a virtual raster that shows others in its turn, outside of its folder.
    """
    for element in _elements(parse_xml(Path(path))):
        name = (element.text or "").strip()
        if _small(element.tag) in _FILES and not name.startswith("/vsimem/"):
            relative = element.get("relativeToVRT") == "1"
            check(os.path.abspath(Path(path).parent / name) if relative else name)
    trust(path)


def _state(path: str | os.PathLike[str]) -> tuple[int, int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns, found.st_ino


def check(path: str) -> None:
    """Raise where a path would lead to other files than those that belong to it.

    Raises
    ------
    SourceError
        Says what is refused, and which option allows it.
    """
    virtual = ending(path) == VIRTUAL
    local = local_file(path)
    if virtual and (local is None or str(local) != path):
        if not _allowed(path):
            raise SourceError(
                f"rast: {redact(path)}: a virtual raster that is no file of this machine may show any file; allow it "
                f"with pt.options(vrt_roots=[{redact(path.rpartition('/')[0])!r}])"
            )
    elif virtual and local is not None:
        if os.path.isfile(local) and not _is_ours(path):
            _check_document(local, ())
    elif local is not None and raster_drivers(path) == ["Zarr"]:
        check_store(local)
    elif local is not None and os.path.isfile(local):  # False also where its folder is closed to this user
        check_file(local)


def check_named(path: str, name: str) -> None:
    """Raise unless a file may lead to one that it names: itself, one of its folder or below, or one that is allowed."""
    file = without_part(name)
    if file != path and not _allowed(file, Path(os.path.realpath(path)).parent):
        raise _outside(Path(path), name, file.rpartition("/")[0])


def _is_ours(path: str) -> bool:
    try:
        return path in _made and _made[path] == _state(path)
    except OSError:
        return False


def _allowed(path: str, *folders: Path) -> bool:
    """Whether a path lies in one of some folders, or under a root that the user allows."""
    for root in current().vrt_roots:
        if "://" in root or root.startswith("/vsi"):
            if path == root or path.startswith(root.rstrip("/") + "/"):
                return ".." not in path.split("/")
        else:
            folders = (*folders, Path(os.path.realpath(root)))
    if "://" in path or path.startswith("/vsi"):
        return False
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(folder) for folder in folders)


def _check_document(path: Path, above: tuple[Path, ...]) -> None:
    real = Path(os.path.realpath(path))
    if real in above or len(above) > 8:
        raise SourceError(f"rast: {path} shows itself; a virtual raster must show other files")
    root = parse_xml(path)
    raw = _is_header(root, real)
    if not _allowed(os.fspath(path)):
        if b"<![CDATA[" in path.read_bytes():
            raise _refused(path, "a CDATA section")
        _check_words(root, path, raw)
    for element in _elements(root):
        if _small(element.tag) in _FILES:
            _check_name(element, path, (*above, real), raw)


def _is_header(root: ElementTree.Element, path: Path) -> bool:
    """Whether a document says of one file, which its own name tells, how plain numbers lie in it, and nothing else."""
    elements = _elements(root)
    named = {
        element.get("subClass", "").lower() for element in elements if _small(element.tag) == "vrtrasterband"
    }
    shown = {
        (element.text, element.get("relativeToVRT")) for element in elements if _small(element.tag) in _FILES
    }
    own = path.name.endswith(VIRTUAL) and shown == {(path.name.removesuffix(VIRTUAL), "1")}
    return own and named == {_RAW} and all(_small(element.tag) in _HEADER for element in elements)


def _elements(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def _small(tag: Any) -> str:
    return str(tag).lower()


def _check_words(root: ElementTree.Element, path: Path, raw: bool) -> None:
    """Raise where a document says more than an ordinary one, or than a header of plain numbers."""
    tags, kinds = (_HEADER, ("", _RAW)) if raw else (_TAGS, _KINDS)
    for element in _elements(root):
        tag, told = _small(element.tag), {_small(key): value for key, value in element.attrib.items()}
        odd = next((key for key in told if key not in _ATTRIBUTES), "") if tag in tags else tag
        if odd or len(told) < len(element.attrib):
            raise _refused(path, odd or "an attribute twice")
        if told.get("subclass", "").lower() not in kinds:
            raise _refused(path, told["subclass"])
        if told.get("domain", "").lower() in _DOMAINS:
            raise _refused(path, f"metadata of the domain {told['domain']}")
        if tag == "option" and told.get("name", "").lower().startswith(_WARP_OPTIONS):
            raise _refused(path, told["name"])
        if not _is_crs((element.text or "") if tag in _CRS else told.get("projection", "")):
            raise _refused(path, "a CRS in another file")
        if tag == "kernelfilteredsource" and "kernel" not in {_small(child.tag) for child in element}:
            raise _refused(path, "a filter without a kernel")  # GDAL ends the process on it


def _refused(path: Path, what: str) -> SourceError:
    return SourceError(
        f"rast: {path} holds {what}, which may lead to any file; if you trust the virtual rasters of its folder, allow "
        f"them with pt.options(vrt_roots=[{str(path.resolve().parent)!r}])"
    )


def _is_crs(text: str) -> bool:
    """Whether a text is a CRS itself, not the name or the address of a file with one."""
    return bool(
        re.match(r'\s*(?:$|[A-Z_]+\s*\[|(?:EPSG|ESRI|OGC|IAU_\d+):[\w.]+\s*$|\+proj=|urn:ogc:|{\s*")', text)
    )


def _check_name(element: ElementTree.Element, path: Path, above: tuple[Path, ...], raw: bool) -> None:
    """Raise unless a document names a file that it may show, and the file is what its name says."""
    told = {_small(key): value for key, value in element.attrib.items()}
    name, relative = element.text or "", told.get("relativetovrt", "0")
    if relative not in ("0", "1") or len(element) or name != name.strip() or not name:
        raise SourceError(
            f"rast: {path} must name each member once, in one piece, got {redact(name[:200])!r}; write it again"
        )
    folder = Path(os.path.realpath(path)).parent
    if "://" in name or name.startswith("/vsi"):
        if not _allowed(name):
            raise _outside(path, name, name.rpartition("/")[0])
        return
    if name.startswith(("<", "{", "[")) or PREFIX.match(name):
        raise SourceError(
            f"rast: {path} must name files, got {redact(name[:200])!r}; show the file itself, or write what "
            "it holds as GeoTIFF"
        )
    member = Path(os.path.abspath(folder / name if relative == "1" else name))
    if not _allowed(os.fspath(member), *(file.parent for file in above)):
        raise _outside(path, name, os.fspath(Path(os.path.realpath(member)).parent))
    if member.is_file():
        if raw:
            return  # its bytes are numbers, and lead nowhere
        _check_member(member, path, above)
    elif member.is_dir():
        raise SourceError(f"rast: {path} must name files, got the folder {member}; show the file itself")


def _outside(path: Path, name: str, root: str) -> SourceError:
    return SourceError(
        f"rast: {path}: its member {redact(name)} lies outside of its folder; if that is meant, "
        f"allow it with pt.options(vrt_roots=[{redact(root)!r}])"
    )


def _check_member(member: Path, path: Path, above: tuple[Path, ...]) -> None:
    """Raise unless a member is a virtual raster of the same kind, or a file that keeps its cells to itself."""
    if ending(os.fspath(member)) == VIRTUAL:
        _check_document(member, above)
        return
    start = start_of(member)
    check_text(member, start)
    alone = start.startswith(_IMAGES) or _TEXT_GRID.match(start)
    if not alone and not _allowed(os.fspath(path)):
        raise SourceError(
            f"rast: {path}: its member {member} is of no format that a virtual raster may show; write it as GeoTIFF first"
        )
    check_file(member)
    if alone and not start.startswith(TIFF):  # what else these formats say of overviews, their drivers know
        from pyterra.io.raster.gdal import open_dataset

        open_dataset(os.fspath(member)).close()
