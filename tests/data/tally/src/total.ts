import type { Order } from "./order";

const VAT = 19;

/** The sum of all orders in cents, tax included and rounded up. */
export function total(orders: readonly Order[]): number {
  const net = orders.reduce((sum, order) => sum + order.amount, 0);
  return Math.ceil((net * (100 + VAT)) / 100);
}

/** What is taken off: a tenth from a hundred euros on. */
export function discount(cents: number): number {
  if (cents >= 10_000) {
    return Math.floor(cents / 10);
  }
  return 0;
}
