export interface Patience {
  readonly attempts: number;
  readonly delay: number;
}

export type Sleep = (milliseconds: number) => Promise<void>;

/** How long to wait after each failed attempt but the last, doubled each time. */
export function delays(patience: Patience): number[] {
  const waits: number[] = [];
  for (let attempt = 1; attempt < patience.attempts; attempt += 1) {
    waits.push(patience.delay * 2 ** (attempt - 1));
  }
  return waits;
}

/** What the step gives; its last error where every attempt failed. */
export async function retried<T>(
  step: () => Promise<T>,
  patience: Patience,
  sleep: Sleep,
): Promise<T> {
  for (const wait of delays(patience)) {
    try {
      return await step();
    } catch {
      await sleep(wait);
    }
  }
  return step();
}
