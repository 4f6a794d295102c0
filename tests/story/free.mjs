// Everybody at once and nobody in order: decisions while others still apply, the same command twice, what one may not, the clock
// moving on in between. Every answer has to be one that is right at some moment between its question and its arrival (naive.mjs),
// no locality ever shows more than its places, none of them is unused while somebody waits, and everybody's rows equal a fresh snapshot.
// free.mjs [--actions=N] [--in-flight=N] [SEED…]
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { check, finish } from "./check.mjs";
import { World, judge } from "./naive.mjs";
import { asked, localities, problem, text, us } from "./house.mjs";
import { Season, cohort } from "./season.mjs";

const { values: options, positionals: seeds } = parseArgs({ allowPositionals: true, options: { actions: { type: "string", default: "2000" }, "in-flight": { type: "string", default: "24" } } });
const actions = Number(options.actions), in_flight = Number(options["in-flight"]);
const closes = us("2016-12-18T22:00Z");  // the end of the 18th in Vilnius
const mentoring_starts = us("2017-01-15T22:00Z");  // the 16th begins in Vilnius
/** Where the clock is sent, and after which share of what is done. */
const days = [[0.12, "2016-11-18T08:00Z"], [0.24, "2016-11-22T08:00Z"], [0.36, "2016-12-01T08:00Z"], [0.45, "2016-12-08T08:00Z"], [0.55, "2016-12-14T08:00Z"],
              [0.66, "2016-12-18T21:59Z"], [0.69, "2016-12-18T22:00Z"], [0.75, "2016-12-22T08:00Z"], [0.81, "2016-12-28T08:00Z"], [0.87, "2017-01-05T08:00Z"],
              [0.94, "2017-01-12T08:00Z"], [0.98, "2017-01-15T22:00Z"]];

class Free extends Season {
  told = [];
  tick = 0;
  next_day = 0;

  /** Everything asked is written down, with when it was sent and when its answer was seen. */
  async tell(key, command, dry = false) {
    const one = { person: this.person(key).id, command, dry, sent: ++this.tick };
    one.answer = await this.person(key).speaks.call(command, dry ? { dryRun: true } : {});
    one.seen = ++this.tick;
    assert.ok(one.answer.error === undefined || one.answer.error.sentence.length > 0, "a refusal without a sentence");
    this.told.push(one);
    return one.answer;
  }

  /** The board of a manager at every moment that has a cursor: no locality has more than its places. */
  watch_places() {
    const fold = this.person("manager-1").board, take = fold.take;
    this.looked = 0;
    fold.take = (kind, body) => {
      take.call(fold, kind, body);
      if (!body.cursor) return;
      const taken = new Map(localities.map(({ id }) => [id, 0]));
      for (const { initiative } of fold.rows.values())
        if (initiative && (initiative.held === "select" || /^(application\.offered|mentoring|follow_up)/.test(initiative.states[0])) && !initiative.end)
          taken.set(initiative.locality, taken.get(initiative.locality) + 1);
      for (const { locality } of fold.rows.values()) {
        if (!locality) continue;
        assert.ok((locality.taken ?? 0) <= locality.places, `${locality.taken} of ${locality.places} in ${locality.id}`);
        assert.equal(taken.get(locality.id), locality.taken ?? 0, `places taken in ${locality.id}`);
      }
      ++this.looked;
    };
  }

  /** They crowd into five localities, thirteen or fourteen for four places. */
  locality(of) { return localities[this.applicants.indexOf(of) % 5].id; }

  pick(list) { return list[Math.floor(this.random() * list.length)]; }
  chance(share) { return this.random() < share; }
  rows_in(state) {
    return [...this.person("manager-1").board.rows.values()].map((row) => row.initiative).filter((one) => one?.states.includes(state));
  }
  move_of(initiative, move, reason) {
    return asked(cohort, { makeMove: { initiative, move, ...(reason ? { reason: text("It is so.") } : {}) } });
  }

  async play() {
    this.watch_places();
    let left = actions;
    const lane = async () => { while (left > 0) await this.act(--left); };
    await Promise.all(Array.from({ length: in_flight }, lane));
  }

  async act(left) {
    if (this.next_day < days.length && left < actions * (1 - days[this.next_day][0]))
      return this.tell("manager-1", asked(cohort, { moveClock: { toUs: us(days[this.next_day++][1]) } }));
    const [key, command] = this.choose();
    const dry = this.chance(0.04);
    const twice = !dry && this.chance(0.1) ? this.tell(key, command) : undefined;  // on its way at the same time
    const answer = await this.tell(key, command, dry);
    if (command.startInitiative && answer.result && !dry) this.initiatives.set(key, answer.result.created);
    await twice;
  }

  choose() {
    const dice = this.random();
    if (dice < 0.55) return this.as_applicant(this.pick(this.applicants));
    if (dice < 0.75) return this.as_coordinator();
    return this.as_manager(this.pick(["manager-1", "manager-2"]));
  }

