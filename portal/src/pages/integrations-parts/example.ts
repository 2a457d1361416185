import { parsePath } from "../../../../src/tools/json-path.ts";
import type { Integration } from "../../api/shapes.ts";

/** A post that this integration understands, to be run as it is. */

type Shape = Pick<Integration, "toPath" | "textPath" | "refPath" | "signingSecretSet" | "signingHeader">;

export function curlExample(url: string, integration: Shape): string {
  const body = JSON.stringify(sampleBody(integration));
  if (!integration.signingSecretSet) {
    return [
      `curl -X POST ${url} \\`,
      '  -H "Content-Type: application/json" \\',
      `  -d '${quoted(body)}'`,
    ].join("\n");
  }
  return [
    `body='${quoted(body)}'`,
    `curl -X POST ${url} \\`,
    '  -H "Content-Type: application/json" --data "$body" \\',
    `  -H "${integration.signingHeader}: sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac "$SECRET" -hex | sed 's/.*= //')"`,
  ].join("\n");
}

function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}

function sampleBody({ toPath, textPath, refPath }: Shape): unknown {
  let body: unknown;
  body = withValue(body, parsePath(toPath) ?? ["to"], "+14155550101");
  body = withValue(body, parsePath(textPath) ?? ["text"], "Order #4821 confirmed");
  return withValue(body, parsePath(refPath) ?? ["ref"], "4821");
}

/** Lays a value into JSON where a path says; numbers make lists. */
function withValue(here: unknown, [name, ...rest]: string[], value: string): unknown {
  if (name === undefined) return value;
  if (/^\d+$/.test(name) && (here === undefined || Array.isArray(here))) {
    const list = [...(here ?? [])];
    // No hole in the list, and no endless one either.
    const place = Math.min(Number(name), 9);
    while (list.length < place) list.push({});
    list[place] = withValue(list[place], rest, value);
    return list;
  }
  const fields = typeof here === "object" && here !== null ? (here as Record<string, unknown>) : {};
  return { ...fields, [name]: withValue(fields[name], rest, value) };
}
