import { SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import type { Provider } from "../../api/shapes.ts";

/** One card for each provider; the simulator first, since it needs nothing. */
export function ProviderChoice({
  providers,
  onChoose,
}: {
  providers: Provider[];
  onChoose: (provider: string) => void;
}) {
  const sorted = [...providers].sort((a, b) => Number(isSimulator(b)) - Number(isSimulator(a)));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
      {sorted.map((provider) => (
        <UnstyledButton
          key={provider.provider}
          className="choice"
          onClick={() => onChoose(provider.provider)}
        >
          <Text fw={650} component="span" display="block">
            {provider.title}
          </Text>
          <Text size="sm" c="dimmed" component="span">
            {isSimulator(provider) ? "Try everything without a phone or an account" : needsOf(provider)}
          </Text>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}

function isSimulator({ provider }: Provider): boolean {
  return provider === "simulator";
}

function needsOf({ settings }: Provider): string {
  const labels = settings.filter(({ required }) => required).map(({ label }) => label);
  return labels.length === 0 ? "Needs nothing" : `Needs: ${labels.join(", ")}`;
}
