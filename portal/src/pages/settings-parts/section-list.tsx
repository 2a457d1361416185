import { Badge, Box, NativeSelect, NavLink } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { count } from "../../kit/words.ts";
import { useSettingsForm } from "./form.tsx";
import type { Section } from "./sections.tsx";
import { SECTIONS, sectionOf } from "./sections.tsx";

/** The parts of the settings, with how many changes of each wait to be saved or corrected. */
export function SectionList({ current }: { current: Section }) {
  const { changes, faults } = useSettingsForm();
  const navigate = useNavigate();
  const marks = (section: Section) => ({
    changed: Object.keys(changes).filter((path) => sectionOf(path) === section).length,
    wrong: Object.keys(faults).filter((path) => sectionOf(path) === section).length,
  });
  return (
    <>
      <Box component="nav" aria-label="Parts of the settings" visibleFrom="sm">
        {SECTIONS.map((section) => (
          <NavLink
            key={section.key}
            className="nav-link"
            label={section.label}
            active={section === current}
            aria-current={section === current ? "page" : undefined}
            rightSection={<Mark {...marks(section)} />}
            renderRoot={(props) => (
              <Link to="/settings" search={{ section: section.key } as never} replace {...props} />
            )}
          />
        ))}
      </Box>
      <NativeSelect
        hiddenFrom="sm"
        label="Part of the settings"
        data={SECTIONS.map((section) => ({ value: section.key, label: labelOf(section, marks(section)) }))}
        value={current.key}
        onChange={(event) =>
          void navigate({
            to: "/settings",
            search: { section: event.currentTarget.value },
            replace: true,
          } as never)
        }
      />
    </>
  );
}

function labelOf({ label }: Section, { changed, wrong }: { changed: number; wrong: number }): string {
  if (wrong > 0) return `${label}: ${wrong} to correct`;
  return changed > 0 ? `${label}: ${changed} changed` : label;
}

function Mark({ changed, wrong }: { changed: number; wrong: number }) {
  if (wrong > 0) {
    return (
      <Badge color="red" variant="light" size="sm" tt="none" aria-label={`${wrong} to correct`}>
        {wrong}
      </Badge>
    );
  }
  if (changed === 0) return null;
  return (
    <Badge variant="light" size="sm" tt="none" aria-label={`${count(changed, "change")} not saved`}>
      {changed}
    </Badge>
  );
}
