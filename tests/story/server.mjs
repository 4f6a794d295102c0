// The served binary, as a child in a fresh data folder: started, asked for tokens, killed, verified.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { soon } from "./client.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const kvali = process.env.KVALI ?? join(root, "build/release/kvali");
export const first_manager = "Onutė Varpelytė";

process.setMaxListeners(0);  // each server and folder of a long run is tidied at its end

/** A data folder of its own, gone at the end. */
export function fresh_folder() {
  const folder = mkdtempSync(join(tmpdir(), "kvali-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export class Server {
  said = [];  // lines of both outputs
  #waiting = [];

  /** Starts it and waits until it serves. `around`: what runs it, such as strace with its options. */
  static async start(data = fresh_folder(), { options = [], around = [], port = 0 } = {}) {
    const server = new Server();
    server.data = data;
    const [command, ...rest] = [...around, kvali, "serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--first-manager", first_manager, ...options];
    server.child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"], cwd: root });
    for (const output of [server.child.stdout, server.child.stderr])
      createInterface({ input: output }).on("line", (line) => { server.said.push(line); for (const wake of server.#waiting.splice(0)) wake(); });
    server.ended = new Promise((resolve) => server.child.on("close", (code, signal) => {  // when all that it said has been read
      server.over = code ?? signal;
      for (const wake of server.#waiting.splice(0)) wake();
      resolve({ code, signal });
    }));
    process.on("exit", () => server.child.kill("SIGKILL"));
    await server.serving(1);
    return server;
  }

  /** Waits until it has said for the `times`th time that it serves. */
  async serving(times) {
    const lines = () => this.said.map((line) => /^kvali serves at http:\/\/[^:]+:(\d+) /.exec(line)).filter(Boolean);
    while (lines().length < times) {
      if (this.over !== undefined) throw new Error(`it ended with ${this.over} before it served:\n${this.said.join("\n")}`);
      await soon(new Promise((resolve) => this.#waiting.push(resolve)), () => `serving:\n${this.said.join("\n")}`, 120_000);
    }
    this.port = Number(lines().at(-1)[1]);
    this.operator = readFileSync(join(this.data, "operator"), "utf8").trim().split("\n")[2];
  }

  /** Waits until it has said a line that matches. */
  async says(pattern) {
    while (!this.said.some((line) => pattern.test(line))) {
      if (this.over !== undefined) throw new Error(`it ended with ${this.over} and never said ${pattern}:\n${this.said.join("\n")}`);
      await soon(new Promise((resolve) => this.#waiting.push(resolve)), () => `${pattern}:\n${this.said.join("\n")}`);
    }
  }

  /** The serving process: the supervisor's child, or the only one. */
  get serving_pid() {
    const children = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, "utf8").trim();
    return Number(children.split(" ")[0] || this.child.pid);
  }

  get base() { return `http://127.0.0.1:${this.port}`; }

  async text(path) { return (await fetch(this.base + path)).text(); }

  /** A bearer token for a person by name, e-mail address or id. */
  async bearer(name) {
    const answer = await fetch(`${this.base}/v1/token`, {
      method: "POST", body: JSON.stringify({ as: name, bearer: true }),
      headers: { authorization: `Bearer ${this.operator}`, "content-type": "application/json" },
    });
    const body = await answer.json();
    assert.equal(answer.status, 200, body.error);
    return body.bearer;
  }

  /** An orderly stop. */
  async stop() {
    this.child.kill("SIGTERM");
    const { code } = await soon(this.ended, () => `stopping:\n${this.said.join("\n")}`);
    assert.equal(code, 0, `it stopped with ${code}:\n${this.said.join("\n")}`);
  }

  /** What `kvali verify` finds: throws its sentences when there are any. */
  verify() {
    const done = spawnSync(kvali, ["verify", "--json", "--data", this.data], { encoding: "utf8" });
    const report = JSON.parse(done.stdout || `{"findings": ["${done.stderr}"]}`);
    assert.deepEqual(report.findings, [], "kvali verify");
    assert.equal(done.status, 0);
    return report;
  }

  /** Moves a rehearsal's clock from the shell. */
  async clock(cohort, to, as) {
    const child = spawn(kvali, ["clock", "--cohort", cohort, "--to", to, "--as", as, "--data", this.data], { stdio: ["ignore", "ignore", "inherit"] });
    const code = await soon(new Promise((resolve) => child.on("exit", resolve)), () => `kvali clock --to ${to}`);
    assert.equal(code, 0, `kvali clock --to ${to}`);
  }

  /** The records of a stream, as `kvali log` prints them. */
  records(stream) { return this.log(stream).map((line) => JSON.parse(line.slice(line.indexOf("{")))); }

  /** The letters it has written. */
  letters() { return readFileSync(join(this.data, "letters.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line)); }

  log(stream) {
    const done = spawnSync(kvali, ["log", "--data", this.data, ...(stream ? ["--stream", stream] : [])], { encoding: "utf8", maxBuffer: 1 << 30 });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.trim().split("\n");
  }
}
