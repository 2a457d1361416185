import type { ConsentLanguage } from "../consent-language.ts";

/** Starter set; to be confirmed by somebody who grew up with the language. */
export const es: ConsentLanguage = {
  language: "es",
  stop: ["parar", "alto", "baja", "no mas"],
  stopWhereOff: ["parar"],
  help: ["ayuda"],
  leadIns: ["yo", "quiero", "quisiera", "me", "gustaria"],
  polite: ["por", "favor", "gracias", "hola", "ya"],
  optOut: [
    "(no me envien|no me mandes|no me manden|no me envies) mas (mensajes|textos|sms)",
    "no mas (mensajes|textos|sms)",
    "(dejen|deja|dejen ya) de (escribirme|mandarme|enviarme) [mensajes|textos|sms]",
    "(no me escriban|no me escribas|no me contacten) [mas]",
    "(darme|denme|dame) de baja",
    "(quitenme|saquenme|borrenme) de (su|la|esta) lista",
    "(borren|eliminen) mi numero",
    "dejenme en paz",
  ],
  review: ["numero equivocado", "quien es", "quien eres", "no me interesa", "esto es spam", "[mi] abogado"],
};
