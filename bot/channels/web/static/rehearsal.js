// The rehearsal's stage: a clock that ticks at its own pace, tabs on a phone, and badges that show whom a report has reached.
"use strict";
(() => {
  const clock = document.getElementById("clock");
  const next = document.getElementById("next");
  const desk = document.querySelector(".desk");
  const pace = document.querySelector(".pace");
  const tabs = document.querySelector(".tabs");
  const staff = document.querySelector("#staff iframe");
  const people = [...document.querySelectorAll(".people a")];
  const looked = {}; // how many lines of each person were there when somebody last looked
  let base = Number(clock.dataset.at);
  let rate = Number(clock.dataset.rate);
  let wall = performance.now();
  let zone = "Europe/London";

  const words = (moment) =>
    new Intl.DateTimeFormat("en-GB", {
      weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone,
    }).format(moment);

  setInterval(() => {
    clock.textContent = words(new Date(base + (performance.now() - wall) * rate));
  }, 250);

  const current = () => people.find((one) => one.hasAttribute("aria-current"))?.dataset.as;
  const inView = () => staff.offsetParent !== null;

  function take(state) {
    base = state.at;
    rate = state.rate;
    zone = state.zone;
    wall = performance.now();
    if (next.textContent !== state.next) next.textContent = state.next;
    for (const button of pace.querySelectorAll("[name=rate]")) {
      button.setAttribute("aria-pressed", String(Number(button.value) === rate));
    }
    let all = 0;
    for (const [person, count] of Object.entries(state.told)) {
      if (person === current() && inView()) looked[person] = count;
      const unread = count - (looked[person] ?? 0);
      all += unread;
      badge(person, unread);
    }
    badge("all", all);
  }

  function badge(name, count) {
    const sign = document.querySelector(`[data-badge="${name}"]`);
    sign.hidden = count <= 0;
    sign.textContent = count;
    sign.setAttribute("aria-label", `${count} new`);
  }

  async function ask() {
    try {
      const answer = await fetch(desk.dataset.state);
      if (answer.ok) take(await answer.json());
    } catch {
      next.textContent = "The rehearsal has stopped. Start it again in the terminal.";
    }
  }
  setInterval(ask, 1500);
  ask();

  pace.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(pace, event.submitter));
    await fetch(pace.action, { method: "POST", body: fields, headers: { "x-signpost": "page" } });
    ask();
  });

  for (const one of people) {
    one.addEventListener("click", (event) => {
      event.preventDefault();
      people.forEach((other) => other.removeAttribute("aria-current"));
      one.setAttribute("aria-current", "true");
      pace.elements.third.value = one.dataset.as;
      const desk = document.querySelector("[data-desk]");
      desk.href = desk.dataset.desk + one.dataset.as;
      desk.querySelector("span").textContent = one.firstChild.textContent.trim();
      staff.title = `Chat as ${one.firstChild.textContent.trim()}`;
      staff.src = staff.dataset.base + one.dataset.as;
      ask();
    });
  }

  // On a phone one panel is shown at a time; on a desktop all three stand side by side and the tabs are not needed.
  function pick(panel) {
    for (const one of document.querySelectorAll(".panel")) one.classList.toggle("picked", one.id === panel);
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.panel === panel));
    ask();
  }
  tabs.hidden = false;
  document.body.classList.add("tabbed");
  for (const tab of tabs.children) tab.addEventListener("click", () => pick(tab.dataset.panel));
  pick("parent");
})();
