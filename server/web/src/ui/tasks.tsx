// Meetings, reports and the like: what was written down, what is asked, and a form to add one.
import { useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import type { InitiativeDetail, MoveView, TaskView } from "../gen/kvali/v1/view_pb.js";
import { form as fieldsOf } from "../model";
import { isEmpty } from "../values";
import { Disclosure } from "./action";
import { Around } from "./card";
import { useCohort, useScreen, usePersonName, useWords, Words } from "./context";
import { Answer, Fields } from "./fields";
import { WholeForm } from "./form";
import { Icon } from "./icon";
import { Moves } from "./moves";
import { When } from "./when";
import type { Refusal } from "../wire";

export function Tasks({ form, detail }: { form: FormKey; detail: InitiativeDetail }) {
  const { t } = useScreen();
  if (detail.tasks.length === 0 && detail.opens.length === 0) return null;
  // What is still to be done stands first, by its day; then what was done, newest first.
  const tasks = [...detail.tasks].sort((one, other) => Number(one.finished) - Number(other.finished) || (one.finished ? Number(other.atUs - one.atUs) || other.number - one.number : Number(one.dueUs - other.dueUs)));
  return (
    <section class="part" aria-labelledby="part-tasks">
      <h3 id="part-tasks">{t("tasks")}</h3>
      {detail.opens.map((kind) => <AddTask key={kind} form={form} kind={kind} primary={detail.row?.mine ?? false} />)}
      <ul class="tasks">{tasks.map((task) => <li key={task.key}><Task form={{ ...form, task: task.key }} task={task} moves={task.moves.length > 0 ? task.moves : detail.moves.filter((move) => move.task === task.key)} version={detail.row?.initiativeVersion ?? 0} /></li>)}</ul>
    </section>
  );
}

export function useKindLabel(): (kind: string) => string {
  const { board } = useCohort();
  const words = useWords();
  return (kind) => words(board.cohort.forms.find((one) => one.name === kind)?.label, kind);
}

function AddTask({ form, kind, primary }: { form: FormKey; kind: string; primary: boolean }) {
  const { t, wire, announce } = useScreen();
  const { board } = useCohort();
  const [open, setOpen] = useState(false);
  const label = useKindLabel()(kind);
  return (
    <div class="add-task" data-opens={kind}>
      <Disclosure label={t("task_add", { what: label })} open={open} setOpen={setOpen} primary={primary}>
        <WholeForm id={`new-${kind}`} fields={fieldsOf(board.cohort, kind)} needed={(field) => field.required} submit={t("task_save")}
          send={(filled) => wire.call(form.cohort, { case: "openTask", value: { initiative: form.initiative, kind, fields: filled } })}
          onDone={() => (setOpen(false), announce(t("task_added", { what: label })))} onCancel={() => setOpen(false)} />
      </Disclosure>
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
      {writes ? <Fields form={form} fields={task.fields} errors={errors} moveLabel={() => ""} read={false} /> : <dl class="answers">{answers.map((one) => <Answer key={one.field?.name} one={one} />)}</dl>}
      <Moves form={form} version={version} moves={moves} fields={task.fields} refused={setRefusal} quiet />
    </details>
  );
}
