// What a manager asks of the season before looking at single initiatives: its dates, what is still to be set up, who is where.
import { display } from "../values";
import { roleLabel, stateLabel } from "../model";
import { useCohort, useScreen, usePersonName, useWords, Words } from "./context";
import { Migration, migrationWord } from "./migration";
import { useNames } from "./names";
import type { FieldView } from "../gen/kvali/v1/view_pb.js";

export function Overview() {
  const { t } = useScreen();
  const { board, manager } = useCohort();
  const checklist = board.cohort.checklist;
  return (
    <div class="overview" onKeyDown={closeOnEscape}>
      <details name="overview">
        <summary>{t("about_cohort")}</summary>
        <div class="sheet"><CohortDates /></div>
      </details>
      {manager && board.localities.size > 0 && (
        <details name="overview">
          <summary>{t("assignments")}</summary>
          <div class="sheet"><Assignments /></div>
        </details>
      )}
      {board.cohort.migration !== undefined && (
        <details class={board.cohort.migration.parked > 0 ? "todo" : ""} name="overview" data-migration={migrationWord(board.cohort.migration)}>
          <summary>{t("migration")}{board.cohort.migration.parked > 0 && `: ${t("migration_parked", { n: board.cohort.migration.parked })}`}</summary>
          <div class="sheet"><Migration migration={board.cohort.migration} /></div>
        </details>
      )}
      {checklist.length > 0 && (
        <details class="todo" name="overview">
          <summary>{t("checklist_title", { n: checklist.length })}</summary>
          <div class="sheet"><Checklist /></div>
        </details>
      )}
    </div>
  );
}

function closeOnEscape(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const open = event.currentTarget.querySelector<HTMLDetailsElement>("details[open]");
  if (event.key !== "Escape" || open === null) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary")?.focus();
}

export function CohortDates() {
  const { board } = useCohort();
  const names = useNames();
  const label = (name: string): FieldView | undefined => board.cohort.parameterLabels.find((field) => field.name === name);
  return (
    <dl class="facts">
      {board.cohort.parameters.map((parameter) => {
        const field = label(parameter.name);
        return field === undefined ? null : <div key={parameter.name}><dt><Words of={field.label} fallback={parameter.name} /></dt><dd>{display(field, parameter.value, names)}</dd></div>;
      })}
    </dl>
  );
}

function Checklist() {
  const { t, language } = useScreen();
  const { board } = useCohort();
  return (
    <ul class="plain">
      {board.cohort.checklist.map((line, index) => (
        <li key={index}>
          {line.locality !== "" && <b>{board.localities.get(line.locality)?.name ?? line.locality}: </b>}
          <Words of={line.why} /> <span class="quiet">({t("checklist_blocks", { step: stateLabel(board, line.before, language) })})</span>
        </li>
      ))}
    </ul>
  );
}

function Assignments() {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const words = useWords();
  const order = new Intl.Collator(language);
  const places = [...board.localities.values()].sort((one, other) => order.compare(one.name, other.name));
  const roles = board.cohort.roles.filter((role) => places.some((place) => place.people.some((person) => person.role === role.role)));
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={t("assignments")}>
      <table class="table small">
        <thead><tr><th scope="col">{t("col_locality")}</th>{roles.map((role) => <th key={role.role} scope="col">{words(role.label, role.role)}</th>)}</tr></thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.id}>
              <th scope="row">{place.name}</th>
              {roles.map((role) => {
                const people = place.people.filter((person) => person.role === role.role).map(name).join(", ");
                return <td key={role.role} data-label={roleLabel(board.cohort, role.role, language)}>{people || <span class="badge stuck">{t("nobody")}</span>}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
