// Dates and lengths of time in Georgian, as the Unicode tables (CLDR) write them. Chromium carries no Georgian, and would say them
// in the language of the reader's machine; so they are said here, alike in every browser.
const MONTHS = ["იანვარი", "თებერვალი", "მარტი", "აპრილი", "მაისი", "ივნისი", "ივლისი", "აგვისტო", "სექტემბერი", "ოქტომბერი", "ნოემბერი", "დეკემბერი"];

// One of it, "ago" and "in".
const UNITS: Record<string, readonly [string, string, string]> = {
  second: ["წამი", "წამის წინ", "წამში"],
  minute: ["წუთი", "წუთის წინ", "წუთში"],
  hour: ["საათი", "საათის წინ", "საათში"],
  day: ["დღე", "დღის წინ", "დღეში"],
  week: ["კვირა", "კვირის წინ", "კვირაში"],
  month: ["თვე", "თვის წინ", "თვეში"],
  year: ["წელი", "წლის წინ", "წელიწადში"],
};
const DAYS: Record<string, string> = { "-2": "გუშინწინ", "-1": "გუშინ", "0": "დღეს", "1": "ხვალ", "2": "ზეგ" };

/** A civil day, "2017-03-05", with its year or without. */
export function georgianDay(civil: string, with_year: boolean): string {
  const [year, month, day] = civil.split("-").map(Number);
  const words = `${day} ${MONTHS[month! - 1]}`;
  return with_year ? `${words}, ${year}` : words;
}

export function georgianMonth(year: number, month: number): string {
  return `${MONTHS[month - 1]}, ${year}`;
}

export function georgianRelative(count: number, unit: string): string {
  if (unit === "second" && count === 0) return "ახლა";
  if (unit === "day" && DAYS[count] !== undefined) return DAYS[count];
  const [, ago, within] = UNITS[unit]!;
  return `${Math.abs(count)} ${count < 0 ? ago : within}`;
}

export function georgianLength(count: number, unit: string): string {
  return `${count} ${UNITS[unit]![0]}`;
}
