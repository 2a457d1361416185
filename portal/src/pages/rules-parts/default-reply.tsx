import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, issuesByPath, take } from "../../api/client.ts";
import type { SaveGuard } from "../../api/save-over.ts";
import { useEdited } from "../../api/save-over.ts";
import { notifyDone } from "../../kit/notify.ts";
import { SaveFault } from "../../kit/save-fault.tsx";
import type { Settings } from "../settings-parts/shapes.ts";
import { settingsQuery } from "./queries.ts";
import { TemplateField } from "./template-field.tsx";

/** What texts are answered with that no rule takes, while it is written. */
export function DefaultReplyForm({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const client = useQueryClient();
  const edited = useEdited(settings, (now) => ({ reply: now?.rules.defaultReply ?? "" }));
  const { reply } = edited.draft;
  const save = useMutation({
    mutationFn: (over: Settings | null) => edited.save(replyOrder(reply), over),
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      notifyDone("The default reply is saved.");
      onClose();
    },
  });
  const fault = issuesByPath(save.error)["rules.defaultReply"];
  return (
    <>
      {save.error && fault === undefined && (
        <SaveFault<Settings>
          error={save.error}
          onMine={save.mutate}
          onTheirs={(theirs) => {
            save.reset();
            edited.begin(theirs);
          }}
        />
      )}
      <TemplateField
        label="Default reply"
        help="Answers what no rule takes, once in 15 minutes for each sender. Empty: nothing is answered."
        value={reply}
        onChange={(next) => edited.change({ reply: next })}
        isText
        error={fault}
      />
      <Group gap="xs">
        <Button loading={save.isPending} onClick={() => save.mutate(null)}>
          Save
        </Button>
        <Button variant="default" onClick={onClose}>
          Leave it as it was
        </Button>
      </Group>
    </>
  );
}

function replyOrder(reply: string) {
  const defaultReply = reply.trim() === "" ? null : reply;
  return {
    body: { defaultReply },
    read: () => take(api.GET("/v1/settings")),
    send: (guard: SaveGuard) =>
      take(api.PATCH("/v1/settings", { body: { rules: { defaultReply } }, ...guard })),
    valueAt: ({ rules }: Settings) => rules.defaultReply,
  };
}
