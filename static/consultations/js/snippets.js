/* Blocks of text in a form: F2 in a text opens the list, arrows or the first letters choose, Enter inserts at the caret.
   Without this script the list under 「定型文」 is there to be copied from. */
(() => {
  "use strict";
  const list = document.querySelector("[data-snippets]");
  const form = list?.closest("form");
  const texts = [...(list?.querySelectorAll("[data-snippet]") || [])];
  if (!form || !texts.length) return;

  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "snippets-heading");
  dialog.innerHTML =
    '<h2 id="snippets-heading">定型文を選ぶ</h2>' +
    '<label class="visually-hidden" for="snippet-choice">定型文</label><select id="snippet-choice" size="8"></select>' +
    '<div class="cluster"><button type="button" class="btn btn-primary" data-insert>挿入する</button>' +
    '<button type="button" class="btn btn-text" data-close>やめる</button></div>';
  const choice = dialog.querySelector("select");
  texts.forEach((text, number) => choice.add(new Option(text.dataset.snippet, number)));
  choice.selectedIndex = 0;
  document.body.append(dialog);
  let target = null;

  const isText = (box) => box instanceof HTMLTextAreaElement || (box instanceof HTMLInputElement && box.type === "text");

  function insert() {
    const text = texts[choice.selectedIndex]?.textContent;
    dialog.close();
    if (!text || !target) return;
    target.focus();
    target.setRangeText(text, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  form.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.isComposing || !isText(event.target)) return;
    event.preventDefault();
    target = event.target;
    dialog.showModal();
    choice.focus();
  });
  choice.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    insert();
  });
  choice.addEventListener("dblclick", insert);
  dialog.querySelector("[data-insert]").addEventListener("click", insert);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => target?.focus());
})();
