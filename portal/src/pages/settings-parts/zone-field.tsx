import type { AutocompleteProps } from "@mantine/core";
import { Button, Stack, Text } from "@mantine/core";
import { useMe } from "../../api/me.ts";
import { ownZone } from "../../api/zone.ts";
import { ZoneInput } from "../../kit/zone-input.tsx";

/** The time zone of the account. Where nobody has chosen one, the browser's is proposed. */
export function ZoneField({ onChange, ...props }: AutocompleteProps & { onChange: (zone: string) => void }) {
  const { tenant } = useMe();
  const own = ownZone();
  const proposes = tenant.timeZone === null && props.value !== own && !props.disabled;
  return (
    <Stack gap={6} w="100%">
      <ZoneInput {...props} onChange={onChange} />
      {tenant.timeZone === null && (
        <Text size="sm" c="dimmed">
          Nobody has chosen one yet: texts and the board are told in UTC, these pages in the zone of each
          browser.
        </Text>
      )}
      {proposes && (
        <div>
          <Button size="xs" variant="default" onClick={() => onChange(own)}>
            Use {own}
          </Button>
        </div>
      )}
    </Stack>
  );
}
