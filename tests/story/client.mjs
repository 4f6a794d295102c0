// A client of the wire: npm ws, with frames in protobuf JSON or in binary by protobufjs. It folds what it is pushed into rows,
// counts the deltas, gives credit back, and can say whether its rows equal a fresh snapshot.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import protobuf from "protobufjs";
import WebSocket from "ws";

const patience_ms = 60_000;  // for one answer; a server that needs longer has failed

/** Frames as protobuf JSON in text. */
export const jsonCodec = {
  protocol: "kvali.v1.json",
  encode: (frame) => JSON.stringify(frame),
  decode: (data) => JSON.parse(data.toString()),
};

/** Frames as binary protobuf, by the schema that the server gives out (GET /v1/schema); in memory the same shape as JSON. */
export function binaryCodec(schema) {
  const root = new protobuf.Root();
  for (const file of schema.split(/^\/\/ kvali\/v1\/\w+\.proto$/m).slice(1)) protobuf.parse(file, root);
  const client = root.lookupType("kvali.v1.ClientFrame"), server = root.lookupType("kvali.v1.ServerFrame");
  return {
    protocol: "kvali.v1.proto",
    encode: (frame) => client.encode(client.fromObject(frame)).finish(),
    decode: (data) => server.toObject(server.decode(data), { longs: String, enums: String, bytes: String }),
  };
}

/** A UUIDv7 (RFC 9562) made now, or at `at_ms`. */
export function uuid7(at_ms = Date.now()) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at_ms, 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Rejects when `promise` takes longer than a server may take. */
export function soon(promise, what, limit_ms = patience_ms) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`nothing came of: ${what()}`)), limit_ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Keys of objects in one order, so that equal rows have equal texts; what is empty is left out, as both encodings do. */
export function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, canonical(value[key])]));
}

/** What one subscription has told so far. */
export class Fold {
  rows = new Map();
  cursor = "";
  phase = "";
  whole = false;  // its snapshot is complete, or it was resumed
  seq = 0;
  resumed = 0;
  waiting = [];

