import { Text } from "@mantine/core";

/** What machines say to each other, as it is; scrolls when it is long. */
export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {label}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="code-block" tabIndex={0} aria-label={label}>
        {children}
      </section>
    </div>
  );
}

/** JSON with its lines broken; any other text as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
