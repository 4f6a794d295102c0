// Running work goes over to a version in which a state has another name, while somebody else makes moves: looked at, started
// over the socket, counted, paused, taken back. Again from the command line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish } from "./check.mjs";
import { Client, Fold, binaryCodec, jsonCodec } from "./client.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, refused, register, text } from "./house.mjs";
import { Server, first_manager, kvali, root } from "./server.mjs";
import { all_back, checking, parked_words, publish_renamed, renamed, report, returned, screening, there } from "./versions.mjs";

const count = 300, sent_back = 4, drafts = 40;
const place = localities[0].id;
const server = await Server.start();
const binary = binaryCodec(await server.text("/v1/schema"));
const manager = await manager_of(server, "en");
const old_version = await publish(manager);
const cohort = await open_cohort(manager);
const move = (initiative, name, more = {}) => asked(cohort, { makeMove: { initiative, move: name, ...more } });
done(await manager.call(asked(cohort, { assignRole: { person: manager.welcome.me.id, role: "manager" } })));
const coordinator_id = await register(manager, "A coordinator", "coordinator@example.org");
done(await manager.call(asked(cohort, { assignRole: { person: coordinator_id, role: "coordinator", locality: place } })));
const coordinator = await Client.sign_in(server.port, binary, await server.bearer(coordinator_id));
const applicant = await Client.sign_in(server.port, jsonCodec, await server.bearer(await register(manager, "An applicant", "applicant@example.org")));

const board = new Fold();
await manager.watch({ topic: "cohort", cohort }, board);
const row = (id) => board.rows.get(`initiative/${id}`)?.initiative;
const head = () => board.rows.get("cohort").cohort;
const in_state = (path) => [...board.rows.values()].filter(({ initiative }) => initiative?.states?.includes(path)).length;

const initiatives = [];
let new_version, preview;

await check(`${count} initiatives: ${drafts} being written, ${sent_back} sent back, the others being checked`, async () => {
  for (let i = 0; i < count; ++i) {
    const values = { title: `Number ${i}`, locality: place, problem: problem(String(i)), contact: `number-${i}@example.org` };
    const fields = Object.entries(values).map(([name, value]) => ({ name, value: text(value) }));
    initiatives.push(done(await applicant.call(asked(cohort, { startInitiative: { fields } }))).created);
  }
  for (const one of initiatives.slice(drafts)) done(await applicant.call(move(one, "submit")));
  for (const one of initiatives.slice(-sent_back)) done(await coordinator.call(move(one, "return", { reason: text("Who answers for it?") })));
  new_version = await publish_renamed(manager);
  await board.until(() => in_state(returned) === sent_back && in_state(screening) === count - drafts - sent_back, "all rows");
}, { fatal: true });

await check("a dry run says of each what would become of it, on pages, and changes nothing", async () => {
  preview = await report(manager, cohort, there, {}, 100);
  assert.equal(preview.faults, undefined, JSON.stringify(preview.faults));
  assert.equal(preview.pages, 3);
  assert.equal(preview.version, new_version);
  assert.deepEqual([preview.moved, preview.parked], [count - sent_back, sent_back]);
  assert.deepEqual(preview.lines.map(({ initiative }) => initiative), initiatives);
  assert.equal(preview.seen.length, count);
  const submitted = preview.lines[drafts];
  assert.deepEqual([submitted.verdict, submitted.from, submitted.to, submitted.title], ["MOVES", [screening], [checking], `Number ${drafts}`]);
  const waiting = preview.lines.at(-1);
  assert.deepEqual([waiting.verdict, waiting.from], ["PARKED", [returned]]);
  assert.match(waiting.why, new RegExp(parked_words));
  assert.ok(waiting.trace.length > 0, "no way to where it stands");
  assert.equal(in_state(checking), 0);
});

await check("only managers are told", async () => {
  for (const who of [coordinator, applicant]) assert.equal((await report(who, cohort, there)).error?.code, "FORBIDDEN");
  refused(await coordinator.call(asked(cohort, { startMigration: { plan: there, reason: "A better name" } })), "FORBIDDEN");
});

