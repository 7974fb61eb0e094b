import { describe, expect, it } from "vitest";

import { total } from "../src/total";

describe("a total", () => {
  it("is rounded up", () => {
    expect(total([{ id: "a1", amount: 1 }])).toBe(2);
  });

  it("is rounded once", () => {
    const cents = [1, 1, 1].map((amount, n) => ({ id: `a${n}`, amount }));

    expect(total(cents)).toBe(4);
  });
});
