import type { ProviderReply } from "../conformance/fixture.ts";
import type { LiveChannel } from "../conformance/program-bench.ts";
import { freshId } from "../conformance/program-bench.ts";
import type { ProviderCall } from "../conformance/provider-server.ts";

/** A provider's API made from its table: takes texts under fresh ids, tells their state, refuses whom it blocks. */
export interface FakeProvider {
  /** Calls that sent a text to this number, oldest first. */
  sentTo(phone: string): SentText[];
  /** Answers texts to this number like this from now on; null = takes them again. */
  refuse(phone: string, reply: ProviderReply | null): void;
}

export interface SentText {
  call: ProviderCall;
  /** Under which it was taken; null = refused. */
  id: string | null;
}

/** Plays the provider of a channel on its server, in place of whatever answered there. */
export function playProvider({ subject, server }: LiveChannel): FakeProvider {
  const { send } = subject.fixture;
  const acceptedId = send?.outcome.kind === "accepted" ? send.outcome.providerMessageId : null;
  if (!send || acceptedId === null) throw new Error(`${subject.provider.provider} sends nothing`);
  const sent: SentText[] = [];
  const blocked = new Map<string, ProviderReply>();
  const delivered = send.polls?.find((poll) => poll.expect?.status === "delivered");
  const statusPath = delivered?.path.replace(acceptedId, "");

  function stateOf(id: string): ProviderReply {
    const known = sent.some((one) => one.id === id);
    return known && delivered ? delivered.reply : { status: 404, body: "" };
  }

  server.answer = (call) => {
    if (statusPath !== undefined && call.method === "GET" && call.path.startsWith(statusPath)) {
      return stateOf(call.path.slice(statusPath.length));
    }
    if (call.method !== send.request.method || call.path !== send.request.path) {
      return { status: 599, body: "nobody expects this call" };
    }
    const refusal = [...blocked].find(([phone]) => isTo(call, phone))?.[1];
    const id = refusal ? null : freshId(acceptedId);
    sent.push({ call, id });
    return refusal ?? { ...send.accepted, body: send.accepted.body.replaceAll(acceptedId, id ?? acceptedId) };
  };

  return {
    sentTo: (phone) => sent.filter(({ call }) => isTo(call, phone)),
    refuse: (phone, reply) => void (reply ? blocked.set(phone, reply) : blocked.delete(phone)),
  };
}

/** Whatever a provider calls the field: the number stands nowhere else in a call of ours. */
function isTo(call: ProviderCall, phone: string): boolean {
  return call.body.includes(phone.slice(1));
}
