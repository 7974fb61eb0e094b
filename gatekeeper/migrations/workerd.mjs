// One Durable Object with SQLite for each database that gatekeeper opens; how Miniflare makes a D1.
import { DurableObject } from "cloudflare:workers";

const MOST_ROWS = 1_000_000;
const MOST_LETTERS = 256_000_000;

class Refused extends Error {
  constructor(at, cause) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.at = at;
  }
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)).buffer;

const given = (value) => {
  if (value === null || typeof value === "string") return value;
  return "real" in value ? new DataView(bytes(value.real)).getFloat64(0) : bytes(value.blob);
};

const told = (value) => {
  if (typeof value !== "number") return value;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return `f${view.getBigUint64(0).toString(16).padStart(16, "0")}`;
};

export class Rows extends DurableObject {
  async fetch(request) {
    const asked = await request.json();
    try {
      return Response.json({ answer: await this[asked.verb](asked) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return Response.json({ refused: error.message, at: error.at });
    }
  }

  exec(at, sql, values = []) {
    try {
      return this.ctx.storage.sql.exec(sql, ...values);
    } catch (error) {
      throw new Refused(at, error);
    }
  }

  drain(at, cursor) {
    try {
      for (const row of cursor.raw());
    } catch (error) {
      throw new Refused(at, error);
    }
  }

  async run({ parts, alone }) {
    const one = (part, at) => this.drain(at, this.exec(at, part));
    if (!alone) return this.ctx.storage.transaction(async () => parts.forEach(one));
    for (const [at, part] of parts.entries()) {
      await this.ctx.storage.transaction(async () => one(part, at));
    }
  }

  async write({ texts, rows, checked }) {
    return this.ctx.storage.transaction(async () => {
      if (!checked) this.exec(0, "PRAGMA defer_foreign_keys = on");
      for (const [text, ...values] of rows) {
        this.drain(0, this.exec(0, texts[text], values.map(given)));
      }
      // Switched off, it forgets what was violated until then.
      if (!checked) this.exec(0, "PRAGMA defer_foreign_keys = off");
    });
  }

  async rows({ sql, values, form }) {
    const bound = values.map(given);
    // Inside of a SELECT nothing can be written, and there is no statement after it.
    const { columnNames } = this.exec(0, `SELECT * FROM (${sql}\n) LIMIT 0`, bound);
    const names = columnNames.map((_, at) => `gatekeeper_${at}`);
    const shown = names.map((name) => form.replaceAll("{c}", name));
    const spelled = `WITH gatekeeper_rows(${names}) AS (${sql}\n) SELECT ${shown} FROM gatekeeper_rows`;
    return this.counted(this.exec(0, spelled, bound));
  }

  counted(cursor) {
    const rows = [];
    let letters = 0;
    try {
      for (const row of cursor.raw()) {
        rows.push(row.map(told));
        for (const value of row) letters += typeof value === "string" ? value.length : 0;
        if (rows.length > MOST_ROWS || letters > MOST_LETTERS) {
          throw new Error("interrupted: it gives more rows than are read");
        }
      }
    } catch (error) {
      throw new Refused(0, error);
    }
    return rows;
  }
}

export default {
  async fetch(request, env) {
    if (request.headers.get("authorization") !== env.SECRET) {
      return new Response(null, { status: 403 });
    }
    const id = env.ROWS.idFromName(new URL(request.url).pathname);
    return request.method === "GET" ? new Response(id.toString()) : env.ROWS.get(id).fetch(request);
  },
};
