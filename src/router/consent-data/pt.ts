import type { ConsentLanguage } from "../consent-language.ts";

/** Starter set; to be confirmed by somebody who grew up with the language. */
export const pt: ConsentLanguage = {
  language: "pt",
  stop: ["parar", "sair", "pare"],
  stopWhereOff: ["parar"],
  help: ["ajuda"],
  leadIns: ["eu", "quero", "queria", "gostaria", "de"],
  polite: ["por", "favor", "obrigado", "obrigada", "ola", "ja"],
  optOut: [
    "(pare|parem|para) de me (enviar|mandar) (mensagens|sms|textos)",
    "(nao me envie|nao me mande|nao me enviem|nao me mandem) mais (mensagens|sms|textos)",
    "chega de (mensagens|sms)",
    "(me tire|tire me|me remova|remova me) (da|desta|dessa) lista",
    "(apague|remova|exclua) (meu|o meu) numero",
    "cancelar (minha|a minha) (inscricao|assinatura)",
    "(me deixe|deixe me) em paz",
  ],
  review: ["numero errado", "quem e", "quem e voce", "nao tenho interesse", "isso e spam", "[meu] advogado"],
};
