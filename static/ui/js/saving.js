/* What waits to be saved: kept in this tab until the server has taken it, sent one at a time, sent again when the
   network was away. Every save may be repeated: the server takes an equal answer as already saved.

   The form says `data-save-url` (CODE stands for what is saved), `data-response` and `data-user` (whose store it is).

   An entry: {code, pairs, revision, sent}; `sent` means it left with a form or a closing page, outcome unknown.   */
(() => {
  "use strict";
  const dx = (window.dxSaving ??= {});
  const FIRST_WAIT = 2000;
  const LONGEST_WAIT = 60000;
  const GIVE_UP = 20000;

  const content = (pairs) => JSON.stringify(pairs.filter(([, text]) => text.trim() !== "").sort());

  dx.Queue = class Queue {
    /* `told`: saved(entry, answer), unfit(entry, answer), overtaken(entry, answer), away(), back(), signedOut(answer),
       otherMembership(answer), closed(answer), changed() */
    constructor(form, told) {
      this.form = form;
      this.told = told;
      this.key = `dxportal.answers:${form.dataset.response}:${form.dataset.user}`;
      this.waiting = new Map();
      this.held = new Map();
      this.tried = new Map(); // what left for the server and was not answered, by question
      this.wait = 0;
      this.stopped = false;
      this.running = null;
    }

    get unsaved() {
      return this.waiting.size + this.held.size;
    }

    /* The questions that wait for a choice between two answers. */
    get conflicts() {
      return [...this.held.values()].filter((entry) => entry.conflict).map((entry) => entry.code);
    }

    /* Entries that an earlier page left behind. */
    left() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
      } catch {
        return [];
      }
    }

    keep() {
      const entries = [...this.waiting.values(), ...this.held.values()];
      try {
        if (entries.length) sessionStorage.setItem(this.key, JSON.stringify(entries));
        else sessionStorage.removeItem(this.key);
      } catch {
        /* Storage full or off: the page itself still holds the input. */
      }
      this.told.changed();
    }

    put(code, pairs, revision) {
      const held = this.held.get(code);
      if (held?.conflict) this.held.set(code, { ...held, pairs });
      else {
        this.held.delete(code);
        this.waiting.set(code, { code, pairs, revision });
      }
      this.keep();
    }

    drop(code) {
      this.waiting.delete(code);
      this.held.delete(code);
      this.keep();
    }

    hold(entry, conflict) {
      if (this.waiting.get(entry.code) === entry) this.waiting.delete(entry.code);
      this.held.set(entry.code, { ...entry, conflict });
      this.keep();
    }

    markSent() {
      for (const entry of [...this.waiting.values(), ...this.held.values()]) entry.sent = true;
      this.keep();
    }

    /* Sends everything that waits; resolves when nothing waits or sending had to stop. */
    flush() {
      this.running ??= this.run().finally(() => (this.running = null));
      return this.running;
    }

    async run() {
      clearTimeout(this.timer);
      while (this.waiting.size && !this.stopped) {
        const entry = this.waiting.values().next().value;
        if (!(await this.send(entry))) return;
      }
    }

    /* On leaving: all at once, with requests that outlive the page. */
    leave() {
      if (this.stopped) return;
      for (const entry of this.waiting.values()) this.post(entry, true).catch(() => {});
      this.markSent();
    }

    async send(entry) {
      this.told.changed();
      this.tried.set(entry.code, [...(this.tried.get(entry.code) ?? []), content(entry.pairs)]);
      let answer;
      try {
        const response = await this.post(entry);
        answer = await this.read(response);
        if (answer === null) return this.send(entry);
      } catch {
        return this.postpone();
      }
      if (this.wait) {
        this.wait = 0;
        this.told.back();
      }
      return this.settle(entry, answer);
    }

    post(entry, keepalive = false) {
      const body = new URLSearchParams([...entry.pairs, [`r:${entry.code}`, String(entry.revision)]]);
      return fetch(this.form.dataset.saveUrl.replace("CODE", encodeURIComponent(entry.code)), {
        method: "POST",
        body,
        keepalive,
        credentials: "same-origin",
        headers: {
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
          "X-Acting-Membership": this.form.elements.acting_membership?.value ?? "",
          Accept: "application/json",
        },
        signal: keepalive ? undefined : AbortSignal.timeout(GIVE_UP),
      });
    }

    /* {status, …json}; null when the token had to be renewed and the save is to be tried again. */
    async read(response) {
      /* An address that only knows people who are signed in leads to signing in, which answers as JSON too. */
      if (response.redirected) return { status: 401, message: "" };
      const json = response.headers.get("Content-Type")?.includes("json");
      if (json) {
        this.renewed = false;
        return { status: response.status, ...(await response.json()) };
      }
      if (response.status === 403 && !this.renewed) {
        this.renewed = true;
        if (await this.renew()) return null;
        return { status: 401, message: "" };
      }
      throw new Error(`unexpected answer ${response.status}`);
    }

    /* The token changes when somebody signs in again in another tab: this page's own address carries the new one. */
    async renew() {
      const page = await fetch(location.pathname, { credentials: "same-origin" });
      if (!page.ok || page.redirected) return false;
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
      const form = fresh.querySelector("form[data-save-url]");
      if (!form || form.dataset.user !== this.form.dataset.user) return false;
      this.form.elements.csrfmiddlewaretoken.value = form.elements.csrfmiddlewaretoken.value;
      return true;
    }

    settle(entry, answer) {
      if (answer.status === 200) {
        this.tried.delete(entry.code);
        if (this.waiting.get(entry.code) === entry) this.waiting.delete(entry.code);
        else if (this.waiting.has(entry.code)) this.waiting.get(entry.code).revision = answer.saved.revision;
        this.told.saved(entry, answer);
        this.keep();
        return true;
      }
      if (answer.status === 409 && answer.theirs && this.isOwn(entry.code, answer.theirs)) {
        (this.waiting.get(entry.code) ?? entry).revision = answer.theirs.revision;
        return true;
      }
      if (answer.status === 409 && answer.error !== "membership") {
        this.hold(this.waiting.get(entry.code) ?? entry, true);
        this.waiting.delete(entry.code);
        this.keep();
        this.told.overtaken(entry, answer);
        return true;
      }
      if (answer.status === 422) {
        if (answer.error === "hidden") this.drop(entry.code);
        else if (this.waiting.get(entry.code) === entry) this.hold(entry, false);
        this.told.unfit(entry, answer);
        return true;
      }
      this.stopped = true;
      if (answer.status === 401) this.told.signedOut(answer);
      else if (answer.error === "membership") this.told.otherMembership(answer);
      else this.told.closed(answer);
      this.told.changed();
      return false;
    }

    /* Whether the stored answer is one of this page's own, whose reply was lost: typing on is no conflict with it. */
    isOwn(code, stored) {
      const own = content([...stored.fields, [`n:${code}`, stored.note]]);
      return this.waiting.has(code) && (this.tried.get(code) ?? []).slice(0, -1).includes(own);
    }

    /* Back to the membership that this page was drawn under, and on with what waits. */
    async actAgain(back) {
      const response = await fetch(back.address, {
        method: "POST",
        body: new URLSearchParams([["membership", String(back.membership)]]),
        credentials: "same-origin",
        redirect: "manual",
        headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
      });
      if (response.type !== "opaqueredirect") return false;
      this.stopped = false;
      await this.flush();
      return true;
    }

    postpone() {
      this.wait = Math.min(this.wait * 2 || FIRST_WAIT, LONGEST_WAIT);
      this.timer = setTimeout(() => this.flush(), this.wait);
      this.told.away();
      this.told.changed();
      return false;
    }
  };
})();
