/* Reading and setting the controls of one question (the names are those of assessments/forms/answering/answers.py). */
(() => {
  "use strict";
  const dx = (window.dxAnswering ??= {});
  const mine = (block) =>
    [...block.querySelectorAll("input[name], select[name], textarea[name]")].filter((c) => /^[qn]:/.test(c.name));
  const ticks = (control) => control.type === "radio" || control.type === "checkbox";

  /* [[name, text], …] as the form would post them. */
  dx.pairs = (block) =>
    mine(block)
      .filter((c) => !ticks(c) || c.checked)
      .map((c) => [c.name, c.value]);

  dx.snapshot = (block) => JSON.stringify(dx.pairs(block).filter(([, text]) => text.trim() !== ""));

  dx.chosen = (block) =>
    mine(block)
      .filter((c) => c.name.startsWith("q:") && (ticks(c) ? c.checked : c.tagName === "SELECT") && c.value)
      .map((c) => c.value);

  /* Sets the answer (and the note, if given) without telling anybody. */
  dx.fill = (block, fields, note) => {
    const texts = new Map();
    for (const [name, text] of fields) texts.set(name, [...(texts.get(name) ?? []), text]);
    for (const control of mine(block)) {
      if (control.name.startsWith("n:")) {
        if (note !== undefined) control.value = note;
        if (note) control.closest("details")?.setAttribute("open", "");
        continue;
      }
      const wanted = texts.get(control.name) ?? [];
      if (ticks(control)) control.checked = wanted.includes(control.value) || (!wanted.length && control.value === "");
      else control.value = wanted[0] ?? "";
    }
    for (const area of block.querySelectorAll("textarea")) area.dispatchEvent(new CustomEvent("input"));
  };

  /* The answer as people read it, one line a choice. */
  dx.lines = (block) =>
    mine(block)
      .filter((c) => c.name.startsWith("q:") && c.value && (!ticks(c) || c.checked))
      .map((c) => {
        if (c.tagName === "SELECT") return `${c.name.split(":")[2]}位：${c.selectedOptions[0].textContent}`;
        if (!ticks(c)) return c.value;
        const row = c.closest("tr")?.querySelector("th");
        const word = c.closest("label").querySelector("span").textContent;
        return row ? `${row.textContent}：${word}` : word;
      });

  /* An exclusive choice stands alone: ticking it clears the others, ticking another clears it. */
  dx.keepExclusive = (control) => {
    if (control.type !== "checkbox" || !control.checked) return;
    const others = control.closest(".choices").querySelectorAll("input[type=checkbox]");
    for (const other of others) {
      if (other !== control && ("exclusive" in control.dataset || "exclusive" in other.dataset)) other.checked = false;
    }
  };

  dx.showErrors = (block, messages) => {
    const place = block.querySelector("[data-errors]");
    place.replaceChildren(
      ...messages.map((message) => {
        const line = document.createElement("p");
        line.textContent = `＊${message}`;
        return line;
      }),
    );
    for (const control of mine(block)) control.toggleAttribute("aria-invalid", false);
    if (messages.length) {
      block.setAttribute("aria-describedby", place.id);
      for (const control of mine(block)) if (control.name.startsWith("q:")) control.setAttribute("aria-invalid", "true");
    } else block.removeAttribute("aria-describedby");
  };
})();
