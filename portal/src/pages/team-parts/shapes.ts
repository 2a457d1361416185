import type { paths } from "../../../../client/openapi.d.ts";
import type { KeyRole } from "../../../../src/domain/roles.ts";

type Listed<Path extends "/v1/team" | "/v1/team/invitations" | "/v1/keys"> =
  paths[Path]["get"]["responses"][200]["content"]["application/json"]["data"][number];

export type Member = Listed<"/v1/team">;
export type Invitation = Listed<"/v1/team/invitations">;
export type CreatedInvitation =
  paths["/v1/team/invitations"]["post"]["responses"][201]["content"]["application/json"];
export type Key = Listed<"/v1/keys">;
export type CreatedKey = paths["/v1/keys"]["post"]["responses"][201]["content"]["application/json"];
export type Role = KeyRole;
