// What people do, each line of work one thing after the other: {who, cohort, body, more, refused}. A line is told the answer to
// what it asked and is never told of a crash; whoever drives it asks again until there is an answer.
import { localities, problem, text, us } from "../story/house.mjs";

const minute_us = 60_000_000n;
const move = (initiative, name, more = {}) => ({ makeMove: { initiative, move: name, ...more } });
const fields = (values) => Object.entries(values).map(([name, value]) => ({ name, value: text(value) }));

/** An applicant writes draft after draft field by field, hands it in, and gets it back twice. */
export function* application(cohort, who, coordinator, locality) {
  for (let number = 1; ; ++number) {
    const { created } = yield { who, cohort, body: { startInitiative: {} } };
    const values = { title: `${who}, ${number}`, locality, problem: problem(`${who} ${number}`), contact: `${who}@example.org` };
    for (const one of fields(values)) yield { who, cohort, body: { saveFields: { initiative: created, fields: [one] } } };
    yield { who, cohort, body: move(created, "submit") };
    yield { who, cohort, body: move(created, "pass"), refused: "FORBIDDEN" };
    for (let time = 1; time <= 2; ++time) {
      yield { who: coordinator, cohort, body: move(created, "return", { reason: text(`Who answers for it? (${time})`) }) };
      yield { who, cohort, body: { saveFields: { initiative: created, fields: fields({ title: `${who}, ${number}.${time}` }) } } };
      yield { who, cohort, body: move(created, "submit") };
    }
    yield { who: coordinator, cohort, body: move(created, "pass") };
  }
}

/** The manager registers newcomers, whose names are sealed; the coordinator enters their applications from paper. */
export function* paper(cohort, number, coordinator, locality, registered) {
  for (let count = 1; ; ++count) {
    const name = `Invented ${number}-${count}`;
    const { created } = yield { who: "manager-1", cohort: "", body: { registerPerson: { name: text(name), email: text(`new-${number}-${count}@example.org`) } } };
    registered.push({ id: created, name });
    const more = { onBehalfOf: created, channel: "PAPER", receivedAtUs: us("2016-11-14T06:30Z") };
    const values = { title: `Paper ${number}-${count}`, locality, problem: problem(name), contact: `new-${number}-${count}@example.org` };
    const entered = yield { who: coordinator, cohort, body: { startInitiative: { applicant: created, fields: fields(values) } }, more };
    yield { who: coordinator, cohort, body: move(entered.created, "submit"), more };
    yield { who: coordinator, cohort, body: move(entered.created, "return"), refused: "INVALID" };
    yield { who: coordinator, cohort, body: move(entered.created, "pass") };
  }
}

/** A mentor notes meeting after meeting, with one of her initiatives after the other. */
export function* meetings(cohort, who, initiatives) {
  for (let count = 0; ; ++count) {
    const values = [{ name: "date", value: { date: { year: 2017, month: 2, day: 1 + (count % 20) } } }, { name: "minutes", value: { number: String(30 + count % 90) } },
                    ...fields({ summary: `Meeting ${count} of ${who}`, private_note: "Unsure of the numbers." })];
    yield { who, cohort, body: { openTask: { initiative: initiatives[count % initiatives.length], kind: "meetings", fields: values } } };
  }
}

/** A project goes to the mentor and comes back. */
export function* project(cohort, who, mentor, initiative) {
  for (let count = 1; ; ++count) {
    const plan = `Two cars, four drivers, 120 rides a week; the ${count}th version of the plan of ${who}.`;
    yield { who, cohort, body: { saveFields: { initiative, fields: fields({ plan }) } } };
    yield { who, cohort, body: move(initiative, "hand_in") };
    yield { who: mentor, cohort, body: move(initiative, "return", { reason: text("Who drives on Sundays?") }) };
  }
}

/** The rehearsal's clock goes on, a minute at a time. */
export function* clock(cohort, from) {
  for (let at = BigInt(us(from)) + minute_us; ; at += minute_us) yield { who: "manager-1", cohort, body: { moveClock: { toUs: String(at) } } };
}

export const places = localities.slice(0, 4).map(({ id }) => id);
