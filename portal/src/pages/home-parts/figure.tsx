import { Text } from "@mantine/core";
import { Panel } from "../../kit/panel.tsx";

/** One number with what it counts. */
export function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <Panel>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={28} fw={680} lh={1.25} style={{ fontVariantNumeric: "tabular-nums" }}>
        {value}
      </Text>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Panel>
  );
}
