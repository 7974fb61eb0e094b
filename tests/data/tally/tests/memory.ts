import type { Namespace } from "../src/store";

/** A namespace in memory. */
export function memory(): Namespace {
  const held = new Map<string, string>();
  return {
    get: async (key) => held.get(key) ?? null,
    put: async (key, value) => {
      held.set(key, value);
    },
  };
}
