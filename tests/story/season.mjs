// One season over the wire, from an empty house to alumni: 68 applicants, 15 experts, 15 coordinators, three assessors and two
// managers, each on a connection of their own, a third of them on npm ws in JSON, a third on Python's websockets in JSON, a third
// on binary frames. A seed decides in which order people do what does not depend on one another.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, binaryCodec, canonical, jsonCodec } from "./client.mjs";
import { seeded } from "./check.mjs";
import { Crowd } from "./crowd.mjs";
import { asked, done, localities, manager_of, open_cohort, problem, publish, refused, register, text, us } from "./house.mjs";
import { Server } from "./server.mjs";

export const cohort = "season-2017";
const full = { lt: "Visos šios vietovės vietos užimtos", en: "All places of this locality are taken" };
const meetings_missing = { lt: "Bent trys susitikimai", en: "At least three meetings" };

/** Applications of a locality: four everywhere, a fifth in the first six, a fifth and a sixth in the seventh; 68 in all. */
const count_in = (index) => (index < 6 ? 5 : index === 6 ? 6 : 4);
const paper = "kelme-5", late = "silute-5", withdraws = "pakruojis-2", next_in_line = "pakruojis-5", last_in_line = "pakruojis-6";
const slow = "utena-1", example = "zarasai-1";

/** A record as lines: what it says, and of a commit who asked for what, without what differs each time it is asked. */
function said_in(stream, { commit, effectReported, ...said }) {
  if (effectReported) return [];  // how many letters went out at a time is the machine's matter
  const lines = [[`log ${stream}`, without(said, ["cipher", "assignment", "grant", "mailDomain"])]];
  const by_chance = ["commandId", "requestHash", "stampedAtUs", "created", ...(stream.startsWith("cohort/") ? [] : ["recordedAtUs"])];
  if (commit) lines.push([`log ${stream} commit`, without(commit, by_chance)]);
  return lines;
}

/** `value` without the members of these names, however deep. */
function without(value, names) {
  if (Array.isArray(value)) return value.map((one) => without(one, names));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)).map(([name, one]) => [name, without(one, names)]));
}

export class Season {
  constructor(seed) {
    this.random = seeded(seed);
    this.people = new Map();       // key → {key, id, speaks, locale, board, detail}
    this.initiatives = new Map();  // key → id
    this.joined = 0;
  }

  // --- people and their connections

  async begin() {
    this.server = await Server.start();
    this.crowd = new Crowd(this.server.port);
    this.binary = binaryCodec(await this.server.text("/v1/schema"));
    const manager = await manager_of(this.server);
    await publish(manager);
    await open_cohort(manager, cohort);
    this.people.set("manager-1", { key: "manager-1", id: manager.welcome.me.id, speaks: manager, locale: "lt" });
    this.applicants = localities.flatMap(({ id }, index) => Array.from({ length: count_in(index) }, (_, i) => `${id}-${i + 1}`));
    assert.equal(this.applicants.length, 68);
    const others = ["manager-2", "reviewer-1", "reviewer-2", ...localities.flatMap(({ id }) => [`coordinator-${id}`, `mentor-${id}`])];
    await this.all([...others, ...this.applicants], (key) => this.join(key));
    done(await this.call("manager-1", { grantRelation: { person: this.person("manager-2").id, relation: "manager" } }, {}, ""));
    for (const key of others) {
      const [role, locality] = key.split("-");
      await this.do("manager-1", { assignRole: { person: this.person(key).id, role, ...(role === "mentor" || role === "coordinator" ? { locality } : {}) } });
    }
  }

