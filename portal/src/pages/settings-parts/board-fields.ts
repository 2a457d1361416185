import type { FieldGroup } from "./field-spec.ts";

export const BOARD_FIELDS: FieldGroup[] = [
  {
    title: "The board",
    fields: [
      {
        path: "board.name",
        kind: "text",
        label: "Name",
        help: "Stands above the public board and in replies. Your resort or company, mostly.",
      },
      {
        path: "board.timeZone",
        kind: "zone",
        label: "Time zone",
        help: "In which replies, the board and the days of budgets tell the time.",
      },
      {
        path: "board.contact",
        kind: "text",
        label: "Whom to ask",
        help: "Goes into replies as it stands, as in “Ask the mountain office to add it.”",
      },
      {
        path: "board.statusFooter",
        kind: "text",
        label: "Line under STATUS",
        help: "Said at the end of the reply to STATUS, such as the weather. Empty: none.",
      },
    ],
  },
];

export const RULE_FIELDS: FieldGroup[] = [
  {
    title: "Rules",
    fields: [
      {
        path: "rules.enabled",
        kind: "switch",
        label: "Rules and the default reply work",
        help: "Off: texts are kept, commands and STOP, START, HELP go on, and nothing else answers.",
      },
      {
        path: "rules.defaultReply",
        kind: "long",
        none: "no answer",
        label: "Default reply",
        help: "Answers texts that are no command and that no rule takes, from anybody, once in 15 minutes.",
      },
    ],
  },
];

export const SENDING_FIELDS: FieldGroup[] = [
  {
    title: "When something is wrong",
    fields: [
      {
        path: "alerts.email",
        kind: "text",
        none: "nobody is mailed",
        label: "Mail alerts to",
        help: "A channel that does not send, an endpoint that fails, what a person should see.",
      },
      {
        path: "messages.queueSeconds",
        kind: "number",
        range: [0, 604_800],
        label: "Seconds a text waits when no channel can take it",
        help: "0 refuses it at once, and the sender can try another way.",
      },
    ],
  },
  {
    title: "What texts cost",
    lead: "A single curly quote can make a text cost double. These change texts you send, never what others wrote.",
    fields: [
      {
        path: "texts.substitute",
        kind: "switch",
        label: "Plain characters for typographic ones",
        help: "Curly quotes, long dashes, odd blanks and the like.",
      },
      {
        path: "texts.dropAccents",
        kind: "switch",
        label: "Drop accents the cheap alphabet lacks",
        help: "á í ó ú ç ê ã õ lose theirs; é à ñ ü and the like stay.",
      },
    ],
  },
];

export const RETENTION_FIELDS: FieldGroup[] = [
  {
    title: "How long things are kept, in days",
    lead: "Consent and its evidence are kept for good, whatever stands here.",
    fields: [
      {
        path: "retention.messageDays",
        kind: "number",
        range: [1, 3650],
        label: "Texts in and out",
        help: "With their history.",
      },
      {
        path: "retention.commandLogDays",
        kind: "number",
        range: [30, 3650],
        none: "for ever",
        label: "Command log",
        help: "Who changed what by text.",
      },
      {
        path: "retention.mediaDays",
        kind: "number",
        range: [1, 3650],
        label: "Pictures and files of texts",
        help: "Never longer than the texts themselves.",
      },
      {
        path: "retention.rawDays",
        kind: "number",
        range: [1, 365],
        label: "Requests of providers, as they came",
        help: "For finding out what a provider really sent.",
      },
      {
        path: "retention.redactAfterDays",
        kind: "number",
        range: [1, 3650],
        none: "never",
        label: "Take words and numbers out after",
        help: "The rows stay; words, and most digits of numbers, go from messages, the log and what came in.",
      },
    ],
  },
];
