import { useNavigate, useSearch } from "@tanstack/react-router";

export type Filters = Record<string, string | undefined>;

/** The filters of a list live in the address: a view can be kept, sent on and gone back to. */
export function useFilters(): [Filters, (change: Filters) => void] {
  const filters = useSearch({ strict: false }) as Filters;
  const navigate = useNavigate();
  const change = (next: Filters) => {
    const merged = Object.entries({ ...filters, ...next }).filter(([, value]) => value);
    void navigate({ to: ".", search: Object.fromEntries(merged), replace: true } as never);
  };
  return [filters, change];
}

/** Addresses hold plain words: `?q=12` stays a text. */
export function parseSearch(search: string): Filters {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(filters: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(filters)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
