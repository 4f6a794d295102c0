// What may be done: possible moves as buttons, with what they ask; impossible ones with every reason; others' moves with who may.
import { useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import type { FieldValueView, FieldView, MoveView, Unmet } from "../gen/kvali/v1/view_pb.js";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import { FieldViewSchema } from "../gen/kvali/v1/view_pb.js";
import { create } from "@bufbuild/protobuf";
import { givesUp, roleLabel, sortMoves } from "../model";
import { exact, ms } from "../time";
import { text } from "../values";
import type { Refusal } from "../wire";
import { Busy, Disclosure, focusField, Problem, useAction } from "./action";
import { useCohort, useScreen, useWords, Words } from "./context";
import { fieldId } from "./fields";
import { WholeForm, type Filled } from "./form";

export interface MovesProps {
  form: FormKey;                                  // initiative, and the task whose moves these are
  version: number;                                // of the initiative
  moves: readonly MoveView[];
  fields: readonly FieldValueView[];              // where a move that must be given fields finds them
  refused: (problem: Refusal | undefined) => void;
  quiet?: boolean;                                // of a task: says nothing where there is nothing
}

export function Moves({ form, version, moves, fields, refused, quiet = false }: MovesProps) {
  const { t } = useScreen();
  const { board } = useCohort();
  const sorted = sortMoves(moves);
  const forward = sorted.possible.filter((move) => !givesUp(board, move));
  const back = sorted.possible.filter((move) => givesUp(board, move));
  const buttons = (list: readonly MoveView[]) => list.length > 0 && (
    <ul class="move-buttons">{list.map((move) => <li key={move.from + move.name}><PossibleMove form={form} version={version} move={move} fields={fields} refused={refused} /></li>)}</ul>
  );
  if (quiet && moves.length === 0) return null;
  return (
    <div class="moves">
      {buttons(forward)}
      {sorted.possible.length === 0 && sorted.not_yet.length === 0 && !quiet && <p class="quiet">{t("moves_none")}</p>}
      {sorted.not_yet.length > 0 && (
        <>
          <h4>{t("moves_not_yet")}</h4>
          <ul class="not-yet">{sorted.not_yet.map((move) => <li key={move.from + move.name} data-move={move.name} data-possible="no"><b><Words of={move.label} fallback={move.name} /></b><Reasons form={form} unmet={move.unmet} /></li>)}</ul>
        </>
      )}
      {buttons(back)}
      {sorted.others.length > 0 && !quiet && (
        <details class="others">
          <summary>{t("moves_others")} <span class="count">{sorted.others.length}</span></summary>
          <ul class="plain">{sorted.others.map((move) => <li key={move.from + move.name} data-move={move.name} data-possible="other"><Words of={move.label} fallback={move.name} /> <By move={move} /></li>)}</ul>
        </details>
      )}
    </div>
  );
}

function By({ move }: { move: MoveView }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  if (move.by.length === 0) return null;
  return <span class="quiet">{t("moves_by", { who: move.by.map((role) => roleLabel(board.cohort, role, language)).join(", ") })}</span>;
}

export function Reasons({ form, unmet }: { form: FormKey; unmet: readonly Unmet[] }) {
  const { t } = useScreen();
  const { clock } = useCohort();
  return (
    <ul class="reasons">
      {unmet.map((one, index) => (
        <li key={index} data-unmet={one.code}>
          {one.field === "" ? <Words of={one.why} fallback={one.code} /> : <a href={`#${fieldId(form, one.field)}`} onClick={(event) => focusField(event, fieldId(form, one.field))}><Words of={one.why} fallback={one.field} /></a>}
          {one.willHoldAtUs !== 0n && <span class="will-hold"> {t("will_hold", { when: exact(clock, ms(one.willHoldAtUs)) })}</span>}
        </li>
      ))}
    </ul>
  );
}

const REASON = create(FieldViewSchema, { name: "reason", type: Field_Type.TEXT, required: true });

function PossibleMove({ form, version, move, fields, refused }: Omit<MovesProps, "moves" | "quiet"> & { move: MoveView }) {
  const { t, wire, drafts, language, announce } = useScreen();
  const { board } = useCohort();
  const words = useWords();
  const [open, setOpen] = useState(false);
  const action = useAction();
  const label = words(move.label, move.name);
  const confirm = words(move.confirm);
  const asks = move.mustGive.length > 0 || confirm !== "";
  const reason: FieldView = { ...REASON, label: { $typeName: "kvali.v1.Text", translations: [{ $typeName: "kvali.v1.Translation", language, text: t("reason") }] } };
  const given = move.mustGive.map((name) => (name === "reason" ? reason : (fields.find((one) => one.field?.name === name)?.field ?? create(FieldViewSchema, { name, type: Field_Type.TEXT }))));

  const send = async (filled: Filled[]) => {
    await drafts.flush(form);
    const why = filled.find((one) => one.name === "reason");
    return wire.call(form.cohort, {
      case: "makeMove",
      value: {
        initiative: form.initiative, task: form.task, move: move.name, from: move.from, ifVersion: version,
        fields: filled.filter((one) => one.name !== "reason").map(({ name, value }) => ({ name, value })),
        ...(why === undefined ? {} : { reason: why.value.kind.case === "text" ? text(why.value.kind.value) : why.value }),
      },
    });
  };
  const done = () => {
    setOpen(false);
    refused(undefined);
    announce(t("done", { what: label }));
  };
  const click = async () => {
    const result = await action.run(() => send([]));
    if (result !== undefined) done();
  };
  const target = words(move.toLabel) || (board.lanes.has(move.to) ? words(board.lanes.get(move.to)!.label) : "");
  const notes = [target === "" || target === label ? "" : t("move_leads", { state: target }), move.held ? t("move_held") : ""].filter((part) => part !== "").join(" · ");
  const note = notes !== "" && <p class="move-note">{notes}</p>;
  const attributes = { "data-move": move.name, "data-from": move.from, "data-to": move.to, "data-possible": "yes", "data-asks": asks ? "yes" : "no" };
  if (!asks) {
    return (
      <div class="move" {...attributes}>
        <button type="button" class={`button${givesUp(board, move) ? "" : " primary"}`} disabled={action.busy} onClick={click}>{label}</button>
        {note}
        <Busy action={action} />
        <Problem problem={action.problem} fieldId={(field) => fieldId(form, field)} />
      </div>
    );
  }
  return (
    <div class="move" {...attributes}>
      <Disclosure label={label} open={open} setOpen={setOpen}>
        <WholeForm id={`m-${move.name}-${move.from.replaceAll(".", "-")}`} fields={given} needed={() => true} submit={t("move_confirm", { move: label })} send={send} onDone={done} onCancel={() => setOpen(false)}
          start={(field) => fields.find((one) => one.field?.name === field.name)?.value}>
          <p><strong>{confirm || t("move_sure")}</strong></p>
        </WholeForm>
      </Disclosure>
      {note}
    </div>
  );
}
