import { api, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import { ifMatch } from "../../api/save-over.ts";
import type { Integration, NewIntegration } from "../../api/shapes.ts";

export type Preset = NonNullable<NewIntegration["preset"]>;

/** An integration while a person works on it. */
export interface IntegrationDraft {
  name: string;
  preset: Preset;
  toPath: string;
  textPath: string;
  refPath: string;
  isSigned: boolean;
  /** Typed in now; empty: what is kept stays. */
  signingSecret: string;
  signingHeader: string;
  country: string;
  channelId: string;
  refIsKey: boolean;
  outboundUrl: string;
  mirror: Integration["mirror"];
  enabled: boolean;
}

/** With the address and the secret that are told this once. */
export type SavedIntegration = Integration & { token?: string; url?: string; outboundSecret?: string };

/** A preset is nothing but usual places of the values. */
export const PRESETS: { value: Preset; label: string; paths: [to: string, text: string, ref: string] }[] = [
  { value: "generic", label: "Any JSON", paths: ["to", "text", "ref"] },
];

const USUAL_HEADER = "X-Webhook-Signature";

export function integrationDraft(integration: Integration | null): IntegrationDraft {
  return {
    name: integration?.name ?? "",
    preset: PRESETS.find(({ value }) => value === integration?.preset)?.value ?? "generic",
    toPath: integration?.toPath ?? "to",
    textPath: integration?.textPath ?? "text",
    refPath: integration?.refPath ?? "ref",
    isSigned: integration?.signingSecretSet ?? false,
    signingSecret: "",
    signingHeader: integration?.signingHeader ?? USUAL_HEADER,
    country: integration?.country ?? "",
    channelId: integration?.channelId ?? "",
    refIsKey: integration?.refIsKey ?? false,
    outboundUrl: integration?.outboundUrl ?? "",
    mirror: integration?.mirror ?? "all",
    enabled: integration?.enabled ?? true,
  };
}

export function integrationOrder(id: string | null, draft: IntegrationDraft) {
  const { name, preset, toPath, textPath, refPath, mirror, refIsKey, enabled } = draft;
  const orNull = (text: string) => text.trim() || null;
  const body = {
    ...{ name, preset, mirror, refIsKey, enabled },
    toPath: orNull(toPath),
    textPath: orNull(textPath),
    refPath: orNull(refPath),
    ...secretOf(draft),
    signingHeader: orNull(draft.signingHeader),
    country: orNull(draft.country),
    channelId: orNull(draft.channelId),
    outboundUrl: orNull(draft.outboundUrl),
  };
  return {
    body,
    read: ({ id }: Integration) => take(api.GET("/v1/ingress/{id}", { params: { path: { id } } })),
    send: (guard: SaveGuard): Promise<SavedIntegration> =>
      id === null
        ? take(api.POST("/v1/ingress", { body }))
        : take(api.PUT("/v1/ingress/{id}", { params: { path: { id } }, body, ...guard })),
  };
}

function secretOf({ isSigned, signingSecret }: IntegrationDraft): { signingSecret?: string | null } {
  if (!isSigned) return { signingSecret: null };
  return signingSecret === "" ? {} : { signingSecret };
}

/** A new address for what it is already; everything else stays. */
export function rotateToken(integration: Integration): Promise<SavedIntegration> {
  const { id, toPath, textPath, refPath } = integration;
  const body = { toPath, textPath, refPath, rotateToken: true };
  return take(api.PUT("/v1/ingress/{id}", { params: { path: { id } }, body, ...ifMatch(integration) }));
}
