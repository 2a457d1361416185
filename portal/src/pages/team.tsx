import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { api, take } from "../api/client.ts";
import { useMay, useMe } from "../api/me.ts";
import { usePaged } from "../api/paged.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { PageHead } from "../kit/page-head.tsx";
import { PagedList } from "../kit/paged-list.tsx";
import { Panel } from "../kit/panel.tsx";
import { Invitations, Invite } from "./team-parts/invite.tsx";
import { Members } from "./team-parts/members.tsx";

export function Page() {
  const may = useMay();
  const me = useMe();
  const team = usePaged(["team", "members"], (cursor) =>
    take(api.GET("/v1/team", { params: { query: { cursor } } })),
  );
  const invited = usePaged(["team", "invitations"], (cursor) =>
    take(api.GET("/v1/team/invitations", { params: { query: { cursor } } })),
  );
  return (
    <>
      <PageHead title="Team">Who may sign in, and what each of them may do.</PageHead>
      <Stack gap="lg">
        <Panel title="People">
          <PagedList
            list={team}
            empty={
              <EmptyState icon="team" title="Nobody signs in yet">
                Invite the first one below.
              </EmptyState>
            }
          >
            {(members) => <Members members={members} />}
          </PagedList>
          {!me.twoFactor && me.email && (
            <Text size="sm" c="dimmed" mt="sm">
              You sign in with a password alone.{" "}
              <Anchor renderRoot={(props) => <Link to="/account" {...props} />} underline="always">
                Turn two-factor on
              </Anchor>
              .
            </Text>
          )}
        </Panel>
        {may("POST", "/v1/team/invitations") && <Invite />}
        <Panel title="Invited">
          <PagedList
            list={invited}
            empty={
              <Text size="sm" c="dimmed">
                No invitation waits to be taken up.
              </Text>
            }
          >
            {(invitations) => <Invitations invitations={invitations} />}
          </PagedList>
        </Panel>
      </Stack>
    </>
  );
}
