import type { FieldGroup } from "./field-spec.ts";

export const CAUTION_FIELDS: FieldGroup = {
  title: "Before a change is done, and after",
  fields: [
    {
      path: "commands.confirmation",
      kind: "choice",
      choices: [
        { value: "immediate", label: "Done at once; UNDO takes it back" },
        { value: "two_step", label: "Asked first; OK does it" },
      ],
      label: "A command is",
      help: "A reporter may have their own way.",
    },
    {
      path: "commands.undoWindowSeconds",
      kind: "number",
      range: [30, 600],
      label: "Seconds UNDO works",
      help: "After a change.",
    },
    {
      path: "commands.promptSeconds",
      kind: "number",
      range: [60, 900],
      label: "Seconds a question stays open",
      help: "Also for MORE.",
    },
    {
      path: "commands.pinTries",
      kind: "number",
      range: [2, 10],
      label: "Tries of a PIN",
      help: "Then it is locked for a while, and you are told.",
    },
    {
      path: "commands.pinLockMinutes",
      kind: "number",
      range: [5, 1440],
      label: "Minutes a PIN stays locked",
      help: "A right PIN is not taken meanwhile.",
    },
  ],
};

export const UNDERSTANDING_FIELDS: FieldGroup = {
  title: "What is understood",
  fields: [
    {
      path: "commands.resemblance",
      kind: "choice",
      choices: [
        { value: "act", label: "Acted on when it is safe" },
        { value: "ask", label: "Always asked about" },
        { value: "off", label: "Not looked for" },
      ],
      label: "Mistyped names are",
      help: "“brodway” for Broadway.",
    },
    {
      path: "commands.itemsPerText",
      kind: "number",
      range: [1, 200],
      label: "Items one text may change",
      help: "More are refused.",
    },
    {
      path: "commands.optedOutCommands",
      kind: "choice",
      choices: [
        { value: "run", label: "Runs, and its reply is withheld" },
        { value: "hold", label: "Is not done at all" },
      ],
      label: "A command of a reporter who texted STOP",
      help: "Either way nothing is sent to them.",
    },
    {
      path: "commands.allAllowed",
      kind: "switch",
      label: "ALL may be said",
      help: "“Close all lifts” asks once and changes every lift.",
    },
    {
      path: "commands.distinguishingWords",
      kind: "words",
      label: "Words that tell items apart",
      help: "Besides upper, lower, middle and the like: names that differ in one of them are never taken for each other.",
    },
  ],
};

export const REPLY_FIELDS: FieldGroup = {
  title: "How replies look",
  fields: [
    {
      path: "commands.segmentsPerReply",
      kind: "number",
      range: [1, 4],
      label: "Segments in a reply",
      help: "What one text costs. Longer lists wait for MORE.",
    },
    {
      path: "commands.linesPerPage",
      kind: "number",
      range: [3, 9],
      label: "Lines of a list in one reply",
      help: "The rest waits for MORE.",
    },
    {
      path: "commands.choicesPerMenu",
      kind: "number",
      range: [5, 50],
      label: "Choices of a menu",
      help: "With more, the reply asks for another word.",
    },
    {
      path: "commands.alphabet",
      kind: "choice",
      choices: [
        { value: "gsm7", label: "Plain: 160 characters in a segment" },
        { value: "automatic", label: "Any letter: 70 in a segment when one needs it" },
      ],
      label: "Letters in replies",
      help: "Plain writes other letters as the nearest plain one.",
    },
    {
      path: "commands.clock",
      kind: "choice",
      choices: [
        { value: "24h", label: "14:05" },
        { value: "12h", label: "2:05 pm" },
      ],
      label: "Clock",
      help: "In replies and on the public board.",
    },
    {
      path: "commands.replyGivesUpMinutes",
      kind: "number",
      range: [1, 60],
      label: "Minutes a reply is tried again",
      help: "The change stands either way.",
    },
    {
      path: "commands.namesInReplies",
      kind: "switch",
      label: "Say who changed something",
      help: "“(Ann, 14:05)” in replies to reporters. The public board never names anybody.",
    },
  ],
};

export const STRANGER_FIELDS: FieldGroup = {
  title: "Strangers, and too many texts",
  fields: [
    {
      path: "commands.strangerRepeatHours",
      kind: "number",
      range: [1, 168],
      label: "Hours before a stranger is told again",
      help: "Silence in between.",
    },
    {
      path: "commands.fruitlessReplies",
      kind: "number",
      range: [1, 20],
      label: "Replies in a row that lead nowhere",
      help: "Then silence for an hour.",
    },
    {
      path: "commands.textsPerTenMinutes",
      kind: "number",
      range: [5, 600],
      label: "Texts of one reporter in ten minutes",
      help: "Whoever sends more is told once.",
    },
    {
      path: "commands.strangerReply",
      kind: "switch",
      label: "Tell unknown numbers that they are not set up",
      help: "Not where a default reply answers them.",
    },
  ],
};
