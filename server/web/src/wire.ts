// The client's end of the wire: one websocket that comes back by itself, subscriptions that resume by cursor, and calls that
// are sent again after a loss under the same idempotency key, so that a click counts once.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Emitter } from "./emitter";
import { Channel, CommandSchema, type Command } from "./gen/kvali/v1/command_pb.js";
import {
  ClientFrameSchema, ClientMessageSchema, ServerFrameSchema,
  type Answer, type ClientMessage, type Error as Refused, type Query, type QuerySchema, type Result, type ServerMessage, type Welcome,
} from "./gen/kvali/v1/frame_pb.js";
import { Subscription, type Topic } from "./subscription";
import { uuid7 } from "./uuid7";

export type TicketAnswer = { ticket: string } | { refused: "signed_out" } | { refused: "unreachable" };

export interface WireOptions {
  address: string;                              // ws://host/v1/socket
  ticket: () => Promise<TicketAnswer>;
  locale: string;
  client: string;                               // name and version, for the server's log
  socket?: (address: string, subprotocol: string) => WebSocket;
  random?: () => number;                        // for the jitter
}

/** `ended` does not come back by itself: signed out, or a program too old for the server. */
export type WirePhase = "connecting" | "live" | "waiting" | "ended";

/** A "no" of the server: the stable code, the sentence in the reader's language, what to put right. */
export class Refusal extends Error {
  constructor(readonly error: Refused) {
    super(error.sentence);
  }

  get code(): string {
    return this.error.code;
  }
}

type CommandBody = Extract<NonNullable<MessageInitShape<typeof CommandSchema>["body"]>, { case: string }>;

interface Pending {
  message: ClientMessage["body"];
  attempts: number;
  answered: (answer: Result | Answer) => void;
  refused: (refusal: Refusal) => void;
}

const SUBPROTOCOL = "kvali.v1.proto";
const PROTOCOL = 1;
const DELAY_FIRST_MS = 250;
const DELAY_MAX_MS = 15_000;
const WELCOME_TIMEOUT_MS = 10_000;
const QUIET_BEFORE_PING_MS = 20_000;
const QUIET_MAX_MS = 30_000;
const ATTEMPTS_MAX = 6;
const FRAME_MESSAGES_MAX = 64;

export class Wire extends Emitter {
  phase: WirePhase = "connecting";
  welcome: Welcome | undefined;
  /** When `ended`: "signed_out", or what the server said last. */
  ended: { code: number; reason: string } | undefined;
  /** How often a living connection was lost against everybody's will. */
  outages = 0;
  /** When `waiting`: the moment of the next attempt, ms of this machine's clock. */
  retry_at_ms = 0;

  private socket: WebSocket | undefined;
  private subscriptions = new Map<number, Subscription>();   // by the id of this connection's Subscribe
  private wanted = new Set<Subscription>();
  private pending = new Map<number, Pending>();
  private outgoing: ClientMessage[] = [];
  private flushing = false;
  private next_id = 1;
  private failures = 0;
  private generation = 0;
  private heard_ms = 0;
  private skew_ms = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;

  constructor(private options: WireOptions) {
    super();
  }

  start(): void {
    this.watch ??= setInterval(() => this.lookAtSilence(), 5_000);
    void this.connect();
  }

  /** Closes for good; nothing comes back. */
  stop(): void {
    clearInterval(this.watch);
    this.watch = undefined;
    this.drop();
    this.finish(1000, "stopped");
  }

  /** The network is back, or the reader is impatient: try now. */
  retryNow(): void {
    if (this.phase === "waiting") void this.connect();
  }

  /** The server's clock, ms UTC. */
  now_ms(): number {
    return Date.now() + this.skew_ms;
  }

  /** Sentences of the server in another language from now on: the connection is made anew, and resumes. */
  setLocale(locale: string): void {
    if (locale === this.options.locale) return;
    this.options.locale = locale;
    if (this.phase === "live") void this.connect();
  }

  subscribe(topic: Topic): Subscription {
    const subscription = new Subscription(topic);
    this.wanted.add(subscription);
    if (this.phase === "live") this.open(subscription);
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    this.wanted.delete(subscription);
    for (const [id, held] of this.subscriptions) {
      if (held !== subscription) continue;
      this.subscriptions.delete(id);
      this.send({ case: "unsubscribe", value: { $typeName: "kvali.v1.Unsubscribe", subscription: id } });
    }
  }

