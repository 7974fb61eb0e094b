import { describe, expect, it } from "vitest";

import worker from "../src/worker";
import { memory } from "./memory";

const ORDERS = "https://tally.example/orders";

function post(body: string): Request {
  return new Request(ORDERS, { method: "POST", body });
}

describe("the worker", () => {
  it("keeps an order and shows it", async () => {
    const env = { ORDERS: memory() };

    const created = await worker.fetch(post('{"id": "a1", "amount": 250}'), env);
    const shown = await worker.fetch(new Request(`${ORDERS}/a1`), env);

    expect(created.status).toBe(201);
    expect(await shown.json()).toEqual({ id: "a1", amount: 250 });
  });

  it("refuses what is no order", async () => {
    const refused = await worker.fetch(post("{}"), { ORDERS: memory() });

    expect(refused.status).toBe(400);
  });

  it("does not hide that a body is no JSON", async () => {
    await expect(worker.fetch(post("{"), { ORDERS: memory() })).rejects.toThrow(SyntaxError);
  });

  it("finds no order that nobody made", async () => {
    const missing = await worker.fetch(new Request(`${ORDERS}/a2`), { ORDERS: memory() });

    expect(missing.status).toBe(404);
  });
});
