/* A page that the browser kept (back, forward, reopened tab) is shown only to whom it was drawn for.

   Loaded before the body so that nothing is painted first. The portal is asked who is there: the same person under the
   same membership sees the page with all that was typed; anybody else gets it anew from the server, which decides.   */
(() => {
  "use strict";
  const root = document.documentElement;
  const HIDDEN = "is-returning";
  const GIVE_UP = 10000;

  const note = (name) => document.querySelector(`[data-returning-${name}]`);

  function say(away) {
    if (!note("away")) return;
    note("asking").hidden = away;
    note("away").hidden = !away;
  }

  async function ask() {
    root.classList.add(HIDDEN);
    say(false);
    try {
      const answer = await fetch(root.dataset.whoAddress, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(GIVE_UP),
      });
      if (answer.status >= 500) throw new Error("away");
      const same = answer.ok && (await answer.json()).who === root.dataset.who;
      if (same) root.classList.remove(HIDDEN);
      else location.reload();
    } catch {
      say(true);
    }
  }

  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type === "back_forward") ask();
  /* Hidden while it is put away, so that the first picture of its return is blank. */
  window.addEventListener("pagehide", (event) => event.persisted && root.classList.add(HIDDEN));
  window.addEventListener("pageshow", (event) => event.persisted && ask());
  document.addEventListener("click", (event) => event.target.closest("[data-returning-again]") && ask());
})();
