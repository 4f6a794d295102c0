// A form that is sent as a whole: a meeting, a new application, what a move must be given. Errors stand beside the field and in a
// summary that leads to it.
import { create } from "@bufbuild/protobuf";
import { useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Result } from "../gen/kvali/v1/frame_pb.js";
import type { Value } from "../gen/kvali/v1/value_pb.js";
import type { Field_Type } from "../gen/kvali/v1/program_pb.js";
import { FieldViewSchema, type FieldView } from "../gen/kvali/v1/view_pb.js";
import { isEmpty, parse, typed, type Typed } from "../values";
import { Busy, focusField, Problem, useAction } from "./action";
import { useScreen, useWords } from "./context";
import { FieldInput } from "./input";

export interface Filled {
  name: string;
  value: Value;
}

/** A field that no program has: what a form of ours asks, in the reader's language. */
export function useField(): (name: string, type: Field_Type, label: string, choices?: readonly { name: string; label: string }[]) => FieldView {
  const { language } = useScreen();
  const words = (text: string) => ({ translations: [{ language, text }] });
  return (name, type, label, choices = []) => create(FieldViewSchema, { name, type, label: words(label), choices: choices.map((one) => ({ name: one.name, label: words(one.label) })) });
}

interface WholeFormProps {
  id: string;                                  // prefix of the inputs' ids
  fields: readonly FieldView[];
  needed: (field: FieldView) => boolean;
  start?: (field: FieldView) => Value | undefined;
  submit: string;
  send: (filled: Filled[]) => Promise<Result>;
  onDone: (result: Result) => void;
  onCancel?: () => void;
  cancel?: string;                             // in place of "Cancel"
  children?: ComponentChildren;                // above the fields
  typing?: (inputs: Readonly<Record<string, Typed>>) => void;   // what is typed so far, for who must not lose it
  conflict?: ComponentChildren;                // what happened meanwhile, where the server says that it has changed
}

export function WholeForm({ id, fields: all, needed, start, submit, send, onDone, onCancel, cancel, children, typing, conflict }: WholeFormProps) {
  const { t } = useScreen();
  const words = useWords();
  const fields = all.filter((field) => !field.computed);
  const [inputs, setInputs] = useState<Record<string, Typed>>(() => Object.fromEntries(fields.map((field) => [field.name, typed(start?.(field))])));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const summary = useRef<HTMLDivElement>(null);
  const action = useAction();
  const fieldId = (name: string) => `${id}-${name}`;

  const submitted = async (event: Event) => {
    event.preventDefault();
    const found: Record<string, string> = {};
    const filled: Filled[] = [];
    for (const field of fields) {
      const parsed = parse(field, inputs[field.name] ?? "", start?.(field));
      if ("fault" in parsed) found[field.name] = t(parsed.fault.key, parsed.fault.fill);
      else if (isEmpty(parsed.value)) {
        if (needed(field)) found[field.name] = t("field_missing", { field: words(field.label, field.name) });
      } else filled.push({ name: field.name, value: parsed.value });
    }
    setFaults(found);
    if (Object.keys(found).length > 0) {
      requestAnimationFrame(() => summary.current?.focus());
      return;
    }
    const result = await action.run(() => send(filled));
    if (result !== undefined) onDone(result);
  };

  const input = (name: string, value: Typed) => setInputs((before) => {
    const now = { ...before, [name]: value };
    typing?.(now);
    return now;
  });
  const error = (field: FieldView) => faults[field.name] ?? action.problem?.error.violations.find((violation) => violation.field === field.name)?.sentence ?? "";
  return (
    <form class="whole-form" onSubmit={submitted} noValidate>
      {children}
      {Object.keys(faults).length > 0 && (
        <div class="notice problem" role="alert" tabIndex={-1} ref={summary}>
          <p><strong>{t("error_summary")}</strong></p>
          <ul>{Object.entries(faults).map(([name, sentence]) => <li key={name}><a href={`#${fieldId(name)}`} onClick={(event) => focusField(event, fieldId(name))}>{sentence}</a></li>)}</ul>
        </div>
      )}
      <Problem problem={action.problem} fieldId={fieldId}>{conflict}</Problem>
      {fields.map((field) => (
        <FieldInput key={field.name} field={field} id={fieldId(field.name)} value={inputs[field.name] ?? ""} error={error(field)}
          note={needed(field) ? undefined : t("field_optional")} onInput={(value) => input(field.name, value)} />
      ))}
      <p class="buttons">
        <button type="submit" class="button primary" disabled={action.busy}>{submit}</button>
        {onCancel !== undefined && <button type="button" class="button plain" onClick={onCancel}>{cancel ?? t("cancel")}</button>}
        <Busy action={action} />
      </p>
    </form>
  );
}