await check("a plan with faults is told with its places, and not started", async () => {
  const bad = { path: "plan.yaml", text: "program: socifaction-2017\nstates:\n  application.screening: application.cheking\n  application.nowhere: application.draft\n" };
  const { faults, lines } = await report(manager, cohort, bad);
  assert.equal(lines.length, 0);
  assert.ok(faults.some(({ sentence }) => /^plan\.yaml:3:\d+: .*cheking/.test(sentence)), JSON.stringify(faults));
  assert.ok(faults.some(({ sentence }) => /^plan\.yaml:4:\d+: .*nowhere/.test(sentence)), JSON.stringify(faults));
  const { violations } = (await manager.call(asked(cohort, { startMigration: { plan: bad, reason: "A better name" } }))).error;
  assert.deepEqual(violations, faults);
  const left = await report(manager, cohort, { path: "plan.yaml", text: "program: socifaction-2017\n" });
  assert.ok(left.faults.some(({ sentence }) => /screening/.test(sentence)), "a configuration that leads nowhere");
});

await check("it goes over while others make moves: what has changed since the dry run waits, nothing is refused", async () => {
  const late = initiatives[drafts];
  done(await coordinator.call(move(late, "pass")));
  const started = manager.call(asked(cohort, { startMigration: { plan: there, seen: preview.seen, reason: "A better name" } }));
  const beside = initiatives.slice(0, drafts / 2).map((one, i) => applicant.call(asked(cohort, { saveFields: { initiative: one, fields: [{ name: "title", value: text(`Draft ${i}`) }] } })));
  done(await started);
  for (const one of await Promise.all(beside)) done(one);
  await board.until(() => head().migration && !head().migration.running, "the end of the migration");
  const { migration } = head();
  assert.equal(migration.version, new_version);
  assert.equal(migration.initiatives, count);
  assert.equal((migration.moved ?? 0) + migration.parked, count);
  const after = await report(manager, cohort);
  assert.deepEqual([after.migration, after.moved, after.parked], [migration.migration, migration.moved, migration.parked]);
  const line = after.lines.find(({ initiative }) => initiative === late);
  assert.equal(line.verdict, "PARKED");
  assert.equal(in_state(screening), 0, "one is left behind without being parked");
  assert.equal(head().programVersion, new_version);
  await manager.settled(board);
  return `${migration.moved} gone over, ${migration.parked} parked, of them ${migration.parked - sent_back - 1} since somebody wrote into them meanwhile`;
}, { fatal: true });

await check("what happened reads as it did, in the words of the version it happened under", async () => {
  const of = async (initiative) => (await manager.query({ initiative: { cohort, initiative } })).answer.rows[0].detail;
  const gone = await of(initiatives[drafts + 1]);
  const [migrated, submitted] = gone.timeline;
  assert.deepEqual([migrated.kind, migrated.entered], ["migrated", [checking]]);
  assert.deepEqual([submitted.kind, submitted.entered, submitted.label.translations[0].text], ["move", [screening], "Submit"]);
  const parked = await of(initiatives.at(-1));
  assert.equal(parked.timeline[0].kind, "migration_parked");
  assert.match(parked.timeline[0].label.translations[0].text, new RegExp(parked_words));
  const mine = (await applicant.query({ initiative: { cohort, initiative: initiatives.at(-1) } })).answer.rows[0].detail;
  assert.ok(mine.timeline.every(({ kind }) => kind !== "migration_parked"), "the applicant is told what waits for the manager");
});

await check("a manager says where one goes that is parked, and the others work on under their old version", async () => {
  const [first, second] = initiatives.slice(-2);
  done(await manager.call(asked(cohort, { migrateInitiative: { initiative: first, to: ["application.draft"], reason: "It begins anew" } })));
  await board.until(() => row(first).states[0] === "application.draft", "the one that was put into draft");
  done(await applicant.call(move(second, "submit")));
  await board.until(() => row(second).states[0] === screening, "the one under the old version");
  assert.ok(head().lanes.some(({ state, count }) => state === screening && count === 1), "no lane for who stands under the old version");
});

