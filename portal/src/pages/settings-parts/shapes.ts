import type { paths } from "../../../../client/openapi.d.ts";

type SettingsPath = paths["/v1/settings"];
export type Settings = SettingsPath["get"]["responses"][200]["content"]["application/json"];
export type SettingsPatch = NonNullable<SettingsPath["patch"]["requestBody"]>["content"]["application/json"];
export type Wording =
  paths["/v1/settings/wording"]["get"]["responses"][200]["content"]["application/json"]["data"][number];
export type Topic = Settings["consent"]["topics"][number];
export type ConfirmationRule = Settings["commands"]["confirmationRules"][number];
export type DayBudget = Settings["budgets"]["perDay"];
