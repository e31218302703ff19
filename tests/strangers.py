"""Files from a stranger: texts that lead elsewhere, what they lead to, and a server that counts who asks.

Whatever is read from the canaries shows: every cell is `CELL`, every text holds `WORD`.
"""

import http.server
import json
import struct
import threading
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import rasterio

CELL = 199
WORD = "canary-7f3a"
SIZE = 20
PROFILE = {
    "driver": "GTiff", "count": 1, "height": SIZE, "width": SIZE, "dtype": "uint8", "crs": "EPSG:32631",
    "transform": rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6),
}  # fmt: skip
FILTER = '<Kernel normalized="1"><Size>3</Size><Coefs>0 0 0 0 1 0 0 0 0</Coefs></Kernel>'
GRID = "<SRS>EPSG:32631</SRS><GeoTransform>500000, 30, 0, 5000000, 0, -30</GeoTransform>"


@contextmanager
def counting_server():
    """A server of this machine that answers "not found"; its address, and the list of what was asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_OPTIONS = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def tif(path, value, **more):
    """A small GeoTIFF of one value."""
    with rasterio.open(path, "w", **PROFILE, **more) as file:
        file.write(np.full((1, SIZE, SIZE), value, "uint8"))
    return path


def canaries(folder: Path):
    """What belongs to somebody else: rasters, raw bytes and tables."""
    folder.mkdir(parents=True, exist_ok=True)
    tif(folder / "other.tif", CELL)
    (folder / "other.bin").write_bytes(bytes([CELL]) * SIZE * SIZE)
    (folder / "other.csv").write_text(f"x,y,word\n1,2,{WORD}\n")
    (folder / "other.geojson").write_text(_points(WORD))
    return folder


def _points(word, more=""):
    place = '{"type": "Point", "coordinates": [1, 2]}'
    feature = f'{{"type": "Feature", "properties": {{"word": "{word}"}}, "geometry": {place}}}'
    return f'{{"type": "FeatureCollection", {more}"features": [{feature}]}}'


def vrt(body, more="", attributes=""):
    """A virtual raster around some elements."""
    return (
        f'<VRTDataset rasterXSize="{SIZE}" rasterYSize="{SIZE}"{attributes}>{GRID}{more}{body}</VRTDataset>'
    )


def band(body, attributes=""):
    return f'<VRTRasterBand dataType="Byte" band="1"{attributes}>{body}</VRTRasterBand>'


def simple(name, relative=0, kind="SimpleSource", more=""):
    """A band that shows another file."""
    file = f'<SourceFilename relativeToVRT="{relative}">{name}</SourceFilename>'
    return f"<{kind}>{file}<SourceBand>1</SourceBand>{more}</{kind}>"


def raw(name, relative=0):
    return band(
        f'<SourceFilename relativetoVRT="{relative}">{name}</SourceFilename><ImageOffset>0</ImageOffset>'
        f"<PixelOffset>1</PixelOffset><LineOffset>{SIZE}</LineOffset>",
        ' subClass="VRTRawRasterBand"',
    )


def warped(name):
    return vrt(
        band("", ' subClass="VRTWarpedRasterBand"')
        + f"<BlockXSize>{SIZE}</BlockXSize><BlockYSize>{SIZE}</BlockYSize><GDALWarpOptions>"
        f'<WarpMemoryLimit>6e7</WarpMemoryLimit><SourceDataset relativeToVRT="0">{name}</SourceDataset>'
        "<Transformer><GenImgProjTransformer><SrcGeoTransform>500000,30,0,5000000,0,-30</SrcGeoTransform>"
        "<SrcInvGeoTransform>-16666.66,0.03333333,0,166666.66,0,-0.033333333</SrcInvGeoTransform>"
        "<DstGeoTransform>500000,30,0,5000000,0,-30</DstGeoTransform>"
        "<DstInvGeoTransform>-16666.66,0.03333333,0,166666.66,0,-0.033333333</DstInvGeoTransform>"
        "</GenImgProjTransformer></Transformer>"
        '<BandList><BandMapping src="1" dst="1"/></BandList></GDALWarpOptions>',
        attributes=' subClass="VRTWarpedDataset"',
    )


def pansharpened(name):
    file = f'<SourceFilename relativeToVRT="0">{name}</SourceFilename><SourceBand>1</SourceBand>'
    return vrt(
        "<PansharpeningOptions><Algorithm>WeightedBrovey</Algorithm><AlgorithmOptions><Weights>1</Weights></AlgorithmOptions>"
        f'<PanchroBand>{file}</PanchroBand><SpectralBand dstBand="1">{file}</SpectralBand></PansharpeningOptions>',
        attributes=' subClass="VRTPansharpenedDataset"',
    )


def processed(name):
    return (
        f'<VRTDataset subClass="VRTProcessedDataset"><Input><SourceFilename relativeToVRT="0">{name}</SourceFilename>'
        "</Input><ProcessingSteps><Step><Algorithm>BandAffineCombination</Algorithm>"
        '<Argument name="coefficients_1">0,1</Argument></Step></ProcessingSteps></VRTDataset>'
    )


def python_function(marker):
    code = f"import pathlib\ndef f(*a, **k):\n    pathlib.Path({str(marker)!r}).write_text('ran')\n"
    return vrt(
        band(
            f"<PixelFunctionType>f</PixelFunctionType><PixelFunctionLanguage>Python</PixelFunctionLanguage>"
            f"<PixelFunctionCode><![CDATA[{code}]]></PixelFunctionCode>{simple('own.tif', 1)}",
            ' subClass="VRTDerivedRasterBand"',
        )
    )


def raster_texts(url, elsewhere, marker):
    """Name -> text that leads a raster reader elsewhere: to `url`, to files in `elsewhere`; `marker` must not appear."""
    other, bytes_ = elsewhere / "other.tif", elsewhere / "other.bin"
    inner = vrt(raw(bytes_))
    wms = (
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}.png</ServerUrl></Service><DataWindow><SizeX>{SIZE}</SizeX>'
        f"<SizeY>{SIZE}</SizeY></DataWindow><BandsCount>1</BandsCount><BlockSizeX>{SIZE}</BlockSizeX></GDAL_WMS>"
    )
    shown = {
        "absolute": str(other),
        "address": f"{url}/a.tif",
        "curl": f"/vsicurl/{url}/a.tif",
        "curl by options": f"/vsicurl?url={url}/a.tif",
        "streaming": f"/vsicurl_streaming/{url}/a.tif",
        "xml": escape(inner),
        "xml of a service": escape(wms),
        "service": f"WMS:{url}/wms?LAYERS=a",
        "derived": f"DERIVED_SUBDATASET:AMPLITUDE:{other}",
        "directory of a tiff": f"GTIFF_DIR:1:{other}",
        "part of a file": f"/vsisubfile/0_400,{other}",
        "standard prefix": f"vrt://{other}",
    }
    texts = {f"source {name}": vrt(band(simple(text))) for name, text in shown.items()}
    texts |= {
        "raw absolute": inner,
        "raw above": vrt(raw(f"../{elsewhere.name}/other.bin", 1)),
        "raw beside": vrt(raw("own.tif", 1)),
        "source above": vrt(band(simple(f"../{elsewhere.name}/other.tif", 1))),
        "source by a link": vrt(band(simple("link.tif", 1))),
        "source of text": vrt(band(simple("text.tif", 1))),
        "source of a mask of text": vrt(band(simple("masked.tif", 1, "ComplexSource", "<UseMaskBand>true</UseMaskBand>"))),
        "source of another virtual raster": vrt(band(simple("inner.vrt", 1))),
        "source of its own text": vrt(band(simple("odd.vrt", 1)) + raw(bytes_)),
        "complex": vrt(band(simple(other, kind="ComplexSource"))),
        "averaged": vrt(band(simple(other, kind="AveragedSource"))),
        "filtered": vrt(band(simple(other, kind="KernelFilteredSource", more=FILTER))),
        "options": vrt(band(simple("own.tif", 1, more=f'<OpenOptions><OOI key="GEOREF_SOURCES">{other}</OOI></OpenOptions>'))),
        "warped": warped(other),
        "pansharpened": pansharpened(other),
        "processed": processed(other),
        "python": python_function(marker),
        "mask": vrt(band(simple("own.tif", 1)), f"<MaskBand>{band(simple(other))}</MaskBand>"),
        "overview": vrt(
            band(
                f'<Overview><SourceFilename relativeToVRT="0">{other}</SourceFilename><SourceBand>1</SourceBand></Overview>'
                + simple("own.tif", 1)
            )
        ),
        "subdatasets": vrt(
            "", f'<Metadata domain="SUBDATASETS"><MDI key="SUBDATASET_1_NAME">{other}</MDI><MDI key="SUBDATASET_1_DESC">a</MDI></Metadata>'
        ),
        "crs": vrt(band(simple("own.tif", 1))).replace("EPSG:32631", f"{url}/crs"),
        "entity": f'<!DOCTYPE a [<!ENTITY e SYSTEM "{other}">]>' + vrt(band(simple("&e;"))),
        "wms": wms,
        "wmts": f"<GDAL_WMTS><GetCapabilitiesUrl>{url}/wmts</GetCapabilitiesUrl><Layer>a</Layer></GDAL_WMTS>",
        "wcs": f"<WCS_GDAL><ServiceURL>{url}/wcs?</ServiceURL><CoverageName>a</CoverageName></WCS_GDAL>",
        "tile index": f"<GDALTileIndexDataset><IndexDataset>{url}/a.gpkg</IndexDataset></GDALTileIndexDataset>",
        "mrf": (
            f'<MRF_META><Raster><Size x="{SIZE}" y="{SIZE}" c="1"/><PageSize x="{SIZE}" y="{SIZE}" c="1"/><Compression>NONE'
            f"</Compression><DataFile>{bytes_}</DataFile></Raster></MRF_META>"
        ),
        "mrf cache": (
            f'<MRF_META><CachedSource><Source>{other}</Source></CachedSource><Raster><Size x="{SIZE}" y="{SIZE}" c="1"/>'
            f'<PageSize x="{SIZE}" y="{SIZE}" c="1"/><Compression>NONE</Compression></Raster></MRF_META>'
        ),
        "label": (
            "PDS_VERSION_ID = PDS3\r\nRECORD_TYPE = FIXED_LENGTH\r\n"
            f'RECORD_BYTES = {SIZE}\r\n^IMAGE = ("{bytes_}", 1)\r\nOBJECT = IMAGE\r\n LINES = {SIZE}\r\n'
            f" LINE_SAMPLES = {SIZE}\r\n SAMPLE_TYPE = UNSIGNED_INTEGER\r\n SAMPLE_BITS = 8\r\nEND_OBJECT = IMAGE\r\nEND\r\n"
        ),
        "items": _item(str(other)),
        "items elsewhere": _item(f"{url}/a.tif"),
        "algorithm": json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal raster pipeline ! read {other} ! scale"}),
        "overlay": (
            f'<kml xmlns="http://www.opengis.net/kml/2.2"><GroundOverlay><Icon><href>{other}</href></Icon><LatLonBox>'
            "<north>1</north><south>0</south><east>1</east><west>0</west></LatLonBox></GroundOverlay></kml>"
        ),
        "references": json.dumps({
            "version": 1,
            "refs": {
                ".zgroup": '{"zarr_format": 2}',
                "a/.zarray": json.dumps({
                    "zarr_format": 2, "shape": [SIZE, SIZE], "chunks": [SIZE, SIZE], "dtype": "|u1", "compressor": None,
                    "fill_value": 0, "order": "C", "filters": None,
                }),
                "a/.zattrs": '{"_ARRAY_DIMENSIONS": ["y", "x"]}',
                "a/0.0": [str(bytes_)],
            },
        }),
    }  # fmt: skip
    return texts


def _item(href):
    shape = {"proj:epsg": 32631, "proj:shape": [SIZE, SIZE], "proj:transform": [30, 0, 5e5, 0, -30, 5e6]}
    item = {
        "type": "Feature", "stac_version": "1.0.0", "id": "a", "collection": "c",
        "properties": {"datetime": "2020-01-01T00:00:00Z", **shape},
        "bbox": [0, 0, 1, 1], "geometry": {"type": "Point", "coordinates": [1, 2]},
        "assets": {"a": {"href": href, **shape}}, "links": [],
    }  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "stac_version": "1.0.0", "features": [item]})


def vector_texts(url, elsewhere):
    """Name -> text that leads a vector reader elsewhere."""
    other = elsewhere / "other.geojson"
    kml = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
    place = "<Folder><name>f</name><Placemark><name>{}</name><Point><coordinates>1,2</coordinates></Point></Placemark></Folder>"
    gml = (
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:a="http://a" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><gml:featureMember><a:t fid="1"><a:w>{}</a:w>{}</a:t>'
        "</gml:featureMember></gml:FeatureCollection>"
    )
    point = "<a:geom><gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point></a:geom>"
    entity = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{elsewhere}/other.csv"><!ENTITY f SYSTEM "{url}/e">]>'
    layer = "<OGRVRTDataSource><OGRVRTLayer name={}><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    return {
        "virtual": layer.format('"other"', other),
        "virtual above": layer.format('"other"', f"../{elsewhere.name}/other.csv"),
        "virtual elsewhere": layer.format('"a"', f"/vsicurl/{url}/a.geojson"),
        "virtual sql": layer.format('"other"', other).replace("</OGRV", "<SrcSQL>SELECT * FROM other</SrcSQL></OGRV", 1),
        "virtual after text": "x,y,word\n1,2,a\n" + layer.format('"other"', other),
        "wfs": f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
        "csw": f"<OGRCSWDataSource><URL>{url}/csw</URL></OGRCSWDataSource>",
        "algorithm": json.dumps({
            "type": "gdal_streamed_alg",
            "command_line": f"gdal vector pipeline ! read {other} ! write --output-format stream a",
        }),
        "crs address": _points("a", f'"crs": {{"type": "url", "properties": {{"url": "{url}/crs"}}}}, '),
        "crs link": _points("a", f'"crs": {{"type": "link", "properties": {{"href": "{url}/crs"}}}}, '),
        "crs name": _points("a", f'"crs": {{"type": "name", "properties": {{"name": "{url}/crs"}}}}, '),
        "crs escaped": _points("a", f'"\\u0063rs": {{"type": "lin\\u006b", "properties": {{"href": "{url}/crs"}}}}, '),
        "crs late": _points("a" * 200_000).removesuffix("}")
        + f', "crs": {{"type": "link", "properties": {{"href": "{url}/crs"}}}}}}',
        "kml": kml.format(f"<NetworkLink><Link><href>{url}/a.kml</href></Link></NetworkLink>" + place.format("a")),
        "kml entity": entity + kml.format(place.format("&e;&f;")),
        "gml link": gml.format("a", f'<a:geom xlink:href="{url}/p"/>'),
        "gml entity": entity + gml.format("&e;&f;", point),
        "gml schema": gml.format("a", point).replace(
            "<gml:FeatureCollection ",
            '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:schemaLocation="http://a {url}/?SERVICE=WFS&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a:t" ',
        ).replace("</gml:FeatureCollection>", "</wfs:FeatureCollection>"),
        "items": _item(str(elsewhere / "other.tif")),
    }  # fmt: skip


def tiff_with_tag(path, text):
    """A GeoTIFF whose own metadata (tag 42112) say something of GDAL's domains."""
    tif(path, 1)
    data = bytearray(path.read_bytes())
    place = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[place : place + 2])[0]
    entries = [bytes(data[place + 2 + 12 * i : place + 14 + 12 * i]) for i in range(count)]
    body = text.encode() + b"\0"
    start = len(data) + len(data) % 2
    data += bytes(len(data) % 2) + body + bytes(len(body) % 2)
    entries.append(struct.pack("<HHII", 42112, 2, len(body), start))
    entries.sort(key=lambda entry: struct.unpack("<H", entry[:2])[0])
    data[4:8] = struct.pack("<I", len(data))
    path.write_bytes(bytes(data) + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
    return path
