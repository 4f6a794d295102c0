// One topic, folded: a snapshot and the deltas after it become a map of rows by key that equals a fresh snapshot at the
// same cursor. Knows nothing of sockets: the wire feeds it messages and asks what to send on a new connection.
import { create } from "@bufbuild/protobuf";
import { Emitter } from "./emitter";
import { SubscribeSchema, SubState_Phase, type Delta, type Error as Refused, type Snapshot, type Subscribe, type SubState } from "./gen/kvali/v1/frame_pb.js";
import type { Row } from "./gen/kvali/v1/view_pb.js";

export interface Topic {
  topic: "cohort" | "initiative";
  cohort: string;
  initiative?: string;
}

/** Deltas the server may send before we acknowledge some. */
export const CREDIT = 64;

export type SubscriptionPhase = "opening" | "live" | "recovering" | "ended";

export class Subscription extends Emitter {
  /** The newest row per key. Changed in place; `revision` counts the changes. */
  readonly rows = new Map<string, Row>();
  revision = 0;
  phase: SubscriptionPhase = "opening";
  /** Why it ended, in the reader's language. */
  why = "";
  /** Rows as they were when the connection was lost, until `takeAway` is called after recovery. */
  private before: Map<string, Row> | undefined;
  private staging: Map<string, Row> | undefined;
  private cursor = "";
  private seq = 0n;
  private unacknowledged = 0;

  constructor(readonly topic: Topic) {
    super();
  }

  /** What to send on a new connection: resumes behind the last whole cursor, or begins afresh. */
  opening(): Subscribe {
    this.seq = 0n;
    this.unacknowledged = 0;
    this.staging = this.cursor === "" ? new Map() : undefined;
    return create(SubscribeSchema, { topic: this.topic.topic, cohort: this.topic.cohort, initiative: this.topic.initiative ?? "", cursor: this.cursor, credit: CREDIT });
  }

  /** The connection is gone; what is known stays on the screen. */
  lost(): void {
    if (this.phase === "ended") return;
    if (this.phase === "live") this.before = new Map(this.rows);
    this.phase = this.rows.size > 0 ? "recovering" : "opening";
    this.changed();
  }

  /** Begin afresh with the next `opening`: the cursor can no longer be resumed. */
  forget(): void {
    this.cursor = "";
  }

  state(message: SubState): void {
    if (message.phase === SubState_Phase.RESET) {
      this.cursor = "";
      this.staging = new Map();
      return;
    }
    if (message.phase === SubState_Phase.ENDED) {
      this.end(message.why);
      return;
    }
    if (message.phase === SubState_Phase.LIVE) {
      // Before a snapshot has come whole there is nothing to be live with.
      if (this.staging !== undefined) return;
      if (message.cursor !== "") this.cursor = message.cursor;
      this.phase = "live";
      this.changed();
    }
  }

  snapshot(message: Snapshot): void {
    this.staging ??= new Map();
    for (const row of message.rows) this.staging.set(row.key, row);
    if (!message.last) return;
    this.rows.clear();
    for (const [key, row] of this.staging) this.rows.set(key, row);
    this.staging = undefined;
    this.cursor = message.cursor;
    this.phase = "live";
    this.changed();
  }

  /** Takes a delta in. False: one is missing, and only a fresh subscription helps. */
  delta(message: Delta): boolean {
    if (message.seq !== this.seq + 1n) return false;
    this.seq = message.seq;
    this.unacknowledged += 1;
    const into = this.staging ?? this.rows;
    for (const row of message.upsert) into.set(row.key, row);
    for (const key of message.remove) into.delete(key);
    if (this.staging === undefined) this.cursor = message.cursor;
    this.phase = this.staging === undefined ? "live" : this.phase;
    this.changed();
    return true;
  }

  refused(error: Refused): void {
    this.end(error.sentence);
  }

  /** Deltas taken in since the last call, to be acknowledged. */
  takeAcknowledgement(): { seq: bigint; credit: number } | undefined {
    if (this.unacknowledged === 0) return undefined;
    const credit = this.unacknowledged;
    this.unacknowledged = 0;
    return { seq: this.seq, credit };
  }

  /** The rows as they were when the connection was lost; once. */
  takeAway(): Map<string, Row> | undefined {
    const before = this.before;
    this.before = undefined;
    return before;
  }

  private end(why: string): void {
    this.phase = "ended";
    this.why = why;
    this.rows.clear();
    this.staging = undefined;
    this.cursor = "";
    this.changed();
  }

  private changed(): void {
    this.revision += 1;
    this.emit();
  }
}
