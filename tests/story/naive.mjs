// The first half of the season in the plainest words: what a command is answered, given what the journal says happened before it.
// People act at once, so nobody outside knows when exactly a command was decided; but it was after whatever had been answered
// before it was sent, and before whatever was sent after it was answered. In that window an answer has to be the right one.
import assert from "node:assert/strict";

const places_of_each = 4, needed = ["title", "locality", "problem", "contact"];
const moves = {
  submit: { from: ["application.draft", "application.returned"], by: "applicant" },
  pass: { from: ["application.screening"], by: "coordinator" },
  return: { from: ["application.screening"], by: "coordinator", reason: true },
  select: { from: ["application.assessment"], by: "manager", takes_place: true },
  reserve: { from: ["application.assessment"], by: "manager" },
  decline: { from: ["application.assessment"], by: "manager", reason: true },
  accept: { from: ["application.offered"], by: "applicant", takes_place: true },
  withdraw: { by: "applicant", reason: true },
};
const too_late = ["application.lapsed", "mentoring.unfinished"];
const ends = [...too_late, "application.declined", "follow_up.example", "follow_up.alumni", "withdrawn"];
const with_place = ["application.offered", "mentoring", "follow_up"];

/** Where one initiative stands. */
class Work {
  active = new Set();
  fields = new Map();  // name → {version, value}
  held = "";
  place = "";
  constructor(applicant) { this.applicant = applicant; }
  in(paths) { return paths.some((path) => this.active.has(path)); }
}

/** What the records of a cohort's stream say, folded one by one. */
export class World {
  works = new Map();
  clock = 0n;

  /** `paths`: of the states by number. `who`: person → {role, locality}, of those who are no applicants. `closes`: no draft is begun from then on, `refilled_until`: nor a freed
   *  place given to who waits, µs. */
  constructor({ paths, who, closes, refilled_until }) { Object.assign(this, { paths, who, closes, refilled_until }); }

  apply({ commit, ...record }) {
    const [kind] = Object.keys(record);
    const said = record[kind], work = this.works.get(said.initiative);
    if (kind === "cohortOpened") this.clock = BigInt(said.clockUs);
    if (kind === "clockMoved") this.clock = BigInt(said.toUs);
    if (kind === "initiativeStarted") this.works.set(said.initiative, new Work(said.applicant));
    if (kind === "decisionHeld") work.held = said.move;
    if (kind === "decisionDropped") work.held = "";
    if (kind === "advanced" && !said.task && (said.left?.length ?? 0) > 0) work.held = "";
    const now = this.works.get(said.initiative);
    if (!now || said.task) return;
    for (const state of said.left ?? []) now.active.delete(this.paths[state]);
    for (const state of said.entered ?? []) now.active.add(this.paths[state]);
    for (const { name, value, version } of said.fields ?? []) now.fields.set(name, { value, version });
    for (const { by, taken } of said.places ?? []) now.place = taken ? by : "";
  }

  locality(work) { return work.fields.get("locality")?.value.text ?? ""; }
  taken(locality) { return [...this.works.values()].filter((work) => work.place === locality).length; }

  /** After every commit: nobody has more than there is, who should hold a place holds one, and nobody waits beside a free one. */
  check() {
    const taken = new Map();
    for (const work of this.works.values()) {
      const should = work.held === "select" || work.in(with_place);
      assert.equal(work.place, should ? this.locality(work) : "", "a place is held where none is due, or the other way round");
      if (work.place) taken.set(work.place, (taken.get(work.place) ?? 0) + 1);
    }
    for (const [locality, count] of taken) assert.ok(count <= places_of_each, `${count} places are taken in ${locality}`);
    if (this.clock >= this.refilled_until) return;
    for (const work of this.works.values())
      if (work.in(["application.waitlist"]))
        assert.ok((taken.get(this.locality(work)) ?? 0) >= places_of_each, `somebody waits, and a place is free in ${this.locality(work)}`);
  }

  sees(person, work) {
    const { role, locality } = this.who.get(person) ?? {};
    return work.applicant === person || role === "manager" || (role === "coordinator" && locality === this.locality(work));
  }

  acts(person, work, role) {
    const { role: own } = this.who.get(person) ?? {};
    if (role === "applicant") return work.applicant === person || own === "manager" || own === "coordinator";
    return own === role || own === "manager";
  }

