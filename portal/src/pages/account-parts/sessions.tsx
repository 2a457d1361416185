import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { send } from "../../api/client.ts";
import { notifyDone, notifyFault } from "../../kit/notify.ts";

export function Sessions() {
  const end = useMutation({
    mutationFn: () => send("POST", "/portal/auth/revoke-other-sessions", {}),
    onSuccess: () => notifyDone("You are signed in here only."),
    onError: notifyFault,
  });
  return (
    <>
      <Text size="sm" mb="sm">
        Left a browser open somewhere, or lost a phone? This ends your sign-in everywhere but here.
      </Text>
      <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
        Sign out everywhere else
      </Button>
    </>
  );
}
