// The language of the screens, and the texts of a program in it.
import type { Text } from "../gen/kvali/v1/program_pb.js";
import { en, type Dictionary, type Entry, type Key } from "./en";
import { ka } from "./ka";
import { lt } from "./lt";

export type { Key } from "./en";

const DICTIONARIES: Record<string, Dictionary> = { lt, ka, en };
export const LANGUAGES: readonly string[] = Object.keys(DICTIONARIES);

export type Fill = Record<string, string | number>;
export type Translate = (key: Key, fill?: Fill) => string;

/** What the address asks for, what was chosen before, what the browser prefers; English at last. */
export function chooseLanguage(asked: string | null, stored: string | null, preferred: readonly string[]): string {
  for (const tag of [asked, stored, ...preferred]) {
    const language = tag?.toLowerCase().split("-")[0] ?? "";
    if (LANGUAGES.includes(language)) return language;
  }
  return "en";
}

export function languageName(language: string): string {
  return DICTIONARIES[language]?.language_name as string;
}

export function translator(language: string): Translate {
  const dictionary = DICTIONARIES[language] ?? en;
  const plural = new Intl.PluralRules(language);
  return (key, fill = {}) => {
    const entry: Entry = dictionary[key];
    const chosen = typeof entry === "string" ? entry : (entry[plural.select(Number(fill.n ?? 0))] ?? entry.other ?? "");
    return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
  };
}

/** A text of the program in `language`, else in English, else in whatever it was first written; with the language it is in. */
export function pick(text: Text | undefined, language: string): { text: string; language: string } {
  const translations = text?.translations ?? [];
  const found = translations.find((one) => one.language === language && one.text !== "") ?? translations.find((one) => one.language === "en" && one.text !== "") ?? translations[0];
  return { text: found?.text ?? "", language: found?.language ?? language };
}
