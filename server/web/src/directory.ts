// The organisations and the people of the house, for the fields that name one: asked for when somebody needs them, once.
import { Emitter } from "./emitter";
import type { OrganisationRef } from "./gen/kvali/v1/frame_pb.js";
import type { PersonRef } from "./gen/kvali/v1/view_pb.js";
import type { Wire } from "./wire";

export class Directory extends Emitter {
  organisations: OrganisationRef[] | undefined;   // undefined: not known yet
  people: PersonRef[] | undefined;                // none, to who runs no cohort: she is not told them

  private asking = new Set<"organisations" | "people">();
  private missed = new Set<string>();

  constructor(private wire: Wire) {
    super();
  }

  /** Asks for them; where they are known already only with `afresh`, since others register some meanwhile. */
  async want(what: "organisations" | "people", afresh = false): Promise<void> {
    if (this.asking.has(what) || (this[what] !== undefined && !afresh)) return;
    this.asking.add(what);
    try {
      if (what === "organisations") this.organisations = (await this.wire.query({ body: { case: "organisations", value: {} } })).organisations;
      else this.people = (await this.wire.query({ body: { case: "people", value: {} } })).people;
    } catch {
      this[what] ??= [];
    }
    this.asking.delete(what);
    this.emit();
  }

  /** The name under an id; empty where it is not known. One that was registered since is asked for, once. */
  name(what: "organisations" | "people", id: string): string {
    const found = (this[what] as { id: string; name: string }[] | undefined)?.find((one) => one.id === id);
    if (found === undefined && !this.missed.has(id) && this[what] !== undefined) {
      this.missed.add(id);
      queueMicrotask(() => void this.want(what, true));
    }
    return found?.name ?? "";
  }
}
