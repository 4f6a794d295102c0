// Every state at one glance, with how many are in it and how many of them are late or stuck: in order of the program, parted as
// the program parts them. Each is a filter.
import type { ComponentChildren } from "preact";
import type { InitiativeRow, Lane } from "../gen/kvali/v1/view_pb.js";
import { State_End } from "../gen/kvali/v1/program_pb.js";
import { ENDS, isLate, lanesOf, regions, stuck } from "../model";
import { href } from "../route";
import { useCohort, useScreen, useWords, Words } from "./context";
import { Icon } from "./icon";

export function States({ rows }: { rows: readonly InitiativeRow[] }) {
  const { t } = useScreen();
  const { board } = useCohort();
  const words = useWords();
  const inLane = new Map<string, InitiativeRow[]>();
  for (const row of rows) {
    for (const lane of lanesOf(board, row)) inLane.set(lane.state, [...(inLane.get(lane.state) ?? []), row]);
  }
  const ended = rows.filter((row) => row.end !== State_End.END_UNSPECIFIED);
  const group = (key: string, label: string, look: string, parts: Lane[][]) => (
    <div key={key} class={`flow-stage ${look}`} role="group" aria-label={label}>
      <p class="flow-name" aria-hidden="true">{label}</p>
      <div class="flow-parts">
        {parts.map((part) => (
          <ul key={part[0]!.state} class="flow-part">{part.map((lane) => <li key={lane.state}><LaneTile lane={lane} rows={inLane.get(lane.state) ?? []} /></li>)}</ul>
        ))}
      </div>
    </div>
  );
  return (
    <nav class="flow" aria-label={t("states")}>
      {board.stages.map((stage, index) => group(stage.key, words(stage.lanes[0]!.stage, stage.key), `hue-${index % 4}`, regions(stage.lanes)))}
      {board.ends.length > 0 && (
        <div class="flow-stage ends">
          <p class="flow-name" aria-hidden="true">&nbsp;</p>
          <div class="flow-parts"><ul class="flow-part"><li><Tile state={ENDS} count={ended.length} late={0} stuck={0} name={t("ended_states")} /></li></ul></div>
        </div>
      )}
    </nav>
  );
}

function LaneTile({ lane, rows }: { lane: Lane; rows: readonly InitiativeRow[] }) {
  const { board } = useCohort();
  const late = rows.filter((row) => isLate(row, lane)).length;
  const stopped = rows.filter((row) => stuck(board, row, lane).length > 0).length;
  return <Tile state={lane.state} count={rows.length} late={late} stuck={stopped} name={<Words of={lane.label} fallback={lane.state} />} />;
}

function Tile({ state, count, late, stuck, name }: { state: string; count: number; late: number; stuck: number; name: ComponentChildren }) {
  const { t, route } = useScreen();
  const chosen = route.state === state;
  return (
    <a class={`tile${count === 0 ? " none" : ""}`} href={href(route, { state: chosen ? "" : state })} aria-current={chosen ? "true" : undefined} data-state={state} data-count={count}>
      <span class="tile-counts">
        <b>{count}</b>
        {late > 0 && <span class="late"><Icon name="overdue" /><span aria-hidden="true">{late}</span><span class="hidden"> {t("overdue_n", { n: late })}</span></span>}
        {stuck > 0 && <span class="stuck"><Icon name="blocked" /><span aria-hidden="true">{stuck}</span><span class="hidden"> {t("stuck_n", { n: stuck })}</span></span>}
      </span>
      <span class="tile-name">{name}</span>
    </a>
  );
}
