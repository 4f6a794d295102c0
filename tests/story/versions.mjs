// Two versions of the program of 2017 that differ in the name of a state, and the plans that lead from one to the other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asked, done } from "./house.mjs";
import { root } from "./server.mjs";

const folder = join(root, "workflows/socifaction-2017");
const names = ["program.yaml", "texts/lt.yaml"];
const was = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const parked_words = "The coordinator says where it goes on";

export const screening = "application.screening", checking = "application.checking", returned = "application.returned";

/** The files of the new version: `screening` is called `checking`. */
export const renamed = Object.fromEntries(names.map((name) => [name, was[name].replaceAll(/\bscreening\b/g, "checking")]));

const plan = (from, to, more = "") => ({ path: "plan.yaml", text: `program: socifaction-2017\nstates:\n  ${from}: ${to}\n${more}` });
/** To the new version; what was sent back is left to a person. */
export const there = plan(screening, checking, `  ${returned}: {park: ${parked_words}}\n`);
/** To the new version, everything. */
export const all_there = plan(screening, checking);
export const all_back = plan(checking, screening);
export { parked_words };

/** Publishes the new version; its hash. */
export async function publish_renamed(manager) {
  const files = Object.entries(renamed).map(([path, text]) => ({ path, text }));
  return done(await manager.call(asked("", { publishProgram: { files, message: "Screening is called checking" } }))).created;
}

/** Asks for a dry run of `plan`, or without one for what became of the last migration; all pages together. */
export async function report(manager, cohort, plan, more = {}, limit = 1000) {
  const whole = { lines: [] };
  for (let page = ""; ;) {
    const { answer, error } = await manager.ask({ query: { limit, ...(page ? { page } : {}), migration: { cohort, ...(plan ? { plan } : {}), ...more } } });
    if (error) return { error };
    const { lines = [], ...rest } = answer.migration;
    whole.pages = (whole.pages ?? 0) + 1;
    Object.assign(whole, { ...rest, seen: rest.seen ?? whole.seen });
    whole.lines.push(...lines);
    if (!(page = answer.nextPage)) return whole;
  }
}
