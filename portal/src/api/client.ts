import createClient from "openapi-fetch";
import type { paths } from "../../../client/openapi.d.ts";

/** The API, typed by its own document. The session cookie goes along: the portal is served by the same origin. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });

/** What the API refused, in its own words. */
export interface ApiFault {
  status: number;
  code: string;
  message: string;
  issues: { path: string; message: string }[];
  /** Of a change that was refused since another came before it: who made that, and when. */
  changed?: { by: string | null; at: string };
}

export function isApiFault(error: unknown): error is ApiFault {
  return typeof error === "object" && error !== null && "status" in error && "issues" in error;
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws the fault when the API refused. */
export async function take<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  let got: Answer<Data>;
  try {
    got = await answer;
  } catch {
    throw noAnswer();
  }
  if (!got.response.ok) throw faultOf(got.response.status, got.error);
  return got.data as Data;
}

/** Calls what is not in the document of the API: sign-in and the first setup. */
export async function send<Data>(method: "GET" | "POST", path: string, body?: object): Promise<Data> {
  return take<Data>(
    fetch(path, {
      method,
      credentials: "same-origin",
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    }).then(async (response) => {
      const json = await response.json().catch(() => undefined);
      return response.ok ? { data: json as Data, response } : { error: json, response };
    }),
  );
}

/** The fault of a call that reached nobody. */
export function noAnswer(): ApiFault {
  return faultOf(0, { error: "unreachable", message: "Signalbox does not answer. Is it still running?" });
}

function faultOf(status: number, body: unknown): ApiFault {
  const known = (body ?? {}) as {
    error?: string;
    code?: string;
    message?: string;
    issues?: ApiFault["issues"];
    changed?: ApiFault["changed"];
  };
  return {
    status,
    code: known.error ?? known.code ?? "unknown",
    message: known.message ?? `The request failed (${status}).`,
    issues: known.issues ?? [],
    ...(known.changed && { changed: known.changed }),
  };
}

/** The API's message for each field of a form, by the field's path. */
export function issuesByPath(error: unknown): Record<string, string> {
  if (!isApiFault(error)) return {};
  return Object.fromEntries(error.issues.map(({ path, message }) => [path, message]));
}
