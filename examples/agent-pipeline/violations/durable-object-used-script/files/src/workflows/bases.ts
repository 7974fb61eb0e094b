/** What storage keeps objects with. */
export { DurableObject as Keeper } from "cloudflare:workers";
