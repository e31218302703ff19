"""A file from a stranger is only a file: whatever it says, no cell of another file and no request comes of it.

What belongs to somebody else lies in ``elsewhere`` (every cell `CELL`, every text with `WORD`), outside of the folder of
the stranger's files. Every text of `strangers` goes through every door under every ending; without the checks most
of them come back with foreign cells, or send requests.
"""

import gzip
import json
import sqlite3
import tarfile
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest
import rasterio
import strangers
from click.testing import CliRunner
from strangers import CELL, SIZE, WORD, band, simple, tif, vrt

import pyterra as pt
from pyterra.cli import main
from pyterra.errors import PyterraError, SourceError
from pyterra.io.safe.fingerprint import fingerprint
from pyterra.io.vector import guard as vector_guard

ENDINGS = [
    ".vrt", ".tif", ".TIFF", ".nc", ".jp2", ".png", ".jpg", ".asc", ".img", ".grd", ".bil", ".dat", ".grib", ".h5",
    ".gpkg", ".zarr", ".xml", ".json", ".kml", ".txt", ".mrf", ".gti", ".lbl",
]  # fmt: skip
VECTOR_ENDINGS = [
    ".vrt", ".gpkg", ".shp", ".geojson", ".json", ".kml", ".gml", ".csv", ".txt", ".gpx", ".fgb", ".tab", ".dxf",
    ".sqlite", ".xml", ".zip", ".parquet",
]  # fmt: skip


def look(r):
    """All that can be seen of a raster: text, and its cells at full and at reduced resolution, with and without mask."""
    cells = [r.to_numpy(), np.asarray(r.spat_sample(9, method="regular"))]
    return f"{r!r} {r.names} {pt.sources(r)}", np.concatenate([np.ravel(v).astype(float) for v in cells])


def _info(path):
    found = CliRunner().invoke(main, ["info", str(path)])
    return found.output, np.empty(0)


DOORS = {
    "rast": lambda p: look(pt.rast(p)),
    "mask": lambda p: look(pt.rast(p, mask=True)),
    "list": lambda p: look(pt.rast([p])),
    "sds": lambda p: look(pt.sds(p)[0]),
    "sprc": lambda p: look(pt.sprc([p])[0]),
    "vrt": lambda p: look(pt.vrt([p])),
    "merge": lambda p: look(pt.merge(pt.rast(p), pt.rast(p))),
    "fingerprint": lambda p: (str(fingerprint(p)), np.empty(0)),
    "info": _info,
}


class Watch:
    """Counts tries, and those of which something foreign came."""

    def __init__(self, asked):
        self.asked, self.tries, self.caught = asked, 0, []

    @contextmanager
    def _unasked(self, what):
        before = len(self.asked)
        self.tries += 1
        yield
        if len(self.asked) > before:
            self.caught.append(f"{what}: asked {self.asked[before:]}")

    def try_raster(self, what, door, path):
        with self._unasked(what), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                text, cells = door(path)
            except (PyterraError, ImportError) as error:
                text, cells = str(error), np.empty(0)
            if (cells == CELL).any() or WORD in text:
                self.caught.append(f"{what}: foreign")

    def try_vector(self, what, path, **more):
        with self._unasked(what), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                v = pt.vect(path, **more)
                text = f"{v!r} {v.values().to_string()} {v.crs}"
            except (PyterraError, ImportError) as error:
                text = str(error)
            if WORD in text:
                self.caught.append(f"{what}: foreign")


@pytest.fixture
def elsewhere(tmp_path):
    return strangers.canaries(tmp_path / "elsewhere")


@pytest.fixture
def watch():
    with strangers.counting_server() as (url, asked):
        found = Watch(asked)
        found.url = url
        yield found


