// Meetings, reports, attendance lists and the like: what was written down, what is asked, and a form to add one.
import { useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { InitiativeDetail, MoveView, TaskView } from "../gen/kvali/v1/view_pb.js";
import { form as fieldsOf, isAttendance } from "../model";
import { exact, ms } from "../time";
import { display, isEmpty } from "../values";
import { Disclosure } from "./action";
import { Around } from "./card";
import { useCohort, useKindLabel, useScreen, usePersonName, useWords, Words } from "./context";
import { Answer, Fields } from "./fields";
import { WholeForm } from "./form";
import { Icon } from "./icon";
import { Moves } from "./moves";
import { useDirectory, useNames } from "./names";
import { Vote } from "./votes";
import { When } from "./when";
import type { Refusal } from "../wire";

const LINES_FIRST = 12;   // of a list

export function Tasks({ form, detail }: { form: FormKey; detail: InitiativeDetail }) {
  const { t } = useScreen();
  const { board } = useCohort();
  useDirectory(detail.tasks.flatMap((task) => task.fields.map((field) => field.field?.type ?? Field_Type.TYPE_UNSPECIFIED)));
  if (detail.tasks.length === 0 && detail.opens.length === 0) return null;
  // What is still to be done stands first, by its day; then what was done, newest first.
  const tasks = [...detail.tasks].sort((one, other) => Number(one.finished) - Number(other.finished) || (one.finished ? Number(other.atUs - one.atUs) || other.number - one.number : Number(one.dueUs - other.dueUs)));
  const lists = [...new Set([...detail.tasks.map((task) => task.kind), ...detail.opens])].filter((kind) => isAttendance(fieldsOf(board, kind)));
  // Votes have their own place, and who has agreed stands beside the move.
  const singly = tasks.filter((task) => (!lists.includes(task.kind) || !task.finished) && task.vote === undefined && task.role === "");
  if (singly.length === 0 && detail.opens.length === 0 && lists.length === 0) return null;
  return (
    <section class="part" aria-labelledby="part-tasks">
      <h3 id="part-tasks">{t(lists.length > 0 && singly.length === 0 ? "tasks_lists" : "tasks")}</h3>
      {detail.opens.map((kind) => <AddTask key={kind} form={form} kind={kind} primary={detail.row?.mine ?? false} list={lists.includes(kind)} />)}
      {lists.map((kind) => <Attendance key={kind} kind={kind} tasks={tasks.filter((task) => task.kind === kind && task.finished)} />)}
      <ul class="tasks">{singly.map((task) => <li key={task.key}><Task form={{ ...form, task: task.key }} task={task} moves={task.moves.length > 0 ? task.moves : detail.moves.filter((move) => move.task === task.key)} version={detail.row?.initiativeVersion ?? 0} /></li>)}</ul>
    </section>
  );
}

/** The votes of bodies on it, open ones first. */
export function Votes({ form, detail }: { form: FormKey; detail: InitiativeDetail }) {
  const { t } = useScreen();
  const votes = detail.tasks.filter((task) => task.vote !== undefined).sort((one, other) => Number(other.vote!.open) - Number(one.vote!.open) || other.number - one.number);
  if (votes.length === 0) return null;
  const asked = (task: TaskView) => task.vote!.mine !== 0 || detail.moves.some((move) => move.gate?.vote === task.key && move.gate.mine);
  return (
    <section class="part" aria-labelledby="part-votes">
      <h3 id="part-votes" tabIndex={-1}>{t("votes")}</h3>
      {votes.map((task) => <Vote key={task.key} form={form} task={task} vote={task.vote!} votes={asked(task)} />)}
    </section>
  );
}

// Of a list the next one is asked for at once: who was there is written down one after the other.
function AddTask({ form, kind, primary, list }: { form: FormKey; kind: string; primary: boolean; list: boolean }) {
  const { t, wire, announce } = useScreen();
  const { board } = useCohort();
  const [open, setOpen] = useState(false);
  const [added, setAdded] = useState(0);
  const label = useKindLabel()(kind);
  const fields = fieldsOf(board, kind);
  const first = `new-${kind}-${fields.find((field) => !field.computed)?.name ?? ""}`;
  const done = () => {
    announce(t("task_added", { what: label }));
    if (!list) return setOpen(false);
    setAdded(added + 1);
    requestAnimationFrame(() => document.getElementById(first)?.focus());
  };
  return (
    <div class="add-task" data-opens={kind}>
      <Disclosure label={t("task_add", { what: label })} open={open} setOpen={setOpen} primary={primary}>
        <WholeForm key={added} id={`new-${kind}`} fields={fields} needed={(field) => field.required} submit={t("task_save")}
          send={(filled) => wire.call(form.cohort, { case: "openTask", value: { initiative: form.initiative, kind, fields: filled } })}
          onDone={done} onCancel={() => setOpen(false)} {...(added > 0 ? { cancel: t("close") } : {})} />
      </Disclosure>
    </div>
  );
}

/** Who was there, as a list: a line for each, with who wrote it down, and when, on demand. */
function Attendance({ kind, tasks }: { kind: string; tasks: readonly TaskView[] }) {
  const { t } = useScreen();
  const { board, clock } = useCohort();
  const names = useNames();
  const name = usePersonName();
  const words = useWords();
  const label = useKindLabel()(kind);
  const [all, setAll] = useState(false);
  const fields = fieldsOf(board, kind);
  const shown = all ? tasks : tasks.slice(0, LINES_FIRST);
  const cell = (task: TaskView, field: string) => {
    const found = task.fields.find((one) => one.field?.name === field);
    return found === undefined ? "" : display(found.field!, found.value, names);
  };
  if (tasks.length === 0) return null;
  return (
    <div class="attendance" data-attendance={kind} data-count={tasks.length}>
      <h4 id={`list-${kind}`}>{label} <span class="count">{tasks.length}</span></h4>
      <div class="table-scroll" tabIndex={0} role="region" aria-labelledby={`list-${kind}`}>
        <table class="table small">
          <thead><tr>{fields.map((field) => <th key={field.name} scope="col"><Words of={field.label} fallback={field.name} /></th>)}</tr></thead>
          <tbody>
            {shown.map((task) => (
              <tr key={task.key} data-task={task.key} title={t("task_by", { who: name(task.by), when: exact(clock, ms(task.atUs)) })}>
                {fields.map((field, at) => (at === 0 ? <th key={field.name} scope="row">{cell(task, field.name)}</th> : <td key={field.name} data-label={words(field.label, field.name)}>{cell(task, field.name)}</td>))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < tasks.length && <button type="button" class="button small" onClick={() => setAll(true)}>{t("more_cards", { n: tasks.length - shown.length })}</button>}
    </div>
  );
}

function Task({ form, task, moves, version }: { form: FormKey; task: TaskView; moves: readonly MoveView[]; version: number }) {
  const { t } = useScreen();
  const name = usePersonName();
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const writes = task.fields.some((field) => field.mayWrite);
  const errors = new Map(refusal?.error.violations.map((violation) => [violation.field, violation.sentence]));
  const answers = task.fields.filter((field) => !field.hidden && !isEmpty(field.value));
  return (
    <details class={`task${task.overdue ? " late" : ""}${task.finished ? " finished" : ""}`} data-task={task.key} open={!task.finished && writes}>
      <summary>
        <span class="task-name"><Words of={task.kindLabel} fallback={task.kind} /> {task.number > 0 && task.number}</span>
        {task.finished ? <span class="badge good"><Icon name="tick" /><Words of={task.stateLabel} fallback={task.state} /></span>
          : task.overdue ? <span class="badge late"><Icon name="overdue" />{t("overdue")}</span> : <span class="badge"><Words of={task.stateLabel} fallback={task.state} /></span>}
        <span class="quiet">
          {task.by !== undefined && task.atUs !== 0n ? <Around words={t("task_by", { who: name(task.by), when: "\u0000" })}><When us={task.atUs} /></Around>
            : task.dueUs !== 0n ? <Around words={t("task_due", { when: "\u0000" })}><When us={task.dueUs} ends /></Around> : null}
        </span>
      </summary>
      {writes ? <Fields form={form} fields={task.fields} errors={errors} moveLabel={() => ""} edit={t("fields_edit")} read={false} /> : <dl class="answers">{answers.map((one) => <Answer key={one.field?.name} one={one} />)}</dl>}
      <Moves form={form} version={version} moves={moves} fields={task.fields} refused={setRefusal} quiet />
    </details>
  );
}
