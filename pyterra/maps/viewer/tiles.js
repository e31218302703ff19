// Of rasters that are served: the tiles of the part that is shown, and values of their cells.

class Tiles {
  constructor(page) {
    this.page = page;
    this.kept = new Map();
    this.loading = 0;
    this.most = 240;
    this.queue = [];
  }

  get busy() {
    return this.queue.length > 0 || this.loading > 0;
  }

  // Tiles that are there for what a frame shows, the coarsest first; asks for those that are not.
  wanted(frame, layer, shift) {
    const { rows, cols, size, coarsest } = layer.tiles;
    const [xmin, ymax] = layer.tiles.corner, [xres, yres] = layer.tiles.cell;
    const level = Math.max(0, Math.floor(Math.log2(frame.page.view.unit / xres / (window.devicePixelRatio || 1)) + 0.01));
    if (level >= coarsest) return [];
    const [wide, high] = frame.size();
    const [west, north] = frame.place(0, 0), [east, south] = frame.place(wide, high);
    const found = [];
    for (let z = Math.min(coarsest - 1, level + 3); z >= level; z--) {
      const cells = size * 2 ** z;
      const c0 = Math.max(0, Math.floor((west - shift - xmin) / xres / cells));
      const c1 = Math.min(Math.ceil(cols / cells) - 1, Math.floor((east - shift - xmin) / xres / cells));
      const r0 = Math.max(0, Math.floor((ymax - north) / yres / cells));
      const r1 = Math.min(Math.ceil(rows / cells) - 1, Math.floor((ymax - south) / yres / cells));
      for (let r = r0; r <= r1; r++) {
        for (let c = c0; c <= c1; c++) {
          const key = `${layer.number}/${z}/${r}/${c}`;
          const tile = this.kept.get(key);
          if (tile) {
            this.kept.delete(key);
            this.kept.set(key, tile); // now the one used last
            if (tile.image) found.push(tile);
          } else if (z === level) {
            // the last cells of a coarser tile may reach beyond the raster
            const across = Math.ceil(Math.min(cells, cols - c * cells) / 2 ** z) * 2 ** z;
            const down = Math.ceil(Math.min(cells, rows - r * cells) / 2 ** z) * 2 ** z;
            const left = xmin + c * cells * xres, top = ymax - r * cells * yres;
            this.ask(key, [left, left + across * xres, top - down * yres, top]);
          }
        }
      }
    }
    return found;
  }

  ask(key, extent) {
    if (!this.queue.some((one) => one.key === key)) this.queue.push({ key, extent });
    // what was asked for while the map moved on is not fetched
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), 40);
    if (this.queue.length > 60) this.queue.splice(0, this.queue.length - 60);
  }

  async next() {
    while (this.queue.length && this.loading < 6) {
      const { key, extent } = this.queue.pop();
      if (this.kept.has(key)) continue;
      const tile = { extent, image: null };
      this.kept.set(key, tile);
      this.loading++;
      decoded(`tile/${key}.png`)
        .then((image) => { tile.image = image; }, () => this.kept.delete(key))
        .finally(() => {
          this.loading--;
          this.page.redraw();
          this.next();
        });
    }
    for (const key of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(key);
    }
  }

  // Values of layers at a place, as {number: [value of each band]}.
  async values(x, y, numbers) {
    const answer = await fetch(`at?x=${x}&y=${y}&layers=${numbers.join(",")}`);
    if (!answer.ok) throw new Error("no answer");
    return answer.json();
  }
}
