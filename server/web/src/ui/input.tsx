// One field to fill in, by its type: native controls, the error beside it, the help above it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { FieldView } from "../gen/kvali/v1/view_pb.js";
import { isText, lengthFault, type Typed } from "../values";
import { useScreen, useWords, Words } from "./context";
import { NewOrganisation } from "./organisation";
import { useChoices } from "./names";

export const LONG_TEXT = 200;   // characters; more than that is written in a box that grows

export interface InputProps {
  field: FieldView;
  id: string;
  value: Typed;
  onInput: (value: Typed) => void;
  onLeave?: () => void;
  error?: string;
  note?: ComponentChildren;      // beside the label: saved, saving, needed for …
}

export function FieldInput({ field, id, value, onInput, onLeave, error = "", note }: InputProps) {
  const { t } = useScreen();
  const help = useWords()(field.help);
  const hint = lengthFault(field, value);
  const size = typeof value === "string" ? [...value].length : 0;
  const counted = isText(field) && field.atMost !== 0n && size > Number(field.atMost) * 0.8;
  const described = [help === "" ? "" : `${id}-help`, error === "" ? "" : `${id}-error`, hint === undefined && !counted ? "" : `${id}-count`].filter((part) => part !== "").join(" ");
  const shared = { id, "aria-describedby": described === "" ? undefined : described, "aria-invalid": error === "" ? undefined : (true as const), onBlur: onLeave };
  const group = field.type === Field_Type.YES_OR_NO || field.type === Field_Type.CHOICES;
  return (
    <div class={`field${error === "" ? "" : " wrong"}`} data-field={field.name}>
      <div class="field-head">
        {group ? <span id={`${id}-label`} class="label"><Words of={field.label} fallback={field.name} /></span> : <label for={id}><Words of={field.label} fallback={field.name} /></label>}
        {note !== undefined && <span class="field-note">{note}</span>}
      </div>
      {help !== "" && <p class="help" id={`${id}-help`}><Words of={field.help} /></p>}
      {error !== "" && <p class="error" id={`${id}-error`}>{error}</p>}
      <Control field={field} value={value} onInput={onInput} shared={shared} />
      {(hint !== undefined || counted) && <p class="help" id={`${id}-count`}>{hint === undefined ? t("field_count", { n: size, most: Number(field.atMost) }) : t(hint.key, hint.fill)}</p>}
    </div>
  );
}

interface ControlProps {
  field: FieldView;
  value: Typed;
  onInput: (value: Typed) => void;
  shared: { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined; onBlur: (() => void) | undefined };
}

function Control({ field, value, onInput, shared }: ControlProps) {
  const { t } = useScreen();
  const words = useWords();
  const one = typeof value === "string" ? value : "";
  const many = typeof value === "string" ? [] : value;
  const typed = (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value);
  switch (field.type) {
    case Field_Type.TEXT:
      return field.atMost === 0n || field.atMost > LONG_TEXT ? <Growing value={one} onInput={onInput} shared={shared} /> : <input type="text" {...shared} value={one} onInput={typed} />;
    case Field_Type.EMAIL: return <input type="email" autocomplete="email" {...shared} value={one} onInput={typed} />;
    case Field_Type.PHONE: return <input type="tel" autocomplete="tel" {...shared} value={one} onInput={typed} />;
    case Field_Type.URL: return <input type="url" {...shared} value={one} onInput={typed} />;
    case Field_Type.COUNT:
    case Field_Type.WHOLE_NUMBER: return <input type="text" inputmode="numeric" class="short" {...shared} value={one} onInput={typed} />;
    case Field_Type.NUMBER:
    case Field_Type.MONEY: return <input type="text" inputmode="decimal" class="short" {...shared} value={one} onInput={typed} />;
    case Field_Type.DATE: return <input type="date" class="short" {...shared} value={one} onInput={typed} />;
    case Field_Type.YES_OR_NO:
      return (
        <Choices name={shared.id} kind="radio" labelled={`${shared.id}-label`} described={shared["aria-describedby"]}
          choices={[{ name: "yes", label: t("yes") }, { name: "no", label: t("no") }]} chosen={[one]} onInput={(names) => onInput(names.at(-1) ?? "")} />
      );
    case Field_Type.CHOICES:
      return (
        <Choices name={shared.id} kind="checkbox" labelled={`${shared.id}-label`} described={shared["aria-describedby"]}
          choices={field.choices.map((choice) => ({ name: choice.name, label: words(choice.label, choice.name) }))} chosen={many} onInput={onInput} />
      );
    case Field_Type.CHOICE:
      return <Select shared={shared} value={one} onInput={typed} choices={field.choices.map((choice) => ({ name: choice.name, label: words(choice.label, choice.name) }))} />;
    case Field_Type.LOCALITY:
    case Field_Type.ORGANISATION:
    case Field_Type.PERSON: return <Known field={field} shared={shared} value={one} onInput={typed} />;
    case Field_Type.FILE: return <p class="quiet" id={shared.id}>{t("field_file_later")}</p>;
    case Field_Type.TABLE: return <p class="quiet" id={shared.id}>{t("field_table_later")}</p>;
    default: return <input type="text" {...shared} value={one} onInput={typed} />;
  }
}

// A text that is as tall as what is in it.
function Growing({ value, onInput, shared }: { value: string; onInput: (value: string) => void; shared: ControlProps["shared"] }) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (area.current === null) return;
    area.current.style.height = "auto";
    area.current.style.height = `${area.current.scrollHeight + 4}px`;
  }, [value]);
  return <textarea ref={area} rows={3} {...shared} value={value} onInput={(event) => onInput(event.currentTarget.value)} />;
}

interface Option {
  name: string;
  label: string;
}

function Select({ shared, value, onInput, choices }: { shared: ControlProps["shared"]; value: string; onInput: (event: { currentTarget: { value: string } }) => void; choices: Option[] }) {
  const { t } = useScreen();
  return (
    <select {...shared} value={value} onChange={onInput}>
      <option value="">{t("choose")}</option>
      {choices.map((choice) => <option key={choice.name} value={choice.name}>{choice.label}</option>)}
    </select>
  );
}

// One of what the cohort or the house knows by name.
function Known({ field, ...select }: { field: FieldView; shared: ControlProps["shared"]; value: string; onInput: (event: { currentTarget: { value: string } }) => void }) {
  return (
    <>
      <Select {...select} choices={useChoices(field.type)} />
      {field.type === Field_Type.ORGANISATION && <NewOrganisation id={select.shared.id} choose={(value) => select.onInput({ currentTarget: { value } })} />}
    </>
  );
}

function Choices({ name, kind, labelled, described, choices, chosen, onInput }: {
  name: string; kind: "radio" | "checkbox"; labelled: string; described: string | undefined; choices: Option[]; chosen: string[]; onInput: (names: string[]) => void;
}) {
  const change = (choice: string, on: boolean) => onInput(kind === "radio" ? [choice] : on ? [...chosen, choice] : chosen.filter((one) => one !== choice));
  return (
    <div role={kind === "radio" ? "radiogroup" : "group"} aria-labelledby={labelled} aria-describedby={described} id={name} tabIndex={-1} class="choices">
      {choices.map((choice) => (
        <label key={choice.name}><input type={kind} name={name} checked={chosen.includes(choice.name)} onChange={(event) => change(choice.name, event.currentTarget.checked)} /> {choice.label}</label>
      ))}
    </div>
  );
}
