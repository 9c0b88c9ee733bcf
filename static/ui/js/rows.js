/* Repeated rows of a form: 「行を追加」 without a round trip to the server. Without this script the button sends the form and
   the server answers with one more row. */
(() => {
  "use strict";

  for (const part of document.querySelectorAll("[data-rows]")) {
    const button = part.querySelector("[data-add]");
    const template = part.querySelector("template");
    const total = part.querySelector(`[name="${part.dataset.rows}-TOTAL_FORMS"]`);
    const most = Number(part.querySelector(`[name="${part.dataset.rows}-MAX_NUM_FORMS"]`)?.value || 30);
    if (!button || !template || !total) continue;
    const status = document.createElement("p");
    status.className = "field-note";
    status.setAttribute("role", "status");
    button.parentElement.append(status);
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const number = Number(total.value);
      if (number >= most) {
        status.textContent = `${part.dataset.title}は${most}行までです。`;
        return;
      }
      const holder = document.createElement("div");
      holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number).replaceAll("__number__", number + 1);
      const row = holder.firstElementChild;
      button.parentElement.before(row);
      total.value = number + 1;
      status.textContent = `${number + 1}行目を追加しました。`;
      row.querySelector("input, select, textarea")?.focus();
      part.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
