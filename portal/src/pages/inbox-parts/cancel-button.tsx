import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Message } from "../../api/shapes.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";

/** Takes back a text that still waits. */
export function CancelButton({ message }: { message: Message }) {
  const client = useQueryClient();
  const may = useMay();
  const cancel = useMutation({
    mutationFn: () => take(api.POST("/v1/messages/{id}/cancel", { params: { path: { id: message.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["messages"] });
      void client.invalidateQueries({ queryKey: ["conversations"] });
      notifyDone("The text will not leave.");
    },
    onError: notifyFault,
  });
  const waits = message.status === "queued" || message.status === "held";
  if (!waits || !may("POST", "/v1/messages/:id/cancel")) return null;
  return (
    <Button
      variant="default"
      size="xs"
      loading={cancel.isPending}
      onClick={() => cancel.mutate()}
      style={{ alignSelf: "flex-start" }}
    >
      Do not send it
    </Button>
  );
}
