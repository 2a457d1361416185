import { Grid, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, issuesByPath, take } from "../api/client.ts";
import { useFilters } from "../api/filters.ts";
import { useMay } from "../api/me.ts";
import { useRead } from "../api/read.ts";
import { isConflict, saveOver } from "../api/save-over.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { notifyDone } from "../kit/notify.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { SaveFault } from "../kit/save-fault.tsx";
import { FaultNote } from "./settings-parts/fault-note.tsx";
import { patchOf, SettingsFormProvider, savedAt, withChange } from "./settings-parts/form.tsx";
import { SaveBar } from "./settings-parts/save-bar.tsx";
import { SectionList } from "./settings-parts/section-list.tsx";
import type { Section } from "./settings-parts/sections.tsx";
import { SECTIONS } from "./settings-parts/sections.tsx";
import type { Settings } from "./settings-parts/shapes.ts";

const FIRST = SECTIONS[0] as Section;

export function Page() {
  const [{ section: key }] = useFilters();
  const section = SECTIONS.find((one) => one.key === key) ?? FIRST;
  const may = useMay();
  const isReadOnly = !may("PATCH", "/v1/settings");
  const settings = useRead({ queryKey: ["settings"], queryFn: readSettings });
  return (
    <>
      <PageHead title="Settings">
        {isReadOnly
          ? "How everything is set up. Owners and admins can change it."
          : "They hold from the next text on."}
      </PageHead>
      {settings.error ? (
        <ErrorNote error={settings.error} retry={settings.refetch} />
      ) : settings.data ? (
        <Form saved={settings.data} section={section} isReadOnly={isReadOnly} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function readSettings(): Promise<Settings> {
  return take(api.GET("/v1/settings"));
}

function Form({ saved, section, isReadOnly }: { saved: Settings; section: Section; isReadOnly: boolean }) {
  const client = useQueryClient();
  const [changes, setChanges] = useState<Record<string, unknown>>({});
  // What was on the page when the first of the changes was typed.
  const [shown, setShown] = useState(saved);
  const save = useMutation({
    mutationFn: (over: Settings | null) =>
      saveOver(over ?? shown, {
        body: changes,
        read: readSettings,
        send: (guard) => take(api.PATCH("/v1/settings", { body: patchOf(changes), ...guard })),
        valueAt: (settings, path) => savedAt(settings, path),
      }),
    onSuccess: (next) => {
      client.setQueryData(["settings"], next);
      setChanges({});
      for (const noun of ["settings", "guards", "channels", "me"])
        void client.invalidateQueries({ queryKey: [noun] });
      notifyDone("Saved.");
    },
  });
  const discard = () => {
    setChanges({});
    save.reset();
  };
  const form = {
    saved,
    changes,
    faults: issuesByPath(save.error),
    isReadOnly,
    set: (path: string, value: unknown) => {
      if (Object.keys(changes).length === 0) setShown(saved);
      setChanges((current) => withChange(saved, current, path, value));
    },
  };
  return (
    <SettingsFormProvider value={form}>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, sm: 4, md: 3 }}>
          <SectionList current={section} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 8, md: 9 }}>
          <Stack gap="lg" key={section.key}>
            {isConflict(save.error) ? (
              <SaveFault<Settings>
                error={save.error}
                onMine={save.mutate}
                onTheirs={(theirs) => {
                  client.setQueryData(["settings"], theirs);
                  discard();
                }}
              />
            ) : (
              save.error && <FaultNote error={save.error} />
            )}
            {section.draw()}
            <SaveBar
              changed={Object.keys(changes).length}
              wrong={Object.keys(form.faults).length}
              isSaving={save.isPending}
              onSave={() => save.mutate(null)}
              onDiscard={discard}
            />
          </Stack>
        </Grid.Col>
      </Grid>
    </SettingsFormProvider>
  );
}
