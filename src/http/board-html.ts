import type { BoardItem, Kind } from "../domain/board.ts";
import type { PublicBoard } from "./board-cache.ts";
import { statesOf } from "./board-cache.ts";

/** The public board as a page that needs no script. Whatever owners typed goes through `escapeHtml`. */

const NOT_SET = "not set";

export function boardHtml(board: PublicBoard, assets: { css: string; js: string }): string {
  const { name, timeZone } = board.settings.board;
  const clock = board.settings.commands.clock;
  const tell = timeTeller(timeZone, clock);
  const title = escapeHtml(name);
  const byKind = Map.groupBy(board.items.values(), (item) => item.kind);
  const sections = board.kinds
    .map((kind) => kindSection(kind, byKind.get(kind.key) ?? [], tell))
    .filter((section) => section !== "");
  const body = sections.length > 0 ? sections.join("\n") : "<p>There is nothing on this board yet.</p>";
  const change =
    board.updatedAt === null ? "No changes yet" : `Last change ${timeElement(board.updatedAt, tell)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<noscript><meta http-equiv="refresh" content="60"></noscript>
<title>${title}</title>
<link rel="stylesheet" href="${assets.css}">
<script src="${assets.js}" defer></script>
</head>
<body>
<main data-events="/board/${escapeHtml(board.slug)}/events" data-zone="${escapeHtml(timeZone)}" data-clock="${clock}">
<header>
<h1>${title}</h1>
<p class="change">${change}</p>
<p class="connection" role="status"></p>
</header>
${body}
</main>
</body>
</html>
`;
}

function kindSection(kind: Kind, items: BoardItem[], tell: (at: string) => string): string {
  if (items.length === 0) return "";
  const byArea = [...Map.groupBy(items, (item) => item.area ?? "")];
  // What lies in no area stands first, under the kind itself.
  byArea.sort(([one], [other]) => Number(one !== "") - Number(other !== ""));
  const heads = kind.fields.map((field) => `<th scope="col">${escapeHtml(capital(field.key))}</th>`).join("");
  const tables = byArea.map(([area, own]) => {
    const rows = own.map((item) => itemRow(kind, item, tell)).join("\n");
    const title = area === "" ? "" : `<h3>${escapeHtml(area)}</h3>\n`;
    return `${title}<table>
<thead><tr><th scope="col">Name</th>${heads}<th scope="col">Since</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
  });
  return `<section>
<h2>${escapeHtml(kind.plural)}</h2>
${tables.join("\n")}
</section>`;
}

function itemRow(kind: Kind, item: BoardItem, tell: (at: string) => string): string {
  const states = statesOf(kind, item.fields);
  const cells = kind.fields.map(({ key }) => {
    const state = states[key] ?? NOT_SET;
    const value = states[key] === null ? "" : (item.fields[key] ?? "");
    return `<td data-field="${escapeHtml(key)}" data-value="${escapeHtml(value)}">${escapeHtml(state)}</td>`;
  });
  const number = item.number === null ? "" : `<span class="number">${item.number}</span> `;
  return `<tr data-item="${escapeHtml(item.id)}"><th scope="row">${number}${escapeHtml(item.name)}</th>${cells.join("")}<td>${timeElement(item.updatedAt, tell)}</td></tr>`;
}

function timeElement(at: string, tell: (at: string) => string): string {
  return `<time datetime="${escapeHtml(at)}">${escapeHtml(tell(at))}</time>`;
}

function timeTeller(timeZone: string, clock: "24h" | "12h"): (at: string) => string {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    hourCycle: clock === "12h" ? "h12" : "h23",
    timeZoneName: "short",
  });
  return (at) => format.format(new Date(at));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
