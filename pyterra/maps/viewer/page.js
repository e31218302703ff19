// The page: it makes the maps and what stands around them, and listens to mouse, fingers and keys.

class Page {
  constructor(map) {
    this.map = map;
    this.time = 0;
    this.step = () => {};
    this.play = () => {};
    this.entries = map.entries;
    map.layers.forEach((layer, i) => { layer.number = i; });
    this.tiles = new Tiles(this);
    this.tip = make("div", { id: "tip", hidden: true });
    this.popup = make("div", { id: "popup", role: "dialog", "aria-label": "values", "aria-live": "polite", hidden: true });
    this.status = make("div", { id: "status", role: "status" });
    this.build();
  }

  // The layer of an entry that is drawn now, null for none.
  seen(entry) {
    if (!entry.shown) return null;
    const found = entry.layers.map((i) => this.map.layers[i]).find((layer) => layer.time === null || layer.time === this.time);
    return found && (found.image || found.geoms) ? found : null;
  }

  build() {
    const { map } = this;
    const stage = make("div", { id: "stage" });
    if (map.panels) {
      this.frames = map.panels.map((own) => new Frame(this, own.map((i) => this.entries[i]), this.entries[own[0]].name));
      const columns = Math.ceil(Math.sqrt(this.frames.length));
      stage.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
    } else {
      this.frames = [new Frame(this, this.entries, "")];
    }
    stage.append(...this.frames.map((frame) => frame.element));
    const key = make("details", { id: "key", open: !map.collapse }, make("summary", {}, "Layers"));
    // what lies on top stands on top
    key.append(make("div", { id: "entries" }, ...[...this.entries].reverse().map((entry) => entryOf(this, entry))));
    const buttons = make("div", { id: "buttons", role: "toolbar", "aria-label": "map" }, ...[
      ["+", "zoom in (+)", () => this.zoom(0.5)],
      ["−", "zoom out (−)", () => this.zoom(2)],
      ["⌂", "show all (0)", () => this.home()],
      ["◐", "light or dark", () => this.shade()],
    ].map(([sign, title, what]) => make("button", { type: "button", title, "aria-label": title, onclick: what }, sign)));
    document.body.dataset.place = map.legend || "topright";
    if (map.title !== "Map") document.body.append(make("header", {}, make("h1", {}, map.title)));
    document.body.append(stage, key);
    this.frames[0].element.append(buttons);
    this.frames[0].toolbar = true;
    if (map.times.length > 1) document.body.append(timeOf(this));
    document.body.append(this.status, this.tip, this.popup);
    this.frames.forEach((frame) => this.listen(frame));
    // a frame of a notebook has no size yet when its page begins
    new ResizeObserver(() => (this.view.whole ? this.home() : this.redraw())).observe(stage);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    this.home();
  }

  async start() {
    this.status.textContent = "loading";
    // what is shown first comes first
    const all = [...this.map.layers];
    const first = all.filter((layer) => this.entries.some((e) => e.shown && e.layers.includes(layer.number)) && !layer.time);
    for (const layer of new Set([...first, ...all])) {
      await prepare(layer);
      this.redraw();
    }
    this.status.textContent = "";
    document.body.dataset.ready = "yes";
  }

  home() {
    const [xmin, xmax, ymin, ymax] = this.map.extent;
    const [wide, high] = this.frames[0].size();
    const unit = Math.max((xmax - xmin) / Math.max(1, wide - 8), ((ymax - ymin) * this.map.ratio) / Math.max(1, high - 8));
    this.view = { x: (xmin + xmax) / 2, y: (ymin + ymax) / 2, unit, whole: true };
    this.redraw();
  }

  zoom(by, frame = this.frames[0], left = null, top = null) {
    const [wide, high] = frame.size();
    const [px, py] = left === null ? [wide / 2, high / 2] : [left, top];
    const [x, y] = frame.place(px, py);
    const [xmin, xmax] = this.map.extent;
    const most = ((xmax - xmin) / wide) * 8, least = this.map.finest / 120;
    this.view.unit = Math.max(least, Math.min(Math.max(most, this.view.unit), this.view.unit * by));
    const [x2, y2] = frame.place(px, py);
    this.move(x - x2, y - y2);
  }

  move(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
    this.view.whole = false;
    this.redraw();
  }

  shade() {
    const dark = getComputedStyle(document.body).colorScheme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    this.redraw();
  }

