import type { ConsentLanguage } from "../consent-language.ts";

/** Starter set; to be confirmed by somebody who grew up with the language. */
export const fr: ConsentLanguage = {
  language: "fr",
  stop: ["arret", "arrete", "arretez", "desabonner", "desabonnement", "td"],
  stopWhereOff: ["arret", "td", "desabonner"],
  help: ["aide"],
  leadIns: ["je", "veux", "voudrais", "souhaite", "de"],
  polite: ["svp", "stp", "merci", "bonjour", "s", "il", "vous", "te", "plait"],
  optOut: [
    "(arretez|arreter|arrete) (de menvoyer|denvoyer) (des|vos|ces|les) (sms|messages|textos)",
    "(arretez|arrete) de (mecrire|me texter|me contacter)",
    "ne (mecrivez|mecris|me contactez|me contacte) plus",
    "plus de (sms|messages|textos)",
    "(desabonnez|desabonne) moi",
    "me desabonner",
    "(retirez|supprimez) (moi de|mon numero de) (votre|cette|la) liste",
    "(supprimez|effacez) mon numero",
    "(laissez|laisse) moi tranquille",
  ],
  review: [
    "(mauvais|faux) numero",
    "qui (etes vous|est ce)",
    "pas interesse",
    "cest du spam",
    "[mon] avocat",
  ],
};
