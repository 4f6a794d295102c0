// The next thing to do, in one box: for the one who must act, what; for the others, who is waited for.
import type { FormKey } from "../drafts";
import type { InitiativeDetail } from "../gen/kvali/v1/view_pb.js";
import { State_End } from "../gen/kvali/v1/program_pb.js";
import { givesUp, roleLabel, sortMoves, stateLabel } from "../model";
import { ms } from "../time";
import { focusField } from "./action";
import { Around } from "./card";
import { useCohort, useKindLabel, usePersonName, useScreen, useWords, Words } from "./context";
import { fieldId } from "./fields";
import { When } from "./when";

export function Next({ form, detail }: { form: FormKey; detail: InitiativeDetail }) {
  const { t, language, wire } = useScreen();
  const { board, clock } = useCohort();
  const words = useWords();
  const name = usePersonName();
  const kindLabel = useKindLabel();
  const row = detail.row!;
  const applies = row.applicants.some((person) => person.id === wire.welcome?.me?.id);
  const told = !applies ? undefined : detail.states.filter((state) => words(state.applicant) !== "").at(-1);
  const past = ms(row.dueUs) < clock.now_ms;
  const dated = row.dueUs !== 0n && (
    <p class={past ? "next-due late" : "next-due"}>
      <Around words={t(past ? "was_due" : "due", { when: "\u0000" })}><When us={row.dueUs} ends full /></Around>
    </p>
  );
  if (row.end !== State_End.END_UNSPECIFIED) {
    return <div class="next"><p>{t(board.kind === undefined ? "next_ended" : "next_ended_kind", { state: row.states.map((state) => stateLabel(board, state, language)).join(" · ") })}</p></div>;
  }
  if (row.held !== "") {
    return <div class="next" data-next="wait"><h3>{t("next_held", { move: words(row.heldLabel, row.held) })}</h3><p>{t("next_held_until")}</p>{dated}</div>;
  }
  const vote = detail.moves.find((move) => move.gate?.mine && move.gate.vote !== "");
  if (vote !== undefined) {
    return <div class="next act" data-next="act"><h3>{t("next_vote")}</h3><p><a href="#part-votes" onClick={(event) => focusField(event, "part-votes")}>{words(vote.label, vote.name)}</a></p>{dated}</div>;
  }
  if (!row.mine) {
    const who = row.waitsFor.map((role) => [roleLabel(board.cohort, role, language), detail.people.filter((person) => person.role === role).map(name).join(", ") || `(${t("nobody")})`].join(" ")).join("; ");
    return (
      <div class="next" data-next="wait">
        <h3>{t("next_nothing")}</h3>
        <p>{told !== undefined ? <Words of={told.applicant} /> : who !== "" && t("next_waits", { who })}</p>
        {told !== undefined && who !== "" && <p class="quiet">{t("next_waits", { who })}</p>}
        {dated}
      </div>
    );
  }
  const sorted = sortMoves(detail.moves.filter((move) => move.task === ""));
  const lacking = sorted.not_yet.find((move) => move.unmet.some((unmet) => unmet.field !== ""));
  const choices = sorted.possible.filter((move) => !givesUp(board, move));
  const reports = detail.tasks.filter((task) => !task.finished && task.fields.some((field) => field.mayWrite));
  const nothing = lacking === undefined && choices.length === 0 && detail.opens.length === 0 && reports.length === 0;
  return (
    <div class={nothing ? "next" : "next act"} data-next={nothing ? "wait" : "act"}>
      <h3>{t(nothing ? "next_nothing" : "next_thing")}</h3>
      {nothing && <p>{t("next_by_itself")}</p>}
      {told !== undefined && <p><Words of={told.applicant} /></p>}
      {lacking !== undefined && (
        <>
          <p>{t("next_missing", { n: new Set(lacking.unmet.map((unmet) => unmet.field)).size, move: words(lacking.label, lacking.name) })}</p>
          <ul class="next-fields">
            {lacking.unmet.filter((unmet) => unmet.field !== "").map((unmet) => {
              const field = detail.fields.find((one) => one.field?.name === unmet.field)?.field;
              return <li key={unmet.field + unmet.code}><a href={`#${fieldId(form, unmet.field)}`} onClick={(event) => focusField(event, fieldId(form, unmet.field))}>{words(field?.label, unmet.field)}</a></li>;
            })}
          </ul>
        </>
      )}
      {choices.length > 0 && <p>{t("next_choose")} <b>{choices.map((move) => words(move.label, move.name)).join(", ")}</b></p>}
      {detail.opens.length > 0 && <p>{t("next_open", { what: detail.opens.map(kindLabel).join(", ") })}</p>}
      {reports.map((task) => <p key={task.key}>{t("next_report", { what: `${words(task.kindLabel, task.kind)} ${task.number || ""}` })}</p>)}
      {dated}
    </div>
  );
}
