// Where the reader is. Everything that chooses what is shown stands in the fragment, so every filter is a link, the back
// button undoes it, and what somebody searched for never reaches a server's log.
export const SHOWS = ["mine", "overdue", "stuck", "soon", "waitlist", "held"] as const;
export type Show = (typeof SHOWS)[number];

export interface Route {
  cohort: string;         // empty: the list of cohorts
  initiative: string;     // of whatever kind; empty: none is open
  kind: string;           // of subject that the board shows; empty: initiatives
  locality: string;       // empty: all
  person: string;         // who holds a role for them; empty: anybody
  state: string;          // path of a lane; empty: all
  show: Show | "";        // empty: all
  q: string;              // text looked for in titles, organisations and people
  view: "lanes" | "table" | "";   // empty: by the width of the screen
  sort: string;           // of the table; "-due": descending
}

const NOWHERE: Route = { cohort: "", initiative: "", kind: "", locality: "", person: "", state: "", show: "", q: "", view: "", sort: "" };

/** What takes every filter away. */
export const UNFILTERED = { locality: "", person: "", state: "", show: "", q: "" } as const;

export function isFiltered(route: Route): boolean {
  return Object.keys(UNFILTERED).some((name) => route[name as keyof typeof UNFILTERED] !== "");
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [cohort = "", kind = "", initiative = ""] = path.split("/").map(decode);
  const parameters = new URLSearchParams(query);
  const show = parameters.get("show") ?? "";
  const view = parameters.get("view") ?? "";
  return {
    ...NOWHERE,
    cohort,
    initiative: kind === "i" ? initiative : "",
    kind: parameters.get("kind") ?? "",
    locality: parameters.get("locality") ?? "",
    person: parameters.get("person") ?? "",
    state: parameters.get("state") ?? "",
    show: (SHOWS as readonly string[]).includes(show) ? (show as Show) : "",
    q: parameters.get("q") ?? "",
    view: view === "table" || view === "lanes" ? view : "",
    sort: parameters.get("sort") ?? "",
  };
}

export function href(route: Route, change: Partial<Route> = {}): string {
  const to = { ...route, ...change };
  if (to.cohort === "") return "#/";
  const parameters = new URLSearchParams();
  for (const name of ["kind", "locality", "person", "state", "show", "q", "view", "sort"] as const) {
    if (to[name] !== "") parameters.set(name, to[name]);
  }
  const query = parameters.toString();
  const open = to.initiative === "" ? "" : `/i/${encodeURIComponent(to.initiative)}`;
  return `#/${encodeURIComponent(to.cohort)}${open}${query === "" ? "" : `?${query}`}`;
}

export function go(to: string): void {
  location.hash = to;
}

/** Goes there without a step for the back button: while somebody types. */
export function replace(to: string): void {
  history.replaceState(null, "", to);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
