/* The answer page: saves while typing, shows the state of saving, keeps the counts current, offers conflicts. */
(() => {
  "use strict";
  const dx = window.dxAnswering;
  const form = document.querySelector("[data-answers]");
  if (!form || !document.querySelector("[data-banner]")) return;
  const TYPING = 2000;
  const CHOOSING = 800;
  const blockOf = (code) => form.querySelector(`[data-question="${CSS.escape(code)}"]`);
  const editable = [...form.querySelectorAll("[data-question][data-editable]")];
  const saved = new Map(editable.map((block) => [block, dx.snapshot(block)]));
  const timers = new Map();
  const announce = document.querySelector("[data-announce]");
  const pageState = form.querySelector("[data-page-state]");
  let leaving = false;
  let lastSaved = "";

  const revisionOf = (block) => block.querySelector('input[name^="r:"]');
  const say = (text) => (announce.textContent = text);
  const line = (block, text, state) => {
    const place = block?.querySelector("[data-save-line]");
    if (!place) return;
    place.textContent = text;
    place.dataset.state = state;
  };

  const banner = dx.banner(document.querySelector("[data-banner]"), form);
  const queue = new window.dxSaving.Queue(form, {
    changed: () => showPageState(),
    saved: (entry, answer) => {
      const block = blockOf(entry.code);
      if (block) {
        revisionOf(block).value = answer.saved.revision;
        const untouched = JSON.stringify(entry.pairs) === JSON.stringify(dx.pairs(block));
        const typing = document.activeElement?.name === `q:${entry.code}`;
        if (untouched && block.dataset.kind === "number" && !typing) dx.fill(block, answer.saved.fields);
        if (untouched) saved.set(block, dx.snapshot(block));
        dx.showErrors(block, []);
        line(block, untouched ? answer.message : "入力中", untouched ? "saved" : "");
      }
      lastSaved = answer.message;
      takeCounts(answer);
    },
    unfit: (entry, answer) => {
      const block = blockOf(entry.code);
      if (!block || answer.error === "hidden") return;
      dx.showErrors(block, answer.problems);
      line(block, "保存していません", "failed");
      say(`問${entry.code}：${answer.message}`);
      takeCounts(answer);
    },
    overtaken: (entry, answer) => {
      takeCounts(answer);
      const block = blockOf(entry.code);
      if (block) {
        offerBoth(block, answer);
        line(block, "保存していません（どちらを残すか選んでください）", "failed");
      }
      say(`問${entry.code}：${answer.message}`);
      banner.conflict(queue.conflicts);
    },
    away: () => {
      for (const code of queue.waiting.keys()) line(blockOf(code), "保存できませんでした（再送します）", "failed");
      if (banner.away()) say("保存できませんでした。通信が戻ると自動で再送します。画面は閉じないでください。");
    },
    back: () => {
      banner.hide();
      banner.conflict(queue.conflicts);
      say("通信が戻りました。入力した内容を保存しています。");
    },
    signedOut: (answer) => {
      banner.signedOut();
      say(answer.message || "ログインの有効期限が切れました。");
    },
    otherMembership: (answer) => {
      banner.otherMembership(answer, async () => {
        banner.hide();
        if (!(await queue.actAgain(answer.back))) banner.closed("所属を戻せませんでした。");
      });
      for (const code of queue.waiting.keys()) line(blockOf(code), "保存していません", "failed");
      say(answer.message);
    },
    closed: (answer) => {
      banner.closed(answer.message);
      for (const code of queue.waiting.keys()) line(blockOf(code), "保存していません", "failed");
      say(answer.message);
    },
  });

  function showPageState() {
    const failed = queue.wait || queue.stopped || queue.held.size;
    pageState.dataset.state = failed ? "failed" : queue.waiting.size ? "" : lastSaved ? "saved" : "";
    if (failed) pageState.textContent = `保存していない設問が${queue.unsaved}問あります`;
    else pageState.textContent = queue.waiting.size ? "保存しています…" : lastSaved;
  }

  function takeCounts(answer) {
    if (!answer.sections) return;
    for (const [code, one] of Object.entries(answer.sections)) {
      const link = document.querySelector(`[data-section="${CSS.escape(code)}"]`);
      const word = link.querySelector("[data-word]");
      const here = link.getAttribute("aria-current");
      if (here && one.state === "done" && word.dataset.state !== "done") {
        say(`「${link.firstElementChild.textContent}」の必須の設問がすべて回答済みになりました。`);
      }
      link.querySelector("[data-count-of]").textContent = `${one.answered}／${one.required}問`;
      word.textContent = one.word;
      word.dataset.state = one.state;
    }
    dx.drawProgress(form.querySelector("[data-total]"), answer.answered, answer.required);
    form.querySelector("[data-response-state] .chip").textContent = answer.state_label;
  }

  function offerBoth(block, answer) {
    const code = block.dataset.question;
    dx.showConflict(block, answer, (keep) => {
      revisionOf(block).value = answer.theirs.revision;
      queue.drop(code);
      if (keep === "theirs") {
        dx.fill(block, answer.theirs.fields, answer.theirs.note);
        saved.set(block, dx.snapshot(block));
        line(block, `${answer.theirs.at}に${answer.theirs.by}さんが保存`, "saved");
        afterChange(block);
      } else enqueue(block, 0);
      banner.conflict(queue.conflicts);
      say(keep === "theirs" ? `問${code}は相手の回答を残しました。` : `問${code}は自分の入力を残します。`);
      block.focus();
    });
  }

  function enqueue(block, delay) {
    const code = block.dataset.question;
    clearTimeout(timers.get(code));
    timers.delete(code);
    if (saved.get(block) === dx.snapshot(block) && !queue.running && !queue.held.has(code)) {
      queue.drop(code);
      line(block, lastSaved ? "変更はありません" : "", "");
      return;
    }
    queue.put(code, dx.pairs(block), Number(revisionOf(block).value));
    if (queue.stopped) return;
    line(block, queue.held.has(code) ? "どちらを残すか選んでください" : "保存しています…", "");
    timers.set(code, setTimeout(() => queue.flush(), delay));
  }

  function afterChange() {
    for (const block of dx.showAndHide(form)) if (saved.get(block) !== dx.snapshot(block)) enqueue(block, CHOOSING);
  }

  form.addEventListener("input", (event) => {
    const block = event.target.closest("[data-question][data-editable]");
    if (!block || !/^[qn]:/.test(event.target.name)) return;
    dx.keepExclusive(event.target);
    afterChange();
    enqueue(block, event.target.matches("textarea, input[type=text]") ? TYPING : CHOOSING);
  });
  form.addEventListener("focusout", (event) => {
    const block = event.target.closest("[data-question][data-editable]");
    if (block && timers.has(block.dataset.question) && event.target.matches("textarea, input[type=text]")) queue.flush();
  });
  for (const button of form.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const block = button.closest("[data-question]");
      dx.fill(block, JSON.parse(button.dataset.copy));
      afterChange();
      enqueue(block, 0);
      say(`問${block.dataset.question}に前回の回答を入れました。`);
    });
  }

  form.addEventListener("submit", () => {
    leaving = true;
    for (const block of editable) block.querySelector("[data-conflict-place] .js-conflict")?.remove();
    queue.markSent();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !queue.waiting.size || queue.stopped || queue.wait || event.ctrlKey || event.metaKey) return;
    if (link.origin !== location.origin || link.target || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    await queue.flush();
    location.assign(link.href);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !leaving && queue.waiting.size && !queue.running) queue.flush();
  });
  window.addEventListener("pagehide", () => {
    if (!leaving) queue.leave();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && queue.unsaved) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  window.addEventListener("online", () => queue.flush());
  banner.onRetry(() => queue.flush());

  /* On narrow screens the sections lie in a row: bring the current one into view, without moving the page. */
  const current = document.querySelector(".section-nav a[aria-current]")?.parentElement;
  if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.offsetLeft;

  dx.showAndHide(form);
  dx.takeUp(queue, form, banner, { blockOf, revisionOf, afterChange });
})();
