// Durable commands a second over the socket, 64 in flight, beside raw SQLite appends of the same bytes in transactions of the
// size that the journal really reached, by turns; memory of idle initiatives and connections. wire_bench.mjs PATH-OF-wire_bench_raw
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, binaryCodec, jsonCodec, uuid7 } from "../story/client.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, text } from "../story/house.mjs";
import { Server, first_manager, fresh_folder } from "../story/server.mjs";

const bar = 0.2, connections = 4, in_flight = 64 / connections, rounds = 20, count = 4_000;
const initiatives_idle = 10_000, connections_idle = 1_000;
const cohort = "season-2017", raw_bench = process.argv[2];

const whole = (figure) => Math.round(figure).toLocaleString("en");
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** A house with an open cohort, and its manager on a connection. */
async function house(data) {
  const server = await Server.start(data, { options: ["--no-supervisor"] });
  const manager = await manager_of(server);
  await publish(manager);
  await open_cohort(manager, cohort);
  return { server, manager, bearer: await server.bearer(first_manager) };
}

/** Runs `send(i)` for i below `total`, `width` at a time. */
async function flood(total, width, send) {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => { while (next < total) await send(next++); }));
}

// --- commands

/** Seconds that `count` saves of a field take, each in a frame made beforehand: what the client does besides is not measured. */
async function seconds_for(count, { speakers, initiatives, binary }) {
  const frames = Array.from({ length: count }, (_, i) => binary.encode({ messages: [{ id: i + 1, call: { command: { id: uuid7(), cohort, channel: "SCRIPT",
    saveFields: { initiative: initiatives[i % connections], fields: [{ name: "title", value: text(`A title of forty characters, number ${i}`) }] } } } }] }));
  const start = performance.now();
  await Promise.all(speakers.map((speaker, s) => new Promise((resolve, reject) => {
    let next = s, open = 0;
    const send = () => {
      if (next < count) { speaker.ws.send(frames[next]); next += connections; ++open; }
      else if (open === 0) resolve();
    };
    speaker.ws.removeAllListeners("message");
    speaker.ws.on("message", (data) => {
      for (const { result, error } of binary.decode(data).messages) {
        if (!result) return reject(new Error(JSON.stringify(error)));
        --open;
        send();
      }
    });
    for (let i = 0; i < in_flight; ++i) send();
  })));
  return (performance.now() - start) / 1000;
}

/** The raw appends, in a process of their own: seconds for `count` records of the journal in transactions of `batch`. */
function raw_appends(data) {
  const child = spawn(raw_bench, [join(data, "journal.sqlite"), String(count), join(data, "raw.db")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { seconds: async (batch) => { child.stdin.write(`${batch}\n`); return Number((await lines.next()).value); }, end: () => child.stdin.end() };
}

/** By turns and in short rounds, since the disk is shared and its speed changes from one second to the next. */
async function commands_beside_appends() {
  const { server, manager, bearer } = await house();
  const binary = binaryCodec(await server.text("/v1/schema"));
  const speakers = await Promise.all(Array.from({ length: connections }, () => Client.sign_in(server.port, binary, bearer)));
  const initiatives = [];
  for (let i = 0; i < connections; ++i) initiatives.push(done(await manager.call(asked(cohort, { startInitiative: {} }))).created);
  const load = { speakers, initiatives, binary };
  const transactions = async () => Number(/^kvali_journal_transactions_total (\d+)$/m.exec(await server.text("/metrics"))[1]);
  await seconds_for(10_000, load);  // until its log has its full length
  const raw = raw_appends(server.data), taken = [];
  for (let round = 0, batch = 16; round < rounds; ++round) {
    const first = round % 2 ? await raw.seconds(batch) : 0, before = await transactions();
    const ours = await seconds_for(count, load);
    batch = Math.max(1, Math.round(count / (await transactions() - before)));
    taken.push({ ours, batch, raw: first || (await raw.seconds(batch)) });
  }
  raw.end();
  for (const speaker of speakers) speaker.ws.close();
  await manager.close();
  await server.stop();
  server.verify();
  const ratios = taken.map((one) => one.raw / one.ours), rates = (what) => taken.map((one) => count / one[what]);
  const sorted = (list) => [...list].sort((a, b) => a - b).map(whole);
  const row = (name, list) => console.log(`${name}  slowest ${sorted(list)[0].padStart(7)}  median ${whole(median(list)).padStart(7)}  fastest ${sorted(list).at(-1).padStart(7)}`);
  row("durable commands a second over the socket, 64 in flight", rates("ours"));
  row("raw SQLite appends of the same bytes a second          ", rates("raw"));
  console.log(`commands in a transaction: median ${median(taken.map(({ batch }) => batch))}`);
  const fastest = Math.max(...rates("ours")) / Math.max(...rates("raw"));
  console.log(`ratio: median of the rounds ${median(ratios).toFixed(2)}, fastest by fastest ${fastest.toFixed(2)}`);
  return Math.min(median(ratios), fastest);  // a disk that is slow for both brings the ratio near one
}

// --- memory

const resident_kib = (server) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.serving_pid}/status`, "utf8"))[1]);
const each = (kib, count) => `${whole(kib / 1024)} MiB, ${(kib / count).toFixed(1)} KiB each`;

/** Applications of four fields and some 400 characters, handed in; then nobody asks for anything. */
async function idle_memory() {
  const data = fresh_folder();
  let { server, manager, bearer } = await house(data);
  const empty = resident_kib(server);
  await flood(initiatives_idle, 64, async (i) => {
    const fields = Object.entries({ title: `Number ${i}`, locality: localities[i % 15].id, problem: problem(`Number ${i}`), contact: `number-${i}@example.org` })
      .map(([name, value]) => ({ name, value: text(value) }));
    const { created } = done(await manager.call(asked(cohort, { startInitiative: { fields } })));
    done(await manager.call(asked(cohort, { makeMove: { initiative: created, move: "submit" } })));
  });
  console.log(`${whole(initiatives_idle)} idle initiatives, as they came: ${each(resident_kib(server) - empty, initiatives_idle)}`);
  await manager.close();
  await server.stop();
  const start = performance.now();
  server = await Server.start(data, { options: ["--no-supervisor"] });
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.log(`${whole(initiatives_idle)} idle initiatives, folded at a start of ${seconds} s: ${each(resident_kib(server) - empty, initiatives_idle)}`);
  const connected = [], before = resident_kib(server);
  await flood(connections_idle, 16, async () => connected.push(await Client.sign_in(server.port, jsonCodec, bearer)));
  console.log(`${whole(connections_idle)} idle connections: ${each(resident_kib(server) - before, connections_idle)}`);
  for (const one of connected) one.ws.terminate();
  await server.stop();
}

const ratio = await commands_beside_appends();
await idle_memory();
console.log(`the lower ratio ${ratio.toFixed(2)} (bar: ${bar})`);
console.log(ratio >= bar ? "1 passed, 0 failed" : "0 passed, 1 failed");
process.exit(ratio >= bar ? 0 : 1);
