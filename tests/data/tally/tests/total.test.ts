import { describe, expect, it, test } from "vitest";

import { discount, total } from "../src/total";

describe("the total", () => {
  it("of nothing is nothing", () => {
    expect(total([])).toBe(0);
  });

  it("has the tax in it", () => {
    expect(total([{ id: "a1", amount: 1000 }])).toBe(1190);
  });
});

test.each([
  [9_999, 0],
  [10_000, 1_000],
])("the discount on %i cents is %i", (cents, taken) => {
  expect(discount(cents)).toBe(taken);
});
