/* The search page: facets apply by themselves, the panel folds on narrow screens, the box offers suggestions.
   Without this file everything works by its buttons. */
(() => {
  "use strict";
  const form = document.getElementById("search-form");
  const page = document.getElementById("case-search");
  if (!form || !page) return;
  const box = document.getElementById("search-text");

  /* --- facets: a change asks for the new results; what the reader unfolded stays unfolded --- */
  if (window.htmx) {
    // Going back loads the page anew: a kept copy would hold ticks that the address doesn't.
    htmx.config.historyCacheSize = 0;
    htmx.config.refreshOnHistoryMiss = true;
    page.addEventListener("change", (event) => {
      if (event.target.matches("[data-applies]")) form.requestSubmit();
    });
    // What was taken back belonged to the words that stood there.
    box.addEventListener("input", () => page.querySelectorAll('input[name="skip"]').forEach((one) => one.remove()));

    let unfolded = [];
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.requestConfig?.elt !== form) return;
      if (!event.detail.xhr.responseText.includes('id="search-results"')) {
        event.preventDefault(); // the sign-in page, for instance
        form.submit();
        return;
      }
      unfolded = [...page.querySelectorAll("details[id][open]")].map((one) => one.id);
    });
    document.addEventListener("htmx:afterSettle", () => {
      for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    });
    for (const name of ["htmx:sendError", "htmx:responseError"]) {
      form.addEventListener(name, () => form.submit());
    }
    page.addEventListener("htmx:beforeRequest", () => page.setAttribute("aria-busy", "true"));
    page.addEventListener("htmx:afterRequest", () => page.removeAttribute("aria-busy"));
  }

  const panel = document.getElementById("search-panel");
  const narrow = window.matchMedia("(max-width: 63.99rem)");
  const fold = () => (panel.open = !narrow.matches);
  fold();
  narrow.addEventListener("change", fold);

  /* --- suggestions while typing: a combobox with a list (WAI-ARIA) --- */
  const KINDS = { organization: "団体", field: "区分", area: "分野", title: "事例", topic: "論点" };
  const WAIT = 180; // milliseconds without a key
  const holder = box.closest("[data-suggests]");
  const list = document.createElement("ul");
  list.id = "search-suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "検索の候補");
  list.hidden = true;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  holder.append(list, said);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asking = null;
  let active = -1;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function show(offers) {
    list.replaceChildren(...offers.map(option));
    active = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = offers.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = offers.length ? `候補が${offers.length}件あります。上下の矢印キーで選べます。` : "";
  }

  function option(offer, number) {
    const one = document.createElement("li");
    one.id = `search-suggestion-${number}`;
    one.setAttribute("role", "option");
    one.setAttribute("aria-selected", "false");
    one.dataset.url = offer.url;
    const kind = document.createElement("span");
    kind.className = "suggestion-kind";
    kind.textContent = KINDS[offer.kind] ?? "";
    one.append(kind, offer.label);
    return one;
  }

  function point(to) {
    const options = [...list.children];
    options[active]?.setAttribute("aria-selected", "false");
    active = to < -1 ? options.length - 1 : to >= options.length ? -1 : to;
    const one = options[active];
    if (!one) return box.removeAttribute("aria-activedescendant");
    one.setAttribute("aria-selected", "true");
    one.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", one.id);
  }

  async function ask() {
    const text = box.value.trim();
    asking?.abort();
    if (!text || text.length > 40) return close();
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ q: text, limit: "4", suggest: "1" });
      const answer = await fetch(`${holder.dataset.suggests}?${query}`, {
        signal: asking.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) return close();
      const offers = (await answer.json()).suggestions;
      if (document.activeElement === box) show(offers);
    } catch (error) {
      if (error.name !== "AbortError") close(); // no suggestions is no trouble
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };
  box.addEventListener("input", (event) => event.isComposing || soon());
  box.addEventListener("compositionend", soon);
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && list.hidden) return void (event.preventDefault(), ask());
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      point(event.key === "ArrowDown" ? active + 1 : active === -1 ? -2 : active - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    }
  });
  // Before the box loses the focus, which would close the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) location.assign(one.dataset.url);
  });
})();
