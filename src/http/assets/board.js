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
      const answer = await fetch(location.pathname + location.search, { cache: "no-cache" });
      if (!answer.ok || answer.headers.get("etag") === tag) return;
      tag = answer.headers.get("etag");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.querySelector(".connection").replaceWith(document.querySelector(".connection"));
      document.querySelector("main").replaceWith(page.querySelector("main"));
    } catch {
      away();
    } finally {
      refreshing = false;
    }
  }

  function say(text, isLive) {
    const line = document.querySelector(".connection");
    line.dataset.live = String(isLive);
    if (line.textContent !== text) line.textContent = text;
  }

  function away() {
    say("Not connected. What you see may be old.", false);
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
      cell.firstElementChild.textContent = state === null ? "not set" : state;
    }
    count(row.closest("section"));
    tellTime(row.querySelector("time"), at);
    tellTime(last, at);
    row.classList.remove("fresh");
    void row.offsetWidth;
    row.classList.add("fresh");
  }

  /** How many of a kind are in which state. */
  function count(section) {
    const counts = section.querySelector(".counts");
    if (!counts) return;
    const cells = [...section.querySelectorAll(`[data-field="${CSS.escape(counts.dataset.of)}"]`)];
    for (const part of counts.children) {
      const number = cells.filter((cell) => cell.dataset.value === part.dataset.count).length;
      part.hidden = number === 0;
      part.firstElementChild.textContent = number;
    }
  }

  const source = new EventSource(events);
  source.addEventListener("board.item.changed", (event) => show(JSON.parse(event.data)));
  source.addEventListener("board.reload", refresh);
  source.addEventListener("error", away);
  source.addEventListener("open", () => {
    say("Live", true);
    refresh();
  });
  // The page around a frame may give it as much room as the board needs.
  if (window.parent !== window) {
    new ResizeObserver(() => {
      const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
      window.parent.postMessage({ type: "signalbox.board", height }, "*");
    }).observe(document.documentElement);
  }
  // New and renamed items tell nobody; and a browser that slept may have lost its stream for good.
  setInterval(() => {
    if (!document.hidden) refresh();
  }, REFRESH_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
})();
