/* Draws each [data-chart] from its JSON block with plotly, when it comes near the view; redraws for htmx swaps.

   Without script, or if drawing fails, the table is opened instead: the figures are never lost.             */
(() => {
  "use strict";
  const CONFIG = { responsive: true, displayModeBar: false, displaylogo: false, scrollZoom: false, doubleClick: false };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  async function draw(place) {
    if (place.dataset.ready !== undefined) return;
    const block = document.getElementById(place.dataset.chart);
    try {
      const figure = JSON.parse(block.textContent);
      if (still) figure.layout.transition = { duration: 0 };
      place.dataset.ready = "";
      await Plotly.newPlot(place, figure.data, figure.layout, CONFIG);
      fit(place);
      place.on("plotly_afterplot", () => fit(place));
    } catch (error) {
      delete place.dataset.ready;
      const table = place.closest("figure")?.querySelector("[data-chart-table]");
      if (table) table.open = true;
      console.warn("chart not drawn", error);
    }
  }

  /* Lets paper scale the drawing: without a viewBox an svg is cut at its screen size. */
  function fit(place) {
    for (const svg of place.querySelectorAll(".main-svg")) {
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    }
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        draw(target.querySelector("[data-chart]"));
      }
    },
    { rootMargin: "400px" },
  );

  function watch(root) {
    for (const place of root.querySelectorAll("[data-chart]")) watcher.observe(place.closest("figure"));
  }

  watch(document);
  document.addEventListener("htmx:afterSwap", (event) => watch(event.target));
  window.addEventListener("beforeprint", () => {
    for (const place of document.querySelectorAll("[data-chart]")) draw(place);
  });
})();
