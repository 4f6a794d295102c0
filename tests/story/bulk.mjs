// A bulk over a whole large cohort with twenty boards open, as one command and as many: no board is closed, a lone command in
// its midst is answered, every board ends equal to a fresh snapshot. 10,000 initiatives, or as many as the argument says; of
// the many commands a tenth, all under KVALI_LONG.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check, finish } from "./check.mjs";
import { Client, Fold, binaryCodec, jsonCodec } from "./client.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, register, text } from "./house.mjs";
import { previewed } from "./previewed.mjs";
import { Server, first_manager } from "./server.mjs";

const count = Number(process.argv[2] ?? 10_000);
const calls = process.env.KVALI_LONG ? count : count / 10;
const in_flight = 64, boards_wanted = 20;
const cohort = "season-2017";
const server = await Server.start();
const binary = binaryCodec(await server.text("/v1/schema"));
const manager = await manager_of(server, "en");
const initiatives = [];
const boards = [];
let lone, lone_bearer, lone_initiative;

const seconds = (since) => ((performance.now() - since) / 1000).toFixed(2);

/** Runs `make(i)` for i below `total`, never more than `in_flight` at a time. */
async function flood(total, make) {
  let next = 0;
  await Promise.all(Array.from({ length: in_flight }, async () => { while (next < total) await make(next++); }));
}

await check(`a cohort of ${count} initiatives`, async () => {
  await publish(manager);
  await open_cohort(manager, cohort);
  const start = performance.now();
  await flood(count, async (i) => {
    const fields = Object.entries({ title: `Number ${i}`, locality: localities[i % 15].id, problem: problem(String(i)), contact: `number-${i}@example.org` })
      .map(([name, value]) => ({ name, value: text(value) }));
    initiatives[i] = done(await manager.call(asked(cohort, { startInitiative: { fields } }))).created;
  });
  lone_bearer = await server.bearer(await register(manager, "A lone applicant", "lone@example.org"));
  lone = await Client.sign_in(server.port, jsonCodec, lone_bearer);
  lone_initiative = done(await lone.call(asked(cohort, { startInitiative: {} }))).created;
  return `${Math.round(count / seconds(start))} a second`;
}, { fatal: true });

await check(`${boards_wanted} boards are open, each of all of them`, async () => {
  const start = performance.now();
  const bearer = await server.bearer(first_manager);
  for (let i = 0; i < boards_wanted; ++i) {
    const speaks = await Client.sign_in(server.port, i % 2 ? binary : jsonCodec, bearer);
    boards.push({ speaks, fold: new Fold() });
  }
  await Promise.all(boards.map(({ speaks, fold }) => speaks.watch({ topic: "cohort", cohort }, fold)));
  for (const { fold } of boards) assert.equal(fold.rows.size, count + 1 + 15 + 1);
  return `${seconds(start)} s`;
}, { fatal: true });

/** What the serving process holds: resident memory now and at its highest, MiB. */
function memory() {
  const status = readFileSync(`/proc/${server.serving_pid}/status`, "utf8");
  const mib = (name) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)[1]) / 1024);
  return `${mib("VmRSS")} MiB resident, ${mib("VmHWM")} at most`;
}

/** One command of somebody else. */
const lone_save = (words) =>
  lone.call(asked(cohort, { saveFields: { initiative: lone_initiative, fields: [{ name: "title", value: text(words) }] } }));

/** Waits until every board shows `many` in `state` and each equals a fresh snapshot; says what that took. */
async function boards_agree(many, state, since, seq_before) {
  const all_there = ({ rows }) => [...rows.values()].filter(({ initiative }) => initiative?.states[0] === state).length === many;
  await Promise.all(boards.map(({ fold }) => fold.until(all_there, `a board with ${many} in ${state}`)));
  const told = seconds(since);
  const deltas = boards.map(({ fold }, i) => fold.seq - seq_before[i]);
  // They are boards of one reader: what the first equals, all have to equal, in both encodings.
  await boards[0].speaks.settled(boards[0].fold);
  const fresh = boards[0].fold.text();
  for (const { speaks, fold } of boards) {
    await fold.until(() => fold.text() === fresh, "a board that equals a fresh snapshot");
    assert.equal(speaks.ws.readyState, 1, "a board was closed");
    assert.deepEqual(speaks.faults, []);
  }
  return `${told} s from the first command until every board had told it, ${Math.min(...deltas)} to ${Math.max(...deltas)} deltas a board, ${memory()}`;
}

const seqs = () => boards.map(({ fold }) => fold.seq);
let start, before, preview;

await check(`what a move for ${count} would do is told of each before it is made`, async () => {
  const began = performance.now();
  preview = await previewed(manager, cohort, { where: "has(initiative.title)", state: "application.draft", move: "submit" });
  assert.deepEqual([preview.possible, preview.impossible ?? 0, preview.lines.length], [count, 0, count]);
  return `${seconds(began)} s`;
}, { fatal: true });

await check(`one command moves ${count}, and a lone command beside it is answered`, async () => {
  before = seqs();
  start = performance.now();
  const moving = manager.call(asked(cohort, { bulkMove: { initiatives, move: "submit" } })).then(done).then(() => seconds(start));
  const beside = lone_save("Mine").then(done).then(() => seconds(start));
  const [bulk, alone] = await Promise.all([moving, beside]);
  const again = performance.now();
  done(await lone_save("Still mine"));
  return `bulk ${bulk} s, the command beside it ${alone} s, another while the boards fill ${seconds(again)} s`;
}, { fatal: true });

await check("no board was closed by it, each equals a fresh snapshot", () => boards_agree(count, "application.screening", start, before));

await check("each stands where the preview said", () => {
  for (const { initiative, to } of preview.lines) assert.deepEqual(boards[0].fold.rows.get(`initiative/${initiative}`).initiative.states, [to]);
});

await check(`${calls} commands of one connection, ${in_flight} in flight: a lone command in their midst is answered before their last`, async () => {
  before = seqs();
  start = performance.now();
  let answered = 0, alone;
  await flood(calls, async (i) => {
    if (i === Math.floor(calls / 2)) {
      const asked_at = answered;
      alone = lone_save("Mine for ever").then(done).then(() => ({ asked_at, answered_at: answered }));
    }
    done(await manager.call(asked(cohort, { makeMove: { initiative: initiatives[i], move: "pass" } })));
    ++answered;
  });
  const { asked_at, answered_at } = await alone;
  assert.ok(answered_at < calls, "the lone command was answered after the last of the others");
  return `${seconds(start)} s, asked after ${asked_at} of them were answered, answered after ${answered_at}`;
}, { fatal: true });

await check("no board was closed by them, each equals a fresh snapshot", () => boards_agree(calls, "application.assessment", start, before));

await check("the whole board asked for eight times at once is answered as it is read, and nobody is closed for asking", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => manager.query({ limit: 300, rows: { cohort } })));
  for (const answer of answers) assert.equal(JSON.stringify(answer).length, JSON.stringify(answers[0]).length);
  assert.equal(manager.ws.readyState, 1);
  return `${Math.round((8 * JSON.stringify(answers[0]).length) / 2 ** 20)} MiB of JSON`;
});

await check("verify finds nothing", async () => {
  await server.stop();
  return `${server.verify().records} records`;
});
finish();
