import { idAt, newId } from "../../src/domain/ids.ts";
import type { Program } from "../support/program.ts";
import { until } from "../support/program.ts";

/** A day at a resort, so that pictures of the pages show what they are for. */

/** Ids begin with their time; new ones only ever climb. */
const TIME_PART = "msg_".length + 10;

const ANA = "+14155550101";

const REPORTERS = [
  { name: "Ana Ruiz", phones: ["+14155550111"], permissions: ["*"], tags: ["patrol"] },
  { name: "Ben Cole", phones: ["+14155550112"], permissions: ["lift", "gate"], tags: ["lifts"] },
  { name: "Tess Lind", phones: ["+14155550113"], permissions: ["trail:area=North"], tags: ["grooming"] },
];

const TEXTS: [from: string, text: string][] = [
  ["+14155550111", "GROOMING OPEN"],
  ["+14155550112", "open lift grandview"],
  ["+14155550113", "groom broadway"],
  ["+14155550111", "status"],
  ["+14155550112", "close gate 2 and gate 5 open"],
  ["+14155550142", "Is Gate 5 open today? We are 4 people with 2 kids"],
  ["+14155550111", "open tahoe"],
  ["+14155550111", "1"],
  ["+14155550111", "undo"],
  ["+14155550177", "What time does the last lift go up"],
  ["+14155550112", "open gatte 1"],
  ["+14155550198", "Thanks a lot!"],
  [ANA, "open rail slide"],
];

export async function playSampleDay(program: Program): Promise<void> {
  for (const reporter of REPORTERS) await program.api("POST", "/v1/reporters", reporter);
  for (const [from, text] of TEXTS) {
    await program.api("POST", "/v1/simulator/messages", { from, text });
    await until(`the row of "${text}"`, async () => {
      const { body } = await program.api("GET", "/v1/commands?limit=1");
      return body.data[0]?.text === text;
    });
  }
  await program.api("POST", "/v1/messages", {
    to: "+14155550142",
    text: "Yes, Gate 5 is open until 3 pm. Have a great day!",
  });
  await fillDay(program);
}

/** Traffic of the hours before now: more in the day than at night. */
async function fillDay(program: Program): Promise<void> {
  const now = Date.now();
  for (let hour = 23; hour >= 1; hour--) {
    const busy = 6 + Math.round(26 * Math.max(0, Math.sin(((24 - hour) / 24) * Math.PI)) ** 2);
    for (let n = 0; n < busy * 2; n++) {
      const at = now - hour * 3_600_000 + n * 45_000;
      const isOut = n % 2 === 1;
      const status = isOut ? (n % 37 === 5 ? "failed" : "delivered") : "received";
      const phone = `+1415555${String(2000 + ((hour * 7 + n) % 60)).padStart(4, "0")}`;
      await insert(program, { at, isOut, status, phone });
    }
  }
}

async function insert(
  program: Program,
  text: { at: number; isOut: boolean; status: string; phone: string },
): Promise<void> {
  const { at, isOut, status, phone } = text;
  const ours = "+14155550100";
  await program.app.database.run(
    "sample-message",
    `insert into messages (tenant_id, id, channel_id, direction, sender, recipient, phone, text, segments, encoding,
       status, created_at, history)
     values ($1, $2, 'chn_sample', $3, $4, $5, $6, $7, 1, 'GSM-7', $8, $9, '[]')`,
    [
      program.tenantId,
      idAt("msg", at) + newId("msg").slice(TIME_PART),
      isOut ? "out" : "in",
      isOut ? ours : phone,
      isOut ? phone : ours,
      phone,
      isOut ? "Lifts 2/3 open. Trails 1/3 open, 2/3 groomed." : "status",
      status,
      new Date(at),
    ],
  );
}