  async join(key) {
    const index = this.people.size;
    const id_at = this.people.set(key, { key });  // reserves the place, so that the encodings are spread by the same rule
    const id = await register(this.person("manager-1").speaks, `Invented ${key}`, `${key}@example.org`);
    const locale = key === "manager-2" || index % 2 === 1 ? "en" : "lt";
    const bearer = await this.server.bearer(id);
    const speaks = index % 3 === 0 ? await Client.sign_in(this.server.port, jsonCodec, bearer, locale)
                 : index % 3 === 1 ? await this.crowd.sign_in(bearer, locale)
                 : await Client.sign_in(this.server.port, this.binary, bearer, locale);
    this.people.set(key, { key, id, speaks, locale });
  }

  /** Everybody looks at the board before anything happens; what they fold from here on must be the whole truth at the end. */
  async look() {
    await this.all([...this.people.keys()], async (key) => {
      this.person(key).board = await this.person(key).speaks.watch({ topic: "cohort", cohort });
    });
  }

  person(key) { return this.people.get(key); }
  all(list, what) { return Promise.all(this.random.shuffled(list).map(what)); }
  call(key, body, more = {}, of = cohort) { return this.person(key).speaks.call(asked(of, body, more)); }
  async do(key, body, more) { return done(await this.call(key, body, more)); }
  move(key, of, move, more = {}, around = {}) { return this.call(key, { makeMove: { initiative: this.initiatives.get(of), move, ...more } }, around); }
  async moved(key, of, move, more, around) { return done(await this.move(key, of, move, more, around)); }
  locality(of) { return of.split("-")[0]; }

  /** Moves the rehearsal's clock, over a connection or from the shell, and waits until everything that fell due on the way has happened. */
  async clock(instant, { shell = false } = {}) {
    const board = this.person("manager-1").board;
    if (shell) await this.server.clock(cohort, new Date(instant).toISOString(), this.person("manager-1").id);
    else await this.do("manager-1", { moveClock: { toUs: us(instant) } });
    await board.until(() => board.rows.get("cohort").cohort.nowUs === us(instant), `the clock at ${instant}`);
  }

  /** Rows of `list` on the board, asked for at once: whoever asks for sixty boards at a time is closed with 4008. */
  async rows(list, key = "manager-1") {
    const { answer } = await this.person(key).speaks.query({ rows: { cohort } });
    return list.map((of) => answer.rows.find((row) => row.key === `initiative/${this.initiatives.get(of)}`)?.initiative);
  }

  async row(of, key) { return (await this.rows([of], key))[0]; }
  async stand(list, state) { for (const [i, row] of (await this.rows(list)).entries()) assert.deepEqual(row.states, [state], list[i]); }
  async stands(of, state) { await this.stand([of], state); }

  async detail(of, key = "manager-1") {
    const { answer, error } = await this.person(key).speaks.query({ initiative: { cohort, initiative: this.initiatives.get(of) } });
    return error ? { error } : answer.rows[0].detail;
  }

  // --- application

  /** Each writes her draft field by field, looking at her own page; one application comes on paper, one is not finished in time. */
  async applications() {
    await this.all(this.applicants.filter((key) => key !== paper), async (key) => {
      const { created } = await this.do(key, { startInitiative: {} });
      this.initiatives.set(key, created);
      this.person(key).detail = await this.person(key).speaks.watch({ topic: "initiative", cohort, initiative: created });
      const missing = refused(await this.move(key, key, "submit"), "INVALID");
      assert.equal(missing.violations.length, 4, "every missing field at once");
      const fields = this.random.shuffled([
        ["title", `Ride ${key}`], ["locality", this.locality(key)], ["problem", problem(key)], ["contact", `${key}@example.org`]]);
      for (const [name, value] of fields)
        await this.do(key, { saveFields: { initiative: created, fields: [{ name, value: text(value), ifVersion: 0 }] } });
    });
    await this.clock("2016-12-18T10:00Z");
    const applicant = this.person(paper).id, on_paper = { onBehalfOf: applicant, channel: "PAPER", receivedAtUs: us("2016-12-16T08:00Z") };
    const fields = Object.entries({ title: `Ride ${paper}`, locality: this.locality(paper), problem: problem(paper), contact: `${paper}@example.org` })
      .map(([name, value]) => ({ name, value: text(value) }));
    const coordinator = `coordinator-${this.locality(paper)}`;
    const { created } = await this.do(coordinator, { startInitiative: { applicant, fields } }, on_paper);
    this.initiatives.set(paper, created);
    await this.moved(coordinator, paper, "submit", {}, on_paper);
    const entry = (await this.detail(paper, paper)).timeline.at(0);
    assert.deepEqual([entry.channel, entry.actor.id, entry.onBehalfOf.id], ["paper", this.person(coordinator).id, applicant]);
    await this.all(this.applicants.filter((key) => ![paper, late].includes(key)), (key) => this.moved(key, key, "submit"));
  }

