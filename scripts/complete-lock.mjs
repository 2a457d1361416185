// npm leaves out of package-lock.json the packages for other platforms that the registry in use does not offer,
// and `npm ci` then refuses the file everywhere. This adds them, at the version their parent asks for. Run it
// after `npm install`; it changes nothing when nothing is missing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure-installed.mjs";

const SYSTEMS = {
  aix: "aix",
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
  windows: "win32",
};
const PROCESSORS = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const added = [];

for (const [folder, entry] of Object.entries({ ...lock.packages })) {
  if (folder === "") continue;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (`${folder}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages)
      continue;
    const platform = platformOf(name);
    // Only what is certain: an exact version, and a platform that tells npm elsewhere to pass over it.
    if (!/^\d+\.\d+\.\d+/.test(version) || platform === null) {
      console.error(`left out: ${name} ${version}, wanted by ${folder}`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    };
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? "Nothing is missing." : `Added ${added.join(", ")}.`);

function platformOf(name) {
  const words = name.split(/[-/]/);
  const system = words.find((word) => word in SYSTEMS);
  const abi = words.find((word) => ["musl", "musleabihf", "gnu", "gnueabihf"].includes(word));
  const processor = PROCESSORS.find((one) => words.includes(one));
  if (processor === undefined || (system === undefined && processor !== "wasm32")) return null;
  return {
    cpu: [processor],
    ...(abi === undefined ? {} : { libc: [abi.startsWith("musl") ? "musl" : "glibc"] }),
    ...(system === undefined ? {} : { os: [SYSTEMS[system]] }),
  };
}
