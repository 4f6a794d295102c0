// `kvali publish` as it is typed, beside a running server: what is published, what is refused with which sentences, and what the
// versions of a program are to whom.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish } from "./check.mjs";
import { manager_of, register } from "./house.mjs";
import { Server, first_manager, fresh_folder, kvali, root } from "./server.mjs";

const sound = readFileSync(join(root, "tests/engine/program/unsound/base.yaml"), "utf8");
const folder = fresh_folder(), file = join(folder, "orchard.yaml");
const server = await Server.start();
const run = (...args) => spawnSync(kvali, args, { encoding: "utf8", timeout: 60_000 });
const publish = (text, message, ...more) => {
  writeFileSync(file, text);
  return run("publish", file, "--message", message, "--as", first_manager, "--data", server.data, ...more);
};
const ask = (query, as = first_manager) => {
  const { stdout } = run("send", "--as", as, "--data", server.data, JSON.stringify({ query }));
  return JSON.parse(stdout);
};
const kept = () => server.log().filter((line) => line.startsWith("program/")).length;

await check("what it would do is said beforehand", () => {
  const { status, stdout } = publish(sound, "The first spring", "--dry-run");
  assert.equal(status, 0);
  assert.match(stdout, /^would be published as [0-9a-f]{64}\n$/);
  assert.equal(kept(), 0);
});
await check("a sound program is published with what its proof came to", () => {
  const { status, stdout, stderr } = publish(sound, "The first spring");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^published as [0-9a-f]{64}, version 1 of orchard: sound \(\d+ configurations, \d+ transitions tried\)\n$/);
  assert.equal(kept(), 1);
});
await check("the same again changes nothing, says so, and is no fault", () => {
  const { status, stdout } = publish(sound.replace("program: orchard", "# planted by children\nprogram: orchard"), "Again");
  assert.equal(status, 0);
  assert.equal(stdout, "This is published already, as version 1: nothing has changed\n");
  assert.equal(kept(), 1);
});
await check("what is not sound is refused with the sentences of the check", () => {
  const unsound = sound.replace(/ +freed: .*\n/, "").replace("at: cohort.starts, to", "at: cohort.starts, if: initiative.fence, to");
  const { status, stdout } = publish(unsound, "For those who have a fence");
  const checked = run("check", file);
  assert.equal(status, 1);
  assert.equal(checked.status, 1);
  const told = checked.stdout.split("\n").slice(0, -2);  // all but the verdict
  assert.ok(told.length >= 2 && told[0].startsWith(`${file}:45:7: `), checked.stdout);
  assert.deepEqual(stdout.split("\n").slice(0, told.length), told);
  assert.match(stdout, /not sound, so it was not published/);
  assert.equal(kept(), 1);
});
await check("a fault is told at its place in the files as they lie", () => {
  mkdirSync(join(folder, "texts"));
  writeFileSync(join(folder, "texts/lt.yaml"), "stages: {}\n");
  const { status, stdout } = publish(sound.replace("languages: [en]", "languages: [en, lt]").replace("to: reading", "to: raeding"), "In Lithuanian too");
  assert.equal(status, 1);
  assert.ok(stdout.includes(`${file}:`) && stdout.includes("did you mean `reading`?"), stdout);
  assert.equal(kept(), 1);
  writeFileSync(join(folder, "texts/lt.yaml"), "");
});
await check("who does not run the house publishes nothing", async () => {
  const manager = await manager_of(server, "en");
  await register(manager, "Nora Guest", "nora@example.org");
  await manager.close();
  const fresh = join(fresh_folder(), "program.yaml");
  writeFileSync(fresh, sound.replace("Gardener", "Tree keeper"));
  const { status, stdout } = run("publish", fresh, "--message", "Mine", "--as", "Nora Guest", "--data", server.data);
  assert.deepEqual([status, stdout], [1, "You may not do this here\n"]);
  assert.equal(kept(), 1);
});
await check("the versions and their difference are asked for with kvali send", () => {
  const fresh = join(fresh_folder(), "program.yaml");
  writeFileSync(fresh, sound.replace("within: 10 days", "within: 21 days"));
  assert.equal(run("publish", fresh, "--message", "Longer reading", "--as", first_manager, "--data", server.data).status, 0);
  const { programs } = ask({ versions: { program: "orchard" } }).answer;
  assert.deepEqual(programs.map(({ number, message, author }) => [number, message, author.name]),
                   [[2, "Longer reading", first_manager], [1, "The first spring", first_manager]]);
  const { difference } = ask({ difference: { program: "orchard" } }).answer;
  assert.deepEqual([difference.was, difference.now, difference.meaning], [1, 2, "SETTINGS"]);
  assert.match(difference.changes[0].sentence, /21 days instead of 10/);
  const guest = ask({ versions: { program: "orchard" } }, "Nora Guest").answer.programs;
  assert.deepEqual(guest.map((one) => one.author), [undefined, undefined]);
  assert.equal(ask({ difference: { program: "orchard" } }, "Nora Guest").error.code, "FORBIDDEN");
});
await check("a slip of the pen and a world that fails have codes of their own", () => {
  assert.equal(run("publish", file, "--as", first_manager, "--data", server.data).status, 2, "a message is needed");
  assert.equal(run("publish", join(folder, "nothing.yaml"), "--message", "x", "--as", first_manager, "--data", server.data).status, 3);
  assert.equal(run("publish", file, "--message", "x", "--as", first_manager, "--data", fresh_folder()).status, 3, "nobody serves there");
  assert.equal(run("publish", file, "--message", "x", "--as", "Nobody", "--data", server.data).status, 3);
});
await check("the doctor says what today's checks find in what was published", () => {
  const { stdout } = run("doctor", "--data", server.data);
  assert.match(stdout, /^ok +version 2 of orchard: today's checks say: sound \(\d+ configurations, \d+ transitions tried\)$/m);
});
await check("what was published is there after a new start", async () => {
  await server.stop();
  server.verify();
  const again = await Server.start(server.data);
  server.port = again.port;
  assert.equal(ask({ versions: { program: "orchard" } }).answer.programs[0].proof.verdict, "SOUND");
  await again.stop();
});
finish();
