import { Badge, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, take } from "../../api/client.ts";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Panel } from "../../kit/panel.tsx";
import { showPhone } from "../../kit/phone.ts";
import { count } from "../../kit/words.ts";

/** What left today, and how far each budget is used. */
export function SpentToday() {
  const { data, error } = useQuery({
    queryKey: ["guards", "budgets"],
    queryFn: () => take(api.GET("/v1/guards/budgets")),
    refetchInterval: 30_000,
  });
  if (error) return <ErrorNote error={error} />;
  if (!data) return null;
  return (
    <Panel title={`Today, ${data.day} in ${data.timeZone}`}>
      <Stack gap="md">
        {data.data.map((row) => (
          <Use key={row.address} row={row} />
        ))}
      </Stack>
    </Panel>
  );
}

interface Row {
  /** `*`, a number, or `rule:` and an id. */
  address: string;
  name: string | null;
  segments: number;
  money: number;
  limit: number | null;
  unit: "segments" | "money" | null;
  percent: number | null;
  released: boolean;
}

function Use({ row }: { row: Row }) {
  const isRule = row.address.startsWith("rule:");
  const number = row.address === "*" ? "All numbers together" : showPhone(row.address);
  const name = isRule ? `Rule "${row.name ?? "that is gone"}"` : number;
  const money = row.money > 0 ? `, ${row.money.toLocaleString()} in money` : "";
  const percent = Math.round(row.percent ?? 0);
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <Group gap="xs">
          {row.released && (
            <Badge variant="light" color="yellow" tt="none">
              Lifted for today
            </Badge>
          )}
          <Text size="sm">
            {count(row.segments, "segment")}
            {money}
          </Text>
        </Group>
      </Group>
      {row.limit === null ? (
        <Text size="xs" c="dimmed">
          No limit
        </Text>
      ) : (
        <>
          <Progress
            value={Math.min(100, percent)}
            color={percent >= 100 ? "red" : percent >= 80 ? "yellow" : "signal"}
            aria-label={`${percent} % of the budget of ${name}`}
            mt={4}
          />
          <Text size="xs" c="dimmed" mt={2}>
            {percent} % of {row.limit.toLocaleString()} {row.unit === "money" ? "in money" : "segments"}
          </Text>
        </>
      )}
    </div>
  );
}
