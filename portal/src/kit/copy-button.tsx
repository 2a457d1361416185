import { Button, Group, Input } from "@mantine/core";
import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "./icon.tsx";

/** Copies a text; says so for a moment. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      variant="default"
      leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}
      onClick={async () => setCopied(await copy(value))}
      aria-label={copied ? "Copied" : `Copy ${label}`}
      style={{ flexShrink: 0 }}
    >
      {copied ? "Copied" : "Copy"}
    </Button>
  );
}

/** A value to be taken elsewhere. */
export function CopyField({ label, value, help }: { label: string; value: string; help?: string }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <Input.Wrapper id={id} label={label} description={help}>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <Input
          id={id}
          ref={input}
          value={value}
          readOnly
          onFocus={() => input.current?.select()}
          style={{ flex: 1, minWidth: 0 }}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
        <CopyButton value={value} label={label} />
      </Group>
    </Input.Wrapper>
  );
}

/** Browsers keep the clipboard from pages that came over plain http: there the old way still works. */
async function copy(value: string): Promise<boolean> {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(value).then(
      () => true,
      () => false,
    );
  const area = document.createElement("textarea");
  area.value = value;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
