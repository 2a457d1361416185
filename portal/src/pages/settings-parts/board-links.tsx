import { Alert, Anchor, NativeSelect, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { kindsQuery } from "../../api/board.ts";
import { useMe } from "../../api/me.ts";
import { CopyField } from "../../kit/copy-button.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useSetting } from "./form.tsx";

/** The board for everybody: whether there is one, where, and how it stands on a page of one's own. */
export function PublicBoard() {
  const { value, set, error, isReadOnly } = useSetting<boolean>("board.public");
  const { tenant, publicUrl } = useMe();
  const address = `${publicUrl}/board/${tenant.slug}`;
  return (
    <Panel title="The public board">
      <Stack gap="lg">
        <Switch
          label="Everybody may see the board"
          description="A page without a key that shows what is open and since when, and never who changed it."
          error={error}
          disabled={isReadOnly}
          checked={value}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        {value ? (
          <>
            <CopyField label="Its address" value={address} />
            <Anchor
              href={`/board/${tenant.slug}`}
              target="_blank"
              rel="noreferrer"
              underline="always"
              size="sm"
            >
              Look at it
            </Anchor>
            <EmbedCode address={address} />
            <Text size="sm" c="dimmed">
              For programs: <span className="mono wrap">{address}.json</span>, and its changes live at{" "}
              <span className="mono wrap">{address}/events</span>.
            </Text>
          </>
        ) : (
          <Alert color="gray" icon={<Icon name="info" />}>
            Whoever opens its address is told that there is no board.
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}

/** A frame that grows with the board where the page around it allows scripts, and scrolls where not. */
function EmbedCode({ address }: { address: string }) {
  const [kind, setKind] = useState("");
  const [theme, setTheme] = useState("");
  const { data: kinds = [] } = useQuery(kindsQuery);
  const search = new URLSearchParams({ embed: "1", ...(kind && { kind }), ...(theme && { theme }) });
  const code = `<iframe src="${address}?${search}" title="What is open" style="width:100%;height:640px;border:0" loading="lazy"></iframe>`;
  return (
    <>
      <NativeSelect
        label="On a page of yours: show"
        maw={420}
        data={[
          { value: "", label: "Everything" },
          ...kinds.map(({ key, plural }) => ({ value: key, label: `Only ${plural}` })),
        ]}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value)}
      />
      <NativeSelect
        label="In which colours"
        maw={420}
        data={[
          { value: "", label: "As the visitor's device has it" },
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
        ]}
        value={theme}
        onChange={(event) => setTheme(event.currentTarget.value)}
      />
      <CopyField label="Put this where it should stand" value={code} />
    </>
  );
}