  /** The code that `command` of `person` is refused with; "" when it is done. */
  answer(command, person) {
    const kind = Object.keys(command).find((name) => typeof command[name] === "object"), said = command[kind];
    const manages = this.who.get(person)?.role === "manager";
    if (kind === "moveClock") return !manages ? "FORBIDDEN" : BigInt(said.toUs) < this.clock ? "INVALID" : "";
    if (kind === "startInitiative") return this.clock >= this.closes ? "DEADLINE_PASSED" : "";
    if (kind === "publishDecisions") {
      if (!manages) return "FORBIDDEN";
      const any = [...this.works.values()].some((work) => work.held && (!said.locality || said.locality === this.locality(work)));
      return any ? "" : "PRECONDITION";
    }
    if (kind === "dropDecision" && !manages) return "FORBIDDEN";
    const work = this.works.get(said.initiative);
    if (!work || !this.sees(person, work)) return "NOT_FOUND";
    if (kind === "dropDecision") return work.held ? "" : "PRECONDITION";
    if (work.in(ends)) return work.in(too_late) ? "DEADLINE_PASSED" : "PRECONDITION";
    if (kind === "saveFields") {
      if (!this.acts(person, work, "applicant")) return "FORBIDDEN";
      const stale = said.fields.some(({ name, ifVersion }) => ifVersion !== undefined && ifVersion !== (work.fields.get(name)?.version ?? 0));
      return stale ? "CONFLICT_VERSION" : "";
    }
    assert.equal(kind, "makeMove");
    return this.move(said, work, person);
  }

  move(said, work, person) {
    const { from, by, reason, takes_place } = moves[said.move];
    if (from && !work.in(from)) return "PRECONDITION";
    if (!this.acts(person, work, by)) return "FORBIDDEN";
    if (reason && !said.reason) return "INVALID";
    if (said.move === "submit" && needed.some((name) => !work.fields.has(name))) return "INVALID";
    if (takes_place && !work.place && this.taken(this.locality(work)) >= places_of_each) return "QUOTA_FULL";
    return "";
  }
}

/** Of [moment, value] pairs: a function that says the highest value of those before a moment; -Infinity when there is none. */
function newest(pairs) {
  pairs.sort(([a], [b]) => a - b);
  let highest = -Infinity;
  const highest_up_to = pairs.map(([, value]) => (highest = Math.max(highest, value)));
  return (moment) => {
    let low = 0, high = pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[middle][0] < moment) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -Infinity : highest_up_to[low - 1];
  };
}

/** Judges `told`, [{person, command, dry, sent, seen, answer}] with sent and seen in one order of our own, by the records of the stream. */
export function judge(world, records, told) {
  const commits = [];
  for (const record of records) record.commit ? commits.push([record]) : commits.at(-1).push(record);
  const at = new Map();  // command → its commit
  for (const [index, [{ commit }]] of commits.entries())
    if (commit.commandId) {
      assert.ok(!at.has(commit.commandId), `${commit.commandId} was done twice`);
      at.set(commit.commandId, index);
    }
  const first_sent = new Map();
  for (const { command, sent } of told) first_sent.set(command.id, Math.min(sent, first_sent.get(command.id) ?? Infinity));
  const known = told.filter(({ command, dry }) => !dry && at.has(command.id));
  const answered = newest(known.filter(({ answer }) => answer.result).map(({ command, seen }) => [seen, at.get(command.id) + 1]));
  const asked = newest(known.map(({ command }) => [-first_sent.get(command.id), -at.get(command.id)]));
  const due = Array.from({ length: commits.length + 1 }, () => []);  // by the first prefix that it may have seen
  for (const one of told) {
    one.from = Math.max(0, answered(one.sent));
    one.to = Math.min(commits.length, -asked(-one.seen));
    one.code = one.answer.error ? one.answer.error.code : "";
    const own = one.dry ? undefined : at.get(one.command.id);
    if (one.code === "" && !one.dry) {
      assert.ok(own !== undefined, `done, and not in the journal: ${JSON.stringify(one.command)}`);
      if (one.answer.result.replayed) continue;  // compared with the first answer by whoever asked twice
      assert.ok(one.from <= own && own <= one.to, `done in an order that nobody could have seen: ${JSON.stringify(one.command)}`);
      one.from = one.to = own;
    }
    assert.ok(one.from <= one.to);
    due[one.from].push(one);
  }
  let open = [];
  for (let index = 0; index <= commits.length; ++index) {
    open = [...open, ...due[index]].filter((one) => {
      const expected = world.answer(one.command, one.person);
      if (expected === one.code) return false;
      (one.expected ??= new Set()).add(expected || "done");
      assert.ok(index < one.to, `${one.code || "done"} was answered where the rules say ${[...one.expected].join(", ")}: ` +
                                `${JSON.stringify(one.command)} ${JSON.stringify(one.answer)}`);
      return true;
    });
    if (index === commits.length) break;
    for (const record of commits[index]) world.apply(record);
    world.check();
  }
  assert.deepEqual(open, []);
  return commits.length;
}
