/* Page manners: folding menu, menus that close, focus on the error summary, dialogs, print button. */
(() => {
  "use strict";
  document.documentElement.classList.add("has-script");

  const toggle = document.querySelector("[data-nav-toggle]");
  if (toggle) {
    const list = document.getElementById(toggle.getAttribute("aria-controls"));
    const fold = (folded) => {
      list.toggleAttribute("data-folded", folded);
      toggle.setAttribute("aria-expanded", String(!folded));
    };
    fold(true);
    toggle.addEventListener("click", () => fold(!list.hasAttribute("data-folded")));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("h2")?.focus();
      dialog.addEventListener("close", () => opener.focus(), { once: true });
      return;
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-print]")) window.print();
    const copier = event.target.closest("[data-copies]");
    if (copier) copy(copier);
  });

  async function copy(button) {
    const source = document.getElementById(button.dataset.copies);
    const text = source.value ?? source.textContent;
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(text);
      if (said) said.textContent = "コピーしました。";
    } catch {
      source.focus();
      source.select?.();
      if (said) said.textContent = "選択しました。Ctrl+C でコピーしてください。";
    }
  }

  document.querySelector("[data-error-summary]")?.focus();

  /* Only a region that really scrolls is a stop for the keyboard; its hidden part is marked at the edge. */
  function measure(region) {
    if (!region.clientWidth) return; // folded away: nobody gets there, and it has no size to judge by
    const beyond = region.scrollWidth - region.clientWidth;
    if (beyond > 1 || region.scrollHeight - region.clientHeight > 1) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
    region.toggleAttribute("data-more", beyond - region.scrollLeft > 4);
  }
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => measure(entry.target)));
  function watchRegions(root) {
    for (const region of root.querySelectorAll(".table-region")) {
      sizes.observe(region);
      region.addEventListener("scroll", () => measure(region), { passive: true });
    }
  }
  watchRegions(document);
  document.addEventListener("htmx:afterSwap", (event) => watchRegions(event.target));

  function writePrintedAt() {
    for (const place of document.querySelectorAll("[data-printed-at]")) {
      place.textContent = new Date().toLocaleString("ja-JP", { dateStyle: "long", timeStyle: "short" });
    }
  }
  writePrintedAt();

  window.addEventListener("beforeprint", () => {
    writePrintedAt();
    for (const details of document.querySelectorAll("main details:not([open])")) {
      details.open = true;
      details.dataset.openedForPrint = "";
    }
  });
  window.addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-opened-for-print]")) {
      details.open = false;
      delete details.dataset.openedForPrint;
    }
  });
})();
