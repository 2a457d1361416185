import type { Advice } from "../../domain/advice.ts";

/** Vonage's codes in plain words. Messages API: four digits; receipts of the SMS API: `err-code`. */
export const OPTED_OUT_CODE = "1240";
export const OPTED_OUT_RECEIPT_CODE = "9";

const OPTED_OUT_WORDS = "The person has asked for no more texts from this number.";

const CODES = new Map([
  ["1000", "Texts were sent faster than the account allows."],
  ["1020", "A value in the request is invalid."],
  ["1030", "Vonage had an internal error."],
  ["1040", "Vonage could not process the text, for example for an unknown prefix of the number."],
  ["1050", "The number is barred from receiving texts."],
  ["1060", "The Vonage account is barred."],
  ["1070", "The Vonage account has no credit left."],
  ["1120", "The sender is not allowed."],
  ["1140", "The account may not use this feature."],
  ["1160", "The number is not on the account's list of allowed destinations."],
  ["1170", "The number is missing or invalid."],
  ["1180", "The phone could not be reached for now."],
  ["1190", "The number is no longer in use."],
  ["1200", "The person's change of carrier is not complete."],
  ["1210", "The carrier took it for spam."],
  ["1220", "The phone was busy."],
  ["1230", "The network failed."],
  [OPTED_OUT_CODE, OPTED_OUT_WORDS],
  ["1250", "There is no route to this number."],
  ["1260", "The number could not be reached."],
  ["1270", "The carrier blocked it for the person's age."],
  ["1280", "The carrier blocked the number."],
  ["1290", "The person's prepaid account has no credit left."],
  ["1330", "The carrier gave an unknown error."],
]);

const RECEIPT_CODES = new Map([
  ["1", "The carrier gave an unknown error."],
  ["2", "The phone could not be reached for now."],
  ["3", "The number is no longer in use."],
  ["4", "The person has barred texts."],
  ["5", "The person's change of carrier is not complete."],
  ["6", "The carrier took it for spam."],
  ["7", "The phone was busy."],
  ["8", "The network failed."],
  [OPTED_OUT_RECEIPT_CODE, OPTED_OUT_WORDS],
  ["10", "The text was invalid."],
  ["11", "There is no route to this number."],
  ["12", "The number could not be reached."],
  ["13", "The carrier blocked it for the person's age."],
  ["14", "The carrier blocked the number."],
  ["15", "The person's prepaid account has no credit left."],
  ["99", "It failed without a known reason."],
]);

/** What can be done about it, where that is more than asking; the two lists have no code in common. */
const ADVICE: Partial<Record<Advice, string>> = {
  bad_number: "1040 1050 1170 1190 1250 3 11",
  content: "1210 1270 6 10 13",
  sender: "1120",
  region: "1160",
  no_funds: "1070",
  credential: "1060 1140",
  later: "1000 1030 1180 1200 1220 1230 1260 1290 1330 1 2 5 7 8 12 15 99",
};
const BY_CODE = new Map(
  Object.entries(ADVICE).flatMap(([advice, codes]) =>
    codes.split(" ").map((code): [string, Advice] => [code, advice as Advice]),
  ),
);

export function adviceOf(code: string | null): { advice?: Advice } {
  const advice = BY_CODE.get(code ?? "");
  return advice ? { advice } : {};
}

export function describeCode(code: string): string | null {
  return CODES.get(code) ?? null;
}

export function describeReceiptCode(code: string): string | null {
  return RECEIPT_CODES.get(code) ?? null;
}
