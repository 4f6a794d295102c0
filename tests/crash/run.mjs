// The serving process dies at random moments under load, and the disk fails under it. What was acknowledged is there, once;
// readers come back by their cursors; verify finds nothing. Ten deaths; a hundred in the long run (KVALI_LONG).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { check, finish, seeded } from "../story/check.mjs";
import { Client, binaryCodec, jsonCodec, soon } from "../story/client.mjs";
import { done, asked, localities, manager_of, open_cohort, publish, register, text } from "../story/house.mjs";
import { Server, fresh_folder } from "../story/server.mjs";
import { Reader, Writer } from "./crowd.mjs";

const rounds = process.env.KVALI_LONG ? 100 : 10;
const seed = Number(process.argv[2] ?? 20170111);
const random = seeded(seed);
const cohort = "season-2017";
console.log(`seed ${seed}`);

class House {
  writers = [];
  readers = [];

  /** A cohort with writers of a field each, one who moves an initiative between two localities, one who starts new ones. */
  async begin(options) {
    this.data = fresh_folder();
    this.server = await Server.start(this.data, { options });
    this.options = options;
    this.binary = binaryCodec(await this.server.text("/v1/schema"));
    const manager = await manager_of(this.server);
    await publish(manager);
    await open_cohort(manager, cohort);
    const codec = () => ((this.writers.length + this.readers.length) % 2 ? this.binary : jsonCodec);
    for (let i = 0; i < 8; ++i) {
      const bearer = await this.server.bearer(await register(manager, `Writer ${i}`, `writer-${i}@example.org`));
      const client = await Client.sign_in(this.server.port, jsonCodec, bearer);
      const { created } = done(await client.call(asked(cohort, { startInitiative: {} })));
      await client.close();
      const moves = i === 7;  // between two coordinators: to one it appears, to the other it vanishes
      const value = (n) => text(moves ? localities[n % 2].id : `Writer ${i}, ${n}`);
      const writer = new Writer(cohort, bearer, codec(), (n) =>
        ({ saveFields: { initiative: created, fields: [{ name: moves ? "locality" : "title", value: value(n) }] } }), moves ? 1 : 4);
      writer.held = async (by) => {
        const { answer } = await by.query({ initiative: { cohort, initiative: created } });
        return answer.rows[0].detail.fields.find(({ field }) => field.name === (moves ? "locality" : "title")).version ?? 0;
      };
      this.writers.push(writer);
    }
    this.manager_bearer = await this.server.bearer(manager.welcome.me.id);
    const starter = new Writer(cohort, this.manager_bearer, codec(), (n) =>
      ({ startInitiative: { fields: [{ name: "title", value: text(`Started ${n}`) }, { name: "locality", value: text(localities[n % 15].id) }] } }), 2);
    starter.held = async (by) => (await by.query({ rows: { cohort } })).answer.rows.filter(({ initiative }) => /^Started /.test(initiative?.title ?? "")).length;
    this.writers.push(starter);
    for (const { id } of localities.slice(0, 3)) {
      const person = await register(manager, `Coordinator ${id}`, `coordinator-${id}@example.org`);
      done(await manager.call(asked(cohort, { assignRole: { person, role: "coordinator", locality: id } })));
      this.readers.push(new Reader({ topic: "cohort", cohort }, await this.server.bearer(person), codec()));
    }
    for (let i = 0; i < 3; ++i) this.readers.push(new Reader({ topic: "cohort", cohort }, this.manager_bearer, codec()));
    await manager.close();
  }

  /** Everybody at work, until `enough` commands more were acknowledged. */
  async work(enough) {
    let left = enough, fault;
    const busy = new Promise((resolve) => {
      const told = () => { if (--left === 0) resolve(); };
      this.working = Promise.all(this.writers.map((writer) => writer.write(this.server.port, told)))
        .catch((why) => { fault = why; resolve(); });
    });
    await Promise.all(this.readers.map((reader) => reader.read(this.server.port)));
    await soon(busy, () => "work");
    if (fault) throw fault;
  }

