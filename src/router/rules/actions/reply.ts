import type { ActionKind } from "../types.ts";

/** A text back to the sender, from the number that was texted. */
export const action: ActionKind = {
  spec: {
    type: "reply",
    title: "Send a reply",
    fields: [
      {
        key: "text",
        label: "Text",
        help: "Goes back to the sender. Variables such as {{from}} are filled in.",
        kind: "template",
        required: true,
        most: 1600,
        isText: true,
        example: "Thanks {{from}}! We're open Mon-Sat 9-6.",
      },
    ],
  },
  audience: "sender",
  compile({ text = "" }, template) {
    const render = template(text);
    return ({ ruleId, variables, withheld, forAir }) => {
      const reply = forAir(render(variables).trim());
      if (reply === "") return [];
      return [{ kind: "send-text", messageKind: "auto_reply", key: "rule", text: reply, withheld, ruleId }];
    };
  },
};
