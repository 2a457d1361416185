import { createHmac } from "node:crypto";
import type { ApiAnswer, Program } from "./program.ts";
import { callApi } from "./program.ts";

/** A browser as far as cookies and origins go: it sends what it was given, and says which page it is on. */
export interface Visitor {
  cookies: Map<string, string>;
  /** The Set-Cookie lines of the last answer. */
  lastCookies: string[];
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
}

export const PASSWORD = "correct horse battery";

export function createVisitor(url: string, origin: string = url): Visitor {
  const cookies = new Map<string, string>();
  const visitor: Visitor = {
    cookies,
    lastCookies: [],
    async call(method, path, body, headers = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await callApi(url, null, method, path, body, {
        ...(cookie !== "" && { cookie }),
        ...(method !== "GET" && { origin }),
        ...headers,
      });
      visitor.lastCookies = answer.headers.getSetCookie();
      for (const line of visitor.lastCookies) keep(cookies, line);
      return answer;
    },
  };
  return visitor;
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";");
  const at = pair.indexOf("=");
  const isGone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
  if (isGone) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}

export function setupToken(program: Program): string {
  return new URL(program.app.setupUrl ?? "").searchParams.get("token") ?? "";
}

/** The owner, made by the setup link and signed in. */
export async function setUpOwner(program: Program, email = "owner@example.com"): Promise<Visitor> {
  const visitor = createVisitor(program.url);
  const body = { token: setupToken(program), name: "Olga Owner", email, password: PASSWORD };
  const made = await visitor.call("POST", "/portal/setup", body);
  if (made.status !== 201) throw new Error(`the owner could not be made: ${JSON.stringify(made.body)}`);
  return visitor;
}

/** Somebody with a role, invited by `by` and signed in. */
export async function join(
  program: Program,
  by: Visitor,
  role: string,
  email = `${role}@example.com`,
): Promise<Visitor & { id: string }> {
  const invited = await by.call("POST", "/v1/team/invitations", { email, role });
  const token = new URL(invited.body.link).searchParams.get("token");
  const visitor = createVisitor(program.url);
  const joined = await visitor.call("POST", "/portal/invitation", {
    token,
    name: `The ${role}`,
    password: PASSWORD,
  });
  if (joined.status !== 201) throw new Error(`could not join: ${JSON.stringify(joined.body)}`);
  return Object.assign(visitor, { id: joined.body.id as string });
}

/** The code an authenticator app shows for an `otpauth:` address. */
export function totpOf(uri: string, at = Date.now()): string {
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function base32(text: string): Buffer {
  let bits = "";
  for (const letter of text.replaceAll("=", "")) {
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
