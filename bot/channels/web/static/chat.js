// The chat page with JavaScript: sends without leaving the page, shows what arrives, and comes back by itself after a gap.
// Without it the same page works by plain forms, so nothing here may be the only way to do something.
"use strict";
(() => {
  const log = document.getElementById("log");
  const compose = document.getElementById("compose");
  const text = document.getElementById("text");
  const typing = document.getElementById("typing");
  const state = document.getElementById("state");
  const main = document.querySelector("main");
  let after = log.dataset.after;
  let stream = null;
  let hidden = false; // somebody had to leave: nothing of this page comes back
  let own = null; // the line that the person sent last: it stays in view when a long answer arrives

  // What arrives ------------------------------------------------------------------------------------------------------

  function show(html, id) {
    const shell = document.createElement("template");
    shell.innerHTML = html;
    const line = shell.content.querySelector("article");
    const before = log.querySelector(`[data-id="${CSS.escape(line.dataset.id)}"]`);
    const focused = before?.contains(document.activeElement);
    if (line.matches(".gone")) before?.remove(); // it turned out to be about whoever sits here
    else if (!before) log.append(line);
    else if (line.matches(".card")) before.replaceWith(line); // somebody has the case now
    if (focused && !before.isConnected) rest(line.isConnected ? line : log);
    if (id) after = id;
    document.querySelector("[data-start]")?.remove();
    quiet();
    look();
  }

  function look() {
    if (!log.childElementCount) return; // nothing was said: what stands above comes first
    const wanted = own ? own.offsetTop - main.offsetTop - 12 : Infinity;
    main.scrollTop = Math.min(main.scrollHeight - main.clientHeight, wanted);
  }

  // Whoever listens to the page, or uses no mouse, goes on from where the focus is: it never falls back to the top.
  function rest(line) {
    line.tabIndex = -1;
    line.focus({ preventScroll: true });
  }

  // The window gets smaller when a phone's keyboard opens: whoever was at the end stays there.
  let atEnd = log.childElementCount > 0;
  main.addEventListener("scroll", () => { atEnd = main.scrollHeight - main.clientHeight - main.scrollTop < 40; }, { passive: true });
  new ResizeObserver(() => { if (atEnd) main.scrollTop = main.scrollHeight; }).observe(main);

  function listen() {
    if (hidden) return;
    if (stream) stream.close();
    const address = new URL(log.dataset.events, location.href);
    address.searchParams.set("after", after);
    stream = new EventSource(address);
    stream.addEventListener("said", (event) => show(event.data, event.lastEventId));
    stream.addEventListener("open", () => say(""));
    stream.addEventListener("error", () => {
      say("Connecting again …");
      // A browser gives up for good after an error page; everything else it tries again itself.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
    });
  }

  // A page in the background would keep a connection of the few that a browser grants for each site.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stream?.close();
    else listen();
  });
  addEventListener("online", listen);
  addEventListener("offline", () => say("You are offline. What you send now waits until you press “Try again”."));

  // What is sent ------------------------------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".choices, .compose, .fields")) return;
    event.preventDefault();
    const words = form.dataset.says ? form.dataset.says : event.submitter?.name ? event.submitter.textContent.trim() : text.value.trim();
    if (!words) return;
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    if (form === compose) {
      text.value = "";
      grow();
    }
    if (form.dataset.says) {
      form.reset();
      form.closest("details").open = false;
    }
    settle(form);
    renew(form);
    own = mine(words);
    log.append(own);
    // The pressed button can hold the focus no longer; on a phone the keyboard must not open over the next question.
    if (form !== compose && !keyboard()) rest(own);
    send(form.action, fields, own);
  });

  async function send(address, fields, line) {
    mark(line, "Sending …");
    wait();
    look();
    let problem = "Not sent.";
    try {
      const answer = await fetch(address, { method: "POST", body: fields, headers: { "x-signpost": "page" } });
      if (answer.ok) return mark(line, "");
      if (answer.status === 403) problem = "Not sent: this page has become too old. Copy your words and load it again.";
      if (answer.status === 429) problem = "Not sent: very much is coming from your connection. Wait a minute. In danger, ring 999.";
      if (answer.status === 413) problem = "Not sent: too long for one message. Please send it in parts.";
    } catch {
      problem = "Not sent: there is no connection.";
    }
    quiet();
    mark(line, problem, () => send(address, fields, line)); // the same number once more: it cannot arrive twice
  }

  function mine(words) {
    const line = document.createElement("article");
    line.className = "line me";
    const header = document.createElement("header");
    header.textContent = "You";
    const said = document.createElement("p");
    said.className = "words";
    said.textContent = words;
    line.append(header, said);
    return line;
  }

  function mark(line, words, again) {
    const before = line.querySelector(".note");
    if (before?.contains(document.activeElement)) rest(line);
    before?.remove();
    if (!words) return;
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = words;
    if (!again) note.ariaHidden = "true"; // read out, it would only talk over the answer
    if (again) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Try again";
      button.addEventListener("click", again, { once: true });
      note.append(" ", button);
    }
    line.append(note);
  }

  // Buttons belong to the question they came with; a card keeps its own until somebody has the case.
  function settle(pressed) {
    document.querySelector("[data-start]")?.remove();
    for (const form of log.querySelectorAll(".line:not(.card) .choices")) {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    }
    if (pressed !== compose && keyboard()) text.focus({ preventScroll: true });
  }

  function renew(form) {
    const raw = crypto.getRandomValues(new Uint8Array(18));
    form.elements.nonce.value = btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_");
  }

  // Small signs of life -----------------------------------------------------------------------------------------------

  let patience = 0;
  function wait() {
    clearTimeout(patience);
    typing.hidden = false;
    patience = setTimeout(quiet, 10000);
  }
  function quiet() {
    clearTimeout(patience);
    typing.hidden = true;
  }
  function say(words) {
    if (state.textContent !== words) state.textContent = words;
  }
  function grow() {
    text.rows = Math.min(6, text.value.split("\n").length + Math.floor(text.value.length / 60));
  }

  function keyboard() {
    return matchMedia("(hover: hover) and (pointer: fine)").matches;
  }

  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    // On a phone, Enter begins a new line.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && keyboard()) {
      event.preventDefault();
      compose.requestSubmit();
    }
  });

  // Hiding ------------------------------------------------------------------------------------------------------------

  // What takes this page's place came along with it: it is there at once, and without a connection. The address and the entry in
  // the history become the other page's; once that has answered, it is loaded in earnest, and nothing of this one is left.
  const hide = document.getElementById("hide");
  const neutral = document.getElementById("neutral");
  let escaped = -Infinity;

  function leave() {
    hidden = true;
    stream?.close();
    document.title = "Times tables";
    document.querySelector("link[rel=icon]").href = hide.dataset.icon;
    delete document.documentElement.dataset.size;
    document.body.className = "plain";
    document.body.replaceChildren(neutral.content.cloneNode(true));
    history.replaceState(null, "", hide.href);
    scrollTo(0, 0);
    fetch(hide.href).then((answer) => { if (answer.ok) location.replace(hide.href); }, () => {}); // without a connection it stays
  }

  hide.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.repeat || hidden) return;
    if (event.timeStamp - escaped < 1500) leave();
    else escaped = event.timeStamp;
  });

  // How large the words are ---------------------------------------------------------------------------------------------

  const sizes = document.querySelector(".sizes");
  sizes.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(event.target, event.submitter));
    document.documentElement.dataset.size = event.submitter.value;
    for (const button of sizes.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
    look();
    fetch(event.target.action, { method: "POST", body: fields, headers: { "x-signpost": "page" } }).catch(() => {
      say("The text size is kept once there is a connection again and you choose it once more.");
    });
  });
  document.addEventListener("click", (event) => { if (!sizes.contains(event.target)) sizes.open = false; });

  compose.noValidate = true; // an empty box is ignored quietly instead of being complained about
  look();
  listen();
})();
