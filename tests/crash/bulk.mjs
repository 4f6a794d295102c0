// The process is killed while it writes a move for many: when the log has as many bytes as the seed names, so mostly in the midst of
// the commit. All of it is there, or nothing; asked again it is done once; and it does what its preview said. There and back, so that
// every round has all of them to move.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { check } from "../story/check.mjs";
import { previewed } from "../story/previewed.mjs";
import { Client, jsonCodec } from "../story/client.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, register, text } from "../story/house.mjs";
import { Server } from "../story/server.mjs";

const cohort = "season-2017", in_flight = 32, unfinished = 10;
const bytes_each = 800;  // of the log, about: most kills fall into the commit, some behind it
const there = { move: "submit", from: "application.draft" };
const ways = [{ move: "return", from: "application.screening", reason: text("Something is missing") }, { move: "submit", from: "application.returned" }];

const log_of = (data) => join(data, "journal.sqlite-wal");
const bytes_of = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** What starts the server so that it writes its log slowly enough to be caught at it: 0.5 ms before each write. */
const slowly = (data) => ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace=pwrite64", "-e", "inject=pwrite64:delay_enter=500", "-P", log_of(data)];

/** Kills the server once its log has grown by `bytes`, unless it has ended, or `over` says that there is nothing more to wait for. */
async function kill_at(server, bytes, over) {
  const from = bytes_of(log_of(server.data));
  while (server.over === undefined && !over() && bytes_of(log_of(server.data)) < from + bytes) await new Promise(setImmediate);
  process.kill(server.serving_pid, "SIGKILL");
  await server.ended;
}

/** `rounds` kills, each in a move of `count` initiatives. */
export async function bulk(random, rounds, count) {
  let server = await Server.start(undefined, { options: ["--no-supervisor"] });
  let manager, whole = 0, nothing = 0;
  const written_by = (id) => {
    const records = server.records(`cohort/${cohort}`), first = records.findIndex(({ commit }) => commit?.commandId === id);
    if (first < 0) return 0;
    return records.slice(first, first + records[first].commit.records).filter(({ advanced }) => advanced).length;
  };
  const states = async () => {
    const rows = new Map();
    for (let page = ""; ;) {
      const { answer } = await manager.ask({ query: { limit: 1000, ...(page ? { page } : {}), rows: { cohort } } });
      for (const { initiative } of answer.rows) if (initiative) rows.set(initiative.id, initiative.states[0]);
      if (!(page = answer.nextPage)) return rows;
    }
  };
  const command_for = ({ move, reason }, lines) => {
    const possible = lines.filter((line) => line.possible);
    return asked(cohort, { bulkMove: { initiatives: possible.map(({ initiative }) => initiative), ifVersions: possible.map(({ version }) => version ?? 0), move, reason } });
  };

  await check(`${count} initiatives, ${unfinished} of them unfinished: the preview says who can be moved, and the move does that`, async () => {
    manager = await manager_of(server, "en");
    await publish(manager);
    await open_cohort(manager, cohort);
    const applicant = await Client.sign_in(server.port, jsonCodec, await server.bearer(await register(manager, "An applicant", "applicant@example.org")));
    let next = 0;
    await Promise.all(Array.from({ length: in_flight }, async () => {
      while (next < count) {
        const i = next++;
        const values = { title: `Number ${i}`, locality: localities[i % 15].id, problem: problem(String(i)), ...(i < unfinished ? {} : { contact: `number-${i}@example.org` }) };
        done(await applicant.call(asked(cohort, { startInitiative: { fields: Object.entries(values).map(([name, value]) => ({ name, value: text(value) })) } })));
      }
    }));
    const { possible, impossible, lines } = await previewed(manager, cohort, { where: "true", state: there.from, move: there.move });
    assert.deepEqual([possible, impossible], [count - unfinished, unfinished]);
    for (const { whyNot } of lines.filter((line) => !line.possible)) assert.match(whyNot[0], /E-mail/);
    done(await manager.call(command_for(there, lines)));
    const now = await states();
    for (const { initiative, possible, to } of lines) assert.equal(now.get(initiative), possible ? to : there.from);
  }, { fatal: true });

  await check(`killed ${rounds} times while it writes a move for ${count - unfinished}: all of it or nothing, and once`, async () => {
    for (let round = 0; round < rounds; ++round) {
      const way = ways[round % 2];
      await server.stop();
      server = await Server.start(server.data, { options: ["--no-supervisor"], around: slowly(server.data) });
      manager = await manager_of(server, "en");
      const { possible, lines } = await previewed(manager, cohort, { where: "true", state: way.from, move: way.move, reason: way.reason });
      assert.equal(possible, count - unfinished);
      const command = command_for(way, lines);
      let answer;
      manager.call(command).then((one) => { answer = one; }, () => {});
      await kill_at(server, Math.floor(random() * bytes_each * count), () => answer !== undefined);
      server.verify();
      const written = written_by(command.id);
      assert.ok(written === 0 || written >= possible, `${written} of ${possible}`);
      if (answer?.result) assert.ok(written > 0, "done, and not in the journal");
      written > 0 ? ++whole : ++nothing;
      server = await Server.start(server.data, { options: ["--no-supervisor"] });
      manager = await manager_of(server, "en");
      const before = await states();
      for (const { initiative, to, possible } of lines) if (possible) assert.equal(before.get(initiative), written > 0 ? to : way.from);
      const again = done(await manager.call(command));
      assert.equal(again.replayed ?? false, written > 0);
      const after = await states();
      for (const { initiative, to, possible } of lines) if (possible) assert.equal(after.get(initiative), to);
    }
    await server.stop();
    server.verify();
    assert.ok(nothing > 0, "no kill fell into a commit");
    return `${nothing} times nothing, ${whole} times all`;
  });
}
