/* The log of a session: each text is saved while it is typed. What somebody else wrote meanwhile is shown beside what
   was typed here, and the person decides; without this script the form's own saving does the same. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-save-url][data-response^='session-']");
  if (!form || !window.dxSaving) return;
  const TYPING = 1500;
  const state = form.querySelector("[data-save-state]");
  const boxOf = (name) => form.elements[name];
  const seenOf = (name) => form.elements[`seen_${name}`];
  const names = [...form.querySelectorAll("[data-text]")].map((part) => part.dataset.text);
  const stored = new Map(names.map((name) => [name, boxOf(name).value.trim()]));
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
    if (boxOf(name).value.trim() === stored.get(name) && !queue.held.has(name)) return queue.drop(name);
    queue.put(name, [[name, boxOf(name).value]], seenOf(name).value);
    if (!trouble) timers.set(name, setTimeout(() => queue.flush(), delay));
  }

  /* Both texts beside each other; whichever is kept, the other stays readable until then. */
  function offerBoth(name, theirs) {
    const part = form.querySelector(`[data-text="${CSS.escape(name)}"]`);
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
    if (names.includes(event.target.name)) enqueue(event.target.name, TYPING);
  });
  form.addEventListener("focusout", (event) => {
    if (names.includes(event.target.name) && queue.waiting.size) queue.flush();
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
  for (const { code, pairs, revision } of queue.left()) {
    if (!names.includes(code) || pairs[0][1].trim() === stored.get(code)) continue;
    const there = { revision: seenOf(code).value, fields: [[code, boxOf(code).value]] };
    boxOf(code).value = pairs[0][1];
    if (revision === there.revision) enqueue(code, 0);
    else offerBoth(code, there);
  }
  queue.keep();
})();
