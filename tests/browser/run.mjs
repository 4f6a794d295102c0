// Runs the cases one after the other, each told in a sentence; a case that fails leaves a picture of every page it used.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, signIn } from "./browser.mjs";
import { CASES } from "./cases.mjs";

const [, , asked] = process.argv;
if (asked === undefined) {
  console.error("usage: tests/browser/run CONFIG.json | -");
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "kvali-browser-"));
const config = JSON.parse(readFileSync(asked === "-" ? 0 : asked, "utf8"));
const server = {
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
  can_restart: config.kill !== undefined && config.start !== undefined,
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
const only = new RegExp(process.env.KVALI_CASES ?? "", "i");
for (const { sentence, needs = [], run } of CASES.filter((one) => only.test(one.sentence))) {
  const lacking = needs.filter((need) => (need === "restart" ? !world.can_restart : !world.has(need)));
  if (lacking.length > 0) {
    console.log(`not asked  ${sentence} (no ${lacking.join(", ")} given)`);
    continue;
  }
  const began = performance.now();
  try {
    const said = await run(world);
    passed += 1;
    console.log(`ok  ${seconds(began)}  ${sentence}${said === undefined ? "" : ` (${said})`}`);
  } catch (problem) {
    failed += 1;
    console.log(`FAILED     ${sentence} after ${Math.round(performance.now() - began)} ms\n           ${String(problem.stack ?? problem).split("\n").slice(0, 12).join("\n           ")}`);
    mkdirSync(folder, { recursive: true });
    for (const [role, page] of pages) await page.screenshot({ path: join(folder, `${passed + failed}-${role}.png`) }).catch(() => undefined);
    console.log(`           pictures in ${folder}`);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function shell(command) {
  const done = spawnSync("/bin/sh", ["-c", command], { stdio: "inherit" });
  if (done.status !== 0) throw new Error(`${command}: ended with ${done.status}`);
}

function seconds(began) {
  return `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`;
}
