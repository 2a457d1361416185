import { isStatementFault } from "../../store/database.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/**
 * Writes what is true already (the provider has the text, the lane must pause): tried until the database takes it,
 * however long that is away. Throws only what the database will never take.
 */
export async function untilTaken(
  write: () => Promise<unknown>,
  onFault: (error: unknown) => void,
): Promise<void> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      await write();
      return;
    } catch (error) {
      onFault(error);
      if (isStatementFault(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
