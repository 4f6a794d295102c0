// What a manager may do beyond the moves: confirm or decline an exception, take a held decision back, extend a deadline.
import { useState } from "preact/hooks";
import { create } from "@bufbuild/protobuf";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import { FieldViewSchema, type InitiativeDetail } from "../gen/kvali/v1/view_pb.js";
import type { Key } from "../i18n";
import { stateLabel } from "../model";
import { Busy, Disclosure, Problem, useAction } from "./action";
import { useCohort, useScreen, usePersonName } from "./context";
import { WholeForm } from "./form";

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
      {row.dueUs !== 0n && <Extend detail={detail} />}
    </div>
  );
}

function Extend({ detail }: { detail: InitiativeDetail }) {
  const { t, wire, language, announce } = useScreen();
  const { board } = useCohort();
  const [open, setOpen] = useState(false);
  const row = detail.row!;
  const deadline = detail.timers.find((timer) => timer.name.startsWith("deadline") && timer.dueUs === row.dueUs) ?? detail.timers.find((timer) => timer.dueUs === row.dueUs);
  const state = deadline?.state ?? row.states[0] ?? "";
  const labelled = (key: Key) => ({ $typeName: "kvali.v1.Text" as const, translations: [{ $typeName: "kvali.v1.Translation" as const, language, text: t(key) }] });
  const fields = [
    create(FieldViewSchema, { name: "to", type: Field_Type.DATE, label: labelled("extend_to") }),
    create(FieldViewSchema, { name: "reason", type: Field_Type.TEXT, label: labelled("reason") }),
  ];
  return (
    <Disclosure label={t("extend")} open={open} setOpen={setOpen}>
      <WholeForm id="extend" fields={fields} needed={() => true} submit={t("extend")} onCancel={() => setOpen(false)}
        onDone={() => (setOpen(false), announce(t("extend_done")))}
        send={(filled) => {
          const to = filled[0]!.value.kind;
          const reason = filled[1]!.value.kind;
          return wire.call(board.cohort.id, {
            case: "extendDeadline",
            value: { initiative: row.id, state, reason: reason.case === "text" ? reason.value : "", ...(to.case === "date" ? { to: to.value } : {}) },
          });
        }}>
        <p class="quiet">{stateLabel(board, state, language)}</p>
      </WholeForm>
    </Disclosure>
  );
}
