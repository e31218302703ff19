// A map: what it shows, how it is drawn, and what lies at a place.

class Frame {
  constructor(page, entries, title) {
    this.page = page;
    this.entries = entries;
    this.canvas = make("canvas");
    this.cross = make("div", { class: "cross", hidden: true, "aria-hidden": "true" });
    this.element = make(
      "section",
      { class: "map", tabindex: "0", role: "application", "aria-label": `${title || page.map.title}: map; arrows move it, plus and minus zoom, Enter reads values` },
      this.canvas, this.cross,
    );
    if (title) this.element.append(make("h2", {}, title));
    this.aside = document.createElement("canvas");
    this.toolbar = false; // the buttons lie over what would be written there
  }

  size() {
    const box = this.element.getBoundingClientRect();
    return [Math.max(1, box.width), Math.max(1, box.height)];
  }

  // Where a place of the map lies, in pixels of the page.
  pixel(x, y) {
    const { view, map } = this.page;
    const [wide, high] = this.size();
    return [wide / 2 + (x - view.x) / view.unit, high / 2 - ((y - view.y) * map.ratio) / view.unit];
  }

  place(left, top) {
    const { view, map } = this.page;
    const [wide, high] = this.size();
    return [view.x + (left - wide / 2) * view.unit, view.y - ((top - high / 2) * view.unit) / map.ratio];
  }

  // A place within the map where what is drawn goes on around the earth.
  within(x) {
    if (!this.page.map.wrap) return x;
    const [xmin, xmax] = this.page.map.extent;
    return x > xmax && x - 360 >= xmin ? x - 360 : x < xmin && x + 360 <= xmax ? x + 360 : x;
  }

  draw() {
    const [wide, high] = this.size();
    const dots = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(wide * dots) || this.canvas.height !== Math.round(high * dots)) {
      this.canvas.width = Math.round(wide * dots);
      this.canvas.height = Math.round(high * dots);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const around = this.page.map.wrap ? [-360, 0, 360] : [0];
    for (const entry of this.entries) {
      const layer = this.page.seen(entry);
      if (!layer) continue;
      for (const shift of around) {
        if (layer.kind === "cells") this.drawCells(pen, entry, layer, shift, dots);
        else this.drawShapes(pen, entry, layer, shift, dots);
      }
    }
    this.drawNumbers(pen, wide, high, dots);
  }

  // Corners of an extent in dots of the canvas, whole ones, so that neighbours meet.
  corners([xmin, xmax, ymin, ymax], shift, dots) {
    const [left, top] = this.pixel(xmin + shift, ymax);
    const [right, bottom] = this.pixel(xmax + shift, ymin);
    return [left, top, right, bottom].map((edge) => Math.round(edge * dots));
  }

  drawCells(pen, entry, layer, shift, dots) {
    const tiles = layer.tiles ? this.page.tiles.wanted(this, layer, shift) : [];
    const [left, top, right, bottom] = this.corners(layer.extent, shift, dots);
    if (!tiles.length) {
      pen.globalAlpha = entry.alpha;
      this.paint(pen, layer.image, left, top, right, bottom);
      pen.globalAlpha = 1;
      return;
    }
    // finer tiles take the place of coarser ones before any of it becomes translucent
    const { width, height } = this.canvas;
    if (this.aside.width !== width || this.aside.height !== height) Object.assign(this.aside, { width, height });
    const own = this.aside.getContext("2d");
    own.clearRect(0, 0, width, height);
    this.paint(own, layer.image, left, top, right, bottom);
    for (const tile of tiles) {
      const [a, b, c, d] = this.corners(tile.extent, shift, dots);
      own.clearRect(a, b, c - a, d - b);
      this.paint(own, tile.image, a, b, c, d);
    }
    pen.globalAlpha = entry.alpha;
    pen.drawImage(this.aside, 0, 0);
    pen.globalAlpha = 1;
  }

  paint(pen, image, left, top, right, bottom) {
    pen.imageSmoothingEnabled = false;
    // of a picture far larger than the screen, the part that is seen
    const { width, height } = this.canvas;
    const across = (right - left) / image.naturalWidth, down = (bottom - top) / image.naturalHeight;
    const c0 = Math.max(0, Math.floor(-left / across)), r0 = Math.max(0, Math.floor(-top / down));
    const c1 = Math.min(image.naturalWidth, Math.ceil((width - left) / across));
    const r1 = Math.min(image.naturalHeight, Math.ceil((height - top) / down));
    if (c1 <= c0 || r1 <= r0) return;
    pen.drawImage(image, c0, r0, c1 - c0, r1 - r0, left + c0 * across, top + r0 * down, (c1 - c0) * across, (r1 - r0) * down);
  }

  drawShapes(pen, entry, layer, shift, dots) {
    const [inside, outside] = layer.alphas;
    const grow = entry.alpha;
    pen.save();
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.lineWidth = layer.width;
    pen.lineJoin = "round";
    pen.setLineDash(layer.dash.map((length) => length * Math.max(1, layer.width)));
    const [wide, high] = this.size();
    layer.geoms.forEach((geom, i) => {
      const [left, bottom] = this.pixel(geom.box[0] + shift, geom.box[2]);
      const [right, top] = this.pixel(geom.box[1] + shift, geom.box[3]);
      if (right < -20 || left > wide + 20 || bottom < -20 || top > high + 20) return;
      pen.beginPath();
      for (const path of geom.paths) this.trace(pen, layer, path, shift);
      if (layer.kind !== "lines" && layer.colors[i] !== "transparent") {
        pen.globalAlpha = inside * grow;
        pen.fillStyle = layer.colors[i];
        pen.fill("evenodd");
      }
      const edge = layer.kind === "lines" ? layer.colors[i] : layer.border || layer.colors[i];
      if (layer.width > 0 && edge !== "transparent") {
        pen.globalAlpha = outside * grow;
        pen.strokeStyle = edge;
        pen.stroke();
      }
    });
    pen.restore();
  }