await check("taken back: what has not changed since stands where it stood", async () => {
  const moved_on = initiatives[drafts + 1];
  done(await coordinator.call(move(moved_on, "pass")));
  done(await manager.call(asked(cohort, { undoMigration: { reason: "Not yet" } })));
  await board.until(() => head().migration.undone && !head().migration.running, "the end of the way back");
  assert.equal(head().programVersion, old_version);
  assert.equal(row(moved_on).states[0], "application.assessment");
  await board.until(() => in_state(checking) === 0, "nobody under the new version but who moved on");
  await manager.settled(board);
  return `${in_state(screening)} being checked again`;
});

await check("the command line: check, preview, start, status, pause, resume, undo", async () => {
  const folder = server.data, at = (name) => join(folder, name);
  writeFileSync(at("new.yaml"), renamed["program.yaml"].replace("languages: [en, lt]", "languages: [en]"));
  writeFileSync(at("plan.yaml"), there.text);
  writeFileSync(at("back.yaml"), all_back.text);
  const old_file = join(root, "workflows/socifaction-2017/program.yaml");
  const run = (...words) => {
    const ran = spawnSync(kvali, ["migrate", ...words], { encoding: "utf8", env: { ...process.env, LANG: "en_GB.UTF-8" } });
    return { code: ran.status, out: ran.stdout, error: ran.stderr };
  };
  const asks = (...words) => run(...words, "--as", first_manager, "--data", folder);
  let ran = run("check", old_file, at("new.yaml"), at("plan.yaml"));
  assert.deepEqual([ran.code, ran.error], [0, ""], ran.out);
  assert.match(ran.out, /^sound: each of the \d+ configurations of the old version leads to one of the \d+ of the new$/m);
  ran = run("check", old_file, at("new.yaml"), at("back.yaml"));
  assert.equal(ran.code, 1);
  assert.match(ran.out, /back\.yaml:3:\d+: /);
  ran = asks("preview", cohort, at("plan.yaml"));
  assert.equal(ran.code, 0, ran.error);
  assert.match(ran.out, /^\d+ move, \d+ need/m);
  assert.match(ran.out, /application\.screening → application\.checking/);
  ran = asks("start", cohort, at("plan.yaml"), "--reason", "Now");
  assert.equal(ran.code, 0, ran.error);
  await board.until(() => !head().migration.undone && !head().migration.running, "the end of the second migration");
  ran = asks("status", cohort);
  assert.match(ran.out, /^ended: \d+ gone over/);
  assert.equal(asks("pause", cohort).code, 1);  // it has ended
  ran = asks("status", cohort, "--json");
  assert.equal(JSON.parse(ran.out).migration, head().migration.migration);
  ran = asks("undo", cohort, "--reason", "Back");
  assert.equal(ran.code, 0, ran.error);
  await board.until(() => head().migration.undone && !head().migration.running, "the way back");
  assert.equal(run("preview", cohort, at("plan.yaml"), "--as", "Nobody", "--data", folder).code, 3);
  assert.equal(run("preview", cohort).code, 2);
});

await check("the journal is sound, and for each that was parked the manager got a letter that says why", async () => {
  await server.stop();
  server.verify();
  const told = server.records(`cohort/${cohort}`).flatMap(({ migrationParked }) => migrationParked?.told ?? []).flatMap(({ persons = [] }) => persons);
  const letters = server.letters().filter(({ body }) => /new version of the program|naują programos versiją/.test(body));
  assert.ok(told.length >= sent_back + 1);
  assert.equal(letters.length, told.length);
  assert.equal(letters.filter(({ body }) => body.includes(parked_words)).length, 2 * sent_back - 1);
});
finish();
