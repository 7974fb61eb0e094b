import { describe, expect, it } from "vitest";

import { Malformed, parseOrder } from "../src/order";

describe("an order", () => {
  it("is read from a body", () => {
    expect(parseOrder({ id: "a1", amount: 250 })).toEqual({ id: "a1", amount: 250 });
  });

  it("is an object", () => {
    expect(() => parseOrder("a1")).toThrow(Malformed);
  });

  it("has an id", () => {
    expect(() => parseOrder({ id: "", amount: 250 })).toThrow("has an id");
  });

  it("costs a whole number of cents", () => {
    expect(() => parseOrder({ id: "a1", amount: 2.5 })).toThrow("whole number");
  });
});
