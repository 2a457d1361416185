import type { App } from "./app.ts";
import type { Config } from "./config.ts";

/** What a person wants to know once it runs. To the terminal, not the log: it holds a key. */
export function welcome(app: App, config: Config): void {
  const { publicUrl, tenant, firstKey, setupUrl } = app;
  const key = firstKey === null ? [] : [`  API key      ${firstKey}   (shown this once)`];
  if (app.port === null) {
    console.log(["Signalbox worker is running. Stop it with Ctrl-C.", ...key].join("\n"));
    return;
  }
  const lines = [
    "",
    `Signalbox is running at ${publicUrl}`,
    `  Portal       ${setupUrl ?? publicUrl}${setupUrl === null ? "" : "   (once: makes you the owner)"}`,
    ...(tenant.settings.board.public ? [`  Board        ${publicUrl}/board/${tenant.slug}`] : []),
    `  API          ${publicUrl}/docs`,
    ...key,
    ...(config.template === "resort" ? ['  First text   npm run text -- "GROOMING OPEN"'] : []),
    "  Stop         Ctrl-C",
    "",
  ];
  console.log(lines.join("\n"));
}