  /** The day after: nobody begins any more; the late one is admitted by two. */
  async after_closing() {
    await this.clock("2016-12-19T08:00Z");
    const closed = refused(await this.call("taurage-1", { startInitiative: {} }), "DEADLINE_PASSED");
    assert.match(closed.sentence, /2016-12-18/);
    await this.stands(late, "application.lapsed");
    const reason = text("There was no connection in the village since the 16th.");
    await this.do(`coordinator-${this.locality(late)}`, { proposeException: { initiative: this.initiatives.get(late), to: "application.screening", reason } });
    refused(await this.call(`coordinator-${this.locality(late)}`, { confirmException: { initiative: this.initiatives.get(late) } }), "FORBIDDEN");
    await this.do("manager-2", { declineException: { initiative: this.initiatives.get(late) } });
    await this.do("manager-1", { proposeException: { initiative: this.initiatives.get(late), to: "application.screening", reason } });
    refused(await this.call("manager-1", { confirmException: { initiative: this.initiatives.get(late) } }), "FORBIDDEN");
    await this.do("manager-2", { confirmException: { initiative: this.initiatives.get(late) } });
    await this.stands(late, "application.screening");
  }

  async screening() {
    await this.all(this.applicants, async (key) => {
      const coordinator = `coordinator-${this.locality(key)}`;
      if (key.endsWith("-3")) {  // one of each locality is sent back, and comes again
        refused(await this.move(coordinator, key, "return"), "INVALID");
        await this.moved(coordinator, key, "return", { reason: text(`Who answers for ${key}?`) });
        await this.moved(key, key, "submit");
      }
      await this.moved(coordinator, key, "pass");
    });
    await this.clock("2017-01-02T08:00Z");
    await this.all(this.applicants, async (key) => {
      const number = Number(key.split("-")[1]);
      for (const [reviewer, bonus] of [["reviewer-1", 0], ["reviewer-2", 1]]) {
        const fields = Object.entries({ impact: 6 - Math.min(number, 5), feasibility: number === 6 ? 1 : 3, team: 2 + bonus })
          .map(([name, number_]) => ({ name, value: { number: String(number_) } }));
        await this.do(reviewer, { openTask: { initiative: this.initiatives.get(key), kind: "review", fields } });
      }
    });
  }

  // --- decisions

  /** Four of each locality; the fifth is refused to each manager in her own language, and reserved. */
  async decisions() {
    await this.clock("2017-01-09T08:00Z");
    const waiting = this.applicants.filter((key) => Number(key.split("-")[1]) > 4);
    await this.all(this.applicants.filter((key) => !waiting.includes(key)), (key) => this.moved("manager-1", key, "select"));
    await this.all(waiting, async (key) => {
      for (const manager of ["manager-1", "manager-2"]) {
        const error = refused(await this.move(manager, key, "select"), "QUOTA_FULL");
        assert.equal(error.sentence, full[this.person(manager).locale]);
      }
      await this.moved("manager-2", key, "reserve");
    });
    assert.deepEqual([this.person("manager-1").locale, this.person("manager-2").locale], ["lt", "en"]);
    const held = await this.row("taurage-1", "taurage-1");
    assert.deepEqual([held.states, held.held], [["application.assessment"], undefined], "a held decision shows before it is published");
    await this.do("manager-1", { publishDecisions: {} });
    await this.counts(60);
    await this.stands("taurage-5", "application.waitlist");
  }

