import { Fieldset, Group, NativeSelect, NumberInput, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../../api/channels.ts";
import { useMay } from "../../api/me.ts";
import { Panel } from "../../kit/panel.tsx";
import { SpentToday } from "./budget-use.tsx";
import { SettingField } from "./field.tsx";
import type { FieldSpec } from "./field-spec.ts";
import { useSetting } from "./form.tsx";
import { LEGEND } from "./legend.ts";
import { RowList } from "./row-list.tsx";
import type { DayBudget, Settings } from "./shapes.ts";

const PRICE: FieldSpec = {
  path: "budgets.pricePerSegment",
  kind: "number",
  range: [0, 1_000_000_000],
  none: "budgets in money hold nothing back",
  label: "Price of a segment",
  help: "In whatever currency you think.",
};

const REPLIES: FieldSpec = {
  path: "budgets.commandReplies",
  kind: "choice",
  choices: [
    { value: "pause", label: "Are held back; the command is done" },
    { value: "leave", label: "Go on" },
  ],
  label: "Replies to commands, once a budget is used up",
  help: "Answers to STOP, START and HELP, and what people send by API, always leave.",
};

const SHORT_CODES: FieldSpec = {
  path: "guards.answeredShortCodes",
  kind: "words",
  label: "Short codes that may be answered",
  help: "Short codes are mostly machines: replies go to no others than these.",
};

export function Budgets() {
  const may = useMay();
  return (
    <>
      {may("GET", "/v1/guards/budgets") && <SpentToday />}
      <Panel title="What a day may cost">
        <Stack gap="lg">
          <Text size="sm" c="dimmed">
            You get an alert at 80 % and when a budget is used up. A text that no longer fits fails and says
            so; nothing is kept for later.
          </Text>
          <DayLimits path="budgets.perDay" title="All numbers together, a day" />
          <DayLimits path="budgets.perAddress" title="Each number, a day" />
          <DayLimits path="budgets.perRule" title="Each rule, a day" />
          <OwnFigures />
          <SettingField spec={PRICE} />
          <SettingField spec={REPLIES} />
        </Stack>
      </Panel>
      <Panel title="Guards against loops">
        <SettingField spec={SHORT_CODES} />
      </Panel>
    </>
  );
}

function DayLimits({ path, title }: { path: string; title: string }) {
  const { value, set, error, isReadOnly } = useSetting<DayBudget>(path);
  return (
    <Fieldset legend={title} variant="unstyled" styles={LEGEND}>
      <Text size="xs" c="dimmed">
        Empty: no limit.
      </Text>
      <Group gap="sm" mt={4} align="flex-start">
        <Limit
          label="Segments"
          value={value.segments}
          isReadOnly={isReadOnly}
          error={error}
          onChange={(segments) => set({ ...value, segments })}
        />
        <Limit
          label="Money"
          value={value.money}
          isReadOnly={isReadOnly}
          onChange={(money) => set({ ...value, money })}
        />
      </Group>
    </Fieldset>
  );
}

function Limit({
  label,
  value,
  isReadOnly,
  error,
  onChange,
}: {
  label: string;
  value: number | null;
  isReadOnly: boolean;
  error?: string;
  onChange: (value: number | null) => void;
}) {
  return (
    <NumberInput
      label={label}
      w={130}
      disabled={isReadOnly}
      error={error}
      allowNegative={false}
      value={value ?? ""}
      onChange={(next) => onChange(next === "" ? null : Number(next))}
    />
  );
}

type Addresses = Settings["budgets"]["addresses"];

/** Numbers with figures of their own. An address stands once: choosing it again overwrites it. */
function OwnFigures() {
  const { value, set, error, isReadOnly } = useSetting<Addresses>("budgets.addresses");
  const { data: channels = [] } = useQuery(channelsQuery);
  const rows = Object.entries(value).map(([address, figures]) => ({ address, ...figures }));
  const known = [...new Set([...channels.map(({ address }) => address), ...Object.keys(value)])];
  const next = known.find((address) => !(address in value)) ?? "";
  return (
    <RowList
      title="Numbers with figures of their own"
      help="They replace the figures of each number as a whole."
      error={error}
      rows={rows}
      isReadOnly={isReadOnly || (rows.length === 0 && next === "")}
      nameOf={({ address }) => `the figures of ${address}`}
      fresh={() => ({ address: next, segments: null, money: null, pricePerSegment: null })}
      addLabel="Add a number"
      onChange={(list) =>
        set(
          Object.fromEntries(
            list.filter(({ address }) => address !== "").map(({ address, ...figures }) => [address, figures]),
          ),
        )
      }
    >
      {(row, change) => (
        <>
          <NativeSelect
            label="Number"
            disabled={isReadOnly}
            data={known}
            value={row.address}
            onChange={(event) => change({ address: event.currentTarget.value })}
          />
          {(["segments", "money", "pricePerSegment"] as const).map((figure) => (
            <Limit
              key={figure}
              label={LABELS[figure]}
              isReadOnly={isReadOnly}
              value={row[figure]}
              onChange={(amount) => change({ [figure]: amount })}
            />
          ))}
        </>
      )}
    </RowList>
  );
}

const LABELS = { segments: "Segments", money: "Money", pricePerSegment: "Price" };
