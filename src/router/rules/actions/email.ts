import type { ActionKind } from "../types.ts";

const MOST_SUBJECT = 300;

/** A mail to people who should know: one to each address. */
export const action: ActionKind = {
  spec: {
    type: "email",
    title: "Send an e-mail",
    fields: [
      {
        key: "to",
        label: "To",
        help: "One address, or several with commas between.",
        kind: "addresses",
        required: true,
        most: 1000,
        example: "team@example.com",
      },
      {
        key: "subject",
        label: "Subject",
        help: "Variables are filled in; line breaks are taken out.",
        kind: "line",
        required: true,
        most: 300,
        example: "SMS from {{from}}",
      },
      {
        key: "body",
        label: "Text",
        help: "Variables are filled in.",
        kind: "template",
        required: true,
        most: 10_000,
        example: "{{text}}",
      },
    ],
  },
  audience: "people",
  compile({ to = "", subject = "", body = "" }, template) {
    const written = to.split(",").map((address) => address.trim());
    const addresses = [...new Set(written)].filter((address) => address !== "");
    const renderSubject = template(subject);
    const renderBody = template(body);
    return ({ ruleId, variables, withheld }) => {
      const mail = { subject: oneLine(renderSubject(variables)), body: renderBody(variables) };
      return addresses.map((address) => ({ kind: "send-mail", to: address, ...mail, ruleId, withheld }));
    };
  },
};

/** A line break in a subject would begin a header of its own. Longer subjects are cut by those who show them. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, " ").trim();
  // By characters: half of one cannot be stored.
  return line.length <= MOST_SUBJECT ? line : [...line].slice(0, MOST_SUBJECT).join("");
}
