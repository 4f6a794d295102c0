// The board as a table: one line per initiative, sorted by a click on a heading; the order is part of the link.
import { State_End } from "../gen/kvali/v1/program_pb.js";
import type { InitiativeRow } from "../gen/kvali/v1/view_pb.js";
import { hasPlaces, lanesOf, stateLabel } from "../model";
import { href } from "../route";
import type { Key } from "../i18n";
import { Badges, useWaitedFor } from "./card";
import { useCohort, useScreen, useTitle, useWords } from "./context";
import { Lasting, When } from "./when";

const COLUMNS: readonly { name: string; label: Key }[] = [
  { name: "title", label: "col_title" }, { name: "locality", label: "col_locality" }, { name: "state", label: "col_state" },
  { name: "waits", label: "col_waits" }, { name: "since", label: "col_since" }, { name: "due", label: "col_due" },
];

export function Table({ rows }: { rows: InitiativeRow[] }) {
  const { t, route, language } = useScreen();
  const { board } = useCohort();
  const descending = route.sort.startsWith("-");
  const by = route.sort.replace("-", "") || "due";
  const lanes = [...board.lanes.keys()];
  const words = new Intl.Collator(language, { numeric: true });
  const title = useTitle();
  const heading = useWords();
  const columns = COLUMNS.filter(({ name }) => name !== "locality" || hasPlaces(board));
  const columnLabel = (name: string, label: Key) => (name === "title" && board.kind !== undefined ? heading(board.kind.label, board.kind.name) : t(label));
  const place = (row: InitiativeRow) => board.localities.get(row.locality)?.name ?? "";
  const stateAt = (row: InitiativeRow) => Math.min(...lanesOf(board, row).map((lane) => lanes.indexOf(lane.state)));
  const waits = useWaitedFor();
  const compare: Record<string, (one: InitiativeRow, other: InitiativeRow) => number> = {
    title: (one, other) => words.compare(title(one), title(other)),
    locality: (one, other) => words.compare(place(one), place(other)),
    state: (one, other) => stateAt(one) - stateAt(other),
    waits: (one, other) => words.compare(waits(one), waits(other)),
    since: (one, other) => Number(one.sinceUs - other.sinceUs),
    due: (one, other) => Number(one.end !== State_End.END_UNSPECIFIED) - Number(other.end !== State_End.END_UNSPECIFIED) || instant(one.dueUs) - instant(other.dueUs),
  };
  const sorted = [...rows].sort((one, other) => ((compare[by] ?? compare.due!)(one, other) || words.compare(one.title, other.title)) * (descending ? -1 : 1));
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={t("board")}>
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ name, label }) => (
              <th key={name} scope="col" aria-sort={by !== name ? undefined : descending ? "descending" : "ascending"}>
                <a href={href(route, { sort: by === name && !descending ? `-${name}` : name })}>{columnLabel(name, label)}{by === name && <span aria-hidden="true">{descending ? " ↓" : " ↑"}</span>}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.id} class={`${row.mine ? "mine" : ""}${row.overdue ? " late" : ""}${row.id === route.initiative ? " open" : ""}`} data-initiative={row.id}>
              <th scope="row"><a href={href(route, { initiative: row.id })}>{title(row)}</a><span class="sub">{row.organisation}</span></th>
              {hasPlaces(board) && <td data-label={t("col_locality")}>{place(row)}</td>}
              <td data-label={t("col_state")}>{lanesOf(board, row).map((lane) => stateLabel(board, lane.state, language)).join(" · ")}<Badges row={row} /></td>
              <td data-label={t("col_waits")}>{row.mine ? <strong class="you">{t("waits_for_you")}</strong> : waits(row)}</td>
              <td data-label={t("col_since")}>{row.sinceUs !== 0n && <Lasting us={row.sinceUs} />}</td>
              <td data-label={t("col_due")}>{row.dueUs !== 0n && <When us={row.dueUs} ends day />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// No date stands last.
function instant(us: bigint): number {
  return us === 0n ? Number.MAX_SAFE_INTEGER : Number(us);
}
