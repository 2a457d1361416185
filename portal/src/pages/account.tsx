import { Stack, Text } from "@mantine/core";
import { useMe } from "../api/me.ts";
import { PageHead } from "../kit/page-head.tsx";
import { Panel } from "../kit/panel.tsx";
import { NameForm } from "./account-parts/name-form.tsx";
import { PasswordForm } from "./account-parts/password-form.tsx";
import { Sessions } from "./account-parts/sessions.tsx";
import { TwoFactor } from "./account-parts/two-factor.tsx";

/** What concerns nobody but whoever is signed in. */
export function Page() {
  const me = useMe();
  return (
    <>
      <PageHead title="Your account">
        {me.email}, {me.role} of {me.tenant.name}
      </PageHead>
      <Stack gap="lg" maw={620}>
        <Panel title="Name">
          <NameForm name={me.name} />
        </Panel>
        <Panel title="Two-factor sign-in">
          <TwoFactor isOn={me.twoFactor === true} />
        </Panel>
        <Panel title="Password">
          <Text size="sm" c="dimmed" mb="sm">
            Changing it signs you out everywhere else.
          </Text>
          <PasswordForm />
        </Panel>
        <Panel title="Other devices">
          <Sessions />
        </Panel>
      </Stack>
    </>
  );
}