def stranger(folder: Path, texts, elsewhere):
    """A stranger's folder: what his virtual rasters name, honest or not."""
    folder.mkdir(parents=True)
    tif(folder / "own.tif", 1)
    tif(folder / "masked.tif", 1)
    (folder / "masked.tif.msk").write_text(texts["raw absolute"])
    (folder / "link.tif").symlink_to(elsewhere / "other.tif")
    (folder / "text.tif").write_text(texts["raw absolute"])
    (folder / "inner.vrt").write_text(texts["raw absolute"])
    return folder


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_text_leads_a_raster_elsewhere_under_any_ending(tmp_path, elsewhere, watch, ending):
    texts = strangers.raster_texts(watch.url, elsewhere, tmp_path / "ran")
    folder = stranger(tmp_path / "in", texts, elsewhere)
    path = folder / f"odd{ending}"
    for name, text in texts.items():
        path.write_text(text)
        watch.try_raster(f"{name} as {ending}", DOORS["rast"], str(path))
    assert not watch.caught
    assert watch.tries == len(texts) > 45
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("door", DOORS)
def test_no_text_leads_a_raster_elsewhere_by_any_door(tmp_path, elsewhere, watch, door):
    texts = strangers.raster_texts(watch.url, elsewhere, tmp_path / "ran")
    folder = stranger(tmp_path / "in", texts, elsewhere)
    for ending in (".vrt", ".tif", ""):
        path = folder / f"odd{ending}"
        for name, text in texts.items():
            path.write_text(text)
            watch.try_raster(f"{name} as {ending}", DOORS[door], str(path))
    assert not watch.caught
    assert watch.tries == 3 * len(texts)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("ending", VECTOR_ENDINGS)
def test_no_text_leads_a_vector_elsewhere(tmp_path, elsewhere, watch, ending):
    texts = strangers.vector_texts(watch.url, elsewhere)
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in texts.items():
        path = folder / f"{name.replace(' ', '_')}{ending}"
        path.write_text(text)
        watch.try_vector(f"{name} as {ending}", str(path))
    assert not watch.caught
    assert watch.tries == len(texts) > 15


def test_no_archive_hides_a_text(tmp_path, elsewhere, watch):
    texts = {f"{n}.geojson": t for n, t in strangers.vector_texts(watch.url, elsewhere).items()}
    texts |= {n.replace(".geojson", ".csv"): t for n, t in texts.items()}
    for i, (name, text) in enumerate(texts.items()):
        path = tmp_path / f"{i}.zip"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(name, text)
        for form in (str(path), f"/vsizip/{path}/{name}", f"zip://{path}!{name}"):
            watch.try_vector(f"{name} in {form}", form)
        packed = tmp_path / f"{i}.tar"
        with tarfile.open(packed, "w") as file:
            (tmp_path / name).write_text(text)
            file.add(tmp_path / name, name)
        watch.try_vector(f"{name} in a tar", f"/vsitar/{packed}/{name}")
        both = tmp_path / f"{i}.csv"
        both.write_bytes(text.encode() + path.read_bytes())
        watch.try_vector(f"{name} before an archive", str(both))
    raster = strangers.raster_texts(watch.url, elsewhere, tmp_path / "ran")
    for i, (name, text) in enumerate(raster.items()):
        path = tmp_path / f"r{i}.zip"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("a.vrt", text)
            file.writestr("a.tif", text)
            file.writestr("b.tif", tif(tmp_path / "own.tif", 1).read_bytes())
            file.writestr("b.tif.ovr", text)
            file.writestr("b.tif.msk", text)
        for inside in ("a.vrt", "a.tif", "b.tif"):
            watch.try_raster(f"{name} in a zip as {inside}", DOORS["mask"], f"/vsizip/{path}/{inside}")
    assert not watch.caught
    assert watch.tries > 250


def _late_link(url):
    """A GeoJSON that takes its CRS from an address, at its end, after 70,000 letters."""
    point = {"type": "Point", "coordinates": [1, 2]}
    feature = {"type": "Feature", "properties": {"a": "x" * 70_000}, "geometry": point}
    crs = {"type": "link", "properties": {"href": f"{url}/late"}}
    return json.dumps({"type": "FeatureCollection", "features": [feature], "crs": crs})


