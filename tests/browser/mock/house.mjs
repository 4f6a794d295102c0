// The stand-in's memory: commands in, rows out. Every accepted command is told to `log`, so that a restart replays it.
import { create, toJson, fromJson } from "@bufbuild/protobuf";
import { CommandSchema } from "../../../server/web/src/gen/kvali/v1/command_pb.js";
import { RowSchema } from "../../../server/web/src/gen/kvali/v1/view_pb.js";
import { COORDINATORS, invent, MENTORS, PEOPLE, PLACES } from "./people.mjs";
import { FIELDS, FORMS, IMPACT, LANES, MEETING, MOVES, ROLES, text, TOLD, WAITS } from "./program.mjs";

export const COHORT = "socifaction-2017";
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2017, 1, 20, 8, 0);
const PLACES_EACH = 4;
const QUOTA = LANES.filter((lane) => lane.holdsPlace).map((lane) => lane.state);
const us = (at_ms) => BigInt(Math.round(at_ms)) * 1000n;
// A deadline is the end of its day in Vilnius in winter.
const endOfDay = (at_ms) => Math.floor((at_ms + 2 * 3_600_000) / DAY_MS) * DAY_MS + DAY_MS - 2 * 3_600_000;
const date = (at_ms) => { const at = new Date(at_ms); return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }; };
const civil = (year, month, day) => ({ kind: { case: "date", value: { year, month, day } } });

export class Refused extends Error {
  constructor(code, sentence, more = {}) {
    super(sentence);
    this.error = { code, sentence, violations: [], conflicts: [], ...more };
  }
}

export class House {
  constructor(log = () => {}) {
    this.log = log;
    this.now = START_MS;
    this.commit = 1;
    this.touched = new Map();      // row key → commit
    this.answers = new Map();      // command id → result
    this.initiatives = new Map(invent((days) => START_MS + days * DAY_MS).map((one) => [one.id, { ...one, due: one.due === 0 ? 0 : endOfDay(one.due) }]));
  }

  person(id) {
    const found = PEOPLE.find((one) => one.id === id);
    return { id, name: found?.name ?? "" };
  }

  roles(who) {
    if (who === "p-rasa") return ["manager"];
    const roles = [];
    if ([...COORDINATORS.values()].some((ids) => ids.includes(who))) roles.push("coordinator");
    if ([...MENTORS.values()].some((ids) => ids.includes(who))) roles.push("mentor");
    if ([...this.initiatives.values()].some((one) => one.applicant === who)) roles.push("applicant");
    return roles;
  }

  rolesAt(who, one) {
    if (who === "p-rasa") return ["manager"];
    return [COORDINATORS.get(one.place)?.includes(who) && "coordinator", MENTORS.get(one.place)?.includes(who) && "mentor", one.applicant === who && "applicant"].filter(Boolean);
  }

  sees(who, one) {
    return this.rolesAt(who, one).length > 0;
  }

  // --- what is asked

  ask(who, command, { dry_run = false, replay = false } = {}) {
    const known = this.answers.get(command.id);
    if (known !== undefined) return { ...known, replayed: true };
    const act = this[`on_${command.body.case}`];
    if (act === undefined) throw new Refused("UNKNOWN_OPERATION", "The stand-in does not know this command");
    if (dry_run) return { dryRun: true, happened: command.body.case === "publishDecisions" ? this.held(command.body.value.locality).map((one) => `${one.title}: ${one.held}`) : ["…"] };
    this.commit += 1;
    const keys = new Set();
    let created = "";
    try {
      created = act.call(this, who, command.body.value, (one) => this.touch(keys, one), command) ?? "";
    } catch (problem) {
      if (problem instanceof Refused) this.commit -= 1;
      throw problem;
    }
    for (const key of keys) this.touched.set(key, this.commit);
    const result = { cursor: String(this.commit), created, happened: [] };
    this.answers.set(command.id, result);
    if (!replay) this.log({ who, command: toJson(CommandSchema, command) });
    this.told?.(keys);
    return result;
  }

  replay({ who, command }) {
    this.ask(who, fromJson(CommandSchema, command), { replay: true });
  }

  touch(keys, one) {
    keys.add("cohort");
    if (one === undefined) return [...this.initiatives.values()].forEach((each) => this.touch(keys, each));
    one.version += 1;
    keys.add(`initiative/${one.id}`);
    keys.add(`locality/${one.place}`);
  }

