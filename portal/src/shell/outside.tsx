import { Center, Container, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useEffect } from "react";

/** The frame of pages for people who are not signed in. */
export function Outside({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Signalbox`;
  }, [title]);
  return (
    <Center mih="100vh" component="main" py="xl">
      <Container size={440} w="100%">
        <Group justify="center" gap={10} mb="lg">
          <img src="/favicon.svg" alt="" width={34} height={34} />
          <Text fw={700} size="xl">
            Signalbox
          </Text>
        </Group>
        <Paper withBorder p="xl" radius="lg" bg="var(--signal-panel)">
          <Stack gap="md">
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {lead && <Text c="dimmed">{lead}</Text>}
            </div>
            {children}
          </Stack>
        </Paper>
      </Container>
    </Center>
  );
}
