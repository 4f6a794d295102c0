// The story of a season, for several orders in which people may act: the last word is the same. Seeds as arguments.
import assert from "node:assert/strict";
import { check, finish } from "./check.mjs";
import { Season } from "./season.mjs";

const seeds = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 2, 3, 4, 5];
let first;
for (const seed of seeds) {
  const season = new Season(seed);
  const step = (name, run) => check(`seed ${seed}: ${name}`, run, { fatal: true });
  await step("an empty house gets its people, its program and its cohort", () => season.begin());
  await step("101 people look at the board, in three clients' words", () => season.look());
  await step("68 applications, one of them on paper", () => season.applications());
  await step("a late one is admitted by two", () => season.after_closing());
  await step("coordinators check, assessors score", () => season.screening());
  await step("the fifth of a locality is refused in the reader's language", () => season.decisions());
  await step("a place is freed, offered, let go and taken", () => season.offers());
  await step("three meetings and a project for each of sixty", () => season.mentoring());
  await step("two years of reports, one overdue, and alumni", () => season.reports());
  await step("everybody's rows equal a fresh snapshot", () => season.everybody_settles());
  const dump = await season.dump();
  first ??= dump;
  await step("it ends as with the first seed, on the board and in the journal", () => {
    const at = dump.findIndex((line, i) => line !== first[i]);
    assert.ok(dump.length === first.length && at < 0, `${dump.length} and ${first.length} lines, which part with\n${dump[at]}\n${first[at]}`);
    return `${dump.length} lines`;
  });
  await step("verify finds nothing", () => season.end());
}
finish();
