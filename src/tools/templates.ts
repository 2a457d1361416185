import type { Template as Part } from "liquidjs";

/** Texts of users with variables in them: Liquid, without files, other templates or code. */
export interface TemplateEngine {
  /** What is wrong with a template and which variables it asks for. Takes milliseconds for any text. */
  check(text: string): { ok: true; variables: string[][] } | { ok: false; fault: string };
  /** @throws when the template is no good; saving has checked it. */
  compile(text: string): TemplateRenderer;
}

/**
 * One pass: what is put in is never expanded again. Well-formed Unicode without NUL comes out, whatever filters cut and
 * decode: nothing else can be stored. @throws when rendering takes too long or too much memory.
 */
export type TemplateRenderer = (variables: object) => string;

/** Longer output is cut off, characters. */
const MOST_OUTPUT = 10_000;
const MOST_TEMPLATE = 20_000;
/** A template renders in microseconds; one that counts to a million is stopped. */
const MOST_MS = 50;
const MOST_MEMORY = 100_000;
/** Brackets within brackets: looking for variables takes the square of their depth. */
const MOST_NESTED = 20;

/** Tags that would look for another template. */
const NO_TAGS = ["include", "render", "layout", "block"];
/** Filters that work on each entry of a list, where no limit looks: a second for a hundred thousand numbers. */
const NO_FILTERS = /_exp$|^group_by$/;

let loading: Promise<TemplateEngine> | undefined;

/** Loads the engine when first asked for. */
export function loadTemplates(): Promise<TemplateEngine> {
  loading ??= import("liquidjs").then(({ Liquid }) => {
    const engine = new Liquid({
      templates: {},
      dynamicPartials: false,
      ownPropertyOnly: true,
      strictFilters: true,
      strictVariables: false,
      timezoneOffset: 0,
      parseLimit: MOST_TEMPLATE,
      renderLimit: MOST_MS,
      memoryLimit: MOST_MEMORY,
    });
    for (const tag of NO_TAGS) delete engine.tags[tag];
    for (const filter of Object.keys(engine.filters))
      if (NO_FILTERS.test(filter)) delete engine.filters[filter];
    const parse = (text: string): Part[] => {
      if (depthOf(text) > MOST_NESTED) throw new Error(`brackets stand more than ${MOST_NESTED} deep`);
      return engine.parse(text);
    };
    return {
      check(text) {
        try {
          const variables = engine.globalVariableSegmentsSync(parse(text));
          return { ok: true, variables: variables.map((segments) => segments.map(String)) };
        } catch (error) {
          return { ok: false, fault: faultOf(error) };
        }
      },
      compile(text) {
        const parts = parse(text);
        return (variables) => storable(String(engine.renderSync(parts, variables)));
      },
    };
  });
  return loading;
}

/** Cut between characters, not within one. */
function storable(text: string): string {
  const whole = text.slice(0, MOST_OUTPUT).replace(/[\ud800-\udbff]$/, "");
  return whole.replaceAll("\0", "").toWellFormed();
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const sign of text) {
    if (sign === "[") deepest = Math.max(deepest, ++depth);
    else if (sign === "]") depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** The engine names line and column; the excerpt that it adds is of no use in a form. */
function faultOf(error: unknown): string {
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return `is no good as a template: ${message}`;
}