  /** Everybody has noticed that the server is gone. */
  async silence() {
    await soon(this.working, () => "the writers' end");
    await soon(Promise.all(this.readers.map(({ client }) => client.closed)), () => "the readers' end");
  }

  /** Between two lives: what each writer knows to be done is done. */
  async judge() {
    const manager = await Client.sign_in(this.server.port, jsonCodec, this.manager_bearer);
    for (const writer of this.writers) writer.judge(await writer.held(manager));
    await manager.close();
  }

  /** At the end everything is answered, and everybody sees the same as a newcomer. */
  async rest() {
    for (const writer of this.writers) writer.rest();
    await Promise.all([...this.readers.map((reader) => reader.read(this.server.port)), ...this.writers.map((writer) => writer.write(this.server.port))]);
    const manager = await Client.sign_in(this.server.port, jsonCodec, this.manager_bearer);
    for (const writer of this.writers) {
      assert.equal(writer.unanswered.size, 0);
      assert.equal(await writer.held(manager), writer.acknowledged, "each once");
    }
    for (const reader of this.readers) await reader.client.settled(reader.fold);
    await this.server.stop();
    this.once_each();
    const { records } = this.server.verify();
    const acknowledged = this.writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
    return `${acknowledged} acknowledged, ${records} records, boards resumed ${this.readers.map(({ fold }) => fold.resumed).join(" ")} times`;
  }

  /** No command made records twice. */
  once_each() {
    const ids = this.server.log(`cohort/${cohort}`).map((line) => /"commandId":"([^"]+)"/.exec(line)?.[1]).filter(Boolean);
    assert.equal(new Set(ids).size, ids.length, "a command stands twice in the journal");
  }
}

// --- killed

const killed = new House();
await check("a house under load", () => killed.begin(["--no-supervisor"]), { fatal: true });
await check(`killed ${rounds} times: nothing acknowledged is lost, nothing is done twice`, async () => {
  for (let round = 0; round < rounds; ++round) {
    await killed.work(1 + Math.floor(random() * 300));
    killed.server.child.kill("SIGKILL");
    await killed.silence();
    assert.equal((await killed.server.ended).signal, "SIGKILL");
    killed.server.verify();
    killed.server = await Server.start(killed.data, { options: killed.options, port: killed.server.port });
    await killed.judge();
  }
}, { fatal: true });
await check("everybody comes back and sees what a newcomer sees", () => killed.rest());

// --- the disk fails under it, and the supervisor starts it again

const failing = new House();
await check("a house under a supervisor", () => failing.begin([]), { fatal: true });

/** The next `call` on the journal's files fails with `error`: true once it did. */
async function fail_disk(server, call, error) {
  const pid = server.serving_pid, journal = join(server.data, "journal.sqlite");
  const strace = spawn("strace", ["-f", "-p", String(pid), "-P", journal, "-P", `${journal}-wal`, "-e", `trace=${call}`, "-e", `inject=${call}:error=${error}`],
    { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  strace.stderr.on("data", (bytes) => { said += bytes; });
  await soon(new Promise((resolve) => strace.on("exit", resolve)), () => `strace: ${said}`);
  assert.match(said, /\(INJECTED\)/, `nothing failed: ${said}`);
}

let lives = 1;
for (const [call, error] of [["fdatasync", "EIO"], ["pwrite64", "EIO"], ["pwrite64", "ENOSPC"], ["fdatasync", "ENOSPC"]]) {
  await check(`${call} fails with ${error}: it stops, is started again, and nobody was told a lie`, async () => {
    await failing.work(1 + Math.floor(random() * 200));
    await fail_disk(failing.server, call, error);
    await failing.silence();
    await failing.server.serving(++lives);
    assert.ok(failing.server.said.some((line) => /the serving process ended with 3/.test(line)));
    await failing.judge();
  }, { fatal: true });
}
await check("killed under its supervisor, it is started again", async () => {
  await failing.work(50);
  process.kill(failing.server.serving_pid, "SIGKILL");
  await failing.silence();
  await failing.server.serving(++lives);
  await failing.judge();
}, { fatal: true });
await check("after all that everybody sees what a newcomer sees", () => failing.rest());
finish();
