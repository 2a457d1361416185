import type { Program } from "../support/program.ts";

/** Rules, webhooks and an integration as a resort has them. Answers the pages that show one of each. */

const RULES = [
  {
    name: "Lost and found",
    match: { type: "contains", pattern: "lost" },
    actions: [
      { type: "reply", text: "Thanks {{from}}! Lost and found is in the base lodge, 8-5." },
      { type: "email", to: "lodge@example.com", subject: "Lost: {{from}}", body: "{{text}}" },
    ],
  },
  {
    name: "Order number",
    match: { type: "regex", pattern: "order (\\d+)" },
    actions: [
      { type: "reply", text: "Order {{match.1}} is ready at the rental desk." },
      { type: "webhook", url: "https://shop.example.com/sms" },
    ],
  },
  {
    name: "Everything else to the team",
    match: { type: "any" },
    actions: [{ type: "email", to: "team@example.com", subject: "SMS from {{from}}", body: "{{text}}" }],
    enabled: false,
  },
];

export async function setUpAutomation({ api, url }: Program): Promise<string[]> {
  const rules = [];
  for (const rule of RULES) rules.push((await api("POST", "/v1/rules", rule)).body);
  const { body: endpoint } = await api("POST", "/v1/endpoints", {
    url: "https://hooks.example.com/resort",
    types: ["message.*", "board.*"],
  });
  const { body: integration } = await api("POST", "/v1/ingress", {
    name: "Rental shop",
    toPath: "customer.phone",
    textPath: "message.body",
    refPath: "order",
  });
  const post = {
    customer: { phone: "+14155550142" },
    message: { body: "Your skis are ready." },
    order: "4821",
  };
  for (const body of [post, { customer: {} }]) {
    await fetch(`${url}/v1/ingress/${integration.token}`, { method: "POST", body: JSON.stringify(body) });
  }
  // Nobody answers there: the test is shown with why.
  const { body: tested } = await api("POST", `/v1/endpoints/${endpoint.id}/test`);
  return [
    `/rules/${rules[1].id}`,
    `/webhooks/${endpoint.id}`,
    "/webhooks/deliveries",
    `/webhooks/deliveries/${tested.deliveryId}`,
    "/webhooks/mails",
    `/integrations/${integration.id}`,
  ];
}
