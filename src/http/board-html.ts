import type { PublicBoard } from "./board-cache.ts";
import { renderedOnce } from "./board-cache.ts";
import { kindSection, sectionId } from "./board-section.ts";
import { escapeHtml, timeElement, timeTeller } from "./board-text.ts";

/** The public board as a page that needs no script. Whatever owners typed goes through `escapeHtml`. */

/** How a page of others wants to have the board. */
export interface BoardLook {
  /** Without its own head, to stand in a frame. */
  isEmbedded: boolean;
  /** Key of the only kind to show; null = all. */
  kind: string | null;
  /** Null: as the viewer's device has it. */
  theme: "light" | "dark" | null;
}

export function boardHtml(board: PublicBoard, look: BoardLook, assets: { css: string; js: string }): string {
  const { name, timeZone } = board.settings.board;
  const { clock } = board.settings.commands;
  const tell = timeTeller(timeZone, clock);
  const title = escapeHtml(name);
  const change =
    board.updatedAt === null ? "No changes yet" : `Last change ${timeElement(board.updatedAt, tell)}`;
  const theme = look.theme === null ? "" : ` data-theme="${look.theme}"`;
  const head = look.isEmbedded ? `<h1 class="unseen">${title}</h1>` : `<h1>${title}</h1>`;
  // Without a script it is read anew every minute.
  return `<!doctype html>
<html lang="en"${theme}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${look.theme ?? "light dark"}">
<noscript><meta http-equiv="refresh" content="60"></noscript>
<title>${title}</title>
<link rel="stylesheet" href="${assets.css}">
<script src="${assets.js}" defer></script>
</head>
<body${look.isEmbedded ? ' class="embedded"' : ""}>
<main data-events="/board/${escapeHtml(board.slug)}/events" data-zone="${escapeHtml(timeZone)}" data-clock="${clock}">
<header>
${head}
<p class="change">${change}</p>
<p class="connection" role="status"></p>
</header>
${look.isEmbedded ? "" : renderedOnce(board, "jumps", jumps)}${sections(board, look.kind, tell)}
</main>
</body>
</html>
`;
}

/** Each kind is written once, whatever looks of the board are asked for. */
function sections(board: PublicBoard, only: string | null, tell: (at: string) => string): string {
  const shown = board.kinds.filter(({ key }) => only === null || key === only);
  const written = shown.map((kind) =>
    renderedOnce(board, `kind ${kind.key}`, () => kindSection(kind, itemsOf(board, kind.key), tell)),
  );
  const filled = written.filter((section) => section !== "");
  return filled.length > 0 ? filled.join("\n") : "<p>There is nothing on this board yet.</p>";
}

/** Links to the kinds, where there are several. */
function jumps(board: PublicBoard): string {
  const kinds = board.kinds.filter(({ key }) => itemsOf(board, key).length > 0);
  if (kinds.length < 2) return "";
  const links = kinds.map((kind) => `<a href="#${sectionId(kind)}">${escapeHtml(kind.plural)}</a>`);
  return `<nav aria-label="Kinds">${links.join("\n")}</nav>\n`;
}

function itemsOf(board: PublicBoard, kind: string) {
  return [...board.items.values()].filter((item) => item.kind === kind);
}
