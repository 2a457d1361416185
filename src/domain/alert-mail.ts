import type { EndpointStanding, HubEvent } from "./events.ts";

/** What the people of an account are told by mail. */
export interface AlertMail {
  subject: string;
  body: string;
}

/** The mail that an event deserves; null = it is nothing to write about. */
export function alertMailOf(event: HubEvent): AlertMail | null {
  switch (event.type) {
    case "alert":
      return { subject: `Signalbox: ${firstLine(event.data.text)}`, body: event.data.text };
    case "channel.down":
      return {
        subject: "Signalbox: a channel does not send",
        body: `Nothing leaves through the channel ${event.data.channelId} since ${event.data.since}: ${event.data.cause}.\nOpen Channels, read what is wrong there and test it.`,
      };
    case "endpoint.failing":
      return {
        subject: "Signalbox: a webhook endpoint keeps failing",
        body: `${standing(event.data)}\nDeliveries wait and are tried again. After five days of nothing but failure the endpoint is disabled.`,
      };
    case "endpoint.disabled":
      return event.data.reason === "by_user"
        ? null
        : {
            subject: "Signalbox: a webhook endpoint was disabled",
            body: `${standing(event.data)}\n${event.data.held} deliveries are kept. Repair the endpoint, enable it again, and they are sent.`,
          };
    default:
      return null;
  }
}

function standing({ url, failingSince, lastError, waiting }: EndpointStanding): string {
  const since = failingSince === null ? "" : ` since ${failingSince}`;
  const error = lastError === null ? "" : ` The last answer: ${lastError}.`;
  return `The endpoint ${url} has been failing${since}.${error} ${waiting} deliveries wait.`;
}

function firstLine(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length <= 120 ? line : `${line.slice(0, 117)}...`;
}
