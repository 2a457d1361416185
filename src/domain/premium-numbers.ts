/**
 * Numbers that cost whoever texts them: a reply to one is what fraud lives on. Beginnings in E.164, from the
 * national numbering plans as published by the ITU (E.164 operational bulletins); checked November 2026. Satellite
 * networks and shared world numbers stand here too, since a text to them costs many times the usual.
 */
const PREMIUM_NUMBERS = {
  version: "2026-11",
  prefixes: {
    northAmerica: ["+1900"],
    unitedKingdom: ["+449", "+4470", "+44871", "+44872", "+44873"],
    germany: ["+49900", "+49137", "+49118"],
    austria: ["+43900", "+43901", "+43930", "+43931", "+43939"],
    switzerland: ["+41900", "+41901", "+41906"],
    france: ["+3389"],
    belgium: ["+32900", "+32901", "+32902", "+32903", "+32904", "+32905", "+32906", "+32907", "+32909"],
    netherlands: ["+31900", "+31906", "+31909"],
    spain: ["+34803", "+34806", "+34807", "+34905", "+34907"],
    portugal: ["+351601", "+351607", "+351646", "+351760", "+351761", "+351762"],
    italy: ["+39892", "+39894", "+39895", "+39899"],
    sweden: ["+46900", "+46939", "+46944"],
    norway: ["+47820", "+47829"],
    denmark: ["+4590"],
    finland: ["+358600", "+358700"],
    poland: ["+4870"],
    australia: ["+6119"],
    newZealand: ["+64900"],
    world: ["+808", "+870", "+878", "+881", "+882", "+883", "+979"],
  },
} as const;

const ALL = Object.values(PREMIUM_NUMBERS.prefixes).flat();

/** Whether texting this number costs more than a text. Numbers in E.164. */
export function isPremiumNumber(phone: string): boolean {
  return ALL.some((prefix) => phone.startsWith(prefix));
}
