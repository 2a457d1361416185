import type { Template as Part } from "liquidjs";

/** Texts of users with variables in them: Liquid, without files, other templates or code. */
export interface TemplateEngine {
  /** What is wrong with a template and which variables it asks for. */
  check(text: string): { ok: true; variables: string[][] } | { ok: false; fault: string };
  /** @throws when the template is no good; saving has checked it. */
  compile(text: string): TemplateRenderer;
}

/** One pass: what is put in is never expanded again. @throws when rendering takes too long or too much memory. */
export type TemplateRenderer = (variables: object) => string;

/** Longer output is cut off, characters. */
const MOST_OUTPUT = 10_000;
const MOST_TEMPLATE = 20_000;
/** A template renders in microseconds; one that counts to a million is stopped. */
const MOST_MS = 50;
const MOST_MEMORY = 200_000;

/** Tags that would look for another template. */
const NO_TAGS = ["include", "render", "layout", "block"];

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
    const parse = (text: string): Part[] => engine.parse(text);
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
        return (variables) => String(engine.renderSync(parts, variables)).slice(0, MOST_OUTPUT);
      },
    };
  });
  return loading;
}

/** The engine names line and column; the excerpt that it adds is of no use in a form. */
function faultOf(error: unknown): string {
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return `is no good as a template: ${message}`;
}
