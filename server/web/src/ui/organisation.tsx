// An organisation that nobody has entered yet: its name is enough to register it, and it is chosen at once. One whose name is there
// already is chosen instead of being entered twice.
import { useState } from "preact/hooks";
import { plain } from "../model";
import { Busy, Problem, useAction } from "./action";
import { useScreen } from "./context";

export function NewOrganisation({ id, choose }: { id: string; choose: (organisation: string) => void }) {
  const { t, wire, directory } = useScreen();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const action = useAction();
  const done = (organisation: string) => {
    choose(organisation);
    setName("");
    setOpen(false);
    document.getElementById(id)?.focus();
  };
  const register = async () => {
    const called = name.trim().replace(/\s+/g, " ");
    if (called === "" || action.busy) return;
    const known = directory.organisations?.find((one) => plain(one.name) === plain(called));
    if (known !== undefined) return done(known.id);
    const result = await action.run(() => wire.call("", { case: "registerOrganisation", value: { name: called, kind: "organisation" } }));
    if (result === undefined) return;
    await directory.want("organisations", true);
    done(result.created);
  };
  // It stands within another form: Enter registers, and sends nothing else.
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void register();
  };
  return (
    <details class="new-organisation" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("organisation_new")}</summary>
      <label for={`${id}-new`}>{t("organisation_name")}</label>
      <p class="buttons">
        <input id={`${id}-new`} type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} onKeyDown={key} />
        <button type="button" class="button" disabled={action.busy || name.trim() === ""} onClick={register}>{t("organisation_register")}</button>
        <Busy action={action} />
      </p>
      <Problem problem={action.problem} />
    </details>
  );
}