  /** Asks for a command. Resolves once the server has it on disk, however often the connection breaks meanwhile. */
  call(cohort: string, body: CommandBody, about: { dry_run?: boolean; channel?: Channel; on_behalf_of?: string } = {}): Promise<Result> {
    const command: Command = create(CommandSchema, {
      id: uuid7(this.now_ms()), cohort, channel: about.channel ?? Channel.WEB, onBehalfOf: about.on_behalf_of ?? "", body,
    });
    return this.ask({ case: "call", value: { $typeName: "kvali.v1.Call", command, dryRun: about.dry_run ?? false } }) as Promise<Result>;
  }

  query(query: MessageInitShape<typeof QuerySchema>): Promise<Answer> {
    return this.ask({ case: "query", value: query as Query }) as Promise<Answer>;
  }

  private ask(message: unknown): Promise<Result | Answer> {
    return new Promise((answered, refused) => {
      const body = create(ClientMessageSchema, { body: message as never }).body;
      this.post({ message: body, attempts: 0, answered, refused });
    });
  }

  private post(pending: Pending): void {
    const id = this.next_id++;
    this.pending.set(id, pending);
    if (this.phase === "live") this.send(pending.message, id);
  }

  // --- the connection

  private async connect(): Promise<void> {
    this.drop();
    clearTimeout(this.timer);
    this.setPhase("connecting");
    const generation = this.generation;
    let answer: TicketAnswer;
    try {
      answer = await this.options.ticket();
    } catch {
      answer = { refused: "unreachable" };
    }
    if (generation !== this.generation) return;
    if ("refused" in answer) {
      if (answer.refused === "signed_out") this.finish(4503, "signed_out");
      else this.comeBack();
      return;
    }
    const socket = this.options.socket?.(this.options.address, SUBPROTOCOL) ?? new WebSocket(this.options.address, SUBPROTOCOL);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.heard_ms = Date.now();
    const ticket = answer.ticket;
    socket.onopen = () => {
      this.heard_ms = Date.now();
      this.send({ case: "hello", value: { $typeName: "kvali.v1.Hello", protocol: PROTOCOL, client: this.options.client, ticket, bearer: "", locale: this.options.locale } });
    };
    socket.onmessage = (event: MessageEvent) => this.receive(event.data as ArrayBuffer);
    socket.onclose = (event: CloseEvent) => this.closed(event.code, event.reason);
    this.timer = setTimeout(() => this.closed(4012, ""), WELCOME_TIMEOUT_MS);
  }

  // Lets go of the socket without waiting for its farewell.
  private drop(): void {
    this.generation += 1;
    const socket = this.socket;
    this.socket = undefined;
    this.outgoing = [];
    this.subscriptions.clear();
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
    for (const subscription of this.wanted) subscription.lost();
  }

  private closed(code: number, reason: string): void {
    this.drop();
    if (code >= 4500 && code <= 4999) this.finish(code, code === 4500 || code === 4503 ? "signed_out" : reason);
    else this.comeBack(code === 4013 ? DELAY_MAX_MS / 3 : 0);
  }

