/* 「同じ悩み」 while a topic is typed: what others wrote of the same stands below the form. Without this script the link below it
   leads to the same list. */
(() => {
  "use strict";
  const place = document.querySelector("[data-alike]");
  const form = document.querySelector("form.form");
  if (!place || !form) return;
  const WAIT = 800;
  let timer = 0;
  let asked = "";

  async function look() {
    const words = ["title", "trouble"].map((name) => form.elements[name]?.value.trim() ?? "").join(" ").trim();
    if (words.length < 2 || words === asked) return;
    asked = words;
    const query = new URLSearchParams({ q: words.slice(0, 1000), area: form.elements.area?.value ?? "" });
    try {
      const answer = await fetch(`${place.dataset.alike}?${query}`, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected || words !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const list = page.querySelector("[data-alike-list] ul, [data-alike-list] > p");
      if (list) place.querySelector("[data-alike-found]").replaceChildren(document.importNode(list, true));
    } catch {
      asked = ""; // asked again with the next letter
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
})();