  /** One withdraws: the first in line is offered the place and lets it go, the next takes it on the last day. */
  async offers() {
    const selected = this.applicants.filter((key) => Number(key.split("-")[1]) <= 4);
    refused(await this.move("taurage-1", "taurage-2", "accept"), "NOT_FOUND");
    await this.all(selected, (key) => this.moved(key, key, "accept"));
    assert.equal((await this.row(next_in_line)).rank, 1);
    assert.equal((await this.row(last_in_line)).rank, 2);
    refused(await this.move(withdraws, withdraws, "withdraw"), "INVALID");
    await this.moved(withdraws, withdraws, "withdraw", { reason: text("The library does it itself now.") });
    await this.stands(next_in_line, "application.offered");
    await this.counts(60);
    await this.clock("2017-01-15T08:00Z");
    await this.stands(next_in_line, "application.lapsed");
    await this.stands(last_in_line, "application.offered");
    await this.moved(last_in_line, last_in_line, "accept");
    await this.counts(60);
  }

  /** Sixty places, four in each locality, as the board says it. */
  async counts(taken) {
    const { answer } = await this.person("manager-2").speaks.query({ rows: { cohort } });
    const rows = answer.rows.filter((row) => row.locality).map((row) => row.locality);
    assert.equal(rows.length, 15);
    for (const row of rows) assert.deepEqual([row.places, row.taken ?? 0], [4, taken / 15], row.id);
  }

  // --- mentoring

  async mentoring() {
    await this.clock("2017-01-16T08:00Z");
    this.mentored = this.applicants.filter((key) => key !== withdraws && (Number(key.split("-")[1]) <= 4 || key === last_in_line));
    assert.equal(this.mentored.length, 60);
    await this.counts(60);
    await this.stands("taurage-5", "application.declined");
    await this.all(this.mentored, async (key) => {
      await Promise.all([this.meet(key), this.project(key)]);
      await this.moved(`mentor-${this.locality(key)}`, key, "approve");
    });
    await this.stand(this.mentored, "follow_up.reporting");
  }

  /** Three meetings; before them closing is refused with the reason, in the expert's language. */
  async meet(key) {
    const mentor = `mentor-${this.locality(key)}`;
    for (let day = 17; day < 20; ++day) {
      const error = refused(await this.move(mentor, key, "close"), "GUARD_FAILED");
      assert.equal(error.violations[0].sentence, meetings_missing[this.person(mentor).locale]);
      const fields = [{ name: "date", value: { date: { year: 2017, month: 1, day } } }, { name: "minutes", value: { number: "90" } },
                      { name: "summary", value: text(`We spoke about ${key}.`) }, { name: "private_note", value: text("Unsure of the numbers.") }];
      await this.do(mentor, { openTask: { initiative: this.initiatives.get(key), kind: "meetings", fields } });
    }
    await this.moved(mentor, key, "close");
  }

  async project(key) {
    const mentor = `mentor-${this.locality(key)}`, initiative = this.initiatives.get(key);
    refused(await this.move(key, key, "hand_in"), "INVALID");
    await this.do(key, { saveFields: { initiative, fields: [{ name: "plan", value: text(`Two cars, four drivers, 120 rides a week. ${problem(key)}`) }] } });
    await this.moved(key, key, "hand_in");
    if (key.endsWith("-2")) {
      await this.moved(mentor, key, "return", { reason: text("Who drives on Sundays?") });
      await this.moved(key, key, "hand_in");
    }
  }

  // --- follow-up

