// What may be done: possible moves as buttons, with what they ask; impossible ones with every reason; others' moves with who may.
import { useRef, useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import type { FieldValueView, MoveView, TimelineEntry, Unmet } from "../gen/kvali/v1/view_pb.js";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import { givesUp, roleLabel, sortMoves } from "../model";
import { exact, ms } from "../time";
import { text, type Typed } from "../values";
import type { Refusal } from "../wire";
import { Busy, Disclosure, focusField, Problem, useAction } from "./action";
import { useCohort, useScreen, useWords, Words } from "./context";
import { fieldId } from "./fields";
import { useField, WholeForm, type Filled } from "./form";
import { Since } from "./timeline";
import { Gate } from "./votes";

export interface MovesProps {
  form: FormKey;                                  // initiative, and the task whose moves these are
  version: number;                                // of the initiative
  moves: readonly MoveView[];
  fields: readonly FieldValueView[];              // where a move that must be given fields finds them
  timeline?: readonly TimelineEntry[];            // newest first
  refused: (problem: Refusal | undefined) => void;
  quiet?: boolean;                                // of a task: says nothing where there is nothing
}

// The move whose form is open. It outlives the move: when somebody else was faster, the reader is told who, and keeps her words.
interface Open {
  key: string;
  label: string;
  seen: bigint;      // the newest entry of the timeline when she opened it
  sending: boolean;
}

const keyOf = (move: MoveView) => `${move.from} ${move.name}`;

export function Moves({ form, version, moves, fields, timeline = [], refused, quiet = false }: MovesProps) {
  const { t } = useScreen();
  const { board } = useCohort();
  const words = useWords();
  const [open, setOpen] = useState<Open | undefined>();
  const inputs = useRef<Readonly<Record<string, Typed>>>({});
  const sorted = sortMoves(moves);
  const forward = sorted.possible.filter((move) => !givesUp(board, move));
  const back = sorted.possible.filter((move) => givesUp(board, move));
  const gone = open !== undefined && !open.sending && sorted.possible.every((move) => keyOf(move) !== open.key);
  const opener = (move: MoveView) => (wanted: boolean) => {
    inputs.current = {};
    setOpen(wanted ? { key: keyOf(move), label: words(move.label, move.name), seen: timeline[0]?.sequence ?? 0n, sending: false } : undefined);
  };
  const sending = (busy: boolean) => setOpen((now) => (now === undefined ? now : { ...now, sending: busy }));
  const buttons = (list: readonly MoveView[]) => list.length > 0 && (
    <ul class="move-buttons">
      {list.map((move) => (
        <li key={keyOf(move)}>
          <PossibleMove form={form} version={version} move={move} fields={fields} timeline={timeline} refused={refused} open={open?.key === keyOf(move)} setOpen={opener(move)} sending={sending} typing={(now) => (inputs.current = now)} />
        </li>
      ))}
    </ul>
  );
  if (quiet && moves.length === 0) return null;
  return (
    <div class="moves">
      {gone && <Gone open={open} inputs={inputs.current} timeline={timeline} dismiss={() => setOpen(undefined)} />}
      {buttons(forward)}
      {sorted.possible.length === 0 && sorted.not_yet.length === 0 && !quiet && <p class="quiet">{t("moves_none")}</p>}
      {sorted.not_yet.length > 0 && (
        <>
          <h4>{t("moves_not_yet")}</h4>
          <ul class="not-yet">
            {sorted.not_yet.map((move) => (
              <li key={keyOf(move)} data-move={move.name} data-possible="no"><button type="button" class="button" disabled><Words of={move.label} fallback={move.name} /></button><Reasons form={form} unmet={move.unmet} /><Gate gate={move.gate} /></li>
            ))}
          </ul>
        </>
      )}
      {buttons(back)}
      {sorted.others.length > 0 && !quiet && (
        <details class="others">
          <summary>{t("moves_others")} <span class="count">{sorted.others.length}</span></summary>
          <ul class="plain">{sorted.others.map((move) => <li key={keyOf(move)} data-move={move.name} data-possible="other"><Words of={move.label} fallback={move.name} /> <By move={move} /><Gate gate={move.gate} /></li>)}</ul>
        </details>
      )}
    </div>
  );
}

function Gone({ open, inputs, timeline, dismiss }: { open: Open; inputs: Readonly<Record<string, Typed>>; timeline: readonly TimelineEntry[]; dismiss: () => void }) {
  const { t } = useScreen();
  const typed = Object.values(inputs).flat().filter((one) => one !== "");
  return (
    <div class="notice problem faster" role="alert">
      <p><strong>{t("move_gone", { move: open.label })}</strong></p>
      <Since entries={timeline} seen={open.seen} />
      {typed.length > 0 && <><p>{t("move_typed")}</p>{typed.map((one, index) => <blockquote key={index}>{one}</blockquote>)}</>}
      <p class="buttons"><button type="button" class="button small" onClick={dismiss}>{t("dismiss")}</button></p>
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
          {one.facts !== undefined && <span class="facts"><Words of={one.facts} /></span>}
          {one.willHoldAtUs !== 0n && one.facts === undefined && <span class="will-hold"> {t("will_hold", { when: exact(clock, ms(one.willHoldAtUs)) })}</span>}
        </li>
      ))}
    </ul>
  );
}