  take(kind, body) {
    if (kind === "subState") {
      this.phase = body.phase;
      this.seq = 0;
      if (body.phase === "RESET") { this.rows.clear(); this.cursor = ""; this.whole = false; }
      if (body.phase === "LIVE") { this.whole = true; this.resumed++; }
    } else if (kind === "snapshot") {
      for (const row of body.rows ?? []) this.rows.set(row.key, row);
      this.whole ||= body.last ?? false;
    } else {
      assert.equal(Number(body.seq), ++this.seq, "a delta is missing");
      for (const row of body.upsert ?? []) this.rows.set(row.key, row);
      // Who came back may be told again of what she had begun to hear before the last cursor.
      for (const key of body.remove ?? []) assert.ok(this.rows.delete(key) || this.resumed > 0, `removed what was not there: ${key}`);
    }
    if (body.cursor) this.cursor = body.cursor;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Waits until `fact(fold)` is true. */
  async until(fact, what = "a fact of the rows") {
    while (!fact(this)) await soon(new Promise((resolve) => this.waiting.push(resolve)), () => what);
  }

  text() {
    return JSON.stringify([...this.rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(canonical));
  }
}

export class Client {
  #answers = new Map();
  #folds = new Map();
  #next_id = 1;
  #over;        // why the connection ended: nothing is asked on it any more
  faults = [];  // what a push broke

  /** Opens a socket; the caller says hello. */
  static async open(port, codec, options = {}) {
    const client = new Client();
    client.codec = codec;
    client.ws = new WebSocket(`ws://127.0.0.1:${port}/v1/socket`, [codec.protocol], { perMessageDeflate: false, ...options });
    client.closed = new Promise((resolve) => client.ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() })));
    client.closed.then(({ code, reason }) => client.#end(new Error(`closed with ${code} ${reason}`)));
    client.ws.on("message", (data) => client.#receive(data));
    client.ws.on("error", () => {});
    await soon(new Promise((resolve, reject) => { client.ws.on("open", resolve); client.closed.then(reject); }), () => "opening a socket");
    return client;
  }

  static async sign_in(port, codec, bearer, locale = "en") {
    const client = await Client.open(port, codec);
    const answer = await client.ask({ hello: { protocol: 1, client: "story", bearer, locale } });
    assert.ok(answer.welcome, JSON.stringify(answer));
    client.welcome = answer.welcome;
    return client;
  }

  send(messages) { this.ws.send(this.codec.encode({ messages })); }

  /** One message; resolves with the answer to it. Rejects when the connection ends before. */
  ask(body) {
    if (this.#over) return Promise.reject(this.#over);
    const id = this.#next_id++;
    const answered = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.send([{ id, ...body }]);
    return soon(answered, () => JSON.stringify(body).slice(0, 200));
  }

  call(command, more = {}) { return this.ask({ call: { command, ...more } }); }

  /** All pages of a query: one answer. */
  async query(query) {
    const whole = {};
    for (let page = ""; ;) {
      const { answer, error } = await this.ask({ query: { limit: 1000, ...query, ...(page ? { page } : {}) } });
      if (error) return { error };
      for (const [key, value] of Object.entries(answer)) whole[key] = Array.isArray(value) ? [...(whole[key] ?? []), ...value] : value;
      if (!(page = answer.nextPage)) return { answer: whole };
    }
  }

  /** Subscribes; `fold` from an earlier connection is resumed where it stands. Resolves when its rows are whole. */
  async watch(subscribe, fold = new Fold()) {
    const id = this.#next_id++;
    this.#folds.set(id, fold);
    fold.whole = false;
    const answered = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.send([{ id, subscribe: { ...subscribe, ...(fold.cursor ? { cursor: fold.cursor } : {}) } }]);
    const { error } = await soon(answered, () => "a subscription");
    if (error) throw new Error(`subscribing: ${error.code} ${error.sentence}`);
    fold.subscribe = subscribe;
    fold.subscription = id;
    await fold.until(() => fold.whole, "a whole snapshot");
    return fold;
  }

  /** The rows that `fold` holds, once they equal a fresh snapshot of the same subscription. */
  async settled(fold) {
    const fresh = await this.watch(fold.subscribe);
    const same = () => fold.text() === fresh.text();
    const deadline = Date.now() + patience_ms;
    while (!same()) {
      if (Date.now() > deadline) throw new Error(`the folded rows are not those of a fresh snapshot:\n${difference(fold, fresh)}`);
      const moved = new Promise((resolve) => { fold.waiting.push(resolve); fresh.waiting.push(resolve); });
      await soon(moved, () => `equal rows:\n${difference(fold, fresh)}`);
    }
    this.send([{ id: this.#next_id++, unsubscribe: { subscription: fresh.subscription } }]);
    this.#folds.delete(fresh.subscription);
    if (this.faults.length > 0) throw this.faults[0];
    return [...fold.rows.values()];
  }

  async close() {
    this.ws.close(1000);
    await soon(this.closed, () => "closing");
  }

  #receive(data) {
    for (const { id, ...body } of this.codec.decode(data).messages ?? []) {
      const [kind] = Object.keys(body);
      const push = body[kind]?.subscription;
      if (kind === "subState" || kind === "snapshot" || kind === "delta") this.#push(kind, body[kind], push);
      const waiting = id && this.#answers.get(id);
      if (waiting) { this.#answers.delete(id); waiting.resolve(body); }
    }
  }

  #push(kind, body, subscription) {
    const fold = this.#folds.get(subscription);
    if (!fold) return;  // given up meanwhile
    try {
      fold.take(kind, body);
    } catch (fault) {
      this.faults.push(fault);
    }
    if (kind === "delta") this.send([{ ack: { subscription, seq: body.seq, credit: 1 } }]);
  }

  #end(why) {
    this.#over = why;
    for (const { reject } of this.#answers.values()) reject(why);
    this.#answers.clear();
  }
}

/** The first rows in which two folds differ, for a person to read. */
function difference(ours, fresh) {
  const lines = [];
  for (const key of new Set([...ours.rows.keys(), ...fresh.rows.keys()])) {
    const [a, b] = [ours, fresh].map((fold) => JSON.stringify(canonical(fold.rows.get(key) ?? null)));
    if (a !== b) lines.push(`${key}\n  folded ${a}\n  fresh  ${b}`);
  }
  return `${lines.length} rows differ, such as\n${lines.slice(0, 2).join("\n")}`;
}
