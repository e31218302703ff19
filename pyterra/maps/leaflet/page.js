// Draws what the page holds: DATA has the layers, their legends, the backgrounds and the extent.
(function (data) {
  "use strict";
  var map = L.map("map", { zoomSnap: 0.25, preferCanvas: true });
  var backgrounds = {}, overlays = {}, legends = {};
  data.tiles.forEach(function (one, i) {
    var layer = L.tileLayer(one.url, { attribution: one.attribution, maxZoom: 22, maxNativeZoom: 18, opacity: 0.9 });
    backgrounds[one.name] = layer;
    if (i === 0) { layer.addTo(map); }
  });

  function shapes(one) {
    return L.geoJSON(one.geojson, {
      style: function (feature) { return one.styles[feature.properties.s]; },
      pointToLayer: function (feature, at) { return L.circleMarker(at, one.styles[feature.properties.s]); },
      onEachFeature: function (feature, layer) {
        if (feature.properties.p) { layer.bindPopup(feature.properties.p); }
        if (feature.properties.t) { layer.bindTooltip(feature.properties.t, { sticky: true }); }
      }
    });
  }

  data.layers.forEach(function (one) {
    var layer = one.image
      ? L.imageOverlay(one.image, one.bounds, { opacity: one.alpha, className: "cells", alt: one.name })
      : shapes(one);
    overlays[one.name] = layer;
    if (one.legend) {
      var legend = L.control({ position: one.place });
      legend.onAdd = function () {
        var box = L.DomUtil.create("div", "legend");
        box.innerHTML = one.legend;
        return box;
      };
      legends[one.name] = legend;
      layer.on("add", function () { legend.addTo(map); });
      layer.on("remove", function () { legend.remove(); });
    }
  });
  map.fitBounds(data.bounds);
  if (data.layers.length > 1 || data.tiles.length > 1) {
    L.control.layers(backgrounds, overlays, { collapsed: data.collapse }).addTo(map);
  }
  data.layers.forEach(function (one) {
    if (one.shown) { overlays[one.name].addTo(map); }
  });
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
})(JSON.parse(document.getElementById("data").textContent));