def test_no_ending_and_no_packing_hides_an_address_far_behind(tmp_path, watch):
    """OGR knows JSON under any name, in any packing, and in a call; gzip may come in pieces."""
    text = _late_link(watch.url)
    endings = (*VECTOR_ENDINGS, ".foo", ".dat", ".parquet", ".xlsx", ".db", ".shx", ".pbf", ".map", "")
    for i, ending in enumerate(dict.fromkeys(endings)):
        for j, form in enumerate(
            (text, f" \n{text}", f"\ufeff{text}", f"jsonp({text})", f"loadGeoJSON({text})")
        ):
            name = f"{i}_{j}{ending}"
            (tmp_path / name).write_text(form, encoding="utf-8")
            watch.try_vector(name, str(tmp_path / name))
            packed = tmp_path / f"{name}.gz"
            packed.write_bytes(gzip.compress(form[:70_100].encode()) + gzip.compress(form[70_100:].encode()))
            for path in (f"/vsigzip/{packed}", f"gzip://{packed}"):
                watch.try_vector(path, path)
            with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as file:
                file.writestr(name, form)
            watch.try_vector(f"{name} in a zip", f"/vsizip/{tmp_path}/{name}.zip/{name}")
    packed = tmp_path / "a.geojson.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as file:
        file.write(packed, "a.geojson.gz")
    for path in (
        f"/vsigzip//vsizip/{tmp_path}/outer.zip/a.geojson.gz",
        f"/vsigzip//vsizip/{{{tmp_path}/outer.zip}}/a.geojson.gz",
        f"/vsicached?file={tmp_path}/0_0.foo",
        f"/vsisubfile/0,{tmp_path}/0_0.foo",
    ):
        watch.try_vector(path, path)
    assert not watch.caught
    assert watch.tries > 400


def test_an_item_of_stac_leads_nowhere(tmp_path, elsewhere, watch):
    """Neither its assets are opened nor its links followed, whatever they name; it is a polygon with properties."""
    hrefs = [
        f"{watch.url}/a.tif", f"/vsicurl/{watch.url}/a.tif", "file:///etc/passwd", f"../{elsewhere.name}/other.tif",
        str(elsewhere / "other.tif"), f"vrt://{elsewhere}/other.tif", "<VRTDataset/>", "a" * 10**5, 7, None, ["a"],
    ]  # fmt: skip
    item = {
        "type": "Feature", "stac_version": "1.1.0", "id": "i", "bbox": [0, 0, 1, 1],
        "stac_extensions": ["https://stac-extensions.github.io/projection/v2.0.0/schema.json"],
        "geometry": {"type": "Point", "coordinates": [0, 0]},
        "properties": {"datetime": None, "proj:code": "EPSG:4326", "proj:shape": [9, 9]},
        "links": [{"rel": rel, "href": f"{watch.url}/next"} for rel in ("next", "root", "parent", "self")],
        "assets": {
            f"a{i}": {"href": href, "proj:shape": [9, 9], "proj:transform": [1, 0, 0, 0, -1, 9]}
            for i, href in enumerate(hrefs)
        },
    }  # fmt: skip
    collection = {"type": "FeatureCollection", "features": [item], "links": item["links"]}
    for kind, text in (("item", item), ("items", collection)):
        for ending in (".json", ".geojson", ".tif", ".vrt", ""):
            path = tmp_path / f"{kind}{ending}"
            path.write_text(json.dumps(text))
            for name in (
                str(path),
                f'STACIT:"{path}"',
                f'STACIT:"{path}":asset=a0',
                f"STACTA:{path}",
                f"GTI:{path}",
            ):
                watch.try_vector(name, name)
                for door in DOORS:
                    watch.try_raster(f"{name} by {door}", DOORS[door], name)
    assert not watch.caught
    assert watch.tries > 150


