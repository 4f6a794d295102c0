// What the boards know, read off the folded rows: pure, and made once per revision. Each kind of subject (a training, a campaign, the
// season) is a small program within the program, so each has a board like that of the initiatives, and whatever shows one shows any.
import { pick } from "./i18n";
import { Field_Type, Role_Scope, State_End, type Text } from "./gen/kvali/v1/program_pb.js";
import type { CohortRow, FieldView, FormView, InitiativeDetail, InitiativeRow, Lane, LocalityRow, MoveView, PersonRef, Row, SubjectKind } from "./gen/kvali/v1/view_pb.js";
import type { Route } from "./route";
import { ms } from "./time";

export interface BoardData {
  cohort: CohortRow;
  localities: Map<string, LocalityRow>;
  kind: SubjectKind | undefined;  // of what is on it; undefined: initiatives
  initiatives: InitiativeRow[];   // what is on it: those of its kind
  fields: readonly FieldView[];   // that are asked of one
  forms: readonly FormView[];     // of its task kinds
  all: ReadonlyMap<string, BoardData>;   // the boards of the cohort by kind, "" that of the initiatives, in order of the program
  lanes: Map<string, Lane>;       // by path of the state
  stages: StageLanes[];           // in order of the program, without the ends
  ends: Lane[];
}

export interface StageLanes {
  key: string;                    // first part of the path
  lanes: Lane[];
}

/** All ends together, as a filter by state. */
export const ENDS = "ends";
export const SOON_MS = 14 * 86_400_000;

export function readBoard(rows: ReadonlyMap<string, Row>): BoardData | undefined {
  let cohort: CohortRow | undefined;
  const localities = new Map<string, LocalityRow>();
  const byKind = new Map<string, InitiativeRow[]>([["", []]]);
  for (const { body } of rows.values()) {
    if (body.case === "cohort") cohort = body.value;
    else if (body.case === "locality") localities.set(body.value.id, body.value);
    else if (body.case === "initiative" || body.case === "subject") {
      const list = byKind.get(body.value.subject);
      if (list === undefined) byKind.set(body.value.subject, [body.value]);
      else list.push(body.value);
    }
  }
  if (cohort === undefined) return undefined;
  const all = new Map<string, BoardData>();
  for (const kind of [undefined, ...cohort.subjects]) {
    const own = kind === undefined ? cohort.forms.find((one) => one.name === "initiative") : kind.form;
    all.set(kind?.name ?? "", {
      cohort, localities, kind, all, initiatives: byKind.get(kind?.name ?? "") ?? [], fields: own?.fields ?? [],
      forms: kind === undefined ? cohort.forms : kind.tasks, ...laid(kind === undefined ? cohort.lanes : kind.lanes),
    });
  }
  return all.get("");
}

function laid(all: readonly Lane[]): Pick<BoardData, "lanes" | "stages" | "ends"> {
  const stages: StageLanes[] = [];
  for (const lane of all) {
    if (lane.ends !== State_End.END_UNSPECIFIED) continue;
    const key = lane.state.split(".")[0]!;
    const stage = stages.find((one) => one.key === key);
    if (stage === undefined) stages.push({ key, lanes: [lane] });
    else stage.lanes.push(lane);
  }
  return { lanes: new Map(all.map((lane) => [lane.state, lane])), ends: all.filter((lane) => lane.ends !== State_End.END_UNSPECIFIED), stages };
}

/** The board of a kind; that of the initiatives, where a link names a kind that the program no longer has. */
export function boardOf(board: BoardData, kind: string): BoardData {
  return board.all.get(kind) ?? board.all.get("")!;
}

/** Of every kind together. */
export function everything(board: BoardData): InitiativeRow[] {
  return [...board.all.values()].flatMap((one) => one.initiatives);
}

/** Of which there is one, and nobody begins another: the season. It is looked at itself instead of on a board of its own. */
export function single(board: BoardData): InitiativeRow | undefined {
  return board.kind !== undefined && !board.kind.mayBegin && board.initiatives.length === 1 ? board.initiatives[0] : undefined;
}

/** Whether places are told apart on it. */
export function hasPlaces(board: BoardData): boolean {
  return board.localities.size > 0 && board.fields.some((field) => field.type === Field_Type.LOCALITY);
}

/** What it is called. One without a title of its own is called by the server after its kind, in the program's first language: here
 *  after whom it is about, else after its kind in the reader's. */
