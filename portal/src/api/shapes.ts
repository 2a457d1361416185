import type { paths } from "../../../client/openapi.d.ts";

/** Shapes of the API by short names, all taken from its document. */

type Json<Answer> = Answer extends { content: { "application/json": infer Body } } ? Body : never;
type Got<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: infer Answer } } }
  ? Json<Answer>
  : never;
type Posted<Path extends keyof paths> = paths[Path] extends { post: { responses: { 200: infer Answer } } }
  ? Json<Answer>
  : never;
type Sent<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;
type Listed<Path extends keyof paths> = Got<Path> extends { data: (infer Item)[] } ? Item : never;

export type Channel = Listed<"/v1/channels">;
export type Provider = Listed<"/v1/providers">;
export type Message = Listed<"/v1/messages">;
export type Command = Listed<"/v1/commands">;
export type Item = Listed<"/v1/board/items">;
export type Kind = Listed<"/v1/board/kinds">;
export type Change = Listed<"/v1/board/changes">;
export type Reporter = Listed<"/v1/reporters">;
export type Blocker = Listed<"/v1/health">;
export type Rule = Listed<"/v1/rules">;
export type RuleActionKind = Got<"/v1/rules/actions">["actions"][number];
export type RuleTest = Posted<"/v1/rules/test">;
export type Endpoint = Listed<"/v1/endpoints">;
export type EndpointHealth = Got<"/v1/endpoints/{id}/health">;
export type Delivery = Listed<"/v1/deliveries">;
export type DeliveryDetail = Got<"/v1/deliveries/{id}">;
export type Attempt = DeliveryDetail["attempts"][number];
export type Replay = Listed<"/v1/replays">;
export type Mail = Listed<"/v1/mails">;
export type Integration = Listed<"/v1/ingress">;
export type Post = Listed<"/v1/ingress/{id}/posts">;
export type Conversation = Listed<"/v1/conversations">;
export type Stats = Got<"/v1/stats">;
export type NewRule = Sent<"/v1/rules">;
export type NewEndpoint = Sent<"/v1/endpoints">;
export type NewIntegration = Sent<"/v1/ingress">;
export type ReplayOrder = Sent<"/v1/endpoints/{id}/replay">;
export type Arrival = Listed<"/v1/arrivals">;
