import type { CommandSettings } from "../../src/domain/settings.ts";
import type { CommandOutcome } from "../../src/router/types.ts";
import type { Given, Letter, LogChange, PersonChange, Sender, World } from "./acceptance-runner.ts";
import { phones } from "./acceptance-runner.ts";
import { memoryWorld } from "./world.ts";

/** What came of one text. */
export interface Heard {
  key: string | null;
  text: string;
  withheld: boolean;
  outcome: CommandOutcome;
  changes: LogChange[];
  logged: string;
}

export interface Talk {
  world: World;
  says(sender: Sender, text: string): Promise<Heard>;
}

const NAMES: Record<Letter, [string, string[], string[]]> = {
  A: ["Ana", [phones.A, phones.A2], ["*"]],
  B: ["Ben", [phones.B], ["*"]],
  T: ["Tess", [phones.T], ["trail"]],
  L: ["Lou", [phones.L], ["lift"]],
  S: ["Sam", [phones.S], []],
};

/** A fresh board with the people of the acceptance table, to be talked to text by text. */
export async function talk(
  given: Given,
  commands: Partial<CommandSettings> = {},
  people: Partial<Record<Letter, PersonChange>> = {},
): Promise<Talk> {
  const world = memoryWorld();
  await world.setup({
    items: given.items,
    extraKinds: given.kinds ?? [],
    commands: { ...given.commands, ...commands },
    people: (Object.keys(NAMES) as Letter[]).map((letter) => {
      const [name, own, permissions] = NAMES[letter];
      const plain = { confirmation: null, undoWindowSeconds: null, pin: null, active: true };
      return { letter, name, phones: own, permissions, ...plain, ...people[letter] };
    }),
  });
  return {
    world,
    async says(sender, text) {
      const replies = await world.text(sender, text, {});
      const row = (await world.log()).at(-1);
      const [reply] = replies;
      return {
        key: reply?.key ?? null,
        text: reply?.text ?? "",
        withheld: reply?.withheld ?? false,
        outcome: row?.outcome ?? "not_understood",
        changes: row?.changes ?? [],
        logged: row?.text ?? "",
      };
    },
  };
}
