import { Malformed, parseOrder } from "./order";
import { OrderStore, type Namespace } from "./store";

export interface Env {
  readonly ORDERS: Namespace;
}

async function create(request: Request, store: OrderStore): Promise<Response> {
  try {
    const order = parseOrder(await request.json());
    await store.save(order);
    return Response.json(order, { status: 201 });
  } catch (error) {
    if (error instanceof Malformed) {
      return Response.json({ error: error.message }, { status: 400 });
    }
    throw error;
  }
}

async function show(id: string, store: OrderStore): Promise<Response> {
  const order = await store.find(id);
  if (order === null) {
    return new Response("not found", { status: 404 });
  }
  return Response.json(order);
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const store = new OrderStore(env.ORDERS);
    const { pathname } = new URL(request.url);
    if (request.method === "POST" && pathname === "/orders") {
      return create(request, store);
    }
    return show(pathname.replace("/orders/", ""), store);
  },
};
