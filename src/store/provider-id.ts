/** Longer ids are cut: nobody gives such ids on purpose, and an index takes no value of any length. */
const LONGEST_PROVIDER_ID = 255;

/** A provider's id of a message as it is kept and looked up. Cut alike everywhere, so that it still fits. */
export function keptProviderId(id: string | null): string | null {
  return id === null || id.length <= LONGEST_PROVIDER_ID
    ? id
    : id.slice(0, LONGEST_PROVIDER_ID).toWellFormed();
}
