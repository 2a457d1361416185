/** What the public board page loads from us: one stylesheet and one small script. */

export const BOARD_CSS = `:root {
  color-scheme: light dark;
  --ink: #16202a; --quiet: #5a6875; --paper: #ffffff; --line: #d9e0e6;
  --good: #11703a; --bad: #a61b1b; --wait: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8edf2; --quiet: #9fb0bf; --paper: #12181e; --line: #2c3843;
    --good: #58d68d; --bad: #ff8b80; --wait: #ffc65c;
  }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 1.6rem 0 .4rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 .2rem; font-size: 1rem; color: var(--quiet); }
.change, .connection { margin: .2rem 0; color: var(--quiet); }
.connection:empty { display: none; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .5rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { font-size: .85rem; font-weight: 500; color: var(--quiet); }
tbody th { font-weight: 500; }
thead th:first-child { width: 40%; }
td:last-child { color: var(--quiet); font-size: .85rem; }
.number { color: var(--quiet); font-variant-numeric: tabular-nums; }
td[data-field] { font-weight: 600; }
td[data-value=""] { font-weight: 400; color: var(--quiet); }
td[data-value="open"], td[data-value="yes"] { color: var(--good); }
td[data-value="closed"] { color: var(--bad); }
td[data-value="hold"] { color: var(--wait); }
tr.fresh { animation: fresh 3s ease-out; }
@keyframes fresh { from { background: color-mix(in srgb, var(--wait) 30%, transparent); } }
@media (prefers-reduced-motion: reduce) { tr.fresh { animation: none; } }
@media print {
  :root { --ink: #000; --quiet: #333; --paper: #fff; --line: #999; --good: #000; --bad: #000; --wait: #000; }
  main { max-width: none; padding: 0; }
  .connection { display: none; }
  tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;

/**
 * Writes each change into its row. Whatever it cannot place (a new item, a long silence) makes it fetch the
 * page again; the page is the truth.
 */
export const BOARD_JS = `"use strict";
(() => {
  const REFRESH_MS = 60000;
  const { events, zone, clock } = document.querySelector("main").dataset;
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
    hourCycle: clock === "12h" ? "h12" : "h23", timeZoneName: "short",
  });
  let tag = null;
  let refreshing = false;

  async function refresh() {
    if (refreshing) return;
    refreshing = true;
    try {
      const answer = await fetch(location.pathname, { cache: "no-cache" });
      if (!answer.ok || answer.headers.get("etag") === tag) return;
      tag = answer.headers.get("etag");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const connection = document.querySelector(".connection").textContent;
      document.querySelector("main").replaceWith(page.querySelector("main"));
      document.querySelector(".connection").textContent = connection;
    } catch {
      say("Not connected. What you see may be old.");
    } finally {
      refreshing = false;
    }
  }

  function say(text) {
    const line = document.querySelector(".connection");
    if (line.textContent !== text) line.textContent = text;
  }

  function tellTime(element, at) {
    element.dateTime = at;
    element.textContent = format.format(new Date(at));
  }

  function show({ data: { item, at } }) {
    const row = document.querySelector('[data-item="' + CSS.escape(item.id) + '"]');
    const last = document.querySelector(".change time");
    if (!row || !last) return refresh();
    for (const cell of row.querySelectorAll("[data-field]")) {
      const state = item.states[cell.dataset.field];
      cell.dataset.value = state === null ? "" : item.fields[cell.dataset.field];
      cell.textContent = state === null ? "not set" : state;
    }
    tellTime(row.querySelector("time"), at);
    tellTime(last, at);
    row.classList.remove("fresh");
    void row.offsetWidth;
    row.classList.add("fresh");
  }

  const source = new EventSource(events);
  source.addEventListener("board.item.changed", (event) => show(JSON.parse(event.data)));
  source.addEventListener("board.reload", refresh);
  source.addEventListener("error", () => say("Not connected. What you see may be old."));
  source.addEventListener("open", () => {
    say("Live");
    refresh();
  });
  // New and renamed items tell nobody; and a browser that slept may have lost its stream for good.
  setInterval(() => {
    if (!document.hidden) refresh();
  }, REFRESH_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
})();
`;
