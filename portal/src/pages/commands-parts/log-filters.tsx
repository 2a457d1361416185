import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reportersQuery } from "../../api/board.ts";
import { channelsQuery } from "../../api/channels.ts";
import { useFilters } from "../../api/filters.ts";
import { useMay } from "../../api/me.ts";
import { Icon } from "../../kit/icon.tsx";
import { inWords } from "../../kit/words.ts";
import { ChangeFilters } from "./change-filters.tsx";

/** As the reference of the log names them. */
const OUTCOMES =
  "changed partly_changed already asked_menu asked_mean asked_confirm asked_pin dropped expired undone partly_undone undo_none undo_conflict status help more not_found not_applicable not_understood bad_answer nothing_waiting forbidden pin_wrong pin_locked rate_limited unknown_sender opted_out consent_stop consent_start consent_help ignored_reaction ignored_loop ignored_courtesy ignored_incomplete empty too_long save_failed".split(
    " ",
  );
const REPLY_STATUSES = "queued handed_over sent delivered undelivered failed expired withheld".split(" ");

interface Choice {
  value: string;
  label: string;
}

export function LogFilters() {
  const [filters, setFilters] = useFilters();
  const may = useMay();
  const { data: reporters = [] } = useQuery(reportersQuery);
  const seesChannels = may("GET", "/v1/channels");
  const { data: channels = [] } = useQuery({ ...channelsQuery, enabled: seesChannels });
  // Emptying the filters also empties the fields that keep what is typed.
  const [round, setRound] = useState(0);
  const search = useDebouncedCallback((q: string) => setFilters({ q }), 300);
  const select = (key: string, label: string, all: string, choices: Choice[]) => (
    <NativeSelect
      key={key}
      size="xs"
      label={label}
      data={[{ value: "", label: all }, ...choices]}
      value={filters[key] ?? ""}
      onChange={(event) => setFilters({ [key]: event.currentTarget.value })}
      style={{ flex: "1 1 7.5rem" }}
    />
  );
  const day = (key: string, label: string) => (
    <TextInput
      key={key}
      size="xs"
      type="date"
      label={label}
      value={filters[key] ?? ""}
      onChange={(event) => setFilters({ [key]: event.currentTarget.value })}
      style={{ flex: "0 1 9rem" }}
    />
  );
  const clear = () => {
    setFilters(Object.fromEntries(Object.keys(filters).map((key) => [key, undefined])));
    setRound(round + 1);
  };
  return (
    <Group gap="xs" align="flex-end" mb="md" role="search">
      <TextInput
        key={round}
        size="xs"
        type="search"
        label="Words of the text"
        leftSection={<Icon name="search" size={14} />}
        defaultValue={filters.q}
        onChange={(event) => search(event.currentTarget.value)}
        style={{ flex: "1 1 12rem" }}
      />
      {select("outcome", "Outcome", "Any", OUTCOMES.map(choice))}
      {select("reporter", "Reporter", "Anybody", reporters.map(named))}
      <ChangeFilters />
      {seesChannels && select("channel", "Channel", "Any", channels.map(named))}
      {select("replyStatus", "Reply", "Any", REPLY_STATUSES.map(choice))}
      {day("from", "From")}
      {day("to", "To")}
      {Object.keys(filters).length > 0 && (
        <Button size="xs" variant="subtle" onClick={clear}>
          Clear
        </Button>
      )}
    </Group>
  );
}

function choice(value: string): Choice {
  return { value, label: inWords(value) };
}

function named({ id, name }: { id: string; name: string }): Choice {
  return { value: id, label: name };
}
