// Instants as people read them, in the cohort's zone, whatever the reader's machine thinks: microseconds UTC come in.
// A deadline that falls on midnight is shown as 24:00 of the day it ends.
import { georgianDay, georgianLength, georgianMonth, georgianRelative } from "./i18n/georgian";

export interface Clock {
  now_ms: number;
  zone: string;      // IANA
  language: string;  // BCP 47
}

const SECOND_MS = 1000;
const DAY_MS = 86_400 * SECOND_MS;
// English as it is written in Europe: the day before the month. Georgian writes its figures as Lithuanian does; its words are ours.
const TAGS: Record<string, string> = { en: "en-GB", ka: "lt" };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(clock: Clock, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${clock.language} ${clock.zone} ${kind}`;
  let made = formats.get(key);
  if (made === undefined) {
    try {
      made = new Intl.DateTimeFormat(tag(clock.language), { ...options, timeZone: clock.zone === "" ? "UTC" : clock.zone });
    } catch {
      made = new Intl.DateTimeFormat(tag(clock.language), { ...options, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return made;
}

/** The locale whose figures `language` has. */
export function tag(language: string): string {
  return TAGS[language] ?? language;
}

export function ms(us: bigint): number {
  return Number(us / 1000n);
}

function time(clock: Clock, at_ms: number): string {
  return format(clock, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at_ms);
}

export function day(clock: Clock, at_ms: number): string {
  if (clock.language === "ka") return georgianDay(civilDay(clock, at_ms), true);
  return format(clock, "day", { day: "numeric", month: "long", year: "numeric" }).format(at_ms);
}

/** The day without its year, where that is this year's. */
export function dayOfYear(clock: Clock, at_ms: number): string {
  if (civilDay(clock, at_ms).slice(0, 4) !== civilDay(clock, clock.now_ms).slice(0, 4)) return day(clock, at_ms);
  if (clock.language === "ka") return georgianDay(civilDay(clock, at_ms), false);
  return format(clock, "dayOfYear", { day: "numeric", month: "long" }).format(at_ms);
}

/** A month of a year, as exactly as some dates are known. */
export function monthOfYear(language: string, year: number, month: number): string {
  if (language === "ka") return georgianMonth(year, month);
  return new Intl.DateTimeFormat(tag(language), { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.UTC(year, month - 1, 1));
}

/** The day a deadline falls on: midnight belongs to the day that ends with it. */
export function lastDay(clock: Clock, at_ms: number): string {
  return dayOfYear(clock, time(clock, at_ms) === "00:00" ? at_ms - SECOND_MS : at_ms);
}

/** The civil day in the zone: 2017-01-11. */
export function civilDay(clock: Clock, at_ms: number): string {
  return format({ ...clock, language: "en-CA" }, "civil", { year: "numeric", month: "2-digit", day: "2-digit" }).format(at_ms);
}

export function exact(clock: Clock, at_ms: number): string {
  return `${day(clock, at_ms)}, ${time(clock, at_ms)}`;
}

/** A deadline: midnight belongs to the day that ends with it. */
export function exactEnd(clock: Clock, at_ms: number): string {
  return time(clock, at_ms) === "00:00" ? `${day(clock, at_ms - SECOND_MS)}, 24:00` : exact(clock, at_ms);
}

/** "in 3 days", "yesterday", "2 hours ago", by days of the calendar from one day on. */
export function relative(clock: Clock, at_ms: number, ends = false): string {
  const format = new Intl.RelativeTimeFormat(tag(clock.language), { numeric: "auto" });
  const say = (count: number, unit: Intl.RelativeTimeFormatUnit) => (clock.language === "ka" ? georgianRelative(count, unit) : format.format(count, unit));
  const apart_ms = at_ms - clock.now_ms;
  const days = civilDays(clock, ends && time(clock, at_ms) === "00:00" ? at_ms - SECOND_MS : at_ms) - civilDays(clock, clock.now_ms);
  if (Math.abs(apart_ms) < 45 * SECOND_MS) return say(0, "second");
  if (Math.abs(apart_ms) < 3600 * SECOND_MS) return say(Math.trunc(apart_ms / 60_000) || Math.sign(apart_ms), "minute");
  if (days === 0 || Math.abs(apart_ms) < DAY_MS / 4) return say(Math.trunc(apart_ms / 3_600_000) || Math.sign(apart_ms), "hour");
  if (Math.abs(days) < 14) return say(days, "day");
  if (Math.abs(days) < 60) return say(Math.trunc(days / 7), "week");
  if (Math.abs(days) < 730) return say(Math.round(days / 30.44), "month");
  return say(Math.round(days / 365.25), "year");
}

/** How long ago, as a length: "3 days"; from the end of a day it counts like from that day. */
export function elapsed(clock: Clock, since_ms: number, ended = false): string {
  const apart_ms = Math.max(clock.now_ms - since_ms, 0);
  const days = civilDays(clock, clock.now_ms) - civilDays(clock, ended && time(clock, since_ms) === "00:00" ? since_ms - SECOND_MS : since_ms);
  const words = (unit: string, count: number) => clock.language === "ka" ? georgianLength(count, unit) : new Intl.NumberFormat(clock.language, { style: "unit", unit, unitDisplay: "long" }).format(count);
  if (apart_ms < 60_000) return `< ${words("minute", 1)}`;
  if (apart_ms < 3_600_000) return words("minute", Math.trunc(apart_ms / 60_000));
  if (days === 0) return words("hour", Math.trunc(apart_ms / 3_600_000));
  if (days < 14) return words("day", days);
  if (days < 60) return words("week", Math.trunc(days / 7));
  if (days < 730) return words("month", Math.round(days / 30.44));
  return words("year", Math.trunc(days / 365.25));
}

function civilDays(clock: Clock, at_ms: number): number {
  return Math.floor(Date.parse(`${civilDay(clock, at_ms)}T00:00:00Z`) / DAY_MS);
}

/** The first instant of a civil day in the zone, ms UTC: found by asking the zone what day it then is. */
export function startOfDay(clock: Clock, civil: string): number {
  const utc = Date.parse(`${civil}T00:00:00Z`);
  let best = utc;
  for (let hours = -15; hours <= 15; hours += 0.25) {
    const at = utc + hours * 3_600_000;
    if (civilDay(clock, at) === civil) {
      best = at;
      break;
    }
  }
  return best;
}
