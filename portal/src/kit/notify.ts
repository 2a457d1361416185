import { notifications } from "@mantine/notifications";
import { isApiFault } from "../api/client.ts";

const CLOSE = { closeButtonProps: { "aria-label": "Close" } };

export function notifyDone(message: string): void {
  notifications.show({ ...CLOSE, message, color: "signal" });
}

export function notifyFault(error: unknown): void {
  const message = isApiFault(error) ? error.message : "Something went wrong.";
  notifications.show({ ...CLOSE, title: "Not done", message, color: "red", autoClose: 8_000 });
}
