import type { Kind, KindField } from "../../domain/board.ts";

/** An item of a template: what the board adds itself (id, position, history) is left out. */
export interface TemplateItem {
  kind: string;
  name: string;
  aliases: string[];
  number: number | null;
  area: string | null;
  fields: Record<string, string | null>;
}

/** The kinds and the sample board of a ski resort, as data. Each call answers fresh objects. */
export function resortTemplate(): { kinds: Kind[]; items: TemplateItem[] } {
  return {
    kinds: [
      kind("lift", "Lift", "Lifts", ["lift", "lifts", "chair", "chairs", "chairlift", "chairlifts"]),
      {
        ...kind("trail", "Trail", "Trails", ["trail", "trails", "run", "runs"]),
        fields: [status(), groomed()],
      },
      kind("gate", "Gate", "Gates", ["gate", "gates"]),
      kind("park-feature", "Park Feature", "Park Features", ["park", "parks", "feature", "features"]),
      { ...kind("service", "Service", "Services", ["service", "services"]), labelUse: "never" },
    ],
    items: [
      item("lift", "Grandview Express", null, { status: "closed" }),
      item("lift", "Tahoe King", null, { status: "open" }),
      item("lift", "Tahoe Queen", null, { status: "closed" }),
      item("trail", "Broadway", 25, { status: "closed", groomed: "no" }),
      item("trail", "East Face", 59, { status: "open", groomed: "yes" }),
      item("trail", "Sugar 'n Spice", 31, { status: "closed", groomed: "no" }),
      item("gate", "Gate 1", null, { status: "closed" }),
      item("gate", "Gate 2", null, { status: "open" }),
      item("gate", "Gate 5", null, { status: "closed" }),
      item("park-feature", "Rail Slide", null, { status: "closed" }),
      item("service", "Grooming", null, { status: "closed" }),
    ],
  };
}

function kind(key: string, label: string, plural: string, hints: string[]): Kind {
  return { key, label, plural, hints, labelUse: "needed", fields: [status()] };
}

function status(): KindField {
  return {
    key: "status",
    default: null,
    values: [
      { key: "open", state: "open", ask: "Open", verbs: ["open", "opened", "reopen", "reopened"] },
      { key: "closed", state: "closed", ask: "Close", verbs: ["close", "closed", "shut"] },
      { key: "hold", state: "on hold", ask: "Hold", verbs: ["hold", "on hold"] },
    ],
  };
}

function groomed(): KindField {
  return {
    key: "groomed",
    default: "no",
    values: [
      { key: "yes", state: "groomed", ask: "Groom", verbs: ["groom", "groomed"] },
      { key: "no", state: "not groomed", ask: "Ungroom", verbs: ["ungroom", "ungroomed", "not groomed"] },
    ],
  };
}

function item(
  kindKey: string,
  name: string,
  number: number | null,
  fields: Record<string, string>,
): TemplateItem {
  return { kind: kindKey, name, aliases: [], number, area: null, fields };
}
