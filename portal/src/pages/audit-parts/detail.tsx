import { Text, VisuallyHidden } from "@mantine/core";

/** What was changed: each value with what it was before, else whatever was noted. */
export function AuditDetail({ detail }: { detail: unknown }) {
  const rows = Object.entries((detail ?? {}) as Record<string, unknown>);
  if (rows.length === 0) return null;
  return (
    <Text size="sm" component="div">
      {rows.map(([key, value]) => (
        <div key={key} className="wrap">
          <Text span size="sm" c="dimmed">
            {key}:{" "}
          </Text>
          {isChange(value) ? (
            <>
              {shown(value.from)} <span aria-hidden="true">→</span>
              <VisuallyHidden> became </VisuallyHidden> {shown(value.to)}
            </>
          ) : (
            shown(value)
          )}
        </div>
      ))}
    </Text>
  );
}

function isChange(value: unknown): value is { from: unknown; to: unknown } {
  return typeof value === "object" && value !== null && "from" in value && "to" in value;
}

const LONGEST = 300;

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (value === true) return "yes";
  if (value === false) return "no";
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
  const text = isList ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
