// The server is killed in the midst of a migration, again and again: it goes on by itself, and each initiative has gone over
// or waits for a manager, once. There and back, so that every round has all of them to move.
import assert from "node:assert/strict";
import { check } from "../story/check.mjs";
import { Client, Fold, binaryCodec, jsonCodec } from "../story/client.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, register, text } from "../story/house.mjs";
import { Server } from "../story/server.mjs";
import { all_back, all_there, checking, publish_renamed, report, screening } from "../story/versions.mjs";

const in_flight = 32, drafts = 20;
const year = new Date().getUTCFullYear();
const coming = (month) => ({ date: { year: year + 1, month, day: 1 } });
const rule = Object.entries({ application_closes: 3, decisions_on: 4, mentoring_starts: 5, mentoring_ends: 8 }).map(([name, month]) => ({ name, value: coming(month) }));

/** What the log says of each migration: who went over and who was parked, and how often. */
function told_by(records) {
  const told = new Map();
  for (const { migrated, migrationParked } of records) {
    const one = migrated ?? migrationParked;
    if (!one) continue;
    const counts = told.get(one.migration) ?? told.set(one.migration, new Map()).get(one.migration);
    counts.set(one.initiative, (counts.get(one.initiative) ?? 0) + 1);
  }
  return told;
}

/** `rounds` kills, each in a migration of `count` initiatives of its own. */
export async function migrating(random, rounds, count) {
  let server = await Server.start(undefined, { options: ["--no-supervisor"] });
  const binary = binaryCodec(await server.text("/v1/schema"));
  const initiatives = [];
  let cohort, applicant_id, versions, manager, board, kills_between = 0;

  const come_back = async () => {
    manager = await manager_of(server, "en");
    board = new Fold();
    await manager.watch({ topic: "cohort", cohort }, board);
  };
  const head = () => board.rows.get("cohort").cohort.migration;

  await check(`${count} initiatives to lead from version to version`, async () => {
    manager = await manager_of(server, "en");
    const first = await publish(manager);
    cohort = await open_cohort(manager, "under-way", { rehearsal: false, clockUs: undefined, parameters: rule });
    applicant_id = await register(manager, "An applicant", "applicant@example.org");
    const applicant = await Client.sign_in(server.port, binary, await server.bearer(applicant_id));
    let next = 0;
    await Promise.all(Array.from({ length: in_flight }, async () => {
      while (next < count) {
        const i = next++;
        const values = { title: `Number ${i}`, locality: localities[i % 15].id, problem: problem(String(i)), contact: `number-${i}@example.org` };
        const fields = Object.entries(values).map(([name, value]) => ({ name, value: text(value) }));
        initiatives[i] = done(await applicant.call(asked(cohort, { startInitiative: { fields } }))).created;
        if (i >= drafts) done(await applicant.call(asked(cohort, { makeMove: { initiative: initiatives[i], move: "submit" } })));
      }
    }));
    versions = [first, await publish_renamed(manager)];
    await come_back();
  }, { fatal: true });

  await check(`killed ${rounds} times in the midst of a migration: it goes on, and each goes over once or waits`, async () => {
    for (let round = 1; round <= rounds; ++round) {
      const version = versions[round % 2], plan = round % 2 ? all_there : all_back;
      const applicant = await Client.sign_in(server.port, jsonCodec, await server.bearer(applicant_id));
      const { seen } = await report(manager, cohort, plan, { version });
      const moment = 1 + Math.floor(random() * count * 0.8);  // so many have gone over
      manager.call(asked(cohort, { startMigration: { version, plan, seen, reason: `Round ${round}` } })).catch(() => {});
      const beside = initiatives.slice(0, drafts).map((one, i) =>
        applicant.call(asked(cohort, { saveFields: { initiative: one, fields: [{ name: "title", value: text(`Draft ${i}, ${round}`) }] } })).catch(() => {}));
      const underway = () => head()?.version === version && (head().moved ?? 0) + (head().parked ?? 0) >= moment;
      await board.until(underway, `${moment} gone over`);
      server.child.kill("SIGKILL");
      await server.ended;
      await Promise.all(beside);
      server.verify();
      const [cut] = [...told_by(server.records(`cohort/${cohort}`)).values()].slice(-1);
      if (cut.size < count) ++kills_between;
      server = await Server.start(server.data, { options: ["--no-supervisor"] });
      await come_back();
      await board.until(() => head()?.version === version && !head().running, "the end of the migration");
      await judge(round, version);
    }
    await server.stop();
    server.verify();
    assert.ok(kills_between > 0, "no kill fell between two batches");
    return `${rounds * count} initiatives led, ${kills_between} kills before the last batch was on disk`;
  });

  async function judge(round, version) {
    const told = told_by(server.records(`cohort/${cohort}`));
    const last = told.get(head().migration);
    assert.deepEqual([...last.keys()].sort(), [...initiatives].sort());
    assert.deepEqual([...last.values()].filter((times) => times !== 1), [], "not once");
    const { moved, parked = 0, lines } = await report(manager, cohort);
    assert.equal(moved + parked, count);
    const stands = version === versions[1] ? checking : screening;
    const submitted = lines.filter(({ initiative, verdict }) => verdict === "MOVES" && initiatives.indexOf(initiative) >= drafts);
    for (const { initiative } of submitted) assert.deepEqual(board.rows.get(`initiative/${initiative}`).initiative.states, [stands]);
    await manager.settled(board);
    // Who was parked because she wrote meanwhile is led on by hand, so that all stand under one version again.
    for (const { initiative } of lines.filter(({ verdict }) => verdict === "PARKED")) done(await manager.call(asked(cohort, { migrateInitiative: { initiative, reason: "She wrote meanwhile" } })));
  }
}
