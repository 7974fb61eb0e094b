/** The status of a workflow, kept close at hand: the twin of `status_cache.py`. */
import { Keeper } from "../workflows/bases";

interface Env {
  DB: D1Database;
}

export class StatusCache extends Keeper<Env> {
  /** Keeps one status; D1 has the truth. */
  private status = "queued";

  async current(): Promise<string> {
    return this.status;
  }
}
