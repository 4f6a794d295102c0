// The people of crowd.py, with the words of client.mjs.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { soon } from "./client.mjs";

export class Crowd {
  #answers = new Map();
  #count = 0;

  constructor(port) {
    this.child = spawn("/usr/bin/python3", [fileURLToPath(new URL("crowd.py", import.meta.url)), String(port)], { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const { n, answer, fault } = JSON.parse(line);
      const { resolve, reject } = this.#answers.get(n);
      this.#answers.delete(n);
      fault === undefined ? resolve(answer) : reject(new Error(`crowd.py: ${fault}`));
    });
    this.child.on("exit", (code) => {
      for (const { reject } of this.#answers.values()) reject(new Error(`crowd.py ended with ${code}`));
    });
  }

  do(task) {
    const n = ++this.#count;
    const done = new Promise((resolve, reject) => this.#answers.set(n, { resolve, reject }));
    this.child.stdin.write(JSON.stringify({ n, ...task }) + "\n");
    return soon(done, () => JSON.stringify(task).slice(0, 200), 120_000);
  }

  async sign_in(bearer, locale) {
    const key = `person-${this.#count + 1}`;
    const answer = await this.do({ open: key, bearer, locale });
    if (!answer.welcome) throw new Error(JSON.stringify(answer));
    return new Member(this, key, answer.welcome);
  }

  async end() {
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.stdin.end();
    this.child.kill();
    await ended;
  }
}

/** One of the crowd: the words of Client. */
class Member {
  constructor(crowd, key, welcome) { Object.assign(this, { crowd, key, welcome }); }
  ask(body) { return this.crowd.do({ on: this.key, ask: body }); }
  call(command, more = {}) { return this.ask({ call: { command, ...more } }); }
  query(query) { return this.ask({ query: { limit: 1000, ...query } }); }
  watch(subscribe) { return this.crowd.do({ on: this.key, watch: subscribe }); }
  settled(number) { return this.crowd.do({ on: this.key, settled: number }); }
  async close() {}
}