interface PossibleMoveProps extends Omit<MovesProps, "moves" | "quiet" | "timeline"> {
  move: MoveView;
  timeline: readonly TimelineEntry[];
  open: boolean;
  setOpen: (open: boolean) => void;
  sending: (busy: boolean) => void;
  typing: (inputs: Readonly<Record<string, Typed>>) => void;
}

function PossibleMove({ form, version, move, fields, timeline, refused, open, setOpen, sending, typing }: PossibleMoveProps) {
  const { t, wire, drafts, language, announce } = useScreen();
  const { board } = useCohort();
  const words = useWords();
  const action = useAction();
  const field = useField();
  const seen = useRef(0n);   // the newest entry of the timeline when she began to decide
  const label = words(move.label, move.name);
  const confirm = words(move.confirm);
  const asks = move.mustGive.length > 0 || confirm !== "";
  const given = move.mustGive.map((name) => (name === "reason" ? field(name, Field_Type.TEXT, t("reason")) : (fields.find((one) => one.field?.name === name)?.field ?? field(name, Field_Type.TEXT, name))));

  const send = async (filled: Filled[]) => {
    sending(true);
    try {
      await drafts.flush(form);
      return await make(filled);
    } finally {
      sending(false);
    }
  };
  const make = (filled: Filled[]) => {
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
    seen.current = timeline[0]?.sequence ?? 0n;
    const result = await action.run(() => send([]));
    if (result !== undefined) done();
  };
  const target = words(move.toLabel) || (board.lanes.has(move.to) ? words(board.lanes.get(move.to)!.label) : "");
  // A manager may do what others should: that is told apart from what is hers.
  const instead = move.by.length > 0 && !move.by.some((role) => board.cohort.myRoles.includes(role));
  const notes = [instead ? t("move_for", { who: move.by.map((role) => roleLabel(board.cohort, role, language)).join(", ") }) : "", target === "" || target === label ? "" : t("move_leads", { state: target }), move.held ? t("move_held") : ""].filter((part) => part !== "").join(" · ");
  const note = notes !== "" && <p class="move-note">{notes}</p>;
  const attributes = { "data-move": move.name, "data-from": move.from, "data-to": move.to, "data-possible": "yes", "data-asks": asks ? "yes" : "no", "data-instead": instead ? "yes" : "no" };
  if (!asks) {
    return (
      <div class="move" {...attributes}>
        <button type="button" class={`button${givesUp(board, move) || instead ? "" : " primary"}`} disabled={action.busy} onClick={click}>{label}</button>
        {note}
        <Gate gate={move.gate} />
        <Busy action={action} />
        <Problem problem={action.problem} fieldId={(field) => fieldId(form, field)}><Since entries={timeline} seen={seen.current} /></Problem>
      </div>
    );
  }
  return (
    <div class="move" {...attributes}>
      <Disclosure label={label} open={open} setOpen={(wanted) => ((seen.current = timeline[0]?.sequence ?? 0n), setOpen(wanted))}>
        <WholeForm typing={typing} conflict={<Since entries={timeline} seen={seen.current} />} id={`m-${move.name}-${move.from.replaceAll(".", "-")}`} fields={given} needed={() => true} submit={t("move_confirm", { move: label })} send={send} onDone={done} onCancel={() => setOpen(false)}
          start={(field) => fields.find((one) => one.field?.name === field.name)?.value}>
          <p><strong>{confirm || t("move_sure")}</strong></p>
        </WholeForm>
      </Disclosure>
      {note}
      <Gate gate={move.gate} />
    </div>
  );
}
