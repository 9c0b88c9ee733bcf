/* 同じ悩み while a topic's title is typed: what other towns released about it, below the box. Without this script the
   topic's page shows the same after it was saved. */
(() => {
  "use strict";
  const place = document.querySelector("[data-alike]");
  const box = document.getElementById("id_title");
  if (!place || !box) return;
  const WAIT = 500; // milliseconds without a key
  const list = place.querySelector("ul");
  box.closest(".field, p, div")?.after(place);
  let timer = 0;
  let asking = null;

  function show(topics) {
    list.replaceChildren(
      ...topics.map((topic) => {
        const line = document.createElement("li");
        const link = document.createElement("a");
        link.href = topic.url;
        link.target = "_blank"; // what was typed stays
        link.textContent = topic.title;
        line.append(link, `（${topic.town}、新しいタブで開きます）`);
        return line;
      }),
    );
    place.hidden = topics.length === 0;
  }

  async function ask() {
    const text = box.value.trim();
    asking?.abort();
    if (text.length < 2) return show([]);
    asking = new AbortController();
    try {
      const answer = await fetch(`${place.dataset.alike}?${new URLSearchParams({ q: text })}`, {
        signal: asking.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) return show([]);
      show((await answer.json()).topics);
    } catch (error) {
      if (error.name !== "AbortError") show([]); // none is no trouble
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };
  box.addEventListener("input", (event) => event.isComposing || soon());
  box.addEventListener("compositionend", soon);
})();
