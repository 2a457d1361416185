import type { ChannelProvider, SettingField } from "../../src/channels/types.ts";

/** The page of providers, made from what each declares: the same that draws forms and checks settings. */
export function describeProviders(providers: Iterable<ChannelProvider>): string {
  const all = [...providers].sort((one, other) => (one.title < other.title ? -1 : 1));
  const sending = all
    .flatMap(({ title, sendsMedia }) => (sendsMedia ? [`${title} (${sendsMedia.most})`] : []))
    .join(", ");
  const pages = all.map(describeProvider);
  const answering = all.flatMap(({ title, answersConsent }) => (answersConsent ? [title] : [])).join(", ");
  const list = all.map(({ title, provider }) => `[${title}](#${provider})`).join(" · ");
  return [
    "# Providers",
    "Made from the declarations in `src/channels/`; `GET /v1/providers` tells the same. A channel is made with",
    "`POST /v1/channels`, body `{provider, name, address, settings, isDefault?, rate?}`; its answer holds the",
    "addresses (`inboundUrls`) that the provider must call. Settings marked *secret* are never shown again.",
    "",
    "What is marked *proof* proves the provider's requests. Changed, the value before is believed for another 24 hours, so that",
    "it can be changed at the provider meanwhile: `keepPreviousSecretHours` (0 to 168) in `PATCH /v1/channels/{id}` says how long.",
    "",
    "Every channel also takes `consentAnswers` (`network`, `provider` or `signalbox`): who answers STOP, START and HELP. Left out, it is the",
    `provider where that one does so by itself (${answering}), else Signalbox. The opt-out itself holds either way.`,
    "",
    "",
    `Files of texts that come in are fetched (docs/media.md). Texts can go out with files through ${sending}.`,
    "",
    list,
    "",
    ...pages,
  ].join("\n");
}

function describeProvider({ provider, title, settings, doors }: ChannelProvider): string {
  const fields = settings.map(row).join("\n");
  const kinds = doors.map(({ kind, help }) => `| \`${kind}\` | ${cell(help)} |`).join("\n");
  return [
    `## ${title} <a id="${provider}"></a>`,
    "",
    `\`provider\`: \`${provider}\``,
    "",
    ...(fields
      ? ["| setting | needed | what | example |", "|---|---|---|---|", fields, ""]
      : ["No settings.", ""]),
    ...(kinds
      ? ["| address | where it goes |", "|---|---|", kinds, ""]
      : ["No address: nobody calls it.", ""]),
  ].join("\n");
}

function row({ key, label, help, required, secret, proves, example, choices }: SettingField): string {
  const marks = [...(secret ? ["secret"] : []), ...(proves ? ["proof"] : [])];
  const needed = [required ? "yes" : "no", ...marks].join(", ");
  const what = `${label}. ${help}${choices ? ` (${choices.join(", ")})` : ""}`;
  return `| \`${key}\` | ${needed} | ${cell(what)} | \`${cell(example)}\` |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
