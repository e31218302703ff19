// What the page holds: numbers in compressed arrays, pictures, and how a number is written.

const ARRAYS = {
  uint8: Uint8Array, int16: Int16Array, int32: Int32Array, float32: Float32Array, float64: Float64Array,
};

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed.data), (letter) => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new ARRAYS[packed.type](await new Response(plain).arrayBuffer());
}

async function decoded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

// Of a layer: its picture, values, or coordinates, made ready once.
async function prepare(layer) {
  if (layer.kind === "cells") {
    layer.image = await decoded(layer.picture);
    layer.names = new Map(layer.labels);
    if (layer.values) layer.numbers = await unpack(layer.values);
    return;
  }
  const [xy, lengths, owners] = await Promise.all([layer.xy, layer.lengths, layer.owners].map(unpack));
  layer.geoms = layer.colors.map(() => ({ paths: [], box: [Infinity, -Infinity, Infinity, -Infinity] }));
  let at = 0;
  lengths.forEach((length, i) => {
    const path = xy.subarray(2 * at, 2 * (at + length));
    const geom = layer.geoms[owners[i]];
    geom.paths.push(path);
    for (let k = 0; k < path.length; k += 2) {
      geom.box = [
        Math.min(geom.box[0], path[k]), Math.max(geom.box[1], path[k]),
        Math.min(geom.box[2], path[k + 1]), Math.max(geom.box[3], path[k + 1]),
      ];
    }
    at += length;
  });
}

// The values of the cell at a place, three of a picture in colours; undefined outside, NaN where they are missing.
function valuesAt(layer, x, y) {
  const [xmin, xmax, ymin, ymax] = layer.extent;
  if (!layer.numbers || x < xmin || x > xmax || y < ymin || y > ymax) return undefined;
  const [rows, cols] = layer.shape;
  const row = Math.min(rows - 1, Math.floor(((ymax - y) / (ymax - ymin)) * rows));
  const col = Math.min(cols - 1, Math.floor(((x - xmin) / (xmax - xmin)) * cols));
  return Array.from({ length: layer.bands }, (_, band) => {
    const value = layer.numbers[(band * rows + row) * cols + col];
    return value === layer.values.missing ? NaN : value;
  });
}

// Six digits, and whole numbers in full.
function number(value) {
  return Number.isInteger(value) ? String(value) : String(+value.toPrecision(6));
}

function isMissing(value) {
  return value === undefined || value === null || Number.isNaN(value);
}

function written(layer, values) {
  if (!values || values.every(isMissing)) return "no value";
  if (values.length > 1) return values.map((value) => (isMissing(value) ? "no value" : number(value))).join(", ");
  const [value] = values;
  const label = layer.names.get(value);
  if (label !== undefined) return label === number(value) ? label : `${label} (${number(value)})`;
  return layer.unit ? `${number(value)} ${layer.unit}` : number(value);
}

function degrees(value, ends) {
  const at = Math.round(value * 1e6) / 1e6;
  return Math.abs(at) + "°" + (at === 0 ? "" : at < 0 ? ends[1] : ends[0]);
}

// An element; texts stay texts, whatever stands in them.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