  find(who, id) {
    const one = this.initiatives.get(id);
    if (one === undefined || !this.sees(who, one)) throw new Refused("NOT_FOUND", "There is no such initiative, or not for you");
    return one;
  }

  record(one, who, kind, label, entered = [], more = {}) {
    one.timeline.unshift({ sequence: one.timeline.length + 1, at: this.now, kind, label, actor: who, entered, reason: "", channel: "web", ...more });
  }

  on_makeMove(who, asked, touch) {
    const one = this.find(who, asked.initiative);
    if (asked.task !== "") return this.handIn(who, one, touch);
    if (asked.ifVersion !== undefined && asked.ifVersion !== one.version) throw new Refused("CONFLICT_VERSION", "It has moved on since you looked");
    const move = MOVES.find((each) => each.name === asked.move && (each.from === asked.from || (each.from === "" && one.states.length > 0)) && (each.from === "" || one.states.includes(each.from)));
    if (move === undefined) throw new Refused("PRECONDITION", `“${asked.move}” is not offered here`);
    const unmet = this.unmet(who, one, move);
    if (unmet.some((each) => each.code === "NOT_YOURS")) throw new Refused("FORBIDDEN", unmet[0].why.translations[0].text);
    const reason = asked.reason?.kind.value ?? "";
    if (move.mustGive?.includes("reason") && reason === "") unmet.push({ code: "FIELD_MISSING", field: "reason", why: text("A reason is needed", "Reikia priežasties") });
    if (unmet.length > 0) throw new Refused("PRECONDITION", "This is not possible yet", { violations: unmet.map((each) => ({ code: each.code, field: each.field ?? "", sentence: each.why.translations[0].text, willHoldAtUs: each.willHoldAtUs ?? 0n })) });
    if (move.held) {
      one.held = move.name;
      this.record(one, who, "held", move.label, [], { reason });
    } else this.go(one, who, move, reason);
    touch(one);
  }

  go(one, who, move, reason) {
    const to = move.to === "mentoring" ? ["mentoring.sessions.open", "mentoring.project.writing"] : [move.to];
    one.states = move.from === "" ? to : one.states.flatMap((state) => (state === move.from ? to : [state]));
    if (one.states.includes("mentoring.sessions.done") && one.states.includes("mentoring.project.ready")) {
      one.states = ["follow_up"];
      one.report = { due: this.now + 30 * DAY_MS, finished: false, fields: {} };
    }
    Object.assign(one, { since: this.now, overdue: false, held: "", rank: move.to.endsWith("waitlist") ? 1 : 0, due: one.states.some((state) => state.endsWith("approval")) ? endOfDay(this.now + 7 * DAY_MS) : move.to.endsWith("offered") ? endOfDay(this.now + 5 * DAY_MS) : 0 });
    this.record(one, who, "move", move.label, one.states, { reason, told: move.name === "return" ? ["applicant"] : [] });
  }

  handIn(who, one, touch) {
    const missing = IMPACT.filter((field) => field.required && one.report.fields[field.name] === undefined);
    if (missing.length > 0) throw new Refused("PRECONDITION", "The report is not complete", { violations: missing.map((field) => ({ code: "FIELD_MISSING", field: field.name, sentence: `${field.label.translations[0].text} is needed` })) });
    one.report.finished = true;
    this.record(one, who, "task", text("Report handed in", "Ataskaita pateikta"));
    touch(one);
  }

  on_saveFields(who, asked, touch) {
    const one = this.find(who, asked.initiative);
    const held = asked.task === "" ? one.fields : undefined;
    if (!this.writes(who, one)) throw new Refused("FORBIDDEN", "These answers are not yours to write");
    const conflicts = asked.fields.filter((field) => held !== undefined && field.ifVersion !== undefined && field.ifVersion !== (held[field.name]?.[1] ?? 0))
      .map((field) => ({ field: field.name, theirs: this.value(FIELDS, field.name, held[field.name][0]), theirVersion: held[field.name][1] }));
    if (conflicts.length > 0) throw new Refused("CONFLICT_VERSION", "Somebody else changed this meanwhile", { conflicts });
    for (const field of asked.fields) {
      const plain = field.value?.kind.case === "number" ? Number(field.value.kind.value) : field.value?.kind.case === "text" ? field.value.kind.value : "";
      if (held === undefined) one.report.fields[field.name] = plain;
      else held[field.name] = [plain, (held[field.name]?.[1] ?? 0) + 1];
    }
    one.title = one.fields.title[0];
    this.record(one, who, "saved", text("Answers saved", "Atsakymai išsaugoti"));
    touch(one);
  }

