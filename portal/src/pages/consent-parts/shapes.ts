import type { paths } from "../../../../client/openapi.d.ts";

type ConsentPath = paths["/v1/consent"];
export type Consent = ConsentPath["get"]["responses"][200]["content"]["application/json"];
export type ConsentEvent = Consent["events"][number];
export type OptOut = Consent["optedOut"][number];
export type Block = Consent["blocks"][number];
export type ConsentChange = NonNullable<ConsentPath["post"]["requestBody"]>["content"]["application/json"];
export type Review =
  paths["/v1/consent/reviews"]["get"]["responses"][200]["content"]["application/json"]["data"][number];
