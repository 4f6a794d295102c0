// A bulk over a whole large cohort with twenty boards open: none is closed, a lone command in its midst is answered, every
// board ends equal to a fresh snapshot. 2,000 initiatives; 10,000 in the long run (KVALI_LONG), or as many as the argument says.
import assert from "node:assert/strict";
import { check, finish } from "./check.mjs";
import { Client, Fold, binaryCodec, jsonCodec } from "./client.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, register, text } from "./house.mjs";
import { Server, first_manager } from "./server.mjs";

const count = Number(process.argv[2] ?? (process.env.KVALI_LONG ? 10_000 : 2_000));
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

await check("one bulk moves them all, and a lone command in its midst is answered", async () => {
  const start = performance.now();
  const moving = manager.call(asked(cohort, { bulkMove: { initiatives, move: "submit" } }));
  const answered = lone.call(asked(cohort, { saveFields: { initiative: lone_initiative, fields: [{ name: "title", value: text("Mine") }] } }));
  done(await moving);
  const bulk = seconds(start);
  done(await answered);
  const alone = seconds(start);
  const again = performance.now();
  done(await lone.call(asked(cohort, { saveFields: { initiative: lone_initiative, fields: [{ name: "title", value: text("Still mine") }] } })));
  return `bulk ${bulk} s, the command beside it ${alone} s, another while the boards fill ${seconds(again)} s`;
}, { fatal: true });

await check("no board was closed, each equals a fresh snapshot", async () => {
  const start = performance.now();
  const submitted = ({ rows }) => [...rows.values()].filter(({ initiative }) => initiative?.states[0] === "application.screening").length === count;
  await Promise.all(boards.map(({ fold }) => fold.until(submitted, "a board with everything submitted")));
  const told = seconds(start);
  for (const { speaks, fold } of boards) await speaks.settled(fold);
  assert.equal(boards[0].fold.text(), boards[1].fold.text(), "JSON and binary tell the same");
  return `${told} s until all had told it, deltas ${boards.map(({ fold }) => fold.seq).join(" ")}`;
});

await check("verify finds nothing", async () => {
  await server.stop();
  return `${server.verify().records} records`;
});
finish();