export function titleOf(board: BoardData, row: InitiativeRow, language: string): string {
  const label = boardOf(board, row.subject).kind?.label;
  const place = board.localities.get(row.locality);
  const rest = place === undefined ? "" : `, ${place.name}`;
  const named = label?.translations.some((one) => row.title === one.text || row.title === one.text + rest) ?? false;
  if (named && row.applicants[0]?.name) return row.applicants[0].name;
  return named ? pick(label, language).text + (row.title.endsWith(rest) ? rest : "") : row.title;
}

export function readDetail(rows: ReadonlyMap<string, Row>): InitiativeDetail | undefined {
  for (const { body } of rows.values()) {
    if (body.case === "detail") return body.value;
  }
  return undefined;
}

/** The lanes an initiative stands in: one, or one per region of a stage whose parts run side by side. */
export function lanesOf(board: BoardData, row: InitiativeRow): Lane[] {
  const found: Lane[] = [];
  for (const state of row.states) {
    let path = state;
    while (path !== "" && !board.lanes.has(path)) path = path.slice(0, Math.max(path.lastIndexOf("."), 0));
    const lane = board.lanes.get(path);
    if (lane !== undefined && !found.includes(lane)) found.push(lane);
  }
  return found;
}

/** The lanes of a stage, parted where they belong to parts that run side by side. */
export function regions(lanes: readonly Lane[]): Lane[][] {
  const parted: Lane[][] = [];
  const inside = (lane: Lane) => (lane.region === undefined ? "" : lane.state.slice(0, lane.state.lastIndexOf(".")));
  for (const lane of lanes) {
    const last = parted.at(-1);
    if (last !== undefined && inside(last[0]!) === inside(lane)) last.push(lane);
    else parted.push([lane]);
  }
  return parted;
}

export function stateLabel(board: BoardData, path: string, language: string): string {
  return pick(board.lanes.get(path)?.label, language).text || pick(stageLabel(board, path), language).text || path;
}

function stageLabel(board: BoardData, path: string) {
  return board.stages.find((stage) => stage.key === path)?.lanes[0]?.stage;
}

export function roleLabel(cohort: CohortRow, role: string, language: string): string {
  return pick(cohort.roles.find((one) => one.role === role)?.label, language).text || role;
}

export function isManager(cohort: CohortRow): boolean {
  return cohort.myRoles.includes("manager");
}

/** Who has initiatives of her own here and no wider role: she gets her page, not the board. Who is entrusted with some looks after
 *  several, and only those who work here are told who is. */
export function isOnlyApplicant(cohort: CohortRow): boolean {
  return cohort.entrusted.length === 0 && cohort.myRoles.every((role) => cohort.roles.find((one) => one.role === role)?.scope === Role_Scope.INITIATIVE);
}

/** Who holds a role for an initiative, beside its applicant: those of its locality, and those entrusted with it alone. */
export function peopleOf(board: BoardData, row: InitiativeRow): PersonRef[] {
  const own = board.cohort.entrusted.filter((one) => one.initiative === row.id && one.person !== undefined).map((one) => one.person!);
  return [...(board.localities.get(row.locality)?.people ?? []), ...own];
}

/** The roles that are waited for in a lane; without one, in any of the states it stands in. A report's is of them all. */
export function waitedFor(board: BoardData, row: InitiativeRow, lane: Lane | undefined): string[] {
  if (lane === undefined) return row.waitsFor;
  const elsewhere = lanesOf(board, row).filter((other) => other !== lane).flatMap((other) => other.waitsFor);
  return row.waitsFor.filter((role) => lane.waitsFor.includes(role) || !elsewhere.includes(role));
}

/** Whether the deadline that was missed is one of this lane. */
export function isLate(row: InitiativeRow, lane: Lane | undefined): boolean {
  return row.overdue && (lane === undefined || row.overdueState === "" || `${lane.state}.`.startsWith(`${row.overdueState}.`));
}

/** Why an initiative cannot go on although nobody is late: a role that is waited for and that nobody holds, or a full quota. */
export interface Stuck {
  role: string;             // nobody holds it; empty: a quota
  why: Text | undefined;    // of the quota
}

export function stuck(board: BoardData, row: InitiativeRow, lane?: Lane): Stuck[] {
  if (row.end !== State_End.END_UNSPECIFIED) return [];
  const found: Stuck[] = row.blocked ? [{ role: "", why: row.blockedWhy }] : [];
  if (isOnlyApplicant(board.cohort)) return found;   // who is not told who works here cannot miss anybody
  const people = peopleOf(board, row);
  for (const role of waitedFor(board, row, lane)) {
    const local = board.cohort.roles.find((one) => one.role === role)?.scope === Role_Scope.LOCALITY;
    if (local && !people.some((person) => person.role === role)) found.push({ role, why: undefined });
  }
  return found;
}

