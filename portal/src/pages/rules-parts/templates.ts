import type { IconName } from "../../kit/icon.tsx";
import type { RuleDraft } from "./draft.ts";
import { BLANK, newAction } from "./draft.ts";

/** Rules to begin with. One rule opens in the editor; several are made at once, switched off. */
export interface RuleTemplate {
  key: string;
  title: string;
  lead: string;
  icon: IconName;
  rules: () => RuleDraft[];
}

const reply = (text: string) => newAction("reply", { text });
const rule = (name: string, over: Partial<RuleDraft>): RuleDraft => ({
  ...BLANK,
  name,
  actions: [],
  ...over,
});
const exactly = (pattern: string) => ({ type: "exact" as const, pattern, wholeWord: false });
const contains = (pattern: string) => ({ type: "contains" as const, pattern, wholeWord: true });
const ANY = { type: "any" as const, pattern: "", wholeWord: false };

export const RULE_TEMPLATES: RuleTemplate[] = [
  {
    key: "blank",
    title: "Blank rule",
    lead: "Begin with nothing.",
    icon: "plus",
    rules: () => [rule("", { actions: [reply("")] })],
  },
  {
    key: "greeting",
    title: "Greeting or hours",
    lead: "Everybody who texts gets the same friendly answer.",
    icon: "clock",
    rules: () => [
      rule("Greeting", {
        match: ANY,
        actions: [reply("Thanks {{from}}! We're open Mon-Sat 9-6. We'll get back to you soon.")],
      }),
    ],
  },
  {
    key: "menu",
    title: "Menu by digits",
    lead: "MENU lists the choices; each digit has its own answer.",
    icon: "log",
    rules: () => [
      rule("Menu: 1, hours", { match: exactly("1"), actions: [reply("We're open Mon-Sat 9-6.")] }),
      rule("Menu: 2, prices", {
        match: exactly("2"),
        actions: [reply("A day ticket is $89, a half day $59.")],
      }),
      rule("Menu: 3, a person", {
        match: exactly("3"),
        actions: [
          reply("Somebody will text you soon."),
          newAction("email", {
            to: "team@example.com",
            subject: "{{from}} asks for a person",
            body: "{{text}}",
          }),
        ],
      }),
      rule("Menu: the choices", {
        match: exactly("menu"),
        actions: [reply("Text 1 for hours, 2 for prices, 3 to reach a person.")],
      }),
    ],
  },
  {
    key: "crm",
    title: "Answer and tell the CRM",
    lead: "A reply and a signed call of your system in one rule.",
    icon: "webhook",
    rules: () => [
      rule("Balance enquiry", {
        match: contains("balance"),
        actions: [
          reply("Thanks {{from}}! We are looking it up."),
          newAction("webhook", { url: "https://crm.example.com/sms" }),
        ],
      }),
    ],
  },
  {
    key: "stack",
    title: "Whole stack",
    lead: "STOP comes first by itself; then keywords; what is left goes to the team.",
    icon: "rules",
    rules: () => [
      rule("Hours", { match: contains("hours"), actions: [reply("We're open Mon-Sat 9-6.")] }),
      rule("Tickets", {
        match: contains("ticket"),
        actions: [reply("Tickets: https://example.com/tickets")],
      }),
      rule("Everything else to the team", {
        match: ANY,
        actions: [
          newAction("email", {
            to: "team@example.com",
            subject: "SMS from {{from}}",
            body: "{{text}}\n\n{{now}}",
          }),
        ],
      }),
    ],
  },
];
