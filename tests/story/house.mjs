// An empty house becomes one with a program, people and a cohort, all over the socket. The fifteen localities and the holidays
// are those of workflows/socifaction-2017; everybody is invented.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, jsonCodec, uuid7 } from "./client.mjs";
import { first_manager, root } from "./server.mjs";

const folder = join(root, "workflows/socifaction-2017");
const read = (name) => readFileSync(join(folder, name), "utf8");
const opening = read("cohort.yaml");

export const localities = [...opening.matchAll(/^  ([a-z]+): (\S* ?rajonas)$/gm)].map(([, id, name]) => ({ id, name }));
assert.equal(localities.length, 15);

const date = (text) => { const [year, month, day] = text.split("-").map(Number); return { year, month, day }; };
export const us = (instant) => String(BigInt(Date.parse(instant)) * 1000n);
export const text = (words) => ({ text: words });

/** What a client wraps a command's body into. */
export const asked = (cohort, body, more = {}) => ({ id: uuid7(), cohort, channel: "WEB", ...more, ...body });

/** The result of a command that must be done. */
export function done(answer) {
  assert.ok(answer.result, JSON.stringify(answer.error ?? answer));
  return answer.result;
}

/** The error of a command that must be refused with `code`. */
export function refused(answer, code) {
  assert.ok(answer.error, `expected ${code}, not ${JSON.stringify(answer)}`);
  assert.equal(answer.error.code, code, JSON.stringify(answer.error));
  return answer.error;
}

/** The first manager, signed in on a JSON connection. */
export async function manager_of(server, locale = "lt") {
  return Client.sign_in(server.port, jsonCodec, await server.bearer(first_manager), locale);
}

export async function publish(manager, files = ["program.yaml", "texts/lt.yaml"]) {
  const publishProgram = { files: files.map((path) => ({ path, text: read(path) })), message: "The season of 2017" };
  return done(await manager.call(asked("", { publishProgram }))).created;
}

export function opened(name, more = {}) {
  const parameters = [...opening.matchAll(/^  (\w+): (\d{4}-\d{2}-\d{2})$/gm)].map(([, key, day]) => ({ name: key, value: { date: date(day) } }));
  const holidays = [...opening.slice(opening.indexOf("holidays:")).matchAll(/\d{4}-\d{2}-\d{2}/g)].map(([day]) => date(day));
  return { openCohort: { name, title: "SOCIFACTION 2017", program: "socifaction-2017", rehearsal: true, clockUs: us("2016-11-14T07:00Z"),
                         parameters, localities, holidays, ...more } };
}

export async function open_cohort(manager, name = "season-2017", more = {}) {
  done(await manager.call(asked("", opened(name, more))));
  return name;
}

/** Registers somebody; her id. */
export async function register(manager, name, email, languages = ["lt"]) {
  return done(await manager.call(asked("", { registerPerson: { name: text(name), email: text(email), languages } }))).created;
}

export const problem = (of) => `${of}: the village has no bus after four, so its old people reach neither the doctor nor the shop. `.repeat(3);
