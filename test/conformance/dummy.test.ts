import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChannelProvider } from "../../src/channels/types.ts";
import { loadFolder } from "../../src/tools/folder-loader.ts";
import { createOutboundHttp } from "../../src/tools/outbound-http.ts";
import type { ProviderServer } from "./provider-server.ts";
import { startProviderServer } from "./provider-server.ts";
import type { Case, Subject } from "./subject.ts";
import { loadSubjects } from "./subject.ts";
import { casesOf } from "./suite.ts";

/**
 * A new provider is two files: the provider and its table. And the suite is no formality: each fault put into
 * the provider turns the case red that is there for it.
 */
const PARTS = join(import.meta.dirname, "dummy");
const http = createOutboundHttp({ allowPrivateTargets: ["127.0.0.0/8"], development: false });
let server: ProviderServer;
let place = "";
let folders = 0;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "signalbox-dummy-"));
  server = await startProviderServer();
});
afterAll(async () => {
  await http.close(0);
  await server.close();
  await rm(place, { recursive: true, force: true });
});

async function newFolders(): Promise<{ channels: string; tables: string }> {
  folders += 1;
  const channels = join(place, `${folders}`, "channels");
  const tables = join(place, `${folders}`, "tables");
  await mkdir(channels, { recursive: true });
  await mkdir(tables);
  return { channels, tables };
}

function load(folder: string): Promise<Map<string, ChannelProvider>> {
  return loadFolder(folder, "channel", (value): value is ChannelProvider => typeof value === "object");
}

async function subjectIn(channels: string, tables: string): Promise<Subject> {
  const { subjects, missing } = await loadSubjects((await load(channels)).values(), tables);
  expect(missing).toEqual([]);
  return subjects[0] as Subject;
}

/** Names of the cases that fail, among those that begin with `start`. */
async function redCases(subject: Subject, start: string): Promise<string[]> {
  const red: string[] = [];
  for (const { name, run } of casesOf(subject)) {
    if (!name.startsWith(start)) continue;
    server.reset();
    if (!(await passes(run))) red.push(name);
  }
  return red;
}

async function passes(run: Case["run"]): Promise<boolean> {
  try {
    await run({ server, http });
    return true;
  } catch {
    return false;
  }
}

test("two files are all it takes, and without them nothing is left", async () => {
  const { channels, tables } = await newFolders();
  expect([...(await load(channels)).keys()]).toEqual([]);
  await copyFile(join(PARTS, "provider.ts"), join(channels, "dummy.ts"));
  const alone = await loadSubjects((await load(channels)).values(), tables);
  expect(alone).toEqual({ subjects: [], missing: ["dummy"] });
  await copyFile(join(PARTS, "table.ts"), join(tables, "dummy.ts"));
  const subject = await subjectIn(channels, tables);
  expect(casesOf(subject).length).toBeGreaterThan(60);
  expect(await redCases(subject, "")).toEqual([]);
  await rm(join(channels, "dummy.ts"));
  await rm(join(tables, "dummy.ts"));
  expect([...(await load(channels)).keys()]).toEqual([]);
});

