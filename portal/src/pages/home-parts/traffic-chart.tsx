import { Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Stats } from "../../api/shapes.ts";
import { Panel } from "../../kit/panel.tsx";
import { shortTime, tellTime } from "../../kit/time.tsx";

type Hour = Stats["hours"][number];

const HEIGHT = 140;
const SERIES = [
  { key: "received", label: "in", color: "var(--signal-in)" },
  { key: "sent", label: "out", color: "var(--signal-out)" },
  { key: "failed", label: "did not arrive", color: "var(--signal-bad)" },
] as const;

/**
 * Two bars for each hour, with what failed at the foot of the second. Drawn by hand: a library of charts would weigh
 * more than the rest of the page. Who cannot see it has the same figures as a table.
 */
export function TrafficChart({ hours }: { hours: Hour[] }) {
  const most = Math.max(4, ...hours.map(({ received, sent }) => Math.max(received, sent)));
  const height = (value: number) => (value === 0 ? 0 : Math.max(2, (value / most) * HEIGHT));
  return (
    <Panel title="Traffic" actions={<Legend />}>
      <svg
        viewBox={`0 0 ${hours.length * 24} ${HEIGHT + 22}`}
        className="chart"
        aria-hidden="true"
        preserveAspectRatio="none"
      >
        {[0, 0.5, 1].map((share) => (
          <line
            key={share}
            x1={0}
            x2={hours.length * 24}
            y1={HEIGHT * share + 0.5}
            y2={HEIGHT * share + 0.5}
            stroke="var(--signal-line)"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {hours.map((hour, index) => (
          <g key={hour.at} transform={`translate(${index * 24} 0)`}>
            <title>{inWords(hour)}</title>
            <rect width={24} height={HEIGHT} fill="transparent" />
            <Bar x={4} height={height(hour.received)} color="var(--signal-in)" />
            <Bar x={13} height={height(hour.sent)} color="var(--signal-out)" />
            <Bar x={13} height={height(hour.failed)} color="var(--signal-bad)" />
          </g>
        ))}
      </svg>
      <Group justify="space-between" mt={-14} wrap="nowrap">
        {[0, 6, 12, 18, 23].map((index) => (
          <Text key={index} size="xs" c="dimmed">
            {hours[index] && tellTime("hour", new Date(hours[index].at))}
          </Text>
        ))}
      </Group>
      <AsTable hours={hours} />
    </Panel>
  );
}

function Bar({ x, height, color }: { x: number; height: number; color: string }) {
  return <rect x={x} y={HEIGHT - height} width={7} height={height} rx={1.5} fill={color} />;
}

function Legend() {
  return (
    <Group gap="md">
      {SERIES.map(({ key, label, color }) => (
        <Group key={key} gap={6}>
          <span style={{ width: 10, height: 10, borderRadius: 3, background: color }} />
          <Text size="sm" c="dimmed">
            {label}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

function inWords({ at, received, sent, failed }: Hour): string {
  return `${shortTime(new Date(at))}: ${received} in, ${sent} out, ${failed} did not arrive`;
}

function AsTable({ hours }: { hours: Hour[] }) {
  return (
    <VisuallyHidden>
      <Table>
        <caption>Texts by hour</caption>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            {SERIES.map(({ key, label }) => (
              <th scope="col" key={key}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour) => (
            <tr key={hour.at}>
              <th scope="row">{shortTime(new Date(hour.at))}</th>
              {SERIES.map(({ key }) => (
                <td key={key}>{hour[key]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </VisuallyHidden>
  );
}
