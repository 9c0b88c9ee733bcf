/* Forms: counters, dates read back, select-all boxes, guard against leaving, drafts kept over an expired session.

   data-count="200" on a textarea      a counter below it
   data-date="/ui/date/" on an input   shows how the date is understood
   data-check-all="name"               ticks all boxes of that name
   data-guard on a form                asks before leaving with unsaved input
   data-no-draft on a form             keeps nothing of it in sessionStorage (autosaving pages, secrets)           */
(() => {
  "use strict";

  for (const area of document.querySelectorAll("[data-count]")) {
    const limit = Number(area.dataset.count);
    const line = document.createElement("p");
    line.className = "counter";
    const show = () => {
      const used = [...area.value.replaceAll("\r\n", "\n")].length;
      const over = used - limit;
      line.textContent = over > 0 ? `${used}／${limit}文字（${over}文字超過）` : `${used}／${limit}文字`;
      line.toggleAttribute("data-over", over > 0);
    };
    area.after(line);
    area.addEventListener("input", show);
    show();
  }

  for (const input of document.querySelectorAll("input[data-date]")) {
    input.addEventListener("change", async () => {
      let line = input.parentElement.querySelector("[data-date-echo]");
      if (!line) {
        line = document.createElement("p");
        line.className = "field-note";
        line.dataset.dateEcho = "";
        line.setAttribute("role", "status");
        input.parentElement.append(line);
      }
      line.textContent = "";
      if (!input.value.trim()) return;
      try {
        const answer = await fetch(`${input.dataset.date}?text=${encodeURIComponent(input.value)}`);
        const read = await answer.json();
        line.textContent = read.text || read.error;
      } catch {
        line.textContent = "";
      }
    });
  }

  for (const box of document.querySelectorAll("[data-check-all]")) {
    const all = () => [...document.querySelectorAll(`input[name="${CSS.escape(box.dataset.checkAll)}"]`)];
    box.addEventListener("change", () => {
      for (const one of all()) {
        if (one.checked !== box.checked) {
          one.checked = box.checked;
          one.dispatchEvent(new Event("change", { bubbles: true }));
        }
      }
    });
  }

  /* Drafts: what was typed stays in this tab until the server has taken it. */
  const PREFIX = "dxportal.draft:";
  const forms = [...document.querySelectorAll("main form")].filter(
    (form) => form.method === "post" && !form.hasAttribute("data-no-draft"),
  );
  const keyOf = (form) => `${PREFIX}${location.pathname}#${form.id || forms.indexOf(form)}`;
  const keepable = (control) =>
    control.name && !["hidden", "password", "file", "submit", "button", "image"].includes(control.type);

  function values(form) {
    return [...form.elements]
      .filter(keepable)
      .map((c) => (c.type === "checkbox" || c.type === "radio" ? [c.name, c.value, c.checked] : [c.name, c.value]));
  }

  function restore(form, kept) {
    const controls = [...form.elements].filter(keepable);
    kept.forEach(([name, value, checked], index) => {
      const control = controls[index];
      if (!control || control.name !== name) return;
      if (checked === undefined) control.value = value;
      else control.checked = checked;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function offer(form, kept) {
    const box = document.createElement("div");
    box.className = "alert alert-info";
    box.innerHTML =
      '<span class="alert-icon" aria-hidden="true">ⓘ</span><div class="alert-body">' +
      '<p class="alert-heading">入力途中の内容が残っています</p>' +
      "<p>前にこの画面で入力し、まだ保存されていない内容を戻せます。</p>" +
      '<div class="cluster"><button type="button" class="btn btn-secondary btn-sm">入力を戻す</button>' +
      '<button type="button" class="btn btn-text btn-sm">破棄する</button></div></div>';
    const [back, drop] = box.querySelectorAll("button");
    back.addEventListener("click", () => {
      restore(form, kept.values);
      box.remove();
      form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    drop.addEventListener("click", () => {
      sessionStorage.removeItem(keyOf(form));
      box.remove();
    });
    form.before(box);
  }

  const signedIn = document.body.hasAttribute("data-signed-in");
  if (signedIn) {
    for (const key of Object.keys(sessionStorage).filter((k) => k.startsWith(PREFIX))) {
      if (JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
    }
  } else {
    /* A form sent after the session's end came back to the sign-in page: it was not taken. */
    for (const key of Object.keys(sessionStorage).filter((k) => k.startsWith(PREFIX))) {
      const kept = JSON.parse(sessionStorage.getItem(key));
      sessionStorage.setItem(key, JSON.stringify({ ...kept, sent: false }));
    }
  }

  for (const form of signedIn ? forms : []) {
    const before = JSON.stringify(values(form));
    const stored = sessionStorage.getItem(keyOf(form));
    if (stored) {
      const kept = JSON.parse(stored);
      if (JSON.stringify(kept.values) !== before) offer(form, kept);
      else sessionStorage.removeItem(keyOf(form));
    }
    let timer = 0;
    const keep = (sent) => sessionStorage.setItem(keyOf(form), JSON.stringify({ values: values(form), sent }));
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(false), 500);
      form.dataset.dirty = "";
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      if ("dirty" in form.dataset) keep(true);
      delete form.dataset.dirty;
    });
  }

  for (const form of document.querySelectorAll("form[data-logout]")) {
    form.addEventListener("submit", () => {
      for (const key of Object.keys(sessionStorage).filter((k) => k.startsWith("dxportal."))) {
        sessionStorage.removeItem(key);
      }
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
  });
})();
