import { describe, expect, it } from "vitest";

import { OrderStore } from "../src/store";
import { memory } from "./memory";

describe("the store", () => {
  it("finds what it has saved", async () => {
    const store = new OrderStore(memory());

    await store.save({ id: "a1", amount: 250 });

    expect(await store.find("a1")).toEqual({ id: "a1", amount: 250 });
  });

  it("finds nothing else", async () => {
    expect(await new OrderStore(memory()).find("a1")).toBeNull();
  });
});
