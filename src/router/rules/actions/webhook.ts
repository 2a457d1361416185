import type { ActionKind } from "../types.ts";

/** A signed POST of the message to an address of the rule's own. Nothing holds it back. */
export const action: ActionKind = {
  spec: {
    type: "webhook",
    title: "Call a webhook",
    fields: [
      {
        key: "url",
        label: "Address",
        help: "Gets the message as JSON, signed, for every text that the rule takes.",
        kind: "url",
        required: true,
        most: 2048,
        example: "https://crm.example.com/sms",
      },
      {
        key: "secret",
        label: "Signing secret",
        help: "Left out: one is made and shown once.",
        kind: "secret",
        required: false,
        most: 200,
        example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      },
    ],
  },
  audience: "program",
  compile({ endpointId }) {
    return ({ ruleId }) => (endpointId === undefined ? [] : [{ kind: "call-webhook", endpointId, ruleId }]);
  },
};
