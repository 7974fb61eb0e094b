import type { Order } from "./order";

/** What a Worker's KV namespace offers, as far as it is used here. */
export interface Namespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
}

export class OrderStore {
  constructor(private readonly namespace: Namespace) {}

  async find(id: string): Promise<Order | null> {
    const text = await this.namespace.get(`order:${id}`);
    if (text === null) {
      return null;
    }
    return JSON.parse(text) as Order;
  }

  async save(order: Order): Promise<void> {
    await this.namespace.put(`order:${order.id}`, JSON.stringify(order));
  }
}
