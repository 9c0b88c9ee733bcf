/* Parts of the answer page that speak: the banner, the progress bar, the choice between two answers, and what an
   earlier page left unsaved. */
(() => {
  "use strict";
  const dx = (window.dxAnswering ??= {});
  const TRACK = 200;

  dx.banner = (box, form) => {
    const part = (name) => box.querySelector(`[data-banner-${name}]`);
    const [heading, text, retry, restore, drop, login, back, links] = [
      "heading", "text", "retry", "restore", "drop", "login", "back", "links",
    ].map(part);
    let showing = "";
    form.prepend(box);

    function show(kind, title, words, tools = []) {
      const fresh = showing !== kind;
      showing = kind;
      heading.textContent = title;
      text.textContent = words;
      links.replaceChildren();
      for (const tool of [retry, restore, drop, login, back]) tool.hidden = !tools.includes(tool);
      box.hidden = false;
      return fresh;
    }

    function point(codes) {
      for (const code of codes) {
        const link = document.createElement("a");
        link.href = `#question-${code}`;
        link.textContent = `問${code}`;
        links.append(link, " ");
      }
    }

    return {
      hide() {
        box.hidden = true;
        showing = "";
      },
      away: () =>
        show("away", "保存できませんでした", "通信が戻ると自動で再送します。画面は閉じないでください。", [retry]),
      closed: (message) =>
        show("closed", "保存できませんでした", `${message}入力した内容はこの画面に残っています。必要な内容は控えてください。`),
      signedOut() {
        const path = location.pathname + location.search;
        login.href = `${form.dataset.login}?next=${encodeURIComponent(path)}`;
        const words = "入力した内容はこのパソコンに残っています。ログインし直すと、この画面で続きから保存できます。";
        return show("out", "ログインの有効期限が切れました", words, [login]);
      },
      otherMembership(answer, onBack) {
        if (answer.back) back.textContent = `「${answer.back.place}」に戻して保存する`;
        back.onclick = onBack;
        const words = `${answer.message}入力した内容はこの画面に残っています。`;
        return show("membership", "所属が切り替わっています", words, answer.back ? [back] : []);
      },
      conflict(codes) {
        if (!codes.length) {
          if (showing === "conflict") this.hide();
          return;
        }
        if (showing && showing !== "conflict") return;
        show("conflict", "ほかの人の更新と重なりました", "どちらを残すか選んでください。");
        point(codes);
      },
      left(codes, onRestore, onDrop) {
        const words = `前の画面で入力し、まだ保存していない内容が${codes.length}問分あります（${codes.map((code) => `問${code}`).join("、")}）。`;
        show("left", "保存していない入力が残っています", words, [restore, drop]);
        restore.onclick = () => (this.hide(), onRestore());
        drop.onclick = () => (this.hide(), onDrop());
      },
      onRetry: (act) => retry.addEventListener("click", act),
    };
  };

  /* The bar drawn by the server (ui: progress), brought up to date. */
  dx.drawProgress = (place, done, total) => {
    const fill = place.querySelectorAll("svg rect")[1];
    const words = `必須の設問${done}／${total}問`;
    fill.setAttribute("width", String(Math.round((TRACK * done) / (total || 1))));
    fill.setAttribute("class", total && done >= total ? "mark-done" : "mark-value");
    place.querySelector("svg").setAttribute("aria-label", words);
    place.querySelector(".progress > span").textContent = `必須の設問 ${done}／${total}問`;
  };

  /* Both answers beside each other; `decided("mine" | "theirs")` once. */
  dx.showConflict = (block, answer, decided) => {
    const place = block.querySelector("[data-conflict-place]");
    const box = document.querySelector("[data-conflict-template]").content.cloneNode(true).firstElementChild;
    const fill = (name, words) => (box.querySelector(`[data-${name}]`).textContent = words);
    const who = answer.theirs.by ? `${answer.theirs.by}さん` : "ほかの人";
    const said = box.querySelector("[data-said]");
    said.id = `said-${block.dataset.question}`;
    said.textContent = `＊${answer.message}`;
    box.setAttribute("aria-labelledby", said.id);
    box.classList.add("js-conflict");
    fill("their-name", `${who}の回答（${answer.theirs.at}）`);
    fill("their-lines", answer.theirs.lines.join("\n") || "（未回答）");
    fill("their-note", answer.theirs.note ? `メモ：${answer.theirs.note}` : "");
    fill("my-lines", dx.lines(block).join("\n") || "（未回答）");
    box.querySelector('[data-keep="theirs"]').textContent = `${who}の回答を残す`;
    for (const button of box.querySelectorAll("[data-keep]")) {
      button.addEventListener("click", () => {
        box.remove();
        decided(button.dataset.keep);
      });
    }
    place.replaceChildren(box);
  };

  /* After a sign-in, a crash or a reload: what left the page with unknown outcome is sent again at once (an equal
     answer counts as saved), what never left is offered. A page that answers a posted form shows all of it itself. */
  dx.takeUp = (queue, form, banner, page) => {
    const entries = queue.left();
    const handled = (entry) => entry.sent && "posted" in form.dataset && page.blockOf(entry.code);
    const again = (list) => {
      for (const entry of list) {
        const block = page.blockOf(entry.code);
        if (block && "editable" in block.dataset) {
          const note = entry.pairs.find(([name]) => name.startsWith("n:"))?.[1] ?? "";
          dx.fill(block, entry.pairs.filter(([name]) => name.startsWith("q:")), note);
        }
        queue.put(entry.code, entry.pairs, entry.revision);
      }
      page.afterChange();
      queue.flush();
    };
    const open = entries.filter((entry) => !handled(entry));
    const sent = open.filter((entry) => entry.sent);
    const typed = open.filter((entry) => !entry.sent);
    queue.waiting = new Map(typed.map((entry) => [entry.code, entry]));
    queue.keep();
    queue.waiting.clear();
    if (typed.length) {
      banner.left(
        typed.map((entry) => entry.code),
        () => again(typed),
        () => queue.keep(),
      );
    }
    if (sent.length) again(sent);
  };
})();
