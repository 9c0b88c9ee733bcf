/* Newer figures come in by themselves, but never under the reader's hands. */
(() => {
  "use strict";
  const busy = () => {
    const figures = document.getElementById("figures");
    const active = document.activeElement;
    return Boolean(figures && active && active !== document.body && figures.contains(active));
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    // With the focus inside, the line with its link stays and the reader decides.
    if (event.target.matches?.("[data-auto-swap]") && busy()) event.preventDefault();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "figures") return;
    const line = document.querySelector("#freshness p span");
    if (line) line.textContent = "新しい集計を表示しました。";
  });
})();
