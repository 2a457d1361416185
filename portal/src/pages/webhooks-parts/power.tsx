import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { useMay } from "../../api/me.ts";
import type { Endpoint } from "../../api/shapes.ts";
import { Icon } from "../../kit/icon.tsx";
import { notifyDone, notifyFault } from "../../kit/notify.ts";
import { count } from "../../kit/words.ts";
import { healthQuery } from "./queries.ts";

/** Switches an endpoint off and on again; where something was held, a person says what becomes of it. */
export function PowerButton({ endpoint: { id, enabled } }: { endpoint: Endpoint }) {
  const client = useQueryClient();
  const may = useMay();
  const [asking, { open, close }] = useDisclosure();
  const { data: health } = useQuery(healthQuery(id));
  const held = health?.held ?? 0;
  const turn = useMutation({
    mutationFn: (change: { enabled: boolean; release?: "send" | "discard" }) =>
      take(api.PATCH("/v1/endpoints/{id}", { params: { path: { id } }, body: change })),
    onSuccess: (_endpoint, change) => {
      close();
      notifyDone(change.enabled ? "It is called again." : "It is disabled: what comes is held for it.");
      void client.invalidateQueries({ queryKey: ["endpoints"] });
      void client.invalidateQueries({ queryKey: ["deliveries"] });
    },
    onError: notifyFault,
  });
  if (!may("PATCH", "/v1/endpoints/:id")) return null;
  const press = () => {
    if (enabled) turn.mutate({ enabled: false });
    else if (held > 0) open();
    else turn.mutate({ enabled: true });
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name={enabled ? "pause" : "play"} size={16} />}
        loading={turn.isPending && !asking}
        onClick={press}
      >
        {enabled ? "Disable" : "Enable"}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title="What becomes of what was held?"
        centered
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Text mb="lg">
          {count(held, "delivery", "deliveries")} came while it was disabled. They can be sent now, or be
          given up.
        </Text>
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={turn.isPending}
            onClick={() => turn.mutate({ enabled: true, release: "discard" })}
          >
            Give them up
          </Button>
          <Button loading={turn.isPending} onClick={() => turn.mutate({ enabled: true, release: "send" })}>
            Send them
          </Button>
        </Group>
      </Modal>
    </>
  );
}
