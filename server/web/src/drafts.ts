// Answers being written. Each edit is kept here until the server has it, saved field by field with the version it was written
// over, so that nobody's words are lost: not by closing the panel, not by a lost connection, not by two people typing at once.
import { Emitter } from "./emitter";
import type { Value } from "./gen/kvali/v1/value_pb.js";
import type { FieldValueView } from "./gen/kvali/v1/view_pb.js";
import { same } from "./values";
import { Refusal, type Wire } from "./wire";

export type DraftState = "dirty" | "saving" | "saved" | "conflict" | "refused";

export interface Draft {
  value: Value;
  base: number;                                   // version of the field it was written over
  state: DraftState;
  theirs?: { value: Value | undefined; version: number };   // of a conflict
  why?: string;                                   // of a refusal: the server's sentence
  saved_over?: number;                            // saved over this version; the row has not come back yet
}

/** The form a field belongs to: an initiative's own, or that of one of its tasks. */
export interface FormKey {
  cohort: string;
  initiative: string;
  task: string;
}

const PAUSE_MS = 800;      // of typing, before a save
const FLUSH_MAX_MS = 10_000;
const SPACING_MS = 2_100;  // the server takes one save per person and initiative every 2 s

export class Drafts extends Emitter {
  private forms = new Map<string, { key: FormKey; drafts: Map<string, Draft> }>();
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private saved_at = new Map<string, number>();   // by initiative, ms

  constructor(private wire: Wire) {
    super();
    window.addEventListener("beforeunload", (event) => {
      if (this.unsaved()) event.preventDefault();
    });
  }

  get(key: FormKey, field: string): Draft | undefined {
    return this.forms.get(name(key))?.drafts.get(field);
  }

  edit(key: FormKey, field: string, value: Value, base: number): void {
    const drafts = this.form(key);
    const draft = drafts.get(field);
    if (draft === undefined) drafts.set(field, { value, base, state: "dirty" });
    else {
      draft.value = value;
      if (draft.state !== "saving" && draft.state !== "conflict") draft.state = "dirty";
      delete draft.why;
    }
    this.later(key, PAUSE_MS);
    this.emit();
  }

  keepMine(key: FormKey, field: string): void {
    const draft = this.get(key, field);
    if (draft?.theirs === undefined) return;
    draft.base = draft.theirs.version;
    draft.state = "dirty";
    delete draft.theirs;
    this.later(key, 0);
    this.emit();
  }

  takeTheirs(key: FormKey, field: string): void {
    this.form(key).delete(field);
    this.emit();
  }

  /** The server's fields as they are now: what was saved is let go, what somebody else changed meanwhile is a conflict. */
  observe(key: FormKey, fields: readonly FieldValueView[]): void {
    const drafts = this.forms.get(name(key))?.drafts;
    if (drafts === undefined) return;
    let changed = false;
    for (const { field, value, version } of fields) {
      const draft = drafts.get(field?.name ?? "");
      if (draft === undefined || draft.state === "saving" || version <= (draft.saved_over ?? draft.base)) continue;
      changed = true;
      if (draft.saved_over !== undefined) {
        delete draft.saved_over;
        draft.base = version;
        if (draft.state === "dirty") this.later(key, PAUSE_MS);
      } else if (draft.state === "saved" || same(draft.value, value)) {
        drafts.delete(field!.name);
      } else {
        draft.state = "conflict";
        draft.theirs = { value, version };
      }
    }
    if (changed) this.emit();
  }

  /** Saves what is not saved, now; resolves when the server has all of it, or has refused it, or is silent for too long. */
  async flush(key: FormKey): Promise<void> {
    clearTimeout(this.timers.get(name(key)));
    this.timers.delete(name(key));
    const given_up_ms = Date.now() + FLUSH_MAX_MS;
    const open = () => [...(this.forms.get(name(key))?.drafts.values() ?? [])].some((draft) => draft.state === "dirty" || draft.state === "saving");
    while (open() && Date.now() < given_up_ms) {
      const changed = new Promise<void>((resolve) => {
        const stop = this.listen(() => (stop(), resolve()));
        setTimeout(() => (stop(), resolve()), FLUSH_MAX_MS);
      });
      void this.save(key);
      await changed;
    }
  }

  unsaved(): boolean {
    for (const { drafts } of this.forms.values()) {
      for (const draft of drafts.values()) if (draft.state !== "saved") return true;
    }
    return false;
  }

  private form(key: FormKey): Map<string, Draft> {
    let form = this.forms.get(name(key));
    if (form === undefined) this.forms.set(name(key), (form = { key, drafts: new Map() }));
    return form.drafts;
  }

  private later(key: FormKey, pause_ms: number): void {
    clearTimeout(this.timers.get(name(key)));
    const earliest = (this.saved_at.get(key.initiative) ?? 0) + SPACING_MS - Date.now();
    this.timers.set(name(key), setTimeout(() => void this.save(key), Math.max(pause_ms, earliest)));
  }

  private async save(key: FormKey): Promise<void> {
    // A field whose last save has not come back with its new version waits for it.
    const sent = [...this.form(key)].filter(([, draft]) => draft.state === "dirty" && draft.saved_over === undefined).map(([field, draft]) => ({ field, draft, value: draft.value }));
    if (sent.length === 0) return;
    for (const { draft } of sent) draft.state = "saving";
    this.saved_at.set(key.initiative, Date.now());
    this.emit();
    try {
      await this.wire.call(key.cohort, {
        case: "saveFields",
        value: { initiative: key.initiative, task: key.task, fields: sent.map(({ field, draft, value }) => ({ name: field, value, ifVersion: draft.base })) },
      });
      for (const { draft, value } of sent) {
        draft.state = draft.value === value ? "saved" : "dirty";
        draft.saved_over = draft.base;
      }
    } catch (problem) {
      if (problem instanceof Refusal) this.refused(key, sent, problem);
      else throw problem;
    }
    this.emit();
  }

  private refused(key: FormKey, sent: { field: string; draft: Draft }[], { error }: Refusal): void {
    let named = false;
    for (const { field, draft } of sent) {
      const conflict = error.conflicts.find((one) => one.field === field);
      const violation = error.violations.find((one) => one.field === field);
      draft.state = "dirty";
      if (conflict !== undefined) {
        draft.state = "conflict";
        draft.theirs = { value: conflict.theirs, version: conflict.theirVersion };
      } else if (violation !== undefined) {
        draft.state = "refused";
        draft.why = violation.sentence;
      }
      named ||= draft.state !== "dirty";
    }
    if (!named) {
      for (const { draft } of sent) {
        draft.state = "refused";
        draft.why = error.sentence;
      }
    } else if (sent.some(({ draft }) => draft.state === "dirty")) this.later(key, 0);
  }
}

function name(key: FormKey): string {
  return `${key.cohort} ${key.initiative} ${key.task}`;
}