/** Whether the row passes every filter of the route. */
export function matches(board: BoardData, row: InitiativeRow, route: Route, now_ms: number): boolean {
  return (route.locality === "" || row.locality === route.locality)
    && (route.person === "" || [...row.applicants, ...peopleOf(board, row)].some((person) => person.id === route.person))
    && (route.state === "" || lanesOf(board, row).some((lane) => lane.state === route.state) || (route.state === ENDS && row.end !== State_End.END_UNSPECIFIED))
    && matchesShow(board, row, route.show, now_ms)
    && matchesText(board, row, route.q);
}

export function matchesShow(board: BoardData, row: InitiativeRow, show: Route["show"], now_ms: number): boolean {
  switch (show) {
    case "": return true;
    case "mine": return row.mine;
    case "overdue": return row.overdue;
    case "soon": return !row.overdue && row.dueUs !== 0n && ms(row.dueUs) - now_ms < SOON_MS;
    case "waitlist": return row.rank > 0;
    case "held": return row.held !== "";
    case "stuck": return row.exceptionProposed || stuck(board, row).length > 0;
  }
}

/** Letters without their marks, so that "Taurage" finds "Tauragė". */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
}

function matchesText(board: BoardData, row: InitiativeRow, asked: string): boolean {
  if (asked.trim() === "") return true;
  const place = board.localities.get(row.locality)?.name ?? "";
  const hay = plain([row.title, row.organisation, place, ...[...row.applicants, ...peopleOf(board, row)].map((person) => person.name)].join(" "));
  return plain(asked).split(/\s+/).every((word) => hay.includes(word));
}

/** Within a lane: by rank where there is one, else what presses most stands first. */
export function byUrgency(board: BoardData, lane: Lane): (one: InitiativeRow, other: InitiativeRow) => number {
  const presses = (row: InitiativeRow) => (isLate(row, lane) ? 4 : 0) + (row.mine ? 2 : 0) + (stuck(board, row, lane).length > 0 ? 1 : 0);
  return (one, other) => {
    if (one.rank !== 0 || other.rank !== 0) return one.locality.localeCompare(other.locality) || one.rank - other.rank || one.title.localeCompare(other.title);
    return presses(other) - presses(one) || order(one.dueUs, other.dueUs) || order(one.sinceUs, other.sinceUs) || one.title.localeCompare(other.title) || one.id.localeCompare(other.id);
  };
}

// Zero (no date) stands last.
function order(one: bigint, other: bigint): number {
  if (one === other) return 0;
  if (one === 0n || other === 0n) return one === 0n ? 1 : -1;
  return one < other ? -1 : 1;
}

export interface SortedMoves {
  possible: MoveView[];
  not_yet: MoveView[];
  others: MoveView[];   // somebody else's
}

export function sortMoves(moves: readonly MoveView[]): SortedMoves {
  const sorted: SortedMoves = { possible: [], not_yet: [], others: [] };
  for (const move of moves) {
    if (move.possible) sorted.possible.push(move);
    else if (move.unmet.some((unmet) => unmet.code === "NOT_YOURS")) sorted.others.push(move);
    else sorted.not_yet.push(move);
  }
  return sorted;
}

/** Whether a move gives it up (withdrawn, cancelled): never offered as the next thing to do, and shown last. */
export function givesUp(board: BoardData, move: MoveView): boolean {
  const ends = board.lanes.get(move.to)?.ends;
  return ends === State_End.WITHDRAWN || ends === State_End.TERMINATED;
}

export function form(board: BoardData, name: string): FieldView[] {
  return board.forms.find((one) => one.name === name)?.fields ?? [];
}

/** A list of who was there, and the like: each entry names somebody, and is read as a line among the others. */
export function isAttendance(fields: readonly FieldView[]): boolean {
  return fields.some((field) => field.type === Field_Type.ORGANISATION || field.type === Field_Type.PERSON);
}

/** What happened to the rows between two looks: for the banner after a reconnect. */
export interface Change {
  what: "new" | "gone" | "changed";
  row: InitiativeRow;
}

export function changes(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): Change[] {
  const found: Change[] = [];
  for (const [key, { body, version }] of after) {
    if (body.case !== "initiative" && body.case !== "subject") continue;
    const old = before.get(key);
    if (old === undefined) found.push({ what: "new", row: body.value });
    else if (old.version !== version) found.push({ what: "changed", row: body.value });
  }
  for (const [key, { body }] of before) {
    if ((body.case === "initiative" || body.case === "subject") && !after.has(key)) found.push({ what: "gone", row: body.value });
  }
  return found;
}
