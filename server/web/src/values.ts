// Values of fields as people type and read them: `Typed` is what an input holds, `Value` what the wire carries.
import { create, toBinary } from "@bufbuild/protobuf";
import { Field_Type } from "./gen/kvali/v1/program_pb.js";
import { ValueSchema, type Value } from "./gen/kvali/v1/value_pb.js";
import type { FieldView } from "./gen/kvali/v1/view_pb.js";
import type { Fill, Key } from "./i18n";
import { pick } from "./i18n";
import { day, monthOfYear, tag, type Clock } from "./time";

/** One string, or one per ticked choice. */
export type Typed = string | string[];
export type Fault = { key: Key; fill: Fill };
export type Parsed = { value: Value } | { fault: Fault };

export function text(value: string): Value {
  return create(ValueSchema, { kind: { case: "text", value } });
}

export const empty = (): Value => create(ValueSchema, { kind: { case: "empty", value: true } });

export function same(one: Value | undefined, other: Value | undefined): boolean {
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) === isEmpty(other);
  return toBinary(ValueSchema, one!).join() === toBinary(ValueSchema, other!).join();
}

export function isEmpty(value: Value | undefined): boolean {
  return value?.kind.case === undefined || value.kind.case === "empty" || (value.kind.case === "text" && value.kind.value === "");
}

export function typed(value: Value | undefined): Typed {
  const kind = value?.kind;
  switch (kind?.case) {
    case "text": return kind.value;
    case "number": return kind.value.toString();
    case "decimal": return String(kind.value);
    case "flag": return kind.value ? "yes" : "no";
    case "date": return kind.value.day === 0 ? "" : `${pad(kind.value.year, 4)}-${pad(kind.value.month, 2)}-${pad(kind.value.day, 2)}`;
    case "money": return minorToText(kind.value.minorUnits);
    case "list": return kind.value.values.map((one) => String(typed(one)));
    default: return "";
  }
}

export function parse(field: FieldView, input: Typed, before: Value | undefined): Parsed {
  if (Array.isArray(input)) {
    return { value: input.length === 0 ? empty() : create(ValueSchema, { kind: { case: "list", value: { values: input.map(text) } } }) };
  }
  const trimmed = field.type === Field_Type.TEXT ? input : input.trim();
  if (trimmed === "") return { value: empty() };
  switch (field.type) {
    case Field_Type.COUNT:
    case Field_Type.WHOLE_NUMBER: return parseWhole(field, trimmed);
    case Field_Type.NUMBER: {
      const number = Number(trimmed.replace(/[\s\u00a0]/g, "").replace(",", "."));
      return Number.isFinite(number) ? { value: create(ValueSchema, { kind: { case: "decimal", value: number } }) } : fault("field_not_number");
    }
    case Field_Type.MONEY: {
      const match = /^(\d{1,15})(?:[.,](\d{1,2}))?$/.exec(trimmed.replace(/[\s\u00a0]/g, ""));
      if (match === null) return fault("field_not_number");
      const minorUnits = BigInt(match[1]!) * 100n + BigInt((match[2] ?? "").padEnd(2, "0") || "0");
      const currency = before?.kind.case === "money" ? before.kind.value.currency : "EUR";
      return { value: create(ValueSchema, { kind: { case: "money", value: { minorUnits, currency } } }) };
    }
    case Field_Type.DATE: {
      const [year, month, dayOfMonth] = trimmed.split("-").map(Number);
      return { value: create(ValueSchema, { kind: { case: "date", value: { year: year ?? 0, month: month ?? 0, day: dayOfMonth ?? 0 } } }) };
    }
    case Field_Type.YES_OR_NO: return { value: create(ValueSchema, { kind: { case: "flag", value: trimmed === "yes" } }) };
    default: return { value: text(trimmed) };
  }
}

function parseWhole(field: FieldView, input: string): Parsed {
  const digits = input.replace(/[\s\u00a0]/g, "");
  if (!/^-?\d{1,18}$/.test(digits)) return fault("field_not_whole");
  const value = BigInt(digits);
  const least = field.type === Field_Type.COUNT && field.atLeast < 0n ? 0n : field.atLeast;
  if (value < least && (field.type === Field_Type.COUNT || field.atLeast !== 0n)) return fault("field_at_least", { least: String(least) });
  if (field.atMost !== 0n && value > field.atMost) return fault("field_at_most", { most: String(field.atMost) });
  return { value: create(ValueSchema, { kind: { case: "number", value } }) };
}

/** Says of a text that is too short or too long how much; hints while typing, never a barrier to saving a draft. */
export function lengthFault(field: FieldView, input: Typed): Fault | undefined {
  if (Array.isArray(input) || input === "" || !isText(field)) return undefined;
  const size = [...input].length;
  const least = Number(field.atLeast);
  const most = Number(field.atMost);
  if (size < least) return { key: "field_too_short", fill: { least, n: least - size } };
  if (most !== 0 && size > most) return { key: "field_too_long", fill: { most, n: size - most } };
  return undefined;
}

export function isText(field: FieldView): boolean {
  return [Field_Type.TEXT, Field_Type.EMAIL, Field_Type.PHONE, Field_Type.URL].includes(field.type);
}

export interface Names {
  clock: Clock;
  yes: string;
  no: string;
  locality: (id: string) => string;
  organisation: (id: string) => string;
  person: (id: string) => string;
}

/** A value as it is read; empty for none. */
export function display(field: FieldView, value: Value | undefined, names: Names): string {
  if (isEmpty(value)) return "";
  const kind = value!.kind;
  const figures = tag(names.clock.language);
  switch (kind.case) {
    case "flag": return kind.value ? names.yes : names.no;
    case "number": return new Intl.NumberFormat(figures).format(kind.value);
    case "decimal": return new Intl.NumberFormat(figures).format(kind.value);
    case "money": return new Intl.NumberFormat(figures, { style: "currency", currency: kind.value.currency || "EUR" }).format(Number(kind.value.minorUnits) / 100);
    case "date": return displayDate(kind.value, names.clock);
    case "instantUs": return day(names.clock, Number(kind.value / 1000n));
    case "list": return kind.value.values.map((one) => display(field, one, names)).join(", ");
    case "text": return displayText(field, kind.value, names);
    default: return "";
  }
}

function displayText(field: FieldView, value: string, names: Names): string {
  if (field.type === Field_Type.LOCALITY) return names.locality(value);
  if (field.type === Field_Type.ORGANISATION) return names.organisation(value);
  if (field.type === Field_Type.PERSON) return names.person(value);
  if (field.type === Field_Type.CHOICE || field.type === Field_Type.CHOICES) {
    return pick(field.choices.find((choice) => choice.name === value)?.label, names.clock.language).text || value;
  }
  return value;
}

function displayDate(date: { year: number; month: number; day: number }, clock: Clock): string {
  const at = Date.UTC(date.year, Math.max(date.month, 1) - 1, Math.max(date.day, 1));
  if (date.day !== 0) return day({ ...clock, zone: "UTC" }, at);
  if (date.month !== 0) return monthOfYear(clock.language, date.year, date.month);
  return String(date.year);
}

function fault(key: Key, fill: Fill = {}): Parsed {
  return { fault: { key, fill } };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function minorToText(minor: bigint): string {
  const sign = minor < 0n ? "-" : "";
  const whole = minor < 0n ? -minor : minor;
  return `${sign}${whole / 100n}.${(whole % 100n).toString().padStart(2, "0")}`;
}
