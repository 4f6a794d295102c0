// The disk fails under the whole server: strace lets a system call on one of its files go wrong. Either the process stops, with
// a sentence and exit code 3, before anybody is told what is not on disk, or the fault is told as one that passes; with a sound
// disk afterwards everything that was acknowledged is there, once, and nothing is there by half.
import assert from "node:assert/strict";
import { readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { check } from "../story/check.mjs";
import { soon } from "../story/client.mjs";
import { Server } from "../story/server.mjs";
import { read_journal } from "./ledger.mjs";

const patience = 3_000;  // answers within which a fault must come to pass

/** What starts the server so that system calls of `trace` meet `inject`; the rest are options of strace. */
function strace(trace, inject, ...rest) {
  return ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${trace}`, "-e", `inject=${trace}:${inject}`, ...rest];
}

/** `call` fails with `error` on the data folder's `file`; `when`: as strace counts, in each thread. */
function failing_call(town, { file, call, error, when }) {
  return strace(call, `error=${error}:when=${when}`, "-P", join(town.data, file));
}

const lasting = "--seccomp-bpf";  // faster, but who was traced by such a filter cannot do without strace any more
const passing = "-I2";            // strace lets go when it is told to

/** The disk is sound again: strace lets go of the server. */
function let_go(server) {
  const tracer = /TracerPid:\s+([1-9]\d*)/.exec(readFileSync(`/proc/${server.serving_pid}/status`, "utf8"));
  assert.ok(tracer, "nobody traces the server");
  process.kill(Number(tracer[1]), "SIGTERM");
}

/** After a stop: the files first, then everybody comes back to a server on a sound disk. */
async function recover(town) {
  town.judge_files();
  await town.start();
  await town.come_back();
  await town.judge();
}

/** It ended by itself, said why, and with the code for a world that failed. */
async function stopped(server, sentence) {
  const { code } = await soon(server.ended, () => `the end of the server:\n${server.said.join("\n")}`);
  assert.equal(code, 3, server.said.join("\n"));
  const said = server.said.find((line) => sentence.test(line));
  assert.ok(said, `it did not say ${sentence}:\n${server.said.join("\n")}`);
  return said.replace(/^\[[^\]]*\] /, "").replaceAll(server.data, "DATA");
}

async function fails_under_load(town, fault) {
  await town.server.stop();
  await town.silence();
  await town.start([], [...failing_call(town, fault), lasting]);
  await town.come_back();
  await town.work(patience, () => town.rest());
  assert.ok(!town.resting, `nothing failed within ${patience} answers`);
  const said = await stopped(town.server, /the journal failed: /);
  await town.silence();
  await recover(town);
  return said;
}

/** It never serves: what it finds at its start it cannot make durable. */
async function fails_at_start(town, fault) {
  await town.work(50, () => { town.server.child.kill("SIGKILL"); });  // so that it finds a log
  await town.server.ended;
  await town.silence();
  const failed = await Server.start(town.data, { options: ["--no-supervisor"], around: [...failing_call(town, fault), lasting] }).catch((why) => why);
  assert.match(String(failed.message), /^it ended with 3 before it served/);
  assert.match(failed.message, /SQLite|durable/);
  await recover(town);
  return failed.message.split("\n")[1].replace(/^\[[^\]]*\] /, "").replaceAll(town.data, "DATA");
}

/** Its last checkpoint fails; what was acknowledged is in the log all the same. */
async function fails_at_its_end(town, fault) {
  await town.server.stop();
  await town.silence();
  await town.start([], [...failing_call(town, fault), lasting]);
  await town.come_back();
  await town.work(100, () => town.rest());
  town.server.child.kill("SIGTERM");
  const said = await stopped(town.server, /journal.sqlite: checkpoint: /);
  await town.silence();
  await recover(town);
  return said;
}

/** Below the reserve nothing new is accepted, what was accepted is told again, and everything can be looked at; then there is room. */
async function below_the_reserve(town) {
  await town.server.stop();
  await town.silence();
  // struct statfs: type, block size, blocks, free, available: 63 MiB of 4 KiB
  const words = [0xef53n, 4096n, 1n << 30n, 16_128n, 16_128n];
  const poke = Buffer.from(words.flatMap((word) => [...new Uint8Array(new BigUint64Array([word]).buffer)])).toString("hex");
  await town.start([], strace("statfs", `poke_exit=@arg2=${poke}`, passing));
  await town.come_back();
  const before = town.ledger.acknowledged;
  await town.work(patience, () => town.rest());  // each line ends with its first refusal
  const put_off = town.ledger.unanswered.filter((entry) => entry.put_off === "READ_ONLY");
  assert.equal(put_off.length, town.lines.length, "everybody is told READ_ONLY");
  assert.equal(town.ledger.acknowledged, before);
  assert.match(await town.server.text("/readyz"), /has 63 MiB left; below 64 MiB nothing new is accepted/);
  await town.judge_rows();
  const [known] = town.ledger.answered;
  town.ledger.again(known, await town.ask(known));
  let_go(town.server);
  await town.judge();
  await town.work(100, () => town.rest());
  return `${put_off.length} were told READ_ONLY`;
}

/** Letters that cannot be written wait. */
async function letters_wait(town) {
  await town.server.stop();
  await town.silence();
  await town.start([], [...failing_call(town, { file: "letters.jsonl", call: "write", error: "ENOSPC", when: "1+" }), passing]);
  await town.come_back();
  await town.work(200, () => town.rest());
  await town.server.says(/letters wait: .*No space left/);
  let_go(town.server);
  await town.judge();
  return all_letters(town);
}

/** Each letter that the journal speaks of was written; one that was sent again says the same again, but names things as they are now. */
async function all_letters(town) {
  const path = join(town.data, "letters.jsonl");
  const missing = () => {
    const written = new Map();
    for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) {
      const { id, subject, ...letter } = JSON.parse(line);
      assert.deepEqual(written.get(id) ?? letter, letter, `${id} was sent again as another letter: ${subject}`);
      written.set(id, letter);
    }
    return [...read_journal(town.server.log()).letters].filter((id) => !written.has(id));
  };
  const watcher = watch(path);
  try {
    for (;;) {
      const changed = new Promise((resolve) => watcher.once("change", resolve));
      const left = missing();
      if (left.length === 0) break;
      await soon(changed, () => `letters ${left.slice(0, 3)}, ${left.length} in all`);
    }
  } finally {
    watcher.close();
  }
  return `${read_journal(town.server.log()).letters.size} letters`;
}

/** Under its supervisor the server comes back by itself, each time its disk fails. */
async function supervised(town, lives) {
  await town.server.stop();
  await town.silence();
  const around = [...failing_call(town, { file: "journal.sqlite-wal", call: "fdatasync", error: "EIO", when: 12 }), passing];
  town.server = await Server.start(town.data, { around });
  for (let life = 1; life <= lives; ++life) {
    await town.come_back();
    await town.work(patience, () => town.rest());
    await town.silence();
    await town.server.serving(life + 1);
    assert.equal(town.server.said.filter((line) => /the serving process ended with 3; starting it again/.test(line)).length, life);
    town.ledger.judge(read_journal(town.server.log()));
  }
  let_go(town.server);
  await town.come_back();
  await town.judge();
}

const under_load = [
  ["journal.sqlite-wal", "fdatasync", "EIO"], ["journal.sqlite-wal", "pwrite64", "EIO"],
  ["journal.sqlite-wal", "pwrite64", "ENOSPC"], ["journal.sqlite-wal", "fdatasync", "ENOSPC"], ["keys", "fsync", "EIO"],
  ["keys", "pwrite64", "ENOSPC"],
];

export async function failing(town, random, times) {
  const step = (name, run) => check(name, run, { fatal: true });
  for (let time = 0; time < times; ++time)
    for (const [file, call, error] of under_load) {
      const number = 2 + Math.floor(random() * (file !== "keys" && call === "pwrite64" ? 120 : 20)), when = `${number}${random() < 0.5 ? "+" : ""}`;
      await step(`${call} of ${file} fails with ${error} (${when}): it stops, and nobody was told a lie`,
                 () => fails_under_load(town, { file, call, error, when }));
    }
  await step("the log cannot be made durable at the start: it does not serve",
             () => fails_at_start(town, { file: "journal.sqlite-wal", call: "fdatasync", error: "EIO", when: 1 }));
  await step("the checkpoint of the start fails: it does not serve",
             () => fails_at_start(town, { file: "journal.sqlite", call: "pwrite64", error: "ENOSPC", when: 1 }));
  await step("the checkpoint of the end fails: nothing is lost",
             () => fails_at_its_end(town, { file: "journal.sqlite", call: "pwrite64", error: "EIO", when: 1 }));
  await step("less than the reserve is free: everything can be read, nothing new is accepted", () => below_the_reserve(town));
  await step("letters that cannot be written wait", () => letters_wait(town));
  await step("under its supervisor it comes back by itself", () => supervised(town, 3));
}
