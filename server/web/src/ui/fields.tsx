// The answers of an initiative or of a report: written in place, saved by themselves, read-only where the reader may not write.
import { useEffect, useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import type { FieldValueView } from "../gen/kvali/v1/view_pb.js";
import { display, isEmpty, parse, typed, type Typed } from "../values";
import { useChanges, useScreen, useWords, Words } from "./context";
import { FieldInput } from "./input";
import { useNames } from "./names";

export function fieldId(key: FormKey, field: string): string {
  return `f-${key.task === "" ? "" : `${key.task.replaceAll("/", "-")}-`}${field}`;
}

interface FieldsProps {
  form: FormKey;
  fields: readonly FieldValueView[];
  errors: ReadonlyMap<string, string>;               // of a move that was refused, by field
  moveLabel: (name: string) => string;               // for "needed for …"
  edit: string;                                      // on the button that asks to write
  read: boolean;                                     // shown to be read until somebody asks to write
}

export function Fields({ form, fields: all, errors, moveLabel, edit, read }: FieldsProps) {
  const { t, drafts } = useScreen();
  const [writing, setWriting] = useState(!read);
  const fields = all.filter((field) => !field.hidden);
  const may = fields.some((field) => field.mayWrite);
  const begun = fields.some((field) => drafts.get(form, field.field?.name ?? "") !== undefined);
  const writes = may && (writing || begun);
  useChanges(drafts);
  useEffect(() => drafts.observe(form, fields));
  useEffect(() => () => void drafts.flush(form), [form.cohort, form.initiative, form.task]);
  return (
    <div class="fields">
      {may && !writes && <p><button type="button" class="button small" data-edits={fields.map((field) => fieldId(form, field.field?.name ?? "")).join(" ")} onClick={() => setWriting(true)}>{edit}</button></p>}
      {writes && <p class="help">{t("fields_edit_note")}</p>}
      {writes ? fields.map((one) => (one.mayWrite ? <Writable key={one.field?.name} form={form} one={one} error={errors.get(one.field?.name ?? "") ?? ""} moveLabel={moveLabel} /> : <Reading key={one.field?.name} one={one} />))
        : <dl class="answers">{fields.map((one) => <Answer key={one.field?.name} one={one} />)}</dl>}
    </div>
  );
}

function Writable({ form, one, error, moveLabel }: { form: FormKey; one: FieldValueView; error: string; moveLabel: (name: string) => string }) {
  const { t, drafts } = useScreen();
  const field = one.field!;
  const draft = drafts.get(form, field.name);
  const [fault, setFault] = useState("");
  // What was typed but cannot be a value yet ("12x") stays in the input and is not sent.
  const [raw, setRaw] = useState<Typed | undefined>();
  const shown = raw ?? typed(draft === undefined ? one.value : draft.value);
  const input = (value: Typed) => {
    const parsed = parse(field, value, one.value);
    if ("fault" in parsed) {
      setRaw(value);
      setFault(t(parsed.fault.key, parsed.fault.fill));
      return;
    }
    // Texts keep the very characters typed; other values keep what they look like while somebody is in the field.
    setRaw(value);
    setFault("");
    drafts.edit(form, field.name, parsed.value, one.version);
  };
  const leave = () => {
    if (fault === "") setRaw(undefined);
    void drafts.flush(form);
  };
  const missing = field.requiredFor.map(moveLabel).filter((label) => label !== "");
  const state = draft?.state;
  const note =
    state === "saving" ? t("field_saving") : state === "saved" ? <span class="saved">{t("field_saved")}</span> : state === "dirty" ? t("field_unsaved")
    : missing.length > 0 ? t("field_required_for", { move: missing.join(", ") }) : field.required || field.requiredFor.length > 0 ? undefined : t("field_optional");
  return (
    <>
      <FieldInput field={field} id={fieldId(form, field.name)} value={shown} onInput={input} onLeave={leave} note={<span role="status">{note}</span>}
        error={fault || (state === "refused" ? (draft?.why ?? "") : "") || (state === undefined ? error : "")} />
      {state === "conflict" && <Conflict form={form} one={one} resolved={() => setRaw(undefined)} />}
    </>
  );
}

// Two people wrote at once: both sides, and a choice.
function Conflict({ form, one, resolved }: { form: FormKey; one: FieldValueView; resolved: () => void }) {
  const { t, drafts } = useScreen();
  const names = useNames();
  const field = one.field!;
  const draft = drafts.get(form, field.name)!;
  const choose = (choice: () => void) => () => (resolved(), choice());
  return (
    <div class="notice conflict" role="alert">
      <p><strong>{t("field_conflict")}</strong></p>
      <dl>
        <dt>{t("field_theirs")}</dt>
        <dd>{display(field, draft.theirs?.value, names) || t("field_empty")}</dd>
        <dt>{t("field_mine")}</dt>
        <dd>{display(field, draft.value, names) || t("field_empty")}</dd>
      </dl>
      <p class="buttons">
        <button type="button" class="button" onClick={choose(() => drafts.keepMine(form, field.name))}>{t("field_keep_mine")}</button>
        <button type="button" class="button" onClick={choose(() => drafts.takeTheirs(form, field.name))}>{t("field_take_theirs")}</button>
      </p>
    </div>
  );
}

function Reading({ one }: { one: FieldValueView }) {
  return <dl class="answers"><Answer one={one} /></dl>;
}

export function Answer({ one }: { one: FieldValueView }) {
  const { t } = useScreen();
  const names = useNames();
  const words = useWords();
  return (
    <div data-field={one.field?.name}>
      <dt><Words of={one.field?.label} fallback={one.field?.name ?? ""} />{one.field?.computed && <span class="quiet"> {t("field_computed")}</span>}</dt>
      <dd class={isEmpty(one.value) ? "quiet" : ""} title={words(one.field?.help)}>{isEmpty(one.value) ? t("field_empty") : display(one.field!, one.value, names)}</dd>
    </div>
  );
}
