import type { AutocompleteProps } from "@mantine/core";
import { Autocomplete } from "@mantine/core";

const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** One of the world's time zones, found by any part of its name. */
export function ZoneInput(props: AutocompleteProps) {
  return <Autocomplete {...props} data={ZONES} limit={40} />;
}