  on_openTask(who, asked, touch) {
    const one = this.find(who, asked.initiative);
    if (!this.opens(who, one).includes(asked.kind)) throw new Refused("FORBIDDEN", "Meetings are written down by the expert");
    const fields = Object.fromEntries(asked.fields.map((field) => [field.name, field.value.kind.case === "date" ? Date.UTC(field.value.kind.value.year, field.value.kind.value.month - 1, field.value.kind.value.day) : field.value.kind.case === "number" ? Number(field.value.kind.value) : field.value.kind.value]));
    if (fields.minutes > 600) throw new Refused("INVALID", "The meeting cannot be kept like this", { violations: [{ code: "FIELD_INVALID", field: "minutes", sentence: "A meeting lasts at most 600 minutes" }] });
    one.meetings.push({ number: one.meetings.length + 1, at: this.now, fields });
    this.record(one, who, "task", text(`Meeting ${one.meetings.length}`, `Susitikimas ${one.meetings.length}`));
    touch(one);
  }

  on_startInitiative(who, asked, touch, command) {
    const given = Object.fromEntries(asked.fields.map((field) => [field.name, [field.value.kind.value, 1]]));
    const id = `i-${this.initiatives.size + 1}`;
    const one = { id, title: given.title?.[0] ?? "", place: given.locality?.[0] ?? "", applicant: asked.applicant || who, states: ["application.draft"], organisation: "", since: this.now, due: endOfDay(this.now + 10 * DAY_MS), overdue: false, rank: 0, held: "", blocked: false, version: 0, meetings: [], timeline: [], fields: { problem: ["", 0], contact: ["", 0], plan: ["", 0], ...given } };
    this.initiatives.set(id, one);
    this.record(one, who, "started", text("Application begun", "Paraiška pradėta"), ["application.draft"], { onBehalfOf: asked.applicant, channel: ["", "web", "paper", "phone", "post"][command.channel] });
    touch(one);
    return id;
  }

  held(place) {
    return [...this.initiatives.values()].filter((one) => one.held !== "" && (place === "" || one.place === place));
  }

  on_publishDecisions(who, asked, touch) {
    this.manages(who);
    for (const one of this.held(asked.locality)) {
      this.go(one, who, MOVES.find((move) => move.name === one.held && move.from === one.states[0]), "");
      touch(one);
    }
  }

  on_dropDecision(who, asked, touch) {
    this.manages(who);
    const one = this.find(who, asked.initiative);
    one.held = "";
    this.record(one, who, "dropped", undefined);
    touch(one);
  }

  on_extendDeadline(who, asked, touch) {
    this.manages(who);
    const one = this.find(who, asked.initiative);
    Object.assign(one, { due: endOfDay(Date.UTC(asked.to.year, asked.to.month - 1, asked.to.day, 1)), overdue: false });
    this.record(one, who, "extended", text("Deadline extended", "Terminas pratęstas"), [], { reason: asked.reason });
    touch(one);
  }

  on_moveClock(who, asked, touch) {
    this.manages(who);
    const to = Number(asked.toUs / 1000n);
    if (to < this.now) throw new Refused("INVALID", "The clock of a rehearsal never goes back");
    this.now = to;
    for (const one of this.initiatives.values()) {
      if (one.due === 0 || one.overdue || one.due > this.now) continue;
      one.overdue = true;
      this.record(one, "", "time", text("The deadline has passed; the manager is told", "Terminas praėjo; pranešta vadovei"), [], { told: ["manager"] });
    }
    touch(undefined);
  }

  manages(who) {
    if (who !== "p-rasa") throw new Refused("FORBIDDEN", "Only the manager may do this");
  }

  // --- what may be done

  writes(who, one) {
    return one.applicant === who && ["application.draft", "mentoring.project.writing", "follow_up"].some((state) => one.states.includes(state));
  }

  opens(who, one) {
    return one.states.includes("mentoring.sessions.open") && this.rolesAt(who, one).includes("mentor") ? ["meetings"] : [];
  }