  /** Four half-yearly reports over two years; one comes only when it is overdue and its manager was told. */
  async reports() {
    for (const [number, instant] of ["2017-08-01T08:00Z", "2018-02-01T08:00Z", "2018-08-01T08:00Z", "2019-02-01T08:00Z"].entries()) {
      await this.clock(instant, { shell: number % 2 === 0 });
      await this.all(this.mentored, (key) => (number === 1 && key === slow ? this.too_late(key) : this.report(key, number + 1)));
    }
    await this.stand(this.mentored.filter((key) => key !== example), "follow_up.alumni");
    await this.stands(example, "follow_up.example");
    await this.counts(0);
  }

  async too_late() {
    this.overdue = async () => (await this.row(slow)).tasks.find((one) => one.kind === "impact").overdue ?? 0;
    assert.equal(await this.overdue(), 0);
  }

  async report(key, number) {
    if (key === example && number === 4) return this.moved("manager-2", key, "good_practice");
    if (key === slow && number === 3) {
      assert.equal(await this.overdue(), 1);
      assert.equal((await this.row(slow)).overdue, true);
      await this.report(key, 2);
      assert.equal(await this.overdue(), 0);
    }
    const initiative = this.initiatives.get(key), task = `impact/${number}`;
    const figures = (jobs, women) => Object.entries({ beneficiaries: 40 * number, jobs, jobs_women: women })
      .map(([name, value]) => ({ name, value: { number: String(value) } }));
    const error = refused(await this.call(key, { saveFields: { initiative, task, fields: figures(2, 3) } }), "INVALID");
    assert.equal(error.violations[0].field, "jobs_women");
    await this.do(key, { saveFields: { initiative, task, fields: figures(3, 2) } });
    await this.moved(key, key, "hand_in", { task });
  }

  // --- at the end

  /** Every client's folded rows equal a fresh snapshot; who may see the same sees the same, whatever she speaks. */
  async everybody_settles() {
    await this.all([...this.people.values()], async (person) => {
      for (const fold of [person.board, person.detail].filter((one) => one !== undefined)) {
        const rows = await person.speaks.settled(fold).catch((fault) => { throw new Error(`${person.key}: ${fault.message}`); });
        assert.ok(rows.length > 0);
      }
    });
  }

  /** All that a manager sees and all that the journal keeps, a line a thing, without ids and without the order in which people happened to act. */
  async dump() {
    const { answer } = await this.person("manager-1").speaks.query({ rows: { cohort } });
    const lines = answer.rows.filter((row) => !row.initiative).map(({ key, cohort: head, locality }) => [key, head ?? locality]);
    for (const key of this.applicants) {
      const detail = await this.detail(key);
      for (const entry of detail.timeline) delete entry.sequence;
      for (const list of ["timeline", "tasks", "people", "fields", "states", "moves"])
        for (const one of detail[list] ?? []) lines.push([`${key} ${list}`, one]);
      lines.push([key, detail.row]);
    }
    for (const stream of ["directory", "program/socifaction-2017", `cohort/${cohort}`])
      for (const one of this.server.records(stream)) lines.push(...said_in(stream, one));
    let dump = lines.map(([what, one]) => `${what} ${JSON.stringify(canonical(one))}`).sort().join("\n");
    for (const { key, id } of this.people.values()) dump = dump.replaceAll(id, key);
    for (const [key, id] of this.initiatives) dump = dump.replaceAll(id, key);
    return dump.split("\n").sort();
  }

  async leave() {
    await this.crowd.end();
    await Promise.all([...this.people.values()].map(({ speaks }) => speaks.close()));
    await this.server.stop();
  }

  async end() {
    await this.leave();
    const told = this.server.letters();
    const overdue = told.filter(({ subject }) => /^(Overdue|Vėluoja): /.test(subject) && subject.endsWith(`Ride ${slow}`));
    assert.deepEqual(overdue.map(({ to }) => to).sort(), ["manager-2@example.org", `${slow}@example.org`], "who was told of the overdue report");
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length, "a letter was sent twice");
    const report = this.server.verify();
    return `${report.records} records in ${report.streams} streams`;
  }
}