  redraw() {
    if (this.asked || !this.view) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.frames.forEach((frame) => frame.draw());
    });
  }

  listen(frame) {
    const { element } = frame;
    const down = new Map();
    let moved = 0;
    const at = (event) => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    element.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(2 ** (Math.max(-240, Math.min(240, event.deltaY)) / 240), frame, ...at(event));
    }, { passive: false });
    element.addEventListener("dblclick", (event) => { if (event.target === frame.canvas) this.zoom(0.5, frame, ...at(event)); });
    element.addEventListener("pointerdown", (event) => {
      if (event.target !== frame.canvas) return;
      down.set(event.pointerId, at(event));
      moved = 0;
      frame.canvas.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      const [left, top] = at(event);
      frame.cross.hidden = true;
      if (!down.has(event.pointerId)) {
        if (event.target === frame.canvas) this.hover(frame, left, top);
        return;
      }
      const [before, above] = down.get(event.pointerId);
      const apart = () => {
        const [a, b] = [...down.values()];
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
      };
      const far = down.size === 2 ? apart() : 0;
      down.set(event.pointerId, [left, top]);
      moved += Math.hypot(left - before, top - above);
      this.tip.hidden = true;
      if (down.size === 2) this.zoom(far / Math.max(1, apart()), frame, left, top);
      else if (moved > 3) this.move((before - left) * this.view.unit, ((top - above) * this.view.unit) / this.map.ratio);
    });
    const up = (event) => {
      if (!down.delete(event.pointerId)) return;
      if (moved <= 3 && event.type === "pointerup") this.read(frame, ...at(event));
    };
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("pointerleave", () => {
      this.tip.hidden = true;
      this.status.textContent = "";
      this.over = null;
    });
    element.addEventListener("keydown", (event) => this.press(frame, event));
    element.addEventListener("blur", () => { frame.cross.hidden = true; });
  }

  press(frame, event) {
    if (event.target !== frame.element || event.ctrlKey || event.metaKey || event.altKey) return;
    const [wide, high] = frame.size();
    const step = event.shiftKey ? 0.4 : 0.1;
    const keys = {
      ArrowLeft: () => this.move(-wide * step * this.view.unit, 0),
      ArrowRight: () => this.move(wide * step * this.view.unit, 0),
      ArrowUp: () => this.move(0, (high * step * this.view.unit) / this.map.ratio),
      ArrowDown: () => this.move(0, (-high * step * this.view.unit) / this.map.ratio),
      "+": () => this.zoom(0.5, frame), "=": () => this.zoom(0.5, frame), "-": () => this.zoom(2, frame),
      0: () => this.home(), Home: () => this.home(),
      Enter: () => this.read(frame, wide / 2, high / 2),
      ",": () => this.step(-1), ".": () => this.step(1), " ": () => this.play(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    frame.cross.hidden = false;
    keys[event.key]();
    this.hover(frame, wide / 2, high / 2, true);
  }

  position(x, y) {
    if (this.map.lonlat) {
      const digits = Math.max(0, Math.min(7, Math.ceil(-Math.log10(this.view.unit))));
      const write = (v, ends) => degrees(+v.toFixed(digits), ends);
      return `${write(x, "EW")} ${write(y, "NS")}`;
    }
    const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(this.view.unit))));
    return `${x.toFixed(digits)}, ${y.toFixed(digits)}`;
  }

  // Raster layers that are shown and lie under a place, the upper ones first.
  under(frame, x, y) {
    return [...frame.entries].reverse().map((entry) => [entry, this.seen(entry)]).filter(([, layer]) => {
      if (!layer || layer.kind !== "cells" || !layer.values) return false;
      const [xmin, xmax, ymin, ymax] = layer.extent;
      return x >= xmin && x <= xmax && y >= ymin && y <= ymax;
    });
  }

  // What is under the mouse, beside it and below the map.
  async hover(frame, left, top, quiet = false) {
    this.over = [frame, left, top, quiet];
    const mine = this.over;
    const place = frame.place(left, top);
    const [x, y] = [frame.within(place[0]), place[1]];
    const cells = this.under(frame, x, y);
    const values = Object.fromEntries(cells.map(([, layer]) => [layer.number, valuesAt(layer, x, y)]));
    this.tell(frame, left, top, x, y, cells, values, quiet);
    const live = cells.map(([, layer]) => layer).filter((layer) => layer.tiles);
    if (!live.length) return;
    await new Promise((done) => setTimeout(done, 70));
    if (this.over !== mine) return;
    try {
      const exact = await this.tiles.values(x, y, live.map((layer) => layer.number));
      if (this.over === mine) this.tell(frame, left, top, x, y, cells, { ...values, ...exact }, quiet);
    } catch { /* the value of the preview stays */ }
  }

  tell(frame, left, top, x, y, cells, values, quiet) {
    const rows = cells.map(([entry, layer]) => [this.title(entry, layer), written(layer, values[layer.number])]);
    const [hit] = frame.hits(left, top);
    if (hit) hit[1].table.forEach(([name, texts]) => rows.unshift([name, texts[hit[2]] || "no value"]));
    const where = this.position(x, y);
    this.status.textContent = [where, ...(quiet ? rows.map(([name, text]) => `${name}: ${text}`) : [])].join(" · ");
    this.tip.hidden = quiet || !rows.length;
    if (this.tip.hidden) return;
    this.tip.replaceChildren(tableOf(rows.slice(0, 12)));
    this.put(this.tip, frame, left, top, 14);
  }

  // Again for what stays under the mouse while time goes on.
  follow() {
    if (this.over) this.hover(...this.over);
  }

  title(entry, layer) {
    return layer.time === null ? entry.name : `${entry.name}, ${this.map.times[layer.time]}`;
  }

  put(box, frame, left, top, away) {
    const outer = frame.element.getBoundingClientRect();
    const own = box.getBoundingClientRect();
    const x = outer.left + left + away, y = outer.top + top + away;
    const fits = (from, size, room, back) => (from + size > room ? Math.max(4, back) : from);
    box.style.left = `${fits(x, own.width, window.innerWidth - 4, x - own.width - 2 * away)}px`;
    box.style.top = `${fits(y, own.height, window.innerHeight - 4, y - own.height - 2 * away)}px`;
  }

  // A click: all that is known of a place, until it is closed.
  async read(frame, left, top) {
    const place = frame.place(left, top);
    const [x, y] = [frame.within(place[0]), place[1]];
    const cells = this.under(frame, x, y);
    const all = cells.flatMap(([entry]) => entry.layers.map((i) => this.map.layers[i]));
    const values = Object.fromEntries(all.map((layer) => [layer.number, valuesAt(layer, x, y)]));
    const live = all.filter((layer) => layer.tiles).map((layer) => layer.number);
    let note = "";
    if (live.length) {
      try {
        Object.assign(values, await this.tiles.values(x, y, live));
      } catch {
        note = "the server does not answer; values of the preview";
      }
    }
    const parts = [make("button", { type: "button", class: "close", "aria-label": "close", title: "close (Escape)", onclick: () => this.close() }, "×")];
    parts.push(make("div", { class: "where" }, this.position(x, y)));
    for (const [, layer, i] of frame.hits(left, top).slice(0, 8)) {
      parts.push(make("h3", {}, layer.name), tableOf(layer.table.map(([name, texts]) => [name, texts[i] || "no value"])));
    }
    for (const [entry, layer] of cells) {
      const found = values[layer.number];
      const row = tableOf([[this.title(entry, layer), written(layer, found)]]);
      row.dataset.value = (found || [NaN]).map((value) => (isMissing(value) ? NaN : value)).join();
      row.dataset.layer = layer.name;
      parts.push(row);
      const line = entry.layers.length > 1 && sparkline(entry.layers.map((k) => (values[k] || [])[0]), entry.layers.indexOf(layer.number));
      if (line) parts.push(line);
    }
    if (parts.length < 3) parts.push(make("p", {}, "nothing here"));
    if (note) parts.push(make("p", {}, note));
    this.popup.replaceChildren(...parts);
    this.popup.hidden = false;
    this.tip.hidden = true;
    this.put(this.popup, frame, left, top, 8);
  }

  close() {
    this.popup.hidden = true;
  }
}

function tableOf(rows) {
  return make("table", {}, ...rows.map(([name, text]) => make("tr", {}, make("th", {}, name), make("td", {}, text))));
}

const page = new Page(JSON.parse(document.getElementById("map").textContent));
window.page = page;
page.start().catch((error) => { page.status.textContent = `this map could not be shown: ${error.message}`; });
