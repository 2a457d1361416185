import { List } from "@mantine/core";

/** How something was decided, step by step. */
export function StepList({ steps, mt }: { steps: readonly string[]; mt?: "xs" }) {
  if (steps.length === 0) return null;
  return (
    <List type="ordered" size="sm" {...(mt && { mt })}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log have no name, and never change
        <List.Item key={index}>{step}</List.Item>
      ))}
    </List>
  );
}
