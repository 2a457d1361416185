import { Anchor, Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { issuesByPath, send } from "../api/client.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { Loading } from "../kit/paged-list.tsx";
import { Outside } from "../shell/outside.tsx";

const TITLE = "Forgotten password";

/** What somebody does who cannot sign in: by mail where mails leave, else by an owner or at the machine. */
export function Page() {
  const ways = useQuery({
    queryKey: ["forgotten-password"],
    queryFn: () => send<{ mailed: boolean }>("GET", "/portal/forgotten-password"),
    retry: false,
  });
  if (ways.isPending) {
    return (
      <Outside title={TITLE}>
        <Loading />
      </Outside>
    );
  }
  if (ways.error) {
    return (
      <Outside title={TITLE}>
        <ErrorNote error={ways.error} retry={ways.refetch} />
      </Outside>
    );
  }
  return ways.data.mailed ? (
    <ByMail />
  ) : (
    <Outside title={TITLE} lead="No mail server is set up here, so nothing can be mailed to you.">
      <OtherWays />
      <Back />
    </Outside>
  );
}

function ByMail() {
  const ask = useMutation({
    mutationFn: (email: string) => send("POST", "/portal/forgotten-password", { email }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask.mutate(String(new FormData(event.currentTarget).get("email")));
  };
  if (ask.isSuccess) {
    return (
      <Outside title="Look into your mail">
        <Text role="status">
          If there is an account with {ask.variables.trim()}, a link is on its way to it. It works once, for
          an hour. Look into the folder for spam, too.
        </Text>
        <Back />
      </Outside>
    );
  }
  return (
    <Outside title={TITLE} lead="We mail you a link by which you choose a new one.">
      <form onSubmit={submit}>
        <Stack>
          {ask.error && <ErrorNote error={ask.error} />}
          <TextInput
            name="email"
            type="email"
            label="E-mail"
            autoComplete="username"
            required
            withAsterisk={false}
            error={issuesByPath(ask.error).email}
          />
          <Button type="submit" loading={ask.isPending} fullWidth>
            Mail me a link
          </Button>
        </Stack>
      </form>
      <details>
        <summary>No mail comes, or the phone with the codes is lost</summary>
        <Stack mt="sm">
          <OtherWays />
        </Stack>
      </details>
      <Back />
    </Outside>
  );
}

function OtherWays() {
  return (
    <>
      <Text>
        <b>Ask an owner of your team.</b> On the page Team, “Locked out?” beside your name makes a link for a
        new password, or turns your two-factor off. Admins can do it for everybody but owners.
      </Text>
      <Text>
        <b>You are the only owner?</b> Whoever runs the machine types this in the folder of Signalbox, and
        gets the link:
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap" }}>
        npm run new-password -- you@example.com
      </Code>
      <Text size="sm" c="dimmed">
        With <Code>--drop-two-factor</Code> behind it, two-factor is turned off as well.
      </Text>
    </>
  );
}

function Back() {
  return (
    <Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />} size="sm">
      Back to sign-in
    </Anchor>
  );
}
