// A town under load: the demonstration of 2017 in the midst of mentoring and a second cohort that takes applications, 40 people
// on connections of their own, half in JSON and half in binary frames, each with a line of work and something she watches.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, Fold, binaryCodec, jsonCodec, soon } from "../story/client.mjs";
import { asked, done, open_cohort } from "../story/house.mjs";
import { Server, fresh_folder, root } from "../story/server.mjs";
import { Ledger, read_journal } from "./ledger.mjs";
import { application, clock, meetings, paper, places, project } from "./lines.mjs";

const mentored = "season-2017", applying = "second-call", opened_at = "2016-11-14T07:00Z";
const workflow = "workflows/socifaction-2017";
const in_flight = 64;
const sample_max = 4_000;
const tries_max = 1_000;  // of a command that is told to come again: a disk that was made room on is noticed within a few
const closed = (fault) => /^closed with/.test(fault.message);

export class Town {
  ledger = new Ledger();
  people = new Map();  // key → {bearer, codec, client}
  lines = [];          // {work: generator, entry: what it waits for, last: the answer before}
  watched = [];        // {who, subscribe, fold}
  registered = [];     // {id, name}

  constructor(random) { this.random = random; }

  // --- at first

  async begin() {
    this.data = fresh_folder();
    await this.start(["--demo", workflow]);
    this.binary = binaryCodec(await this.server.text("/v1/schema"));
    const people = readFileSync(join(root, workflow, "people.yaml"), "utf8");
    for (const [, key, email] of people.matchAll(/^  ([a-z0-9-]+): \{name: "[^"]+", email: ([^,]+),/gm)) this.people.set(key, { email });
    const manager = await this.sign_in("manager-1");
    await open_cohort(manager, applying);
    for (const place of places) {
      const { welcome } = await this.sign_in(`coordinator-${place}`);
      done(await manager.call(asked(applying, { assignRole: { person: welcome.me.id, role: "coordinator", locality: place } })));
    }
    const { answer } = await manager.query({ rows: { cohort: mentored } });
    this.give_work(answer.rows.map((row) => row.initiative).filter(Boolean));
    await this.come_back();
  }

  give_work(rows) {
    const add = (work) => this.lines.push({ work });
    const watch = (who, subscribe) => this.watched.push({ who, subscribe, fold: new Fold() });
    for (const cohort of [mentored, applying]) for (const who of ["manager-1", "manager-2"]) watch(who, { topic: "cohort", cohort });
    for (const [index, place] of places.entries()) {
      const mentor = `mentor-${place}`, coordinator = `coordinator-${place}`;
      const here = rows.filter(({ locality, states }) => locality === place && states?.includes("mentoring.alongside.sessions.open"));
      add(meetings(mentored, mentor, here.map(({ id }) => id)));
      watch(mentor, { topic: "cohort", cohort: mentored });
      watch(coordinator, { topic: "cohort", cohort: applying });
      for (const { id, title } of here.filter(({ states }) => states.includes("mentoring.alongside.project.writing"))) {
        const who = `applicant of ${title}`;
        this.people.set(who, { email: rows.find((row) => row.id === id).applicants[0].id });
        add(project(mentored, who, mentor, id));
        watch(who, { topic: "initiative", cohort: mentored, initiative: id });
      }
      for (let i = 1; i <= 4; ++i) add(application(applying, `applicant-${place}-${i}`, coordinator, place));
      add(paper(applying, index, coordinator, place, this.registered));
    }
    add(clock(applying, opened_at));
  }

  // --- one life of the server after the other

  async start(options = [], around = []) {
    this.server = await Server.start(this.data, { options: ["--no-supervisor", ...options], around });
  }

  async sign_in(who) {
    const person = this.people.get(who);
    person.bearer ??= await this.server.bearer(person.email);
    person.codec ??= (this.signed_in = (this.signed_in ?? 0) + 1) % 2 ? jsonCodec : this.binary;
    return (person.client = await Client.sign_in(this.server.port, person.codec, person.bearer));
  }

  /** Everybody connects anew; who watched something goes on from her cursor, since nobody was shown more than is on disk. */
  async come_back() {
    const busy = [...this.people.keys()].filter((who) => this.people.get(who).bearer || /^applicant/.test(who) || this.watched.some((one) => one.who === who));
    await Promise.all(busy.map((who) => this.sign_in(who)));
    await Promise.all(this.watched.map(async ({ who, subscribe, fold }) => {
      const { cursor, resumed } = fold;
      await this.people.get(who).client.watch(subscribe, fold);
      assert.equal(fold.resumed, cursor ? resumed + 1 : resumed, `${who} had to begin again`);
    }));
  }

  /** Everybody works until `count` answers more have come, then `enough` is called, at once. Ends when nothing is in flight. */
  async work(count, enough) {
    let left = count;
    const one = () => { if (--left === 0) enough(); };
    this.resting = false;
    await Promise.all(this.lines.map((line) => this.drive(line, one)));
  }

  rest() { this.resting = true; }

  async drive(line, told) {
    while (!this.resting) {
      if (!line.entry) {
        const { who, cohort, body, more, refused } = line.work.next(line.last).value;
        line.entry = this.ledger.add(who, asked(cohort, body, more), refused);
      }
      let answer;
      try {
        answer = await this.people.get(line.entry.who).client.call(line.entry.command);
      } catch (fault) {
        if (closed(fault)) return;  // the server is gone, and with it the answer
        throw fault;
      }
      const settled = this.ledger.take(line.entry, answer);
      told();
      if (!settled) return;
      line.last = answer.result;
      line.entry = undefined;
    }
  }

  /** Everybody has noticed that the server is gone. */
  async silence() {
    const connected = [...this.people.values()].filter(({ client }) => client);
    await soon(Promise.all(connected.map(({ client }) => client.closed)), () => "the end of every connection");
    for (const person of connected) {
      assert.deepEqual(person.client.faults, [], "a push that did not fit");
      person.client = undefined;
    }
  }

  // --- what must be true

  /** Between two lives: the files hold what was acknowledged, once, in whole commits without a gap. */
  judge_files() {
    this.server.verify();
    this.ledger.judge(read_journal(this.server.log()));
  }

  /** The answers of late, and as many of the older ones as can be asked again in a second. */
  sample(answered) {
    const late = answered.slice(-sample_max / 2), older = answered.slice(0, -sample_max / 2);
    return [...late, ...this.random.shuffled(older).slice(0, sample_max / 2)];
  }

  /** After a restart: a key that was answered gets the same answer, every other is asked again, and nothing is there twice. */
  async judge_answers(answered) {
    const before = read_journal(this.server.log());
    await this.flood(answered, async (entry) => this.ledger.again(entry, await this.ask(entry)));
    const repeated = read_journal(this.server.log());
    for (const [key, times] of repeated.commits) assert.equal(before.commits.get(key), times, `${key} made records when it was asked again`);
    await this.flood(this.lines.filter(({ entry }) => entry), async (line) => {
      let answer, tries = 0;
      do assert.ok(++tries <= tries_max, JSON.stringify(answer));
      while (!this.ledger.take(line.entry, answer = await this.ask(line.entry)));
      line.last = answer.result;
      line.entry = undefined;
    });
    assert.deepEqual(this.ledger.unanswered, []);
    this.ledger.judge(read_journal(this.server.log()));
  }

  ask({ who, command }) { return this.people.get(who).client.call(command); }

  async flood(list, what) {
    let next = 0;
    await Promise.all(Array.from({ length: in_flight }, async () => { while (next < list.length) await what(list[next++]); }));
  }

  /** Whoever watches holds what a newcomer would be shown. */
  async judge_rows() {
    for (const { who, fold } of this.watched) {
      const rows = await this.people.get(who).client.settled(fold).catch((fault) => { throw new Error(`${who}: ${fault.message}`); });
      assert.ok(rows.length > 0, who);
    }
  }

  /** The names of those who came last can be read: their keys were on disk before they were. */
  async judge_names() {
    for (const { id, name } of this.registered.slice(-4)) {
      const newcomer = await Client.sign_in(this.server.port, jsonCodec, await this.server.bearer(id));
      assert.equal(newcomer.welcome.me.name, name);
      await newcomer.close();
    }
  }

  async judge(answered = this.sample(this.ledger.answered)) {
    await this.judge_answers(answered);
    await this.judge_rows();
    await this.judge_names();
  }

  get resumed() { return this.watched.reduce((sum, { fold }) => sum + fold.resumed, 0); }
}
