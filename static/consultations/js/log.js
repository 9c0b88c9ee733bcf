/* The log of a session: each text is saved while it is typed. What somebody else wrote meanwhile is shown beside what
   was typed here, and the person decides; without this script the form's own saving does the same. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-save-url][data-response^='session-']");
  if (!form || !window.dxSaving) return;
  const TYPING = 1500;
  const state = form.querySelector("[data-save-state]");
  /* A text is known by its code, which stays when the page is drawn anew; rows may come while the page is open. */
  const partOf = (code) => form.querySelector(`[data-code="${CSS.escape(code)}"]`);
  const boxOf = (code) => form.elements[partOf(code).dataset.text];
  const seenOf = (code) => form.elements[partOf(code).dataset.seen];
  const codeOf = (box) => {
    const part = box.closest?.("[data-code]");
    return part && part.dataset.text === box.name ? part.dataset.code : "";
  };
  const stored = new Map();
  for (const part of form.querySelectorAll("[data-code]")) {
    stored.set(part.dataset.code, boxOf(part.dataset.code).value.trim());
  }
  /* A topic's text goes with the town of its row, which is chosen where a session has several. */
  const pairsOf = (code, text) => {
    if (!code.startsWith("topic-")) return [[code, text]];
    const town = partOf(code)?.closest("fieldset").querySelector("select[name$='-organization']");
    return [["text", text], ["organization", town?.value ?? ""]];
  };
  const timers = new Map();
  let leaving = false;
  let trouble = "";

  const say = (words, failed) => {
    state.textContent = words;
    state.dataset.state = failed ? "failed" : "";
  };

  const queue = new window.dxSaving.Queue(form, {
    changed: () => {},
    saved: (entry, answer) => {
      seenOf(entry.code).value = answer.saved.revision;
      stored.set(entry.code, entry.pairs[0][1].trim());
      if (!queue.unsaved || queue.waiting.size <= 1) say(answer.message);
    },
    unfit: (entry, answer) => say(answer.message, true),
    overtaken: (entry, answer) => offerBoth(entry.code, answer.theirs),
    away: () => say("保存できませんでした。通信が戻ると自動で再送します。画面は閉じないでください。", true),
    back: () => say("通信が戻りました。入力した内容を保存しています。"),
    signedOut: () => stop("ログインの有効期限が切れました。入力した内容はこの画面に残っています。"),
    otherMembership: (answer) => {
      stop(`${answer.message}入力した内容はこの画面に残っています。`);
      offerBack(answer.back);
    },
    closed: (answer) => stop(answer.message || "保存できませんでした。"),
  });

  function stop(words) {
    trouble = words;
    say(words, true);
  }

  /* Back to the membership that the page was drawn under, and on with what waits. */
  function offerBack(back) {
    if (!back || state.nextElementSibling?.matches("[data-back]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.dataset.back = "";
    button.textContent = `「${back.place}」に戻して保存する`;
    button.addEventListener("click", async () => {
      trouble = "";
      if (await queue.actAgain(back)) button.remove();
      else stop(trouble || "保存できませんでした。");
    });
    state.after(button);
  }

  function enqueue(name, delay) {
    clearTimeout(timers.get(name));
    if (boxOf(name).value.trim() === (stored.get(name) ?? "") && !queue.held.has(name)) return queue.drop(name);
    queue.put(name, pairsOf(name, boxOf(name).value), seenOf(name).value);
    if (!trouble) timers.set(name, setTimeout(() => queue.flush(), delay));
  }

  /* Both texts beside each other; whichever is kept, the other stays readable until then. */
  function offerBoth(name, theirs) {
    const part = partOf(name);
    part.querySelector("[data-both]")?.remove();
    const box = document.createElement("div");
    box.className = "alert alert-error";
    box.dataset.both = "";
    box.setAttribute("role", "group");
    box.innerHTML =
      '<div class="alert-body"><p class="alert-heading">ほかの人が先に書き換えました</p>' +
      '<p>保存されている内容：</p><p class="prewrap" data-theirs></p>' +
      '<div class="cluster"><button type="button" class="btn btn-secondary btn-sm">上の内容を残す</button>' +
      '<button type="button" class="btn btn-secondary btn-sm">自分の内容を残す</button>' +
      '<button type="button" class="btn btn-secondary btn-sm">両方を残す</button></div></div>';
    const text = theirs.fields[0][1];
    box.querySelector("[data-theirs]").textContent = text || "（なし）";
    const [keepTheirs, keepMine, keepBoth] = box.querySelectorAll("button");
    const decide = (value) => {
      box.remove();
      queue.drop(name);
      seenOf(name).value = theirs.revision;
      stored.set(name, text.trim());
      boxOf(name).value = value;
      enqueue(name, 0);
      boxOf(name).focus();
      say("");
    };
    keepTheirs.addEventListener("click", () => decide(text));
    keepMine.addEventListener("click", () => decide(boxOf(name).value));
    keepBoth.addEventListener("click", () => decide(`${text}\n${boxOf(name).value}`));
    part.append(box);
    say("まだ保存していない欄があります。どちらを残すか選んでください。", true);
  }

  form.addEventListener("input", (event) => {
    const code = codeOf(event.target);
    if (code) enqueue(code, TYPING);
  });
  form.addEventListener("focusout", (event) => {
    if (codeOf(event.target) && queue.waiting.size) queue.flush();
  });
  form.addEventListener("change", (event) => {
    /* What waited for the town of its row can be saved now. */
    if (!event.target.name?.endsWith("-organization")) return;
    for (const part of event.target.closest("fieldset").querySelectorAll("[data-code]")) {
      if (boxOf(part.dataset.code).value.trim()) enqueue(part.dataset.code, 0);
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".actions button"));
  });
  form.addEventListener("submit", () => {
    leaving = true;
    queue.markSent();
  });
  window.addEventListener("pagehide", () => leaving || queue.leave());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && queue.unsaved) event.preventDefault();
  });
  window.addEventListener("online", () => queue.flush());

  /* What an earlier page left: text that nobody wrote over goes on where it was, the rest is shown beside what is stored. */
  const rowsButton = form.querySelector('[data-rows="topics"] [data-add]');
  for (const { code, pairs, revision } of queue.left()) {
    /* A row that was added and never reached the server: added again, as many as there may be. */
    for (let more = 20; more && code.startsWith("topic-u") && !partOf(code); more -= 1) rowsButton?.click();
    if (!partOf(code) || pairs[0][1].trim() === (stored.get(code) ?? "")) continue;
    const there = { revision: seenOf(code).value, fields: [[code, boxOf(code).value]] };
    boxOf(code).value = pairs[0][1];
    if (revision === there.revision) enqueue(code, 0);
    else offerBoth(code, there);
  }
  queue.keep();
})();
