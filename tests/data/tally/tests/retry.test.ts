import { describe, expect, it } from "vitest";

import { delays, retried } from "../src/retry";

const PATIENCE = { attempts: 3, delay: 10 };

function failing(times: number): () => Promise<string> {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) {
      throw new Error("not yet");
    }
    return "done";
  };
}

describe("patience", () => {
  it("doubles with each attempt", () => {
    expect(delays(PATIENCE)).toEqual([10, 20]);
  });
});

describe("a step", () => {
  it("is tried again after it failed", async () => {
    const slept: number[] = [];

    const result = await retried(failing(2), PATIENCE, async (wait) => {
      slept.push(wait);
    });

    expect([result, slept]).toEqual(["done", [10, 20]]);
  });

  it("fails with its last error", async () => {
    await expect(retried(failing(3), PATIENCE, async () => {})).rejects.toThrow("not yet");
  });
});
