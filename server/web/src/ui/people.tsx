// Whose initiatives are shown: everybody who holds a role for one of them, by role.
import { peopleOf, roleLabel } from "../model";
import { go, href } from "../route";
import { useCohort, useScreen, usePersonName } from "./context";

export function PersonFilter() {
  const { t, route, language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const order = new Intl.Collator(language);
  const byRole = new Map<string, Map<string, string>>();
  for (const row of board.initiatives) {
    for (const person of peopleOf(board, row)) {
      if (!byRole.has(person.role)) byRole.set(person.role, new Map());
      byRole.get(person.role)!.set(person.id, name(person));
    }
  }
  if (byRole.size === 0 && route.person === "") return null;
  const roles = board.cohort.roles.map((one) => one.role).filter((role) => byRole.has(role));
  // A link may name somebody who holds no role here any more, or an applicant.
  const known = roles.some((role) => byRole.get(role)!.has(route.person));
  const other = known ? undefined : board.initiatives.flatMap((row) => row.applicants).find((person) => person.id === route.person);
  return (
    <label class={`choose${route.person === "" ? "" : " chosen"}`}>
      <span>{t("person")}</span>
      <select value={route.person} data-filter="person" onChange={(event) => go(href(route, { person: event.currentTarget.value }))}>
        <option value="">{t("anybody")}</option>
        {route.person !== "" && !known && <option value={route.person}>{other === undefined ? t("person_unknown") : name(other)}</option>}
        {roles.map((role) => (
          <optgroup key={role} label={roleLabel(board.cohort, role, language)}>
            {[...byRole.get(role)!].sort(([, one], [, another]) => order.compare(one, another)).map(([id, called]) => <option key={id} value={id}>{called}</option>)}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
