/*
 * Writes each change into its row. Whatever it cannot place (a new item, a long silence) makes it fetch the page
 * again; the page is the truth.
 */

(() => {
  const REFRESH_MS = 60000;
  const { events, zone, clock } = document.querySelector("main").dataset;
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    hourCycle: clock === "12h" ? "h12" : "h23",
    timeZoneName: "short",
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
    const row = document.querySelector(`[data-item="${CSS.escape(item.id)}"]`);
    const last = document.querySelector(".change time");
    if (!row || !last) return refresh();
    for (const cell of row.querySelectorAll("[data-field]")) {
      const state = item.states[cell.dataset.field] ?? null;
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
