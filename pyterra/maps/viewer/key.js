// Beside the map: which layers are shown, how opaque, what their colours mean, and when.

function entryOf(page, entry) {
  const first = page.map.layers[entry.layers[0]];
  const box = make("input", {
    type: "checkbox", checked: entry.shown, "data-entry": entry.name,
    onchange: () => {
      entry.shown = box.checked;
      told.hidden = !entry.shown;
      page.redraw();
    },
  });
  const opacity = make("input", {
    type: "range", min: 0, max: 100, value: Math.round(entry.alpha * 100), class: "opacity",
    "aria-label": `opacity of ${entry.name}`, title: "opacity",
    oninput: () => {
      entry.alpha = opacity.value / 100;
      page.redraw();
    },
  });
  const told = make("div", { class: "told", hidden: !entry.shown });
  if (first.told) told.append(legendOf(first.told));
  return make("div", { class: "entry" }, make("div", { class: "row" }, make("label", {}, box, make("span", {}, entry.name)), opacity), told);
}

function legendOf(told) {
  const title = told.title ? [make("div", { class: "legend-title" }, told.title)] : [];
  if (told.rows) {
    const rows = told.rows.map(([label, color]) => make("li", {}, make("i", { class: told.shape, style: `--color:${color}` }), make("span", {}, label)));
    if (told.more) rows.push(make("li", {}, `and ${told.more} more`));
    return make("div", { class: "legend" }, ...title, make("ul", {}, ...rows));
  }
  const bar = make("div", { class: "bar", style: `background:linear-gradient(to right,${told.colors.join(",")})` });
  const marks = besideEachOther(told.ticks).map(({ share, text, side }) => make("span", { style: `left:${share * 100}%`, class: side }, text));
  return make("div", { class: "legend" }, ...title, bar, make("div", { class: "ticks" }, ...marks));
}

// The numbers of a bar that do not lie on each other; the last one stays.
function besideEachOther(ticks) {
  const found = [];
  for (const [share, text] of ticks) {
    const size = text.length * 0.033; // of a bar as wide as the list of layers
    const side = share < 0.08 ? "first" : share > 0.92 ? "last" : "";
    const from = { first: 0, last: 1 - size, "": share - size / 2 }[side];
    if (found.length && from < found.at(-1).to + 0.02) {
      if (side !== "last") continue;
      found.pop();
    }
    found.push({ share, text, side, to: from + size });
  }
  return found;
}

// A slider over the times of layers, and a button that goes through them.
function timeOf(page) {
  const { times } = page.map;
  let ticking = 0;
  const label = make("output", {}, times[0]);
  const slider = make("input", {
    type: "range", min: 0, max: times.length - 1, value: 0, "aria-label": "time", "aria-valuetext": times[0], id: "slider",
    oninput: () => go(+slider.value),
  });
  const go = (to) => {
    page.time = (to + times.length) % times.length;
    slider.value = page.time;
    label.textContent = times[page.time];
    slider.setAttribute("aria-valuetext", times[page.time]);
    page.redraw();
    page.follow();
  };
  const play = make("button", { type: "button", id: "play", "aria-label": "play", title: "play (space)", onclick: () => toggle() }, "▶");
  const toggle = () => {
    clearInterval(ticking);
    ticking = ticking ? 0 : setInterval(() => go(page.time + 1), 900);
    play.textContent = ticking ? "❚❚" : "▶";
    play.setAttribute("aria-label", ticking ? "pause" : "play");
  };
  page.step = (by) => go(page.time + by);
  page.play = toggle;
  const ends = make("div", { class: "ends" }, make("span", {}, times[0]), make("span", {}, times[times.length - 1]));
  return make("div", { id: "time" }, play, make("div", { class: "track" }, slider, ends), label);
}

// A small line of a series of values.
function sparkline(values, at) {
  const real = values.filter((v) => !isMissing(v));
  if (real.length < 2) return null;
  const low = Math.min(...real), high = Math.max(...real), wide = 190, tall = 44;
  const where = (v, i) => [4 + (i * (wide - 8)) / Math.max(1, values.length - 1), tall - 5 - (high > low ? (v - low) / (high - low) : 0.5) * (tall - 10)];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `values over time, from ${number(low)} to ${number(high)}`);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  let path = "", pen = "M";
  values.forEach((v, i) => {
    if (isMissing(v)) { pen = "M"; return; }
    const [left, top] = where(v, i);
    path += `${pen}${left.toFixed(1)} ${top.toFixed(1)}`;
    pen = "L";
  });
  line.setAttribute("d", path);
  svg.append(line);
  const now = values[at];
  if (!isMissing(now)) {
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    const [left, top] = where(now, at);
    dot.setAttribute("cx", left);
    dot.setAttribute("cy", top);
    dot.setAttribute("r", 3);
    svg.append(dot);
  }
  const words = high > low ? `${number(low)} to ${number(high)}` : `${number(low)} throughout`;
  return make("figure", { class: "series" }, svg, make("figcaption", {}, words));
}
