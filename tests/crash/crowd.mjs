// Load for a server that dies: writers who count what was acknowledged, readers who come back by their cursor.
import assert from "node:assert/strict";
import { Client, Fold } from "../story/client.mjs";
import { asked } from "../story/house.mjs";

/** Sends what `make(n)` says, n = 1, 2, 3 …, several in flight; what had no answer is sent again under its old key. */
export class Writer {
  acknowledged = 0;
  unanswered = new Map();  // id → command
  #count = 0;
  #resting = false;

  constructor(cohort, bearer, codec, make, in_flight = 4) { Object.assign(this, { cohort, bearer, codec, make, in_flight }); }

  /** Signs in and writes until the connection ends, or until it rests and nothing is unanswered. */
  async write(port, told) {
    this.client = await Client.sign_in(port, this.codec, this.bearer);
    const again = [...this.unanswered.values()];
    const one = async () => {
      for (let command; (command = again.shift() ?? this.#next()); ) {
        this.unanswered.set(command.id, command);
        const { result, error } = await this.client.call(command);
        assert.ok(result, JSON.stringify(error));
        this.unanswered.delete(command.id);
        ++this.acknowledged;
        told?.(this);
      }
    };
    const ended = (fault) => { if (!/^closed with/.test(fault.message)) throw fault; };
    await Promise.all(Array.from({ length: this.in_flight }, () => one().catch(ended)));
  }

  #next() { return this.#resting ? undefined : asked(this.cohort, this.make(++this.#count)); }
  rest() { this.#resting = true; }

  /** What the server holds of this writer lies between what was acknowledged and what was sent. */
  judge(held) {
    assert.ok(held >= this.acknowledged, `${this.acknowledged} were acknowledged, ${held} are there`);
    assert.ok(held <= this.acknowledged + this.unanswered.size, `${held} are there, ${this.acknowledged} acknowledged, ${this.unanswered.size} unanswered`);
  }
}

/** Folds a board, over as many connections as it takes. */
export class Reader {
  fold = new Fold();

  constructor(subscribe, bearer, codec) { Object.assign(this, { subscribe, bearer, codec }); }

  async read(port) {
    this.client = await Client.sign_in(port, this.codec, this.bearer);
    await this.client.watch(this.subscribe, this.fold);
  }
}
