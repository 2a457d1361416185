import { Alert, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { CopyButton } from "../../kit/copy-button.tsx";
import { Icon } from "../../kit/icon.tsx";

/** For the day the phone is gone. Each works once; new ones make the old ones worthless. */
export function BackupCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <Alert
      color="yellow"
      variant="outline"
      icon={<Icon name="key" />}
      title="Keep these backup codes"
      role="status"
    >
      <Stack gap="sm">
        <Text size="sm">
          They let you in when your phone is gone, each once, and are not shown again. Print them or put them
          into your password manager.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={4} className="mono">
          {codes.map((code) => (
            <span key={code}>{code}</span>
          ))}
        </SimpleGrid>
        <Group gap="xs">
          <CopyButton value={codes.join("\n")} label="the codes" />
          <Button onClick={onDone}>I have kept them</Button>
        </Group>
      </Stack>
    </Alert>
  );
}
