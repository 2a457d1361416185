import { HubError, notFound } from "../../domain/errors.ts";
import type { StoredMedia } from "../../store/media.ts";
import { mediaById } from "../../store/media.ts";
import { callerOf } from "../auth.ts";
import type { ApiDeps } from "./deps.ts";
import type { ApiApp } from "./routes.ts";
import { IdParams } from "./shapes.ts";

/**
 * Files of texts that came in. Whoever made them, they are shown as files and never as pages: pictures, which were
 * drawn anew, may be looked at in place; everything else is offered to be saved.
 */

const HEADERS = {
  "cache-control": "private, max-age=86400",
  // Nobody who comes after on the same browser is shown it from there.
  vary: "cookie, authorization",
  "content-security-policy": "sandbox; default-src 'none'",
  "x-content-type-options": "nosniff",
};

export function mediaRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    "/v1/media/:id",
    {
      schema: {
        tags: ["messages"],
        summary: "A file that came with a text",
        description:
          "The file itself, with its own content type. `not_found` with the reason in words while it is being fetched, " +
          "and when it was refused, could not be had, or is no longer kept.",
        params: IdParams,
      },
    },
    async (request, reply) => {
      const file = await mediaById(deps.database, callerOf(request).tenantId, request.params.id);
      if (!file) throw notFound("file");
      const { content, contentType } = file;
      if (!content || contentType === null) throw new HubError("not_found", whyNot(file));
      const way = contentType.startsWith("image/") ? "inline" : "attachment";
      return reply
        .headers({
          ...HEADERS,
          "content-disposition": `${way}; filename="${file.fileName ?? request.params.id}"`,
        })
        .type(contentType)
        .send(content);
    },
  );
}

function whyNot({ state, reason }: StoredMedia): string {
  if (state !== "waiting") return `This file is not kept. ${reason ?? ""}`.trim();
  const problem = reason === null ? "" : ` ${reason}`;
  return `This file is still being fetched from the provider.${problem} Please try again later.`;
}
