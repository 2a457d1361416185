import { join } from "node:path";
import { loadFolder } from "../../../tools/folder-loader.ts";
import type { HookFormat } from "../types.ts";

/** Every format of `src/delivery/formats/*.ts` by its name, which is the file's name. */
export async function loadFormats(): Promise<Map<string, HookFormat>> {
  const formats = await loadFolder(join(import.meta.dirname, ".."), "format", isFormat);
  for (const [file, { format }] of formats) {
    if (format !== file) throw new TypeError(`src/delivery/formats/${file}.ts calls its format "${format}"`);
  }
  return formats;
}

function isFormat(value: unknown): value is HookFormat {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Partial<Record<keyof HookFormat, unknown>>;
  return typeof one.format === "string" && typeof one.render === "function";
}
