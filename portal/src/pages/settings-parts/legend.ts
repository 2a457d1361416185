/** Fields that belong together are called as one field would be. */
export const LEGEND = {
  root: { margin: 0, padding: 0 },
  legend: { padding: 0, marginBottom: 2, fontSize: "var(--mantine-font-size-sm)", fontWeight: 600 },
};
