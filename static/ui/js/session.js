/* Idle limit: warns five minutes before the session ends, lets it be extended, counts typing as activity.

   All tabs share one deadline through localStorage; the page never navigates away by itself.               */
(() => {
  "use strict";
  const dialog = document.getElementById("session-warning");
  if (!dialog) return;
  const WARN = 300;
  const PING_EVERY = 240;
  const KEY = "dxportal.session.deadline";
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const limit = Number(dialog.dataset.seconds);
  const heading = dialog.querySelector("h2");
  const text = dialog.querySelector("#session-warning-text");
  const proceed = dialog.querySelector("[data-session-continue]");
  const login = dialog.querySelector("[data-session-login]");
  const close = dialog.querySelector("[data-session-close]");
  const now = () => Date.now() / 1000;
  let lastPing = now();
  let ended = false;
  let opener = null;

  const deadline = () => Number(localStorage.getItem(KEY)) || now() + limit;
  const extend = (seconds) => localStorage.setItem(KEY, String(now() + seconds));
  extend(limit);

  async function ping() {
    lastPing = now();
    try {
      const answer = await fetch(dialog.dataset.keepAlive, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        credentials: "same-origin",
      });
      if (answer.status === 401 || answer.status === 403) return end();
      extend((await answer.json()).seconds);
      if (!ended && dialog.open) dialog.close();
    } catch {
      /* The network is away: the deadline stays, the next activity tries again. */
    }
  }

  function warn(left) {
    const minutes = Math.max(1, Math.ceil(left / 60));
    const words = `あと${minutes}分`;
    const place = text.querySelector("[data-session-time]");
    if (place.textContent !== words) place.textContent = words;
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
      proceed.focus();
    }
  }

  function end() {
    ended = true;
    heading.textContent = "自動的にログアウトしました";
    text.textContent =
      "しばらく操作がなかったためログアウトしました。保存済みの内容は残っています。" +
      "入力途中の内容はこの画面に残っており、ログインし直すと同じ画面で戻せます。";
    proceed.hidden = true;
    login.hidden = close.hidden = false;
    login.href = `${dialog.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
    if (!dialog.open) dialog.showModal();
    login.focus();
  }

  function look() {
    if (ended) return;
    const left = deadline() - now();
    if (left <= 0) return end();
    if (left <= WARN) return warn(left);
    if (dialog.open) dialog.close();
  }

  function active() {
    if (!ended && !dialog.open && now() - lastPing > PING_EVERY) ping();
  }

  proceed.addEventListener("click", ping);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => opener?.focus?.());
  for (const kind of ["keydown", "input", "pointerdown"]) document.addEventListener(kind, active, { passive: true });
  document.addEventListener("htmx:afterRequest", () => (lastPing = 0));
  /* A fragment asked for after the end comes back as the sign-in page: say so instead of showing it in place. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const path = new URL(event.detail.xhr.responseURL || location.href, location.href).pathname;
    if (path !== dialog.dataset.login) return;
    event.detail.shouldSwap = false;
    end();
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 5000);
  look();
})();
