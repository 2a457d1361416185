import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "../../kit/panel.tsx";
import { SettingField } from "./field.tsx";
import type { FieldGroup, FieldSpec } from "./field-spec.ts";

/** Two of these find room beside each other. */
const NARROW = new Set<FieldSpec["kind"]>(["number", "choice", "zone"]);

/** Settings that belong together; `children` are those that need a form of their own. */
export function FieldPanel({ group, children }: { group: FieldGroup; children?: ReactNode }) {
  return (
    <Panel title={group.title}>
      <Stack gap="lg">
        {group.lead && (
          <Text size="sm" c="dimmed">
            {group.lead}
          </Text>
        )}
        <div className="field-grid">
          {group.fields.map((spec) => (
            <div key={spec.path} data-wide={NARROW.has(spec.kind) ? undefined : true}>
              <SettingField spec={spec} />
            </div>
          ))}
        </div>
        {children}
      </Stack>
    </Panel>
  );
}
