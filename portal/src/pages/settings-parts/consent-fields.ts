import type { FieldGroup } from "./field-spec.ts";

export const CONSENT_WORDS: FieldGroup = {
  title: "What people are told",
  lead: "These stand in the answers to STOP, START and HELP, which carriers read as well.",
  fields: [
    {
      path: "consent.brand",
      kind: "text",
      label: "Brand",
      help: "Begins each of these texts. People should know it.",
    },
    {
      path: "consent.purpose",
      kind: "text",
      label: "What they get",
      help: "As in “you joined operations by text”.",
    },
    {
      path: "consent.support",
      kind: "text",
      label: "Whom to ask",
      help: "A number, an address or an office.",
    },
  ],
};

export const CONSENT_STOPS: FieldGroup = {
  title: "Words that opt out",
  fields: [
    {
      path: "consent.extraStopWords",
      kind: "words",
      label: "Further words",
      help: "Besides STOP, UNSUBSCRIBE, QUIT, END, CANCEL and the like. Single words that are the whole text.",
    },
  ],
};
