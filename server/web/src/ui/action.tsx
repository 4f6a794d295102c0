// Asking the server for something and saying how it went: the same everywhere.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Result, Violation } from "../gen/kvali/v1/frame_pb.js";
import { Refusal } from "../wire";
import { ms, exact } from "../time";
import { useCohort, useScreen } from "./context";

export interface Action {
  busy: boolean;
  problem: Refusal | undefined;
  /** Runs `asked`; answers the result, or undefined when the server said no (`problem` then says why). */
  run: <T = Result>(asked: () => Promise<T>) => Promise<T | undefined>;
  clear: () => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | undefined>();
  const run = async <T,>(asked: () => Promise<T>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      return await asked();
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      setProblem(refused);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run, clear: () => setProblem(undefined) };
}

/** "Sending…", or that it waits for the connection and will be sent. */
export function Busy({ action }: { action: Action }) {
  const { wire, t } = useScreen();
  return <span class="busy" role="status">{action.busy && (wire.phase === "live" ? t("move_sending") : t("move_waiting"))}</span>;
}

/** The server's no: its sentence, and each thing to put right; those of a field lead to it. `children` tell what somebody else did
 *  first, where that is why. */
export function Problem({ problem, fieldId, children }: { problem: Refusal | undefined; fieldId?: (field: string) => string; children?: ComponentChildren }) {
  const { t } = useScreen();
  if (problem === undefined) return null;
  const violations = problem.error.violations;
  // One thing alone to put right is the whole of it already: said once, where it leads to its field or tells its facts.
  const alone = violations.length === 1 && problem.code !== "CONFLICT_VERSION" && violations[0]!.sentence === problem.message ? violations[0] : undefined;
  const plain = alone !== undefined && alone.facts === "" && alone.field === "" && alone.willHoldAtUs === 0n;
  return (
    <div class="notice problem" role="alert">
      {(alone === undefined || plain) && <p><strong>{problem.code === "CONFLICT_VERSION" ? t("move_changed") : problem.message || t("error_unknown", { why: problem.code })}</strong></p>}
      {violations.length > 0 && !plain && (
        <ul>{violations.map((violation, index) => <li key={index}><ViolationLine violation={violation} {...(fieldId === undefined ? {} : { fieldId })} /></li>)}</ul>
      )}
      {problem.code === "CONFLICT_VERSION" && children}
    </div>
  );
}

function ViolationLine({ violation, fieldId }: { violation: Violation; fieldId?: (field: string) => string }) {
  const { t } = useScreen();
  const { clock } = useCohort();
  // The facts say themselves from when on it will hold.
  const when = violation.willHoldAtUs === 0n ? "" : ` (${t("will_hold", { when: exact(clock, ms(violation.willHoldAtUs)) })})`;
  const holds = violation.facts === "" ? when : <span class="facts">{violation.facts}</span>;
  if (violation.field === "" || fieldId === undefined) return <>{violation.sentence}{holds}</>;
  return <><a href={`#${fieldId(violation.field)}`} onClick={(event) => focusField(event, fieldId(violation.field))}>{violation.sentence}</a>{holds}</>;
}

/** The fragment is the route: a link to a field moves the focus by hand. */
export function focusField(event: Event, id: string): void {
  event.preventDefault();
  const go = () => {
    const field = document.getElementById(id);
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  };
  // Where the answers are shown to be read, they are opened for writing first.
  const opener = document.querySelector<HTMLButtonElement>(`[data-edits~="${CSS.escape(id)}"]`);
  opener?.click();
  if (opener === null) go();
  else requestAnimationFrame(() => requestAnimationFrame(go));
}

/** A button that opens a small form in place; Escape and Cancel close it. */
export function Disclosure({ label, primary = false, children, open, setOpen }: {
  label: ComponentChildren; primary?: boolean; children: ComponentChildren; open: boolean; setOpen: (open: boolean) => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(open);
  useEffect(() => {
    // Whoever closed it by a key or a button inside it would otherwise stand nowhere.
    if (was.current && !open && document.activeElement === document.body) button.current?.focus();
    was.current = open;
    if (!open) return undefined;
    const listener = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      setOpen(false);
    };
    window.addEventListener("keydown", listener, { capture: true });
    return () => window.removeEventListener("keydown", listener, { capture: true });
  }, [open]);
  return (
    <div class={`disclosure${open ? " open" : ""}`}>
      <button ref={button} type="button" class={`button${primary ? " primary" : ""}`} aria-expanded={open} onClick={() => setOpen(!open)}>{label}</button>
      {open && <div class="sheet">{children}</div>}
    </div>
  );
}
