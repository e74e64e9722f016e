// The desk with JavaScript: open pages stay true by themselves. Every page works without it.
"use strict";
(() => {
  const state = document.getElementById("state");
  let stream = null;

  function say(words) {
    if (state && state.textContent !== words) state.textContent = words;
  }

  // Whoever is writing, or has opened something, keeps what they see until they are done.
  function busy(part) {
    if (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return true;
    return [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((one) => one.value !== one.defaultValue);
  }

  // A part as it reads: every form has a number of its own, and what somebody has unfolded is theirs.
  function plain(part) {
    const copy = part.cloneNode(true);
    for (const one of copy.querySelectorAll('[name="nonce"], details')) {
      one.removeAttribute("value");
      one.removeAttribute("open");
    }
    return copy.outerHTML;
  }

  async function refresh() {
    let answer;
    try {
      answer = await fetch(location.href, { headers: { "x-signpost": "live" } });
    } catch {
      return; // offline: the stream comes back, and brings the next change
    }
    if (answer.redirected || !answer.ok) return say("This page has changed. Load it again.");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.querySelector("[data-live]")) return location.reload();
    let kept = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(part.id);
      if (now === null || plain(now) === plain(part)) continue;
      if (busy(part)) kept = true;
      else {
        const focus = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        for (const one of part.querySelectorAll("details[open][id]")) now.querySelector(`#${CSS.escape(one.id)}`)?.setAttribute("open", "");
        part.replaceWith(now);
        if (focus) now.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
      }
    }
    say(kept ? "Something has changed since you began to write. Nothing you wrote is lost; load the page again when you are done." : "This page has just been brought up to date.");
  }

  function listen() {
    stream?.close();
    const address = document.body.dataset.events || document.querySelector("[data-events]")?.dataset.events;
    if (!address || !document.querySelector("[data-live]")) return;
    stream = new EventSource(address);
    stream.addEventListener("changed", refresh);
  }

  // A page in the background would keep a connection of the few that a browser grants for each site.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stream?.close();
    else {
      listen();
      refresh();
    }
  });
  listen();

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.value ?? text.innerText);
      say("Copied.");
    } catch {
      if (text.select) text.select();
      else getSelection().selectAllChildren(text);
      say("Selected: copy it with your keyboard or menu.");
    }
  });
})();
