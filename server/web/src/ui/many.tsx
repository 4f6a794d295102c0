// One move for all that the board shows now: what it would do is told of each before anything happens, then all of them or none.
import { useState } from "preact/hooks";
import type { BulkReport, BulkReport_Line } from "../gen/kvali/v1/choosing_pb.js";
import { Field_Type, State_End } from "../gen/kvali/v1/program_pb.js";
import type { InitiativeRow, MoveView } from "../gen/kvali/v1/view_pb.js";
import { href } from "../route";
import { exact, ms } from "../time";
import { text } from "../values";
import { Busy, Disclosure, Problem, useAction } from "./action";
import { useCohort, useScreen, useTitle, useWords } from "./context";
import { useField } from "./form";
import { FieldInput } from "./input";

const PAGE = 1000;   // lines of a preview asked for at once

interface Choice {
  moves: readonly MoveView[];
  move: string;
  reason: string;
}

export function MoveMany({ rows }: { rows: readonly InitiativeRow[] }) {
  const { t, wire, route, announce } = useScreen();
  const { board, clock } = useCohort();
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState<Choice | undefined>();
  const [report, setReport] = useState<BulkReport | undefined>();
  const [made, setMade] = useState<{ bulk: string; n: number; until_ms: number } | undefined>();
  const action = useAction();
  const words = useWords();
  const title = useTitle();
  const field = useField();
  const going = rows.filter((row) => row.end === State_End.END_UNSPECIFIED);
  const chosen = choice?.moves.find((one) => one.name === choice.move);
  const asks = chosen?.mustGive.includes("reason") ?? false;
  const cohort = board.cohort.id;

  // Which moves there are is known of each initiative: the first one shown says what may be chosen.
  const start = async (wanted: boolean) => {
    setOpen(wanted);
    setReport(undefined);
    setChoice(undefined);
    if (!wanted || going.length === 0) return;
    const answer = await wire.query({ body: { case: "initiative", value: { cohort, initiative: going[0]!.id } } });
    const detail = answer.rows[0]?.body;
    const moves = detail?.case === "detail" ? detail.value.moves.filter((move) => move.task === "" && move.gate === undefined) : [];
    setChoice({ moves, move: moves.find((move) => move.possible)?.name ?? moves[0]?.name ?? "", reason: "" });
  };
  const bulk = (ids: readonly string[], ifVersions: readonly number[]) => ({
    initiatives: [...ids], ifVersions: [...ifVersions], move: choice!.move, ...(choice!.reason === "" ? {} : { reason: text(choice!.reason) }),
  });
  const look = () => action.run(async () => {
    const lines: BulkReport_Line[] = [];
    const ask = (page: string) => wire.query({ limit: PAGE, page, body: { case: "bulk", value: { cohort, move: bulk(going.map((row) => row.id), []) } } });
    let answer = await ask("");
    const whole = answer.bulk!;
    for (lines.push(...whole.lines); answer.nextPage !== ""; lines.push(...answer.bulk!.lines)) answer = await ask(answer.nextPage);
    setReport({ ...whole, lines });
  });
  const make = async () => {
    const possible = report!.lines.filter((line) => line.possible);
    const result = await action.run(() => wire.call(cohort, { case: "bulkMove", value: bulk(possible.map((line) => line.initiative), possible.map((line) => line.version)) }));
    if (result === undefined) return setReport(undefined);  // somebody was faster: it is looked at again
    setOpen(false);
    setMade(report!.undoWithinUs === 0n ? undefined : { bulk: result.created, n: possible.length, until_ms: clock.now_ms + ms(report!.undoWithinUs) });
    announce(t("many_done", { n: possible.length, move: words(chosen?.label, choice!.move) }));
  };
  const undo = async () => {
    const result = await action.run(() => wire.call(cohort, { case: "undoBulk", value: { bulk: made!.bulk, reason: t("many_undo") } }));
    if (result === undefined) return;
    setMade(undefined);
    announce(t("many_undone"));
  };
  if (going.length < 2 && made === undefined) return null;
  const impossible = report?.lines.filter((line) => !line.possible) ?? [];
  return (
    <div class="many" data-many={going.length}>
      {made !== undefined && clock.now_ms < made.until_ms && (
        <p class="notice" role="status">{t("many_may_undo", { n: made.n, when: exact(clock, made.until_ms) })} <button type="button" class="button small" disabled={action.busy} onClick={undo}>{t("many_undo")}</button></p>
      )}
      <Disclosure label={t("many", { n: going.length })} open={open} setOpen={start}>
        <h2>{t("many_title", { n: going.length })}</h2>
        <p>{t("many_text")}</p>
        {choice !== undefined && (
          <>
            <FieldInput field={field("move", Field_Type.CHOICE, t("many_move"), choice.moves.map((move) => ({ name: move.name, label: words(move.label, move.name) })))} id="many-move" value={choice.move} onInput={(typed) => (setReport(undefined), setChoice({ ...choice, move: String(typed) }))} />
            {asks && <FieldInput field={field("reason", Field_Type.TEXT, t("reason"))} id="many-reason" value={choice.reason} onInput={(typed) => (setReport(undefined), setChoice({ ...choice, reason: String(typed) }))} />}
          </>
        )}
        {report !== undefined && (
          <div class="notice" data-possible={report.possible} data-impossible={report.impossible}>
            <p><strong>{t("many_would", { n: report.possible })}</strong></p>
            {impossible.length > 0 && (
              <details>
                <summary>{t("many_not", { n: report.impossible })}</summary>
                <ul class="plain scroll">{impossible.map((line) => <li key={line.initiative}><a href={href(route, { initiative: line.initiative })}>{line.title || title(going.find((row) => row.id === line.initiative)!)}</a> <span class="quiet">{line.whyNot.join(" ")}</span></li>)}</ul>
              </details>
            )}
          </div>
        )}
        <Problem problem={action.problem} />
        <p class="buttons">
          {report !== undefined && report.possible > 0 && <button type="button" class="button primary" disabled={action.busy} onClick={make}>{t("many_make", { n: report.possible, move: words(chosen?.label, choice!.move) })}</button>}
          <button type="button" class={`button${report === undefined ? " primary" : ""}`} disabled={action.busy || choice === undefined || choice.move === ""} onClick={look}>{t("dry_run")}</button>
          <button type="button" class="button plain" onClick={() => setOpen(false)}>{t("cancel")}</button>
          <Busy action={action} />
        </p>
      </Disclosure>
    </div>
  );
}
