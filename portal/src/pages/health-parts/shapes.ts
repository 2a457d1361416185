import type { paths } from "../../../../client/openapi.d.ts";

type Listed<Path extends "/v1/guards/trips" | "/v1/channels/{id}/refusals" | "/v1/arrivals"> =
  paths[Path]["get"]["responses"][200]["content"]["application/json"]["data"][number];

export type Trip = Listed<"/v1/guards/trips">;
export type Refusal = Listed<"/v1/channels/{id}/refusals">;
export type Arrival = Listed<"/v1/arrivals">;