  unmet(who, one, move) {
    const unmet = [];
    if (!this.rolesAt(who, one).includes(move.by)) unmet.push({ code: "NOT_YOURS", why: text("This is not yours to do", "Tai ne jūsų veiksmas") });
    if (move.meetings !== undefined && one.meetings.length < move.meetings) unmet.push({ code: "GUARD_FAILED", why: text("At least three meetings", "Bent trys susitikimai") });
    for (const name of move.fields ?? []) {
      const field = FIELDS.find((each) => each.name === name);
      const value = one.fields[name]?.[0] ?? "";
      const [en, lt] = field.label.translations.map((each) => each.text);
      if (value === "") unmet.push({ code: "FIELD_MISSING", field: name, why: text(`“${en}” is not filled in`, `„${lt}“ neužpildyta`) });
      else if (field.atLeast !== undefined && value.length < field.atLeast) unmet.push({ code: "FIELD_INVALID", field: name, why: text(`“${en}” needs at least ${field.atLeast} characters`, `„${lt}“: ne mažiau kaip ${field.atLeast} ženklų`) });
    }
    if (move.name === "good_practice" && this.now < Date.UTC(2017, 2, 31)) unmet.push({ code: "GUARD_FAILED", why: text("Examples are named after mentoring has ended", "Pavyzdžiai skelbiami pasibaigus mentorystei"), willHoldAtUs: us(Date.UTC(2017, 2, 31, 21)) });
    return unmet;
  }

  // --- what is seen

  /** The rows of a topic for one reader; all of them, or those of `keys`. */
  rows(who, topic, initiative, keys) {
    const rows = [];
    const add = (key, body) => {
      if (keys === undefined || keys.has(key)) rows.push(create(RowSchema, { key, version: BigInt(this.touched.get(key) ?? 1), body: body() }));
    };
    if (topic === "initiative") {
      const one = this.initiatives.get(initiative);
      if (one !== undefined && this.sees(who, one)) add(`initiative/${initiative}`, () => ({ case: "detail", value: this.detail(who, one) }));
      return rows;
    }
    const seen = [...this.initiatives.values()].filter((one) => this.sees(who, one));
    add("cohort", () => ({ case: "cohort", value: this.cohortRow(who, seen) }));
    for (const [id, name] of PLACES) add(`locality/${id}`, () => ({ case: "locality", value: this.localityRow(id, name) }));
    for (const one of seen) add(`initiative/${one.id}`, () => ({ case: "initiative", value: this.row(who, one) }));
    return rows;
  }

  cohortRow(who, seen) {
    const parameters = [["application_closes", "Applications close", "Paraiškos priimamos iki", [2016, 12, 11]], ["decisions_on", "Decisions are published", "Sprendimai skelbiami", [2017, 1, 11]], ["mentoring_starts", "Mentoring starts", "Mentorystės pradžia", [2017, 1, 16]], ["mentoring_ends", "Mentoring ends", "Mentorystės pabaiga", [2017, 3, 31]]];
    const manager = this.roles(who).includes("manager");
    return {
      id: COHORT, title: "SOCIFACTION 2017", program: "socifaction-2017", programVersion: "3f0c", rehearsal: true, nowUs: us(this.now), languages: ["en", "lt"], roles: ROLES, myRoles: this.roles(who), zone: "Europe/Vilnius", offsetS: 7200,
      parameters: parameters.map(([name, , , day]) => ({ name, value: civil(...day) })), parameterLabels: parameters.map(([name, en, lt]) => ({ name, label: text(en, lt), type: 9 })), forms: FORMS,
      lanes: LANES.map((lane) => ({ ...lane, count: seen.filter((one) => one.states.includes(lane.state)).length })), initiatives: seen.length, overdue: seen.filter((one) => one.overdue).length, heldDecisions: manager ? this.held("").length : 0,
      checklist: manager ? [{ before: "mentoring", locality: "varena", why: text("No expert is assigned to this locality", "Šiai vietovei nepaskirtas ekspertas") }] : [],
    };
  }

  localityRow(id, name) {
    const here = [...this.initiatives.values()].filter((one) => one.place === id);
    const people = [...COORDINATORS.get(id).map((who) => ({ ...this.person(who), role: "coordinator" })), ...MENTORS.get(id).map((who) => ({ ...this.person(who), role: "mentor" }))];
    return { id, name, places: PLACES_EACH, taken: here.filter((one) => one.states.some((state) => QUOTA.includes(state))).length, waiting: here.filter((one) => one.rank > 0).length, initiatives: here.length, people };
  }

