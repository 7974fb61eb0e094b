export interface Order {
  readonly id: string;
  readonly amount: number;
}

export class Malformed extends Error {}

/** An order as a client sends it; throws Malformed for anything else. */
export function parseOrder(body: unknown): Order {
  if (typeof body !== "object" || body === null) {
    throw new Malformed("an order is an object");
  }
  const { id, amount } = body as Record<string, unknown>;
  if (typeof id !== "string" || id === "") {
    throw new Malformed("an order has an id");
  }
  if (typeof amount !== "number" || !Number.isInteger(amount)) {
    throw new Malformed("an amount is a whole number of cents");
  }
  return { id, amount };
}
