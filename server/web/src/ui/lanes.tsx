// The board as lanes: the states in order of the program, gathered under their stages; the ends folded away at the right. A lane
// that nobody is in is left out: the row of states above shows it. Where there is room to spare, the fuller lane is the wider.
import { useState } from "preact/hooks";
import type { InitiativeRow, Lane } from "../gen/kvali/v1/view_pb.js";
import { byUrgency, ENDS, lanesOf, regions, stateLabel } from "../model";
import { Card, cardLink } from "./card";
import { useCohort, useScreen, useWords, Words } from "./context";
import { read, write } from "../settings";
import { civilDay } from "../time";

const CARDS_FIRST = 60;

export function Lanes({ rows }: { rows: InitiativeRow[] }) {
  const { t, route } = useScreen();
  const { board } = useCohort();
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => new Set((read("folded") ?? ENDS).split(" ")));
  const fold = (key: string) => {
    const next = new Set(folded);
    if (!next.delete(key)) next.add(key);
    setFolded(next);
    write("folded", [...next].join(" "));
  };
  const words = useWords();
  const inLane = new Map<string, InitiativeRow[]>();
  for (const row of rows) {
    for (const lane of lanesOf(board, row)) {
      const list = inLane.get(lane.state);
      if (list === undefined) inLane.set(lane.state, [row]);
      else list.push(row);
    }
  }
  for (const [state, list] of inLane) list.sort(byUrgency(board, board.lanes.get(state)!));
  const there = (lanes: readonly Lane[]) => new Set(lanes.flatMap((lane) => inLane.get(lane.state) ?? [])).size;
  return (
    <div class="lanes" onKeyDown={walk}>
      {board.stages.map((stage, index) => there(stage.lanes) > 0 && (
        <Stage key={stage.key} id={stage.key} look={`hue-${index % 4}`} label={words(stage.lanes[0]!.stage, stage.key)} lanes={stage.lanes} count={there(stage.lanes)} inLane={inLane} folded={folded.has(stage.key)} fold={fold} />
      ))}
      {there(board.ends) > 0 && <Stage id={ENDS} look="ends" label={t("ended_states")} lanes={board.ends} count={there(board.ends)} inLane={inLane} folded={folded.has(ENDS) && route.state === ""} fold={fold} />}
    </div>
  );
}

interface StageProps {
  id: string;
  look: string;
  label: string;
  lanes: readonly Lane[];
  count: number;
  inLane: ReadonlyMap<string, InitiativeRow[]>;
  folded: boolean;
  fold: (id: string) => void;
}

// A stage unfolded is its lanes; folded, a list of counts.
function Stage({ id, look, label, lanes, count, inLane, folded, fold }: StageProps) {
  const { language } = useScreen();
  const { board } = useCohort();
  const rows = (lane: Lane) => inLane.get(lane.state) ?? [];
  return (
    <section class={`stage ${look}`} style={{ flexGrow: folded ? 0 : count }} aria-labelledby={`stage-${id}`}>
      <h2 id={`stage-${id}`}><button type="button" class="fold" aria-expanded={!folded} onClick={() => fold(id)}>{label} <span class="count">{count}</span></button></h2>
      <div class="stage-lanes">
        {folded
          ? <ul class="lane-counts">{lanes.map((lane) => <li key={lane.state} class={rows(lane).length === 0 ? "none" : ""}><b>{rows(lane).length}</b> {stateLabel(board, lane.state, language)}</li>)}</ul>
          : regions(lanes).map((part) => part.filter((lane) => rows(lane).length > 0)).filter((part) => part.length > 0).map((part) => (
            <div key={part[0]!.state} class="region" style={{ flexGrow: part.reduce((sum, lane) => sum + rows(lane).length, 0) }}>
              {part[0]!.region !== undefined && <p class="region-name"><Words of={part[0]!.region} /></p>}
              <div class="region-lanes">{part.map((lane) => <LaneColumn key={lane.state} lane={lane} rows={rows(lane)} />)}</div>
            </div>
          ))}
      </div>
    </section>
  );
}

function LaneColumn({ lane, rows }: { lane: Lane; rows: InitiativeRow[] }) {
  const { t, route, language } = useScreen();
  const { board, clock } = useCohort();
  const [all, setAll] = useState(false);
  const id = `lane-${lane.state}`;
  const shown = all ? rows : rows.slice(0, CARDS_FIRST);
  const today = civilDay(clock, clock.now_ms) + Math.floor(clock.now_ms / 3_600_000);
  return (
    <div class="lane" style={{ flexGrow: rows.length }} role="group" aria-labelledby={id} data-lane={lane.state} data-count={rows.length}>
      <h3 id={id}><span class="lane-name"><Words of={lane.label} fallback={lane.state} /></span> <span class="count">{rows.length}</span></h3>
      <div class="lane-body">
        <ul class="cards">
          {shown.map((row) => (
            <Card key={row.id} row={row} link={cardLink(route, row.id)} open={row.id === route.initiative} day={today} board={board} lane={lane}
              place={route.locality === "" ? (board.localities.get(row.locality)?.name ?? "") : ""}
              also={lanesOf(board, row).filter((other) => other !== lane).map((other) => stateLabel(board, other.state, language)).join(" · ")} />
          ))}
        </ul>
        {shown.length < rows.length && <button type="button" class="button small" onClick={() => setAll(true)}>{t("more_cards", { n: rows.length - shown.length })}</button>}
      </div>
    </div>
  );
}

// Arrow keys walk from card to card: up and down within a lane, left and right to the next lane that has any.
function walk(event: KeyboardEvent): void {
  const link = (event.target as HTMLElement).closest<HTMLElement>(".card > a");
  if (link === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const lane = link.closest<HTMLElement>(".lane")!;
  const cards = [...lane.querySelectorAll<HTMLElement>(".card > a")];
  const at = cards.indexOf(link);
  let to: HTMLElement | undefined;
  if (event.key === "ArrowDown") to = cards[at + 1];
  else if (event.key === "ArrowUp") to = cards[at - 1];
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const lanes = [...document.querySelectorAll<HTMLElement>(".lane")];
    const neighbour = lanes[lanes.indexOf(lane) + (event.key === "ArrowRight" ? 1 : -1)];
    const others = [...(neighbour?.querySelectorAll<HTMLElement>(".card > a") ?? [])];
    to = others[Math.min(at, others.length - 1)];
  } else return;
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}
