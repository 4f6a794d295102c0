// What a manager may do beyond the moves: confirm or decline an exception, take a held decision back, extend a deadline.
import { useState } from "preact/hooks";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { InitiativeDetail } from "../gen/kvali/v1/view_pb.js";
import type { Key } from "../i18n";
import { text } from "../values";
import { stateLabel } from "../model";
import { Busy, Disclosure, Problem, useAction } from "./action";
import { useCohort, useScreen, usePersonName } from "./context";
import { useField, WholeForm } from "./form";

export function ManagerTools({ detail }: { detail: InitiativeDetail }) {
  const { t, wire, language, announce } = useScreen();
  const { board, manager } = useCohort();
  const name = usePersonName();
  const action = useAction();
  const row = detail.row!;
  const cohort = board.cohort.id;
  if (!manager) return null;
  const drop = async () => {
    if ((await action.run(() => wire.call(cohort, { case: "dropDecision", value: { initiative: row.id } }))) !== undefined) announce(t("drop_done"));
  };
  const exception = async (confirm: "confirm" | "decline", said: Key) => {
    const value = { initiative: row.id };
    if ((await action.run(() => wire.call(cohort, confirm === "confirm" ? { case: "confirmException", value } : { case: "declineException", value }))) !== undefined) announce(t("done", { what: t(said) }));
  };
  return (
    <div class="manager-tools">
      {detail.exception !== undefined && (
        <div class="notice">
          <p><strong>{t("exception_title")}</strong></p>
          <p>{t("exception_text", { who: name(detail.exception.by), state: stateLabel(board, detail.exception.to, language) })}</p>
          {detail.exception.reason !== "" && <blockquote>{detail.exception.reason}</blockquote>}
          <p class="buttons">
            <button type="button" class="button" disabled={action.busy} onClick={() => exception("confirm", "exception_confirm")}>{t("exception_confirm")}</button>
            <button type="button" class="button" disabled={action.busy} onClick={() => exception("decline", "exception_decline")}>{t("exception_decline")}</button>
          </p>
        </div>
      )}
      {row.held !== "" && <p class="buttons"><button type="button" class="button" disabled={action.busy} onClick={drop}>{t("drop_decision")}</button></p>}
      <Problem problem={action.problem} />
      <Busy action={action} />
      {(row.overdueState !== "" || detail.timers.some((timer) => timer.name === "deadline")) && <Extend detail={detail} />}
    </div>
  );
}

function Extend({ detail }: { detail: InitiativeDetail }) {
  const { t, wire, language, announce } = useScreen();
  const { board } = useCohort();
  const [open, setOpen] = useState(false);
  const row = detail.row!;
  // A deadline that has passed has no timer any more; what is due first stands first.
  const ahead = detail.timers.filter((timer) => timer.name === "deadline").sort((one, other) => Number(one.dueUs - other.dueUs)).map((timer) => timer.state);
  const states = [...new Set([...(row.overdueState === "" ? [] : [row.overdueState]), ...ahead])];
  const field = useField();
  const fields = [
    field("state", Field_Type.CHOICE, t("extend_of"), states.map((state) => ({ name: state, label: stateLabel(board, state, language) }))),
    field("to", Field_Type.DATE, t("extend_to")),
    field("reason", Field_Type.TEXT, t("reason")),
  ];
  return (
    <Disclosure label={t("extend")} open={open} setOpen={setOpen}>
      <WholeForm id="extend" fields={fields} needed={() => true} submit={t("extend")} onCancel={() => setOpen(false)}
        onDone={() => (setOpen(false), announce(t("extend_done")))}
        start={(field) => (field.name === "state" ? text(states[0] ?? "") : undefined)}
        send={(filled) => {
          const given = (name: string) => filled.find((one) => one.name === name)?.value.kind;
          const to = given("to");
          const words = (name: string) => String(given(name)?.value ?? "");
          // A deadline of another kind of subject is named with its kind before it.
          const of = board.kind === undefined ? "" : `${board.kind.name}.`;
          return wire.call(board.cohort.id, {
            case: "extendDeadline",
            value: { initiative: row.id, state: of + words("state"), reason: words("reason"), ...(to?.case === "date" ? { to: to.value } : {}) },
          });
        }} />
    </Disclosure>
  );
}
