import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports every `.ts` file that lies directly in a folder and collects one named export of each, keyed by file
 * name without the ending and sorted by it: adding a file is all it takes to add a provider. Subfolders hold
 * parts and are not read.
 *
 * @param isValid throws away what does not have the shape; such a file is a bug and stops the start.
 * @param ignored file names that are not members, by default the folder's `types.ts`
 */
export async function loadFolder<T>(
  folder: string,
  exportName: string,
  isValid: (value: unknown) => value is T,
  ignored: readonly string[] = ["types.ts"],
): Promise<Map<string, T>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => entry.name)
    .filter((name) => !ignored.includes(name))
    .sort();
  const members = await Promise.all(files.map((name) => loadMember(join(folder, name), exportName, isValid)));
  return new Map(files.map((name, i) => [basename(name, ".ts"), members[i] as T]));
}

async function loadMember<T>(
  path: string,
  exportName: string,
  isValid: (value: unknown) => value is T,
): Promise<T> {
  const module: Record<string, unknown> = await import(pathToFileURL(path).href);
  const value = module[exportName];
  if (value === undefined) throw new TypeError(`${path} has no export named "${exportName}"`);
  if (!isValid(value)) throw new TypeError(`${path}: "${exportName}" does not have the expected shape`);
  return value;
}
