import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { BOARD_FIELDS, RETENTION_FIELDS, RULE_FIELDS, SENDING_FIELDS } from "./board-fields.ts";
import { PublicBoard } from "./board-links.tsx";
import { Budgets } from "./budgets.tsx";
import { CAUTION_FIELDS, REPLY_FIELDS, STRANGER_FIELDS, UNDERSTANDING_FIELDS } from "./command-fields.ts";
import { ConfirmationRules } from "./confirmation-rules.tsx";
import { CONSENT_STOPS, CONSENT_WORDS } from "./consent-fields.ts";
import { FieldPanel } from "./field-panel.tsx";
import type { FieldGroup } from "./field-spec.ts";
import { Languages, StopScope } from "./stop-scope.tsx";
import { Topics } from "./topics.tsx";
import { WordingCatalogue } from "./wording.tsx";

/** A part of the settings, as the page lists it. */
export interface Section {
  key: string;
  label: string;
  /** The settings that are changed here, by the beginnings of their paths. */
  holds: string[];
  draw: () => ReactNode;
}

const panels = (groups: FieldGroup[]) =>
  groups.map((group) => <FieldPanel key={group.title} group={group} />);

export const SECTIONS: Section[] = [
  {
    key: "board",
    label: "Board",
    holds: ["board."],
    draw: () => (
      <>
        {panels(BOARD_FIELDS)}
        <PublicBoard />
      </>
    ),
  },
  {
    key: "replies",
    label: "Replies",
    holds: ["commands.wording"],
    draw: () => <WordingCatalogue />,
  },
  {
    key: "commands",
    label: "Commands",
    holds: ["commands."],
    draw: () => (
      <>
        <FieldPanel group={CAUTION_FIELDS}>
          <ConfirmationRules />
        </FieldPanel>
        {panels([UNDERSTANDING_FIELDS, REPLY_FIELDS, STRANGER_FIELDS])}
      </>
    ),
  },
  {
    key: "rules",
    label: "Rules",
    holds: ["rules."],
    draw: () => (
      <>
        {panels(RULE_FIELDS)}
        <Text size="sm" c="dimmed">
          The rules themselves are on{" "}
          <Anchor renderRoot={(props) => <Link to="/rules" {...props} />} underline="always">
            their own page
          </Anchor>
          .
        </Text>
      </>
    ),
  },
  {
    key: "consent",
    label: "Consent",
    holds: ["consent."],
    draw: () => (
      <>
        <FieldPanel group={CONSENT_WORDS} />
        <FieldPanel group={CONSENT_STOPS}>
          <Languages />
          <StopScope />
          <Topics />
        </FieldPanel>
      </>
    ),
  },
  { key: "budgets", label: "Budgets and guards", holds: ["budgets.", "guards."], draw: () => <Budgets /> },
  {
    key: "sending",
    label: "Sending and alerts",
    holds: ["messages.", "texts.", "alerts."],
    draw: () => panels(SENDING_FIELDS),
  },
  { key: "retention", label: "Retention", holds: ["retention."], draw: () => panels(RETENTION_FIELDS) },
];

/** Where a setting is changed. The first that holds it: wordings have a part of their own. */
export function sectionOf(path: string): Section | undefined {
  return SECTIONS.find(({ holds }) => holds.some((prefix) => path.startsWith(prefix)));
}
