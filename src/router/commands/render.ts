export type Values = Record<string, string | number | null | undefined>;

const VARIABLE = /\{(\w+)\}/g;

/** Names of the variables in a template, in order. */
export function variablesOf(template: string): string[] {
  return Array.from(template.matchAll(VARIABLE), (match) => match[1] ?? "");
}

/**
 * Fills a template. A variable without a value takes its surroundings with it: its piece of a bracket
 * ("({who}, {time})"), the whole bracket when no piece is left, or its sentence.
 */
export function renderTemplate(template: string, values: Values): string {
  const known = (name: string) => values[name] !== null && values[name] !== undefined;
  const whole = template.replace(/ ?\(([^()]*\{[^()]*)\)/g, (bracket, inner: string) => {
    const pieces = inner.split(", ");
    const kept = pieces.filter((piece) => variablesOf(piece).every(known));
    if (kept.length === pieces.length) return bracket;
    return kept.length === 0 ? "" : `${bracket.startsWith(" ") ? " " : ""}(${kept.join(", ")})`;
  });
  return whole
    .split(/(?<=[.?!])(?<!e\.g\.) (?=[A-Z{(])/)
    .filter((sentence) => variablesOf(sentence).every(known))
    .map((sentence) => fill(sentence, values))
    .join(" ");
}

/** A contact like "the office" begins a sentence with a capital; names of items stay as they are written. */
function fill(sentence: string, values: Values): string {
  const filled = sentence.replace(VARIABLE, (_, name: string) => String(values[name]));
  return sentence.startsWith("{contact}") ? filled.charAt(0).toUpperCase() + filled.slice(1) : filled;
}
