/** A fault as the schema library tells it. */
interface Fault {
  keyword: string;
  message?: string | undefined;
  params: Record<string, unknown>;
}

/** How the library begins when a schema brings no words of its own. */
const ITS_OWN = /^(Too (small|big)|Invalid (input|option)): /;

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/**
 * What the library says about types, lengths and ranges, in our words: "must be a text" instead of "Invalid input:
 * expected string, received number". Words of a schema's own stay as they are.
 */
export function inPlainWords({ keyword, message = "is not valid", params }: Fault): string {
  if (!ITS_OWN.test(message)) return message;
  if (message.endsWith("received undefined")) return "is missing";
  if (keyword === "invalid_type") return `must be ${KINDS[String(params.expected)] ?? params.expected}`;
  if (keyword === "invalid_value") return `must be ${oneOf(params.values)}`;
  if (keyword === "too_small" && params.origin === "string" && params.minimum === 1)
    return "must not be empty";
  if (keyword === "too_small") return `must ${limit("at least", params, params.minimum)}`;
  if (keyword === "too_big") return `must ${limit("at most", params, params.maximum)}`;
  return message;
}

function limit(bound: string, { origin }: Fault["params"], value: unknown): string {
  if (origin === "string") return `have ${bound} ${value} characters`;
  if (origin === "array") return `have ${bound} ${value} entries`;
  return `be ${bound} ${value}`;
}

function oneOf(values: unknown): string {
  const list = Array.isArray(values) ? values : [];
  return list.length === 1 ? String(list[0]) : `one of ${list.join(", ")}`;
}
