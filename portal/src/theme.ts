import type { CSSVariablesResolver, MantineColorsTuple } from "@mantine/core";
import { createTheme } from "@mantine/core";

/** The colour of a semaphore's enamel: dark enough for white words on it. */
const signal: MantineColorsTuple = [
  "#e6f6f7",
  "#d0e9eb",
  "#a2d2d6",
  "#71bac0",
  "#47a4ac",
  "#2b959e",
  "#158790",
  "#0b6d75",
  "#0a5a61",
  "#06464c",
];

/** Greys of the dark scheme with a breath of the same colour. */
const dark: MantineColorsTuple = [
  "#dbe1e5",
  "#bcc6cd",
  "#9da9b1",
  "#72808a",
  "#414d55",
  "#333e45",
  "#232c31",
  "#191f23",
  "#141a1d",
  "#0e1316",
];

export const theme = createTheme({
  primaryColor: "signal",
  primaryShade: { light: 7, dark: 7 },
  colors: { signal, dark },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  headings: { fontWeight: "650" },
  components: { SegmentedControl: { defaultProps: { transitionDuration: 0 } } },
});

/** Quiet words keep 4.5:1 against what they stand on, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#535b63",
    "--mantine-color-placeholder": "#646c74",
    "--mantine-color-error": "#b42318",
    "--mantine-color-body": "#fbfcfc",
    // Words of badges on their tints.
    "--mantine-color-teal-light-color": "#06634a",
    "--mantine-color-yellow-light-color": "#714703",
    "--mantine-color-orange-light-color": "#8f3103",
    "--mantine-color-red-light-color": "#a61e1e",
    "--signal-panel": "#ffffff",
    "--signal-line": "#dde3e6",
    "--signal-hover": "#f1f5f6",
    "--signal-in": "#0b6d75",
    "--signal-out": "#e0a03a",
    "--signal-good": "#0b6b3a",
    "--signal-bad": "#a61b1b",
    "--signal-wait": "#805200",
  },
  dark: {
    "--mantine-color-dimmed": "#a6b0b8",
    "--mantine-color-placeholder": "#929ca4",
    "--mantine-color-error": "#ff9a8f",
    "--mantine-color-body": "#12181b",
    "--signal-panel": "#191f23",
    "--signal-line": "#2c353a",
    "--signal-hover": "#20282c",
    "--signal-in": "#47a4ac",
    "--signal-out": "#ffb224",
    "--signal-good": "#58d68d",
    "--signal-bad": "#ff8b80",
    "--signal-wait": "#ffc65c",
  },
});