  row(who, one) {
    const waits = [...new Set(one.states.map((state) => WAITS[state]).filter(Boolean))];
    const manager = this.rolesAt(who, one).includes("manager");
    const lane = LANES.find((each) => each.state === one.states[0]);
    return {
      id: one.id, title: one.title, locality: one.place, organisation: one.organisation, states: one.states, waitsFor: waits, sinceUs: us(one.since), dueUs: us(one.due), overdue: one.overdue, end: lane?.ends ?? 0, rank: one.rank, held: manager ? one.held : "", blocked: one.blocked,
      applicants: [{ ...this.person(one.applicant), role: "applicant" }], tasks: [{ kind: "meetings", open: 0, done: one.meetings.length, overdue: 0 }], initiativeVersion: one.version, lastActivityUs: us(one.timeline[0]?.at ?? one.since), mine: waits.some((role) => this.rolesAt(who, one).includes(role)),
    };
  }

  value(fields, name, plain) {
    const type = fields.find((field) => field.name === name).type;
    if (plain === "" || plain === undefined) return undefined;
    if (type === 7) return { kind: { case: "number", value: BigInt(plain) } };
    if (type === 9) return { kind: { case: "date", value: date(plain) } };
    return { kind: { case: "text", value: plain } };
  }

  detail(who, one) {
    const manager = this.rolesAt(who, one).includes("manager");
    const view = (fields, values, versions, mayWrite) => fields.map((field) => ({ field, value: this.value(fields, field.name, values[field.name]), version: versions[field.name] ?? 0, mayWrite }));
    const plain = Object.fromEntries(Object.entries(one.fields).map(([name, [value]]) => [name, value]));
    const versions = Object.fromEntries(Object.entries(one.fields).map(([name, [, version]]) => [name, version]));
    const lane = (path) => LANES.find((each) => each.state === path);
    const end = lane(one.states[0])?.ends !== undefined;
    const moves = end ? [] : MOVES.filter((move) => move.from === "" || one.states.includes(move.from)).map((move) => {
      const unmet = this.unmet(who, one, move);
      return { name: move.name, from: move.from, label: move.label, confirm: move.confirm, possible: unmet.length === 0, unmet, mustGive: move.mustGive ?? [], held: move.held ?? false, to: move.to, toLabel: lane(move.to)?.label ?? text("Mentoring", "Mentorystė"), by: [move.by] };
    });
    const mentor = MENTORS.get(one.place)?.[0] ?? "";
    const tasks = one.meetings.map((meeting) => ({ key: `meetings/${meeting.number}`, kind: "meetings", number: meeting.number, kindLabel: text("Meeting", "Susitikimas"), state: "done", stateLabel: text("Written down", "Užrašyta"), finished: true, by: this.person(mentor), atUs: us(meeting.at), fields: view(MEETING, meeting.fields, {}, false) })).reverse();
    if (one.report !== undefined) {
      const mine = one.applicant === who && !one.report.finished;
      tasks.unshift({ key: "impact/1", kind: "impact", number: 1, kindLabel: text("Half-yearly report", "Pusmečio ataskaita"), state: "open", stateLabel: one.report.finished ? text("Handed in", "Pateikta") : text("To be written", "Reikia parašyti"), finished: one.report.finished, dueUs: us(one.report.due), fields: view(IMPACT, one.report.fields, Object.fromEntries(IMPACT.map((field) => [field.name, one.version])), mine), moves: mine ? [{ name: "hand_in", task: "impact/1", label: text("Hand in", "Pateikti"), possible: true, by: ["applicant"] }] : [] });
    }
    return {
      row: this.row(who, one), moves, tasks, opens: this.opens(who, one), fields: view(FIELDS, plain, versions, this.writes(who, one)),
      timeline: one.timeline.map((entry) => ({ ...entry, sequence: BigInt(entry.sequence), atUs: us(entry.at), actor: entry.actor === "" ? undefined : this.person(entry.actor), onBehalfOf: entry.onBehalfOf ? this.person(entry.onBehalfOf) : undefined })).filter((entry) => manager || entry.kind !== "held"),
      timers: one.due === 0 ? [] : [{ state: one.states[0], name: "deadline", dueUs: us(one.due) }],
      states: one.states.map((path) => ({ path, label: lane(path)?.label, applicant: TOLD[path], sinceUs: us(one.since) })),
      people: [...COORDINATORS.get(one.place) ?? []].map((id) => ({ ...this.person(id), role: "coordinator" })).concat((MENTORS.get(one.place) ?? []).map((id) => ({ ...this.person(id), role: "mentor" }))),
    };
  }
}