  trace(pen, layer, path, shift) {
    if (layer.kind === "points") {
      for (let k = 0; k < path.length; k += 2) {
        const [left, top] = this.pixel(path[k] + shift, path[k + 1]);
        pen.moveTo(left + layer.radius, top);
        pen.arc(left, top, layer.radius, 0, 2 * Math.PI);
      }
      return;
    }
    for (let k = 0; k < path.length; k += 2) {
      const [left, top] = this.pixel(path[k] + shift, path[k + 1]);
      if (k) pen.lineTo(left, top);
      else pen.moveTo(left, top);
    }
    if (layer.kind === "polygons") pen.closePath();
  }

  // Coordinates along the lower and the left edge.
  drawNumbers(pen, wide, high, dots) {
    const look = getComputedStyle(document.body);
    pen.save();
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = look.getPropertyValue("--ink");
    pen.strokeStyle = look.getPropertyValue("--paper");
    pen.lineWidth = 3;
    pen.lineJoin = "round";
    const [xmin, ymax] = this.place(0, 0);
    const [xmax, ymin] = this.place(wide, high);
    const { lonlat } = this.page.map;
    const write = (text, left, top) => {
      pen.strokeText(text, left, top);
      pen.fillText(text, left, top);
    };
    const mark = (a, b, c, d) => {
      pen.save();
      pen.lineWidth = 1;
      pen.strokeStyle = pen.fillStyle;
      pen.beginPath();
      pen.moveTo(a, b);
      pen.lineTo(c, d);
      pen.stroke();
      pen.restore();
    };
    for (const x of ticks(xmin, xmax, wide / 110)) {
      const [left] = this.pixel(x, ymin);
      if (left < 60 || left > wide - 30) continue;
      mark(left, high, left, high - 5);
      pen.textAlign = "center";
      write(lonlat ? degrees(this.page.map.wrap ? around(x) : x, "EW") : number(x), left, high - 9);
    }
    for (const y of ticks(ymin, ymax, high / 80)) {
      const [, top] = this.pixel(xmin, y);
      if (top < (this.toolbar ? 150 : 16) || top > high - 26) continue;
      mark(0, top, 5, top);
      pen.textAlign = "left";
      write(lonlat ? degrees(y, "NS") : number(y), 9, top + 4);
    }
    pen.restore();
  }

  // Geometries at a place, the upper ones first: [entry, layer, number].
  hits(left, top) {
    const found = [];
    const [x, y] = this.place(left, top);
    const shifts = this.page.map.wrap ? [0, 360, -360] : [0];
    for (const entry of [...this.entries].reverse()) {
      const layer = this.page.seen(entry);
      if (!layer || layer.kind === "cells" || !layer.table.length) continue;
      for (let i = layer.geoms.length - 1; i >= 0; i--) {
        if (shifts.some((shift) => this.touches(layer, layer.geoms[i], x + shift, y))) found.push([entry, layer, i]);
      }
    }
    return found;
  }

  touches(layer, geom, x, y) {
    const { view, map } = this.page;
    const reach = layer.kind === "points" ? layer.radius + 2 : layer.kind === "lines" ? layer.width / 2 + 4 : 0;
    const far = reach * view.unit, high = far / map.ratio;
    const [xmin, xmax, ymin, ymax] = geom.box;
    if (!(x >= xmin - far && x <= xmax + far && y >= ymin - high && y <= ymax + high)) return false;
    if (layer.kind === "polygons") return insideOf(geom.paths, x, y);
    return geom.paths.some((path) => distance(path, x, y, map.ratio, layer.kind === "lines") <= far);
  }
}

function ticks(low, high, most) {
  const rough = (high - low) / Math.max(1, most);
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * ten).find((k) => k >= rough);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(+(k * step).toPrecision(12));
  return found;
}

function around(x) {
  return x - 360 * Math.floor((x + 180) / 360);
}

// Even-odd, so that holes are outside.
function insideOf(paths, x, y) {
  let inside = false;
  for (const path of paths) {
    for (let i = 0, j = path.length - 2; i < path.length; j = i, i += 2) {
      const above = path[i + 1] > y !== path[j + 1] > y;
      if (above && x < ((path[j] - path[i]) * (y - path[i + 1])) / (path[j + 1] - path[i + 1]) + path[i]) inside = !inside;
    }
  }
  return inside;
}

function distance(path, x, y, ratio, joined) {
  let least = Infinity;
  for (let i = 0; i < path.length; i += 2) {
    let dx = path[i] - x, dy = (path[i + 1] - y) * ratio;
    if (joined && i) {
      const ex = path[i - 2] - path[i], ey = (path[i - 1] - path[i + 1]) * ratio;
      const along = Math.max(0, Math.min(1, -(dx * ex + dy * ey) / (ex * ex + ey * ey || 1)));
      dx += along * ex;
      dy += along * ey;
    }
    least = Math.min(least, Math.hypot(dx, dy));
  }
  return least;
}