  // Waits a little longer each time, never as long as the others: a thousand boards must not come back at once.
  private comeBack(least_ms = 0): void {
    if (this.phase === "live") this.outages += 1;
    const random = this.options.random ?? Math.random;
    const ceiling = Math.min(DELAY_MAX_MS, DELAY_FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    const delay = Math.max(least_ms, ceiling * (0.5 + random() / 2));
    this.retry_at_ms = Date.now() + delay;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), delay);
    this.setPhase("waiting");
  }

  private finish(code: number, reason: string): void {
    clearTimeout(this.timer);
    this.ended = { code, reason };
    this.setPhase("ended");
  }

  private setPhase(phase: WirePhase): void {
    this.phase = phase;
    this.emit();
  }

  // A link that says nothing is asked, and given up when it stays silent: a sleeping laptop's socket looks open for minutes.
  private lookAtSilence(): void {
    if (this.phase !== "live") return;
    const quiet_ms = Date.now() - this.heard_ms;
    if (quiet_ms > QUIET_MAX_MS) this.closed(4012, "");
    else if (quiet_ms > QUIET_BEFORE_PING_MS) this.ping();
  }

  /** Asks whether anybody is there: after sleep, and when the screen is looked at again. */
  ping(): void {
    if (this.phase === "live") this.send({ case: "ping", value: { $typeName: "kvali.v1.Ping", sentUs: BigInt(Date.now()) * 1000n } });
  }

  // --- out

  private send(body: ClientMessage["body"], id = this.next_id++): void {
    this.outgoing.push(create(ClientMessageSchema, { id, body }));
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.flushing = false;
    const most = Math.min(this.welcome?.limits?.messagesPerFrameMax || FRAME_MESSAGES_MAX, FRAME_MESSAGES_MAX);
    while (this.outgoing.length > 0 && this.socket?.readyState === WebSocket.OPEN) {
      const messages = this.outgoing.splice(0, most);
      this.socket.send(toBinary(ClientFrameSchema, create(ClientFrameSchema, { messages })));
    }
  }

  private open(subscription: Subscription): void {
    const id = this.next_id++;
    this.subscriptions.set(id, subscription);
    this.send({ case: "subscribe", value: subscription.opening() }, id);
  }

  private reopen(id: number, subscription: Subscription): void {
    this.subscriptions.delete(id);
    subscription.forget();
    this.send({ case: "unsubscribe", value: { $typeName: "kvali.v1.Unsubscribe", subscription: id } });
    this.open(subscription);
  }

  // --- in

  private receive(bytes: ArrayBuffer): void {
    this.heard_ms = Date.now();
    const generation = this.generation;
    for (const message of fromBinary(ServerFrameSchema, new Uint8Array(bytes)).messages) {
      this.take(message);
      if (generation !== this.generation) return;
    }
    for (const [id, subscription] of this.subscriptions) {
      const taken = subscription.takeAcknowledgement();
      if (taken !== undefined) this.send({ case: "ack", value: { $typeName: "kvali.v1.Ack", subscription: id, ...taken } });
    }
  }

  private take({ id, body }: ServerMessage): void {
    switch (body.case) {
      case "welcome": return this.welcomed(body.value);
      case "result":
      case "answer": return this.answered(id, body.value);
      case "error": return this.refused(id, body.value);
      case "subState": return this.subscriptions.get(body.value.subscription)?.state(body.value);
      case "snapshot": return this.subscriptions.get(body.value.subscription)?.snapshot(body.value);
      case "delta": {
        const subscription = this.subscriptions.get(body.value.subscription);
        if (subscription?.delta(body.value) === false) this.reopen(body.value.subscription, subscription);
        return;
      }
      case "ping": return this.send({ case: "pong", value: { $typeName: "kvali.v1.Pong", sentUs: body.value.sentUs } });
      case "goAway":
        this.drop();
        return this.comeBack(body.value.reconnectAfterMs);
      case "authState":
        if (this.welcome !== undefined) this.welcome.cohorts = body.value.cohorts;
        return this.emit();
      case "pong":
      case undefined: return;
    }
  }

  private welcomed(welcome: Welcome): void {
    clearTimeout(this.timer);
    this.welcome = welcome;
    this.failures = 0;
    if (welcome.nowUs !== 0n) this.skew_ms = Number(welcome.nowUs / 1000n) - Date.now();
    for (const subscription of this.wanted) {
      if (subscription.phase !== "ended") this.open(subscription);
    }
    for (const [id, pending] of this.pending) this.send(pending.message, id);
    this.setPhase("live");
  }

  private answered(id: number, answer: Result | Answer): void {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.answered(answer);
  }

  private refused(id: number, error: Refused): void {
    const subscription = this.subscriptions.get(id);
    if (subscription !== undefined) {
      if (error.code === "UNRECOVERABLE_CURSOR") this.reopen(id, subscription);
      else subscription.refused(error);
      return;
    }
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    pending.attempts += 1;
    if (!error.retryable || pending.attempts >= ATTEMPTS_MAX) {
      pending.refused(new Refusal(error));
      return;
    }
    setTimeout(() => this.post(pending), Math.max(error.retryAfterMs, 200 * 2 ** pending.attempts));
  }
}
