// Runs the cases one after the other, each told in a sentence; a case that fails leaves a picture of every page it used.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, signIn } from "./browser.mjs";
import { CASES } from "./cases.mjs";

const [, , asked] = process.argv;
if (asked === undefined) {
  console.error("usage: tests/browser/run --stand-in | CONFIG.json | -");
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "kvali-browser-"));
const stand_in = asked === "--stand-in" ? await standIn() : undefined;
const config = stand_in?.config ?? JSON.parse(readFileSync(asked === "-" ? 0 : asked, "utf8"));
const server = stand_in ?? {
  kill: async () => shell(config.kill),
  start: async () => shell(config.start),
};

const browser = await launch();
const pages = new Map();
const world = {
  base: config.base ?? new URL(Object.values(config.links)[0]).origin,
  browser,
  server,
  roles: Object.keys(config.links),
  has: (role) => config.links[role] !== undefined,
  can_restart: stand_in !== undefined || (config.kill !== undefined && config.start !== undefined),
  /** The page of a role: signed in with its link the first time, which is spent by that. */
  async page(role) {
    if (!pages.has(role)) pages.set(role, await signIn(browser, config.links[role]));
    return pages.get(role);
  },
};

// Everybody is signed in before anything is tried: a server started again may no longer know the links.
for (const role of world.roles) await world.page(role);

let passed = 0;
let failed = 0;
for (const { sentence, needs = [], run } of CASES) {
  const lacking = needs.filter((need) => (need === "restart" ? !world.can_restart : !world.has(need)));
  if (lacking.length > 0) {
    console.log(`not asked  ${sentence} (no ${lacking.join(", ")} given)`);
    continue;
  }
  const began = performance.now();
  try {
    const said = await run(world);
    passed += 1;
    console.log(`ok         ${sentence}${said === undefined ? "" : ` (${said})`}`);
  } catch (problem) {
    failed += 1;
    console.log(`FAILED     ${sentence} after ${Math.round(performance.now() - began)} ms\n           ${String(problem.stack ?? problem).split("\n").slice(0, 12).join("\n           ")}`);
    mkdirSync(folder, { recursive: true });
    for (const [role, page] of pages) await page.screenshot({ path: join(folder, `${passed + failed}-${role}.png`) }).catch(() => undefined);
    console.log(`           pictures in ${folder}`);
  }
}
await browser.close();
await stand_in?.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function shell(command) {
  const done = spawnSync("/bin/sh", ["-c", command], { stdio: "inherit" });
  if (done.status !== 0) throw new Error(`${command}: ended with ${done.status}`);
}

// The stand-in as a child of this process: killed without warning, started again over its journal.
async function standIn() {
  const generated = spawnSync(fileURLToPath(new URL("../../server/web/generate", import.meta.url)), { stdio: "inherit" });
  if (generated.status !== 0) throw new Error("the types of the wire could not be generated: is server/web installed (tests/web/run)?");
  const port = String(20_000 + (process.pid % 20_000));
  const journal = join(folder, "journal");
  let child;
  const start = () => new Promise((resolve, reject) => {
    child = spawn(process.execPath, [fileURLToPath(new URL("mock/server.mjs", import.meta.url)), "--port", port, "--journal", journal], { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.once("data", (line) => resolve(JSON.parse(line)));
    child.once("error", reject);
  });
  const kill = () => new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", resolve);
    child.kill("SIGKILL");
  });
  return { config: await start(), kill, start, stop: kill };
}