test.each<[fault: string, from: string, to: string, red: string]>([
  ["no window", "if (!(age <= WINDOW_S)) return refused;", "", "door: 300 s early or late passes"],
  [
    "a window a second too long",
    "age <= WINDOW_S",
    "age <= WINDOW_S + 1",
    "door: 300 s early or late passes",
  ],
  ["a window a second too short", "age <= WINDOW_S", "age < WINDOW_S", "door: 300 s early or late passes"],
  ["only old requests are stale", "Math.abs(", "(", "door: 300 s early or late passes"],
  ["NaN is fresh", "!(age <= WINDOW_S)", "age > WINDOW_S", "door: a timestamp that is no number"],
  [
    "a signature may be cut",
    "given.length === wanted.length &&",
    "wanted.startsWith(given) ||",
    "door: X-Dummy-Signature",
  ],
  [
    "a request without signature passes",
    'typeof given !== "string") return refused',
    'false) return refused; if (typeof given !== "string") return { genuine: true }',
    "door: X-Dummy-Signature",
  ],
  ["the body is not signed", ".update(request.rawBody)", "", "door: recorded requests are genuine"],
  ["an empty key signs", 'key === "" || typeof timestamp', "typeof timestamp", "door: a wrong key"],
  [
    "the secret stands in the log",
    'log: "Dummy webhook refused"',
    'log: "refused " + token(settings)',
    "door: X-Dummy-Signature",
  ],
  [
    "the text is the key",
    "[{ dedupeKey: id, arrival }] };\n    }\n    if",
    "[{ dedupeKey: text, arrival }] };\n    }\n    if",
    "arrivals: what looks alike",
  ],
  [
    "the time is part of the key",
    "[{ dedupeKey: id, arrival }] };\n    }\n    if",
    "[{ dedupeKey: id + request.receivedAt, arrival }] };\n    }\n    if",
    "arrivals: delivered again",
  ],
  ["a state is not part of the key", '[id, status].join(":")', "id", "arrivals: what looks alike"],
  ["NUL stays", '.replaceAll("\\0", "")', "", "arrivals: NUL and lone surrogates"],
  [
    "anything is a text",
    'typeof value === "string" ? value',
    "value ? String(value)",
    "arrivals: values nobody expects",
  ],
  ["lone surrogates stay", ".toWellFormed()", "", "arrivals: NUL and lone surrogates"],
  [
    "unknown events are faults",
    'arrival: { kind: "ignored", reason: "unknown event" } }] }',
    'arrival: { kind: "ignored", reason: "?" } }] }',
    "arrivals: an unknown event",
  ],
  [
    "a broken body throws",
    "} catch {\n    return null;",
    "} catch (error) {\n    throw error;",
    "arrivals: a broken body",
  ],
  [
    "unknown fields are faults",
    "if (!id)",
    'if ("x_not_in_any_documentation" in body || !id)',
    "arrivals: fields nobody knows",
  ],
  [
    "the larger the body, the longer it takes",
    "const body = readJson(",
    "const spent = () => process.cpuUsage().user; const end = spent() + request.rawBody.length * 5; while (spent() < end);\n const body = readJson(",
    "arrivals: the largest bodies",
  ],
  [
    "another host",
    "context.settings.apiUrl || DEFAULT_API_URL}/texts",
    '"http://localhost:9/v1"}/texts',
    "send: the exact request",
  ],
  [
    "a fixed host without apiUrl",
    "DEFAULT_API_URL}/texts",
    '"https://other.example"}/texts',
    "send: without its own address",
  ],
  [
    "texts are trimmed",
    "text: text.text })",
    'text: text.text.replace(/\\n/g, " ") })',
    "send: any text arrives",
  ],
  ["429 is a refusal", "if (status === 429)", "if (status === 999)", "send: HTTP 429"],
  ["Retry-After is ms", "Number(wait) * 1000", "Number(wait)", "send: HTTP 429, Retry-After with seconds"],
  ["401 is a refusal", "if (status === 401)", "if (status === 999)", "send: HTTP 401"],
  [
    "5xx is safe to repeat",
    'status >= 500) return { kind: "uncertain"',
    'status >= 500) return { kind: "unreachable"',
    "send: HTTP 500",
  ],
  [
    "a lost answer is safe to repeat",
    'answer.reached ? "uncertain" : "unreachable"',
    '"unreachable"',
    "send: silence after the body",
  ],
  [
    "nobody there is uncertain",
    'answer.reached ? "uncertain" : "unreachable"',
    '"uncertain"',
    "send: nobody listens",
  ],
  [
    "unreadable is accepted",
    'if (body === null) return { kind: "uncertain", text };',
    "",
    "send: HTTP 200 with <html>",
  ],
  ["the answer's echo is told", '.replaceAll(key, "***")', "", "send: no secret in what is told"],
  [
    "a header breaks",
    "!/^[\\x21-\\x7e]+$/.test(token(settings))",
    'token(settings) === ""',
    "send: a secret with a line break",
  ],
  [
    "sends without a credential",
    'if (key === "") return { kind: "broken-credential", text: "Dummy not configured" };\n    const answer = await context.call("POST',
    'const answer = await context.call("POST',
    "send: without credentials",
  ],
  ["what proves is not marked", "proves: true,", "", "proof: the settings that prove are marked"],
  [
    "the signature counts as a nonce",
    "return equal ? { genuine: true }",
    "return equal ? { genuine: true, once: [given] }",
    "proof: without nonces none is told",
  ],
  ["the secret is no secret", "secret: true", "secret: false", "form: authToken: complete"],
  ["no help", 'help: "From the account page."', 'help: ""', "form: authToken: complete"],
  ["a missing field has no name", 'path: "authToken"', 'path: "token"', "form: authToken: missing"],
])("%s: red", async (_fault, from, to, red) => {
  const { channels, tables } = await newFolders();
  const source = await readFile(join(PARTS, "provider.ts"), "utf8");
  expect(source.split(from).length, `"${from}" stands in the provider`).toBeGreaterThan(1);
  await writeFile(join(channels, "dummy.ts"), source.replace(from, to));
  await copyFile(join(PARTS, "table.ts"), join(tables, "dummy.ts"));
  expect(await redCases(await subjectIn(channels, tables), red)).not.toEqual([]);
});
