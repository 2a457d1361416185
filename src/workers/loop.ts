/** A worker that runs until told to stop: works while there is work, then sleeps until woken or due. */
export interface Loop {
  wake(): void;
  /** Resolves when the round under way has ended; no other begins. */
  stop(): Promise<void>;
}

/** Waits after a fault, ms: the database may be restarting. */
const FAULT_WAITS = [50, 100, 250, 500, 1_000];

/**
 * Runs `round` again at once while it answers 0, else after that many milliseconds or when woken. A round
 * that throws is reported and tried again a little later: the loop itself never ends before `stop`.
 */
export function startLoop(options: {
  round: () => Promise<number>;
  onFault: (error: unknown) => void;
}): Loop {
  let stopping = false;
  let woken = false;
  let faults = 0;
  let rouse: (() => void) | null = null;

  function sleep(milliseconds: number): Promise<void> {
    if (woken || stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        rouse = null;
        resolve();
      }
      rouse = done;
    });
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false;
      let wait: number;
      try {
        wait = await options.round();
        faults = 0;
      } catch (error) {
        options.onFault(error);
        wait = FAULT_WAITS[Math.min(faults, FAULT_WAITS.length - 1)] as number;
        faults += 1;
        woken = false;
      }
      if (wait > 0) await sleep(wait);
    }
  }

  const ended = run();
  return {
    wake() {
      woken = true;
      rouse?.();
    },
    stop() {
      stopping = true;
      rouse?.();
      return ended;
    },
  };
}