def test_what_unpacks_to_more_than_is_looked_through_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_guard, "MAX_WHOLE", 100_000)
    packed = tmp_path / "a.geojson.gz"
    packed.write_bytes(gzip.compress(b'{"type": "FeatureCollection", "features": [' + b" " * 10**7 + b"]}"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.geojson", gzip.decompress(packed.read_bytes()))
    for path in (f"/vsigzip/{packed}", str(tmp_path / "a.zip")):
        with pytest.raises(
            SourceError, match=r"vect: a\.geojson has more than 100000 bytes.*unpack it first"
        ):
            pt.vect(path)


def _half(text):
    return text.replace(f'rasterXSize="{SIZE}"', f'rasterXSize="{SIZE // 2}"').replace(
        f'rasterYSize="{SIZE}"', f'rasterYSize="{SIZE // 2}"'
    )


@pytest.mark.parametrize("member", [False, True])
def test_no_file_beside_leads_elsewhere(tmp_path, elsewhere, watch, member):
    folder = tmp_path / "in"
    folder.mkdir()
    texts = strangers.raster_texts(watch.url, elsewhere, tmp_path / "ran")
    small = elsewhere / "small.tif"
    with rasterio.open(small, "w", **{**strangers.PROFILE, "height": 10, "width": 10}) as file:
        file.write(np.full((1, 10, 10), CELL, "uint8"))
    named = f'<Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{small}</MDI></Metadata>'
    hidden = named.replace("OVERVIEW_FILE", "OVERVIEW&#95;FILE")
    beside = {
        f"{end} {name}": (end, _half(text))
        for name, text in texts.items()
        for end in (".ovr", ".msk", ".oVr")
    }
    beside |= {
        "overviews": (".aux.xml", f"<PAMDataset>{named}</PAMDataset>"),
        "overviews hidden": (".aux.xml", f"<PAMDataset>{hidden}</PAMDataset>"),
        "crs": (".aux.xml", f"<PAMDataset><SRS>{watch.url}/crs</SRS></PAMDataset>"),
    }
    for i, (name, (end, text)) in enumerate(beside.items()):
        path = tif(folder / f"a{i}.tif", 1)
        Path(f"{path}{end}").write_text(text)
        if member:
            path = folder / f"a{i}.vrt"
            path.write_text(vrt(band(simple(f"a{i}.tif", 1))))
        watch.try_raster(name, DOORS["mask"], str(path))
    assert not watch.caught
    assert watch.tries > 100


@pytest.mark.parametrize("member", [False, True])
def test_metadata_in_a_tiff_name_no_overviews_elsewhere(tmp_path, elsewhere, member):
    small = elsewhere / "small.tif"
    with rasterio.open(small, "w", **{**strangers.PROFILE, "height": 10, "width": 10}) as file:
        file.write(np.full((1, 10, 10), CELL, "uint8"))
    for key in ("OVERVIEW_FILE", "overview_file", "OVERVIEW&#95;FILE"):
        item = f'<GDALMetadata><Item name="{key}" domain="OVERVIEWS">{small}</Item></GDALMetadata>'
        path = strangers.tiff_with_tag(tmp_path / "a.tif", item)
        if member:
            path = tmp_path / "a.vrt"
            path.write_text(vrt(band(simple("a.tif", 1))))
        with pytest.raises(
            SourceError, match=r"a\.tif takes its overviews from another file, which is not followed"
        ):
            pt.rast(path)


def test_a_picture_that_is_a_virtual_raster_as_well_is_no_member(tmp_path, elsewhere):
    text = vrt(band(simple(elsewhere / "other.tif")))
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xfe  " + text.encode())
    with rasterio.open(tmp_path / "a.jpg") as file:
        assert (file.read() == CELL).all()  # GDAL alone follows it
    with pytest.raises(SourceError, match=r"a\.jpg cannot be opened as JPEG"):
        pt.rast(tmp_path / "a.jpg")
    (tmp_path / "a.vrt").write_text(vrt(band(simple("a.jpg", 1))))
    with pytest.raises(SourceError, match=r"a\.jpg holds a text that leads elsewhere"):
        pt.rast(tmp_path / "a.vrt")


ODDLY_WRITTEN = {
    "an attribute": '<SimpleSource SourceFilename="{}"><SourceBand>1</SourceBand></SimpleSource>',
    "small letters": "<simplesource><sourcefilename>{}</sourcefilename><sourceband>1</sourceband></simplesource>",
    "a remark": "<SimpleSource><SourceFilename>{}<!-- -->/../../in/own.tif</SourceFilename></SimpleSource>",
    "a section": "<SimpleSource><SourceFilename>{}<![CDATA[/../../in/own.tif]]></SourceFilename></SimpleSource>",
    "blanks": '<SimpleSource><SourceFilename relativeToVRT="1">\n ../elsewhere/other.tif</SourceFilename></SimpleSource>',
    "both cases": '<SimpleSource><SourceFilename relativeToVRT="1" relativetoVRT="0">a</SourceFilename></SimpleSource>',
    "a number": '<SimpleSource><SourceFilename relativeToVRT="01">../elsewhere/other.tif</SourceFilename></SimpleSource>',
    "letters by number": "<SimpleSource><SourceFilename>&#47;vsicurl/{}</SourceFilename></SimpleSource>",
}


@pytest.mark.parametrize("way", ODDLY_WRITTEN)
def test_no_way_of_writing_gets_a_name_past_the_check(tmp_path, elsewhere, way):
    (tmp_path / "in").mkdir()
    tif(tmp_path / "in/own.tif", 1)
    path = tmp_path / "in/a.vrt"
    path.write_text(vrt(band(ODDLY_WRITTEN[way].format(elsewhere / "other.tif"))))
    with pytest.raises(SourceError, match=r"a\.vrt"):
        pt.rast(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "cp037"])
def test_a_document_in_an_encoding_that_is_read_in_two_ways_is_refused(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + vrt("")
    (tmp_path / "a.vrt").write_bytes(text.encode(encoding))
    with pytest.raises(SourceError, match=r"a\.vrt"):
        pt.rast(tmp_path / "a.vrt")


def test_a_virtual_raster_that_shows_itself_is_refused(tmp_path):
    (tmp_path / "a.vrt").write_text(vrt(band(simple("b.vrt", 1))))
    (tmp_path / "b.vrt").write_text(vrt(band(simple("a.vrt", 1))))
    with pytest.raises(SourceError, match="shows itself"):
        pt.rast(tmp_path / "a.vrt")
    assert fingerprint(tmp_path / "a.vrt") is not None


# What belongs together goes on working


@pytest.fixture
def mosaic(tmp_path):
    """A folder as gdalbuildvrt and gdalwarp leave it: tiles below, a mosaic of the mosaic beside."""
    (tmp_path / "m/tiles").mkdir(parents=True)
    tif(tmp_path / "m/tiles/a.tif", 7)
    (tmp_path / "m/a.vrt").write_text(vrt(band(simple("tiles/a.tif", 1, "ComplexSource"))))
    (tmp_path / "m/b.vrt").write_text(vrt(band(simple("a.vrt", 1))))
    return tmp_path / "m"


def test_members_of_its_own_folder_are_shown(mosaic):
    for name in ("a.vrt", "b.vrt"):
        assert (pt.rast(mosaic / name).to_numpy() == 7).all()
    (mosaic / "w.vrt").write_text(strangers.warped(mosaic / "tiles/a.tif"))
    assert (pt.rast(mosaic / "w.vrt").to_numpy() == 7).all()
    (mosaic / "c.vrt").write_text(vrt(band(simple(mosaic / "tiles/a.tif"))))
    assert (pt.rast(mosaic / "c.vrt").to_numpy() == 7).all()


def test_a_virtual_raster_of_rasterio_is_an_ordinary_one(mosaic):
    import rasterio.shutil

    with rasterio.open(mosaic / "tiles/a.tif", "r+") as file:
        file.update_tags(1, note="x")
        file.write_colormap(1, {7: (1, 2, 3, 255)})
    rasterio.shutil.copy(mosaic / "tiles/a.tif", mosaic / "v.vrt", driver="VRT")
    assert (pt.rast(mosaic / "v.vrt").to_numpy() == 7).all()


def test_members_elsewhere_need_the_users_word(mosaic, elsewhere):
    path = mosaic / "e.vrt"
    path.write_text(vrt(band(simple(f"../{elsewhere.name}/other.tif", 1))))
    with pytest.raises(
        SourceError, match=rf"e\.vrt: its member .* lies outside .*vrt_roots=\['{elsewhere}'\]"
    ):
        pt.rast(path)
    with pt.options(vrt_roots=[elsewhere]):
        r = pt.rast(path)
    assert (r.to_numpy() == CELL).all()  # allowed when it was made
    with pt.options(vrt_roots=[mosaic / "tiles"]), pytest.raises(SourceError, match="lies outside"):
        pt.rast(path)


def test_a_trusted_folder_may_hold_raw_bands_but_runs_no_code(mosaic, tmp_path):
    (mosaic / "cells.bin").write_bytes(bytes([5]) * SIZE * SIZE)
    (mosaic / "r.vrt").write_text(vrt(strangers.raw("cells.bin", 1)))
    with pytest.raises(SourceError, match="VRTRawRasterBand"):
        pt.rast(mosaic / "r.vrt")
    with pt.options(vrt_roots=mosaic):
        assert (pt.rast(mosaic / "r.vrt").to_numpy() == 5).all()
        tif(mosaic / "own.tif", 1)
        (mosaic / "p.vrt").write_text(strangers.python_function(tmp_path / "ran"))
        with pytest.raises(PyterraError):
            pt.rast(mosaic / "p.vrt").to_numpy()
    assert not (tmp_path / "ran").exists()


def test_virtual_rasters_of_ones_own_show_any_file_of_the_machine(tmp_path, elsewhere):
    (tmp_path / "out").mkdir()
    for r in (pt.vrt([elsewhere / "other.tif"]), pt.vrt([elsewhere / "other.tif"], tmp_path / "out/m.vrt")):
        assert (r.to_numpy() == CELL).all()
    assert (pt.rast(tmp_path / "out/m.vrt").to_numpy() == CELL).all()
    (tmp_path / "out/m.vrt").write_text((tmp_path / "out/m.vrt").read_text() + " ")  # not ours any more
    with pytest.raises(SourceError, match="lies outside"):
        pt.rast(tmp_path / "out/m.vrt")


def test_workers_read_what_the_main_process_allowed(tmp_path, elsewhere):
    r = pt.vrt([elsewhere / "other.tif"])
    with pt.options(executor="processes", workers=2):
        assert ((r + 1).to_numpy() == CELL + 1).all()


def test_a_view_of_rasterio_over_a_strangers_document_is_looked_at(tmp_path, elsewhere):
    from rasterio.vrt import WarpedVRT

    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.vrt").write_text(vrt(band(simple(elsewhere / "other.tif"))))
    with rasterio.open(tmp_path / "in/a.vrt") as file:
        view = WarpedVRT(file)
        with pytest.raises(SourceError, match="lies outside"):
            pt.rast(view)
        view.close()
    with rasterio.open(elsewhere / "other.tif") as file, WarpedVRT(file) as view:
        assert (pt.rast(view).to_numpy() == CELL).all()


def test_names_of_services_are_no_paths(watch, elsewhere):
    for text in (
        f"WMS:{watch.url}", f"WCS:{watch.url}", f"DERIVED_SUBDATASET:AMPLITUDE:{elsewhere}/other.tif", f"vrt://{elsewhere}/other.tif",
        f"STACIT:{watch.url}", f"EEDAI:{watch.url}", "PG:dbname=a", f"<GDAL_WMS>{watch.url}</GDAL_WMS>",
    ):  # fmt: skip
        watch.try_raster(text, DOORS["rast"], text)
        with pytest.raises(SourceError):
            pt.rast(text)
    for text in (
        f"WFS:{watch.url}",
        f"OAPIF:{watch.url}",
        f"CSW:{watch.url}",
        "PG:dbname=a",
        f"MVT:{watch.url}/0",
    ):
        watch.try_vector(text, text)
        with pytest.raises(SourceError):
            pt.vect(text)
    assert not watch.caught


def test_what_a_file_calls_its_own_rasters_must_lie_in_it(tmp_path, elsewhere, watch):
    path = tif(tmp_path / "a.tif", 1)
    names = [f"{elsewhere}/other.tif", f"GTIFF_DIR:1:{elsewhere}/other.tif", f"WMS:{watch.url}"]
    items = [f'<MDI key="SUBDATASET_{i + 1}_NAME">{name}</MDI>' for i, name in enumerate(names)]
    text = f'<PAMDataset><Metadata domain="SUBDATASETS">{"".join(items)}</Metadata></PAMDataset>'
    Path(f"{path}.aux.xml").write_text(text)
    watch.try_raster("sds", DOORS["sds"], str(path))
    assert not watch.caught
    assert (pt.sds(str(path))[0].to_numpy() == 1).all()


# Formats with their own ways out


def _hdf(path, kind, other):
    with h5py.File(path, "w") as file:
        x = file.create_dataset("x", data=np.arange(SIZE, dtype=float))
        y = file.create_dataset("y", data=np.arange(SIZE, dtype=float))
        x.make_scale("x")
        y.make_scale("y")
        if kind == "link":
            file["t"] = h5py.ExternalLink(str(other), "t")
        elif kind == "group":
            file["g"] = h5py.ExternalLink(str(other), "/")
        elif kind == "storage":
            file.create_dataset(
                "t", (SIZE, SIZE), "u1", external=[(str(other.with_name("other.bin")), 0, SIZE * SIZE)]
            )
        elif kind == "virtual":
            layout = h5py.VirtualLayout((SIZE, SIZE), "u1")
            layout[:] = h5py.VirtualSource(str(other), "t", (SIZE, SIZE))
            file.create_virtual_dataset("t", layout)
        else:
            file["t"] = np.ones((SIZE, SIZE), "u1")
        if "t" in file and kind not in ("link",):
            file["t"].dims[0].attach_scale(y)
            file["t"].dims[1].attach_scale(x)


@pytest.mark.parametrize("ending", [".nc", ".h5", ".hdf5", "", ".kea"])
@pytest.mark.parametrize("kind", ["link", "group", "storage", "virtual"])
def test_hdf5_takes_nothing_from_other_files(tmp_path, elsewhere, watch, kind, ending):
    other = elsewhere / "other.h5"
    with h5py.File(other, "w") as file:
        file["t"] = np.full((SIZE, SIZE), CELL, "u1")
    path = tmp_path / f"a{ending}"
    _hdf(path, kind, other)
    doors = {
        **DOORS,
        "named": lambda p: look(pt.rast(f'HDF5:"{p}"://t')),
        "netcdf": lambda p: look(pt.rast(f'NETCDF:"{p}":t')),
    }
    for name, door in doors.items():
        watch.try_raster(f"{kind} {ending} {name}", door, str(path))
    assert not watch.caught
    with pytest.raises(SourceError, match=r"takes its values from another file, .*, which is not followed"):
        pt.rast(path)


def test_hdf5_that_keeps_to_itself_is_read(tmp_path):
    _hdf(tmp_path / "a.nc", "own", None)
    assert (pt.rast(tmp_path / "a.nc").to_numpy() == 1).all()


@pytest.mark.parametrize(
    "text", ['{"metadata": {}, "record_size": 1}', '{"metadata": {}, "record\\u005fsize": 1}', "{,"]
)
def test_a_zarr_store_of_references_is_refused(tmp_path, text):
    (tmp_path / "a.zarr").mkdir()
    (tmp_path / "a.zarr/.zmetadata").write_text(text)
    for path in (str(tmp_path / "a.zarr"), f'ZARR:"{tmp_path}/a.zarr":/a'):
        with pytest.raises(SourceError, match=r"a\.zarr"):
            pt.rast(path)


@pytest.mark.parametrize("comment", [" ", "/**/"])
@pytest.mark.parametrize("module", ["VirtualText", "VirtualOGR", "VirtualShape"])
def test_tables_of_a_geopackage_show_nothing_from_elsewhere(tmp_path, elsewhere, watch, module, comment):
    path = tmp_path / "a.gpkg"
    pt.vect(["POINT (1 2)"], crs="EPSG:4326").write_vector(path)
    words = f"'{elsewhere}/other.csv', 'UTF-8', 1, POINT, NONE, ','"
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA writable_schema = 1")
        base.execute(
            "INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) VALUES ('table', 'v', 'v', 0, ?)",
            (f"CREATE VIRTUAL{comment}TABLE v USING {module}({words})",),
        )
        base.execute(
            "INSERT INTO gpkg_contents(table_name, data_type, identifier) VALUES ('v', 'attributes', 'v')"
        )
    base.close()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.write(path, "a.gpkg")
    for form in (path, f"/vsizip/{tmp_path}/a.zip/a.gpkg", tmp_path / "a.zip"):
        watch.try_vector("table", str(form), layer="v")
        watch.try_raster("raster", DOORS["rast"], str(form))
    assert not watch.caught
    with pytest.raises(SourceError, match="the table v shows what lies elsewhere"):
        pt.vect(path)


def test_a_schema_beside_gml_fetches_nothing(tmp_path, watch):
    path = tmp_path / "a.gml"
    path.write_text(
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:a="http://a"><gml:featureMember><a:t><a:w>q</a:w>'
        "<a:geom><gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point></a:geom></a:t></gml:featureMember>"
        "</gml:FeatureCollection>"
    )
    (tmp_path / "a.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://a">'
        f'<xs:include schemaLocation="{watch.url}/i.xsd"/>'
        f'<xs:include schemaLocation="/vsicurl/{watch.url}/j.xsd"/></xs:schema>'
    )
    watch.try_vector("schema", str(path))
    assert not watch.caught
    (tmp_path / "a.xsd").unlink()
    assert pt.vect(path)["w"].tolist() == ["q"]


def test_a_filter_without_a_kernel_does_not_end_the_process(tmp_path):
    tif(tmp_path / "own.tif", 1)
    (tmp_path / "a.vrt").write_text(vrt(band(simple("own.tif", 1, kind="KernelFilteredSource"))))
    with pytest.raises(SourceError, match="a filter without a kernel"):
        pt.rast(tmp_path / "a.vrt")
