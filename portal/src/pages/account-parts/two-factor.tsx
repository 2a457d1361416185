import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { send } from "../../api/client.ts";
import { Icon } from "../../kit/icon.tsx";
import { notifyDone } from "../../kit/notify.ts";
import { BackupCodes } from "./backup-codes.tsx";
import { PasswordStep } from "./password-step.tsx";
import type { Enrolment } from "./two-factor-setup.tsx";
import { TwoFactorSetup } from "./two-factor-setup.tsx";

type Step =
  | { at: "rest" }
  | { at: "password"; for: "enable" | "disable" | "codes" }
  | { at: "scan"; enrolment: Enrolment }
  | { at: "codes"; codes: string[] };

/** A second proof at sign-in: a code from an app. Every change asks for the password again. */
export function TwoFactor({ isOn }: { isOn: boolean }) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step>({ at: "rest" });
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef(step.at);
  useEffect(() => {
    if (shown.current === step.at) return;
    shown.current = step.at;
    // The button that led here is gone, and the focus with it.
    const next = ["input:not([readonly])", "button"].map((kind) => box.current?.querySelector(kind));
    (next.find(Boolean) as HTMLElement | undefined)?.focus();
  }, [step.at]);
  const again = () => void client.invalidateQueries({ queryKey: ["me"] });
  const confirm = useMutation({
    mutationFn: async ({ password, to }: { password: string; to: "enable" | "disable" | "codes" }) => {
      if (to === "enable") {
        const enrolment = await send<Enrolment>("POST", "/portal/auth/two-factor/enable", { password });
        return { at: "scan", enrolment } as const;
      }
      if (to === "disable") {
        await send("POST", "/portal/auth/two-factor/disable", { password });
        notifyDone("Two-factor sign-in is off.");
        return { at: "rest" } as const;
      }
      const path = "/portal/auth/two-factor/generate-backup-codes";
      const { backupCodes } = await send<{ backupCodes: string[] }>("POST", path, { password });
      return { at: "codes", codes: backupCodes } as const;
    },
    onSuccess: (next) => {
      setStep(next);
      again();
    },
  });
  const ask = (to: "enable" | "disable" | "codes") => {
    confirm.reset();
    setStep({ at: "password", for: to });
  };
  const rest = () => setStep({ at: "rest" });
  return (
    <div ref={box}>
      {step.at === "rest" && (isOn ? <On ask={ask} /> : <Off ask={ask} />)}
      {step.at === "password" && (
        <PasswordStep
          error={confirm.error}
          isPending={confirm.isPending}
          label={LABELS[step.for]}
          onPassword={(password) => confirm.mutate({ password, to: step.for })}
          onCancel={rest}
        />
      )}
      {step.at === "scan" && (
        <TwoFactorSetup
          enrolment={step.enrolment}
          onDone={() => {
            setStep({ at: "codes", codes: step.enrolment.backupCodes });
            again();
          }}
          onCancel={rest}
        />
      )}
      {step.at === "codes" && <BackupCodes codes={step.codes} onDone={rest} />}
    </div>
  );
}

const LABELS = { enable: "Go on", disable: "Turn it off", codes: "Make new codes" };

interface Asking {
  ask: (to: "enable" | "disable" | "codes") => void;
}

function Off({ ask }: Asking) {
  return (
    <Stack align="flex-start">
      <Text size="sm">
        Besides the password, sign-in then asks for six digits from an app on your phone. Somebody who knows
        your password alone stays outside.
      </Text>
      <Button onClick={() => ask("enable")}>Turn two-factor on</Button>
    </Stack>
  );
}

function On({ ask }: Asking) {
  return (
    <Stack>
      <Alert color="teal" icon={<Icon name="check" />}>
        It is on: your password alone lets nobody in.
      </Alert>
      <Group gap="xs">
        <Button variant="default" onClick={() => ask("codes")}>
          New backup codes
        </Button>
        <Button variant="default" c="var(--mantine-color-error)" onClick={() => ask("disable")}>
          Turn it off
        </Button>
      </Group>
    </Stack>
  );
}
