import type { BoardItem, Kind } from "../domain/board.ts";
import { statesOf } from "./board-cache.ts";
import { capital, escapeHtml, timeElement } from "./board-text.ts";

/** One kind of the public board: how many are in which state, and its items by area. */

const NOT_SET = "not set";

export function kindSection(kind: Kind, items: BoardItem[], tell: (at: string) => string): string {
  if (items.length === 0) return "";
  const byArea = [...Map.groupBy(items, (item) => item.area ?? "")];
  // What lies in no area stands first, under the kind itself.
  byArea.sort(([one], [other]) => Number(one !== "") - Number(other !== ""));
  const tables = byArea.map(([area, own]) => areaTable(kind, area, own, tell));
  return `<section id="${sectionId(kind)}">
<div class="kind"><h2>${escapeHtml(kind.plural)}</h2>
${counts(kind, items)}</div>
${tables.join("\n")}
</section>`;
}

/** Keys of kinds are typed by owners: this one is good as the end of an address, too. */
export function sectionId(kind: Kind): string {
  return `kind-${encodeURIComponent(kind.key)}`;
}

/** "3 open · 1 closed" of the main field; the script counts again with each change, so zeros are there, hidden. */
function counts(kind: Kind, items: BoardItem[]): string {
  const [main] = kind.fields;
  if (!main) return "";
  const parts = main.values.map(({ key, state }) => {
    const number = items.filter((item) => item.fields[main.key] === key).length;
    const hidden = number === 0 ? " hidden" : "";
    return `<span data-count="${escapeHtml(key)}"${hidden}><strong>${number}</strong> ${escapeHtml(state)}</span>`;
  });
  return `<p class="counts" data-of="${escapeHtml(main.key)}">${parts.join(" ")}</p>`;
}

function areaTable(kind: Kind, area: string, items: BoardItem[], tell: (at: string) => string): string {
  const heads = kind.fields.map((field) => `<th scope="col">${escapeHtml(capital(field.key))}</th>`).join("");
  const rows = items.map((item) => itemRow(kind, item, tell)).join("\n");
  const title = area === "" ? "" : `<h3>${escapeHtml(area)}</h3>\n`;
  const caption = escapeHtml(area === "" ? kind.plural : `${kind.plural}, ${area}`);
  return `${title}<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Name</th>${heads}<th scope="col">Since</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
}

function itemRow(kind: Kind, item: BoardItem, tell: (at: string) => string): string {
  const states = statesOf(kind, item.fields);
  const cells = kind.fields.map(({ key }) => {
    const state = states[key] ?? NOT_SET;
    const value = states[key] === null ? "" : (item.fields[key] ?? "");
    return `<td data-field="${escapeHtml(key)}" data-value="${escapeHtml(value)}"><span>${escapeHtml(state)}</span></td>`;
  });
  const number = item.number === null ? "" : `<span class="number">${item.number}</span> `;
  return `<tr data-item="${escapeHtml(item.id)}"><th scope="row">${number}${escapeHtml(item.name)}</th>${cells.join("")}<td>${timeElement(item.updatedAt, tell)}</td></tr>`;
}
