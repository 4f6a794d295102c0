// The names of places, organisations and people that a field holds by their id, and what may be chosen for it.
import { useEffect } from "preact/hooks";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { PersonRef } from "../gen/kvali/v1/view_pb.js";
import { everything, peopleOf, type BoardData } from "../model";
import type { Names } from "../values";
import { useChanges, useCohort, usePersonName, useScreen } from "./context";

/** Whoever is on a board: all that those know of others who are not told everybody. */
function peopleHere(board: BoardData): PersonRef[] {
  const here = new Map<string, PersonRef>();
  for (const row of everything(board)) for (const person of [...row.applicants, ...peopleOf(board, row)]) here.set(person.id, person);
  return [...here.values()];
}

/** Names for reading. Those of organisations and people are there as soon as somebody has asked for them (`useDirectory`). */
export function useNames(): Names {
  const { t, directory } = useScreen();
  const { board, clock } = useCohort();
  const name = usePersonName();
  const person = (id: string) => directory.name("people", id) || name(peopleHere(board).find((one) => one.id === id) ?? undefined) || t("person_unknown");
  return {
    clock, yes: t("yes"), no: t("no"), person,
    locality: (id) => board.localities.get(id)?.name ?? id,
    organisation: (id) => directory.name("organisations", id) || t("organisation_unknown"),
  };
}

/** Asks for the names that fields of these types need; with `afresh`, for those registered since. */
export function useDirectory(types: readonly Field_Type[], afresh = false): void {
  const { directory } = useScreen();
  const organisations = types.includes(Field_Type.ORGANISATION);
  const people = types.includes(Field_Type.PERSON);
  useChanges(directory);
  useEffect(() => {
    if (organisations) void directory.want("organisations", afresh);
    if (people) void directory.want("people", afresh);
  }, [directory, organisations, people]);
}

export function useChoices(type: Field_Type): { name: string; label: string }[] {
  const { language, directory } = useScreen();
  const { board } = useCohort();
  const called = usePersonName();
  useDirectory([type], true);
  const order = new Intl.Collator(language);
  const known = () => {
    if (type === Field_Type.LOCALITY) return [...board.localities.values()].map((place) => ({ name: place.id, label: place.name }));
    if (type === Field_Type.ORGANISATION) return (directory.organisations ?? []).map((one) => ({ name: one.id, label: one.name }));
    const people = directory.people ?? [];
    return (people.length > 0 ? people : peopleHere(board)).map((one) => ({ name: one.id, label: called(one) }));
  };
  return known().sort((one, other) => order.compare(one.label, other.label));
}