  as_applicant(key) {
    const own = this.initiatives.get(key);
    if (!own || this.initiatives.size < 5) return [key, asked(cohort, { startInitiative: {} })];
    const row = this.person("manager-1").board.rows.get(`initiative/${own}`)?.initiative;
    if (row?.end && this.chance(0.5)) {  // who has ended tries again
      this.written?.delete(key);
      return [key, asked(cohort, { startInitiative: {} })];
    }
    const state = row?.states[0] ?? "application.draft";
    if (this.chance(0.03)) return [key, this.move_of(this.initiatives.get(this.pick([...this.initiatives.keys()])), "submit")];
    if (this.chance(0.08)) return [key, this.move_of(own, this.pick(["submit", "accept", "select", "pass"]))];
    if (this.chance(0.01)) return [key, this.move_of(own, "withdraw", this.chance(0.6))];
    if (state === "application.draft" && (row?.initiativeVersion ?? 0) < 5) {
      const written = this.written ??= new Map(), count = written.get(key) ?? 0;
      written.set(key, count + 1);
      const [name, value] = [["title", `Ride ${key}`], ["locality", this.locality(key)], ["problem", problem(key)], ["contact", `${key}@example.org`]][count % 4];
      return [key, asked(cohort, { saveFields: { initiative: own, fields: [{ name, value: text(value), ...(this.chance(0.3) ? { ifVersion: 0 } : {}) }] } })];
    }
    if (state === "application.offered") return [key, this.chance(0.8) ? this.move_of(own, "accept") : this.move_of(own, "withdraw", true)];
    if (state === "application.draft" || state === "application.returned" || this.chance(0.1)) return [key, this.move_of(own, "submit")];
    return this.as_coordinator();
  }

  /** When there is nothing to decide: any move of any that is not over. */
  as_anybody(key) {
    const going_on = [...this.person("manager-1").board.rows.values()].filter(({ initiative }) => initiative && !initiative.end);
    if (going_on.length === 0) return [this.pick(this.applicants), asked(cohort, { startInitiative: {} })];
    return [key, this.move_of(this.pick(going_on).initiative.id, this.pick(["submit", "pass", "return", "select", "reserve", "accept"]), this.chance(0.5))];
  }

  as_coordinator() {
    const row = this.pick(this.rows_in("application.screening"));
    if (!row) return this.as_manager("manager-2");
    const key = `coordinator-${this.chance(0.97) ? row.locality : this.pick(localities).id}`;
    const dice = this.random();
    return [key, dice < 0.8 ? this.move_of(row.id, "pass") : dice < 0.97 ? this.move_of(row.id, "return", this.chance(0.8)) : this.move_of(row.id, "select")];
  }

  as_manager(key) {
    const dice = this.random();
    if (dice < 0.08) return [key, asked(cohort, { publishDecisions: this.chance(0.5) ? {} : { locality: this.pick(localities).id } })];
    const row = this.pick(this.rows_in("application.assessment"));
    if (!row) return this.as_anybody(key);
    if (dice < 0.14) return [key, asked(cohort, { dropDecision: { initiative: row.id } })];
    if (dice < 0.8) return [key, this.move_of(row.id, "select")];
    return [key, dice < 0.95 ? this.move_of(row.id, "reserve") : this.move_of(row.id, "decline", this.chance(0.7))];
  }

  /** What was asked before is asked again: who was done hears the same, and nothing more happens. */
  async ask_again() {
    const before = this.server.records(`cohort/${cohort}`).filter(({ effectReported }) => !effectReported).length;
    const done = new Map();
    for (const { person, command, dry, answer } of this.told) {
      if (!answer.result || dry) continue;
      const { replayed, created } = answer.result, known = done.get(command.id);
      if (!known) done.set(command.id, { person, command, created, first: replayed ? 0 : 1 });
      else {
        assert.equal(created, known.created);
        known.first += replayed ? 0 : 1;
      }
    }
    const key_of = new Map([...this.people.values()].map(({ id, key }) => [id, key]));
    for (const [id, { person, command, created, first }] of done) {
      assert.equal(first, 1, `${id} has ${first} first answers`);
      if (!this.chance(0.1)) continue;
      const { result } = await this.person(key_of.get(person)).speaks.call(command);
      assert.deepEqual([result.replayed, result.created], [true, created]);
    }
    const after = this.server.records(`cohort/${cohort}`).filter(({ effectReported }) => !effectReported).length;
    assert.equal(after, before, "asking again made records");
    return `${done.size} commands done`;
  }

  judge() {
    const [{ programPublished }] = this.server.records("program/socifaction-2017");
    const who = new Map([...this.people.values()].map(({ key, id }) => [id, { role: key.split("-")[0], locality: key.split("-")[1] }])
      .filter(([, { role }]) => ["manager", "coordinator", "mentor", "reviewer"].includes(role)));
    const world = new World({ paths: programPublished.machine.states.map(({ path }) => path ?? ""), who, closes: BigInt(closes), refilled_until: BigInt(mentoring_starts) });
    const commits = judge(world, this.server.records(`cohort/${cohort}`), this.told);
    const codes = {};
    for (const { code } of this.told) codes[code || "done"] = (codes[code || "done"] ?? 0) + 1;
    for (const wanted of ["QUOTA_FULL", "PRECONDITION", "INVALID", "NOT_FOUND", "FORBIDDEN"]) assert.ok(codes[wanted] > 0, `nobody heard ${wanted}`);
    return `${commits} commits; ${JSON.stringify(codes)}`;
  }
}

for (const seed of seeds.length > 0 ? seeds.map(Number) : [1, 2, 3]) {
  const season = new Free(seed);
  const step = (name, run) => check(`seed ${seed}: ${name}`, run, { fatal: true });
  await step("an empty house gets its people, its program and its cohort", () => season.begin());
  await step("they look at the board", () => season.look());
  await step(`${actions} things done in no order`, () => season.play());
  await step("the same key is never answered twice for the first time, and always alike", () => season.ask_again());
  await step("every answer was right between its question and its arrival", () => season.judge());
  await step("everybody's rows equal a fresh snapshot", async () => {
    await season.everybody_settles();
    return `places looked at ${season.looked} times`;
  });
  await step("verify finds nothing", async () => {
    await season.leave();
    return `${season.server.verify().records} records`;
  });
}
finish();
