// The board as lanes: the states in order of the program, gathered under their stages; the ends folded away at the right.
import { useState } from "preact/hooks";
import type { InitiativeRow, Lane } from "../gen/kvali/v1/view_pb.js";
import { byUrgency, lanesOf, stateLabel } from "../model";
import { Card, cardLink } from "./card";
import { useCohort, useScreen, useWords, Words } from "./context";
import { civilDay } from "../time";

const CARDS_FIRST = 60;

export function Lanes({ rows }: { rows: InitiativeRow[] }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const [endsOpen, setEndsOpen] = useState(false);
  const words = useWords();
  const inLane = new Map<string, InitiativeRow[]>();
  for (const row of rows) {
    for (const lane of lanesOf(board, row)) {
      const list = inLane.get(lane.state);
      if (list === undefined) inLane.set(lane.state, [row]);
      else list.push(row);
    }
  }
  for (const list of inLane.values()) list.sort(byUrgency);
  const ended = board.ends.reduce((count, lane) => count + (inLane.get(lane.state)?.length ?? 0), 0);
  const there = (lanes: readonly Lane[]) => new Set(lanes.flatMap((lane) => inLane.get(lane.state) ?? [])).size;
  return (
    <div class="lanes" onKeyDown={walk}>
      {board.stages.map((stage, index) => (
        <section key={stage.key} class={`stage hue-${index % 4}`} aria-labelledby={`stage-${stage.key}`}>
          <h2 id={`stage-${stage.key}`}>{words(stage.lanes[0]!.stage, stage.key)} <span class="count">{there(stage.lanes)}</span></h2>
          <div class="stage-lanes">
            {stage.lanes.map((lane, at) => (
              <LaneColumn key={lane.state} lane={lane} rows={inLane.get(lane.state) ?? []} parts={at > 0 && region(lane) !== region(stage.lanes[at - 1]!)} />
            ))}
          </div>
        </section>
      ))}
      <section class="stage ends" aria-labelledby="stage-ends">
        <h2 id="stage-ends">
          <button type="button" class="quiet-button" aria-expanded={endsOpen} onClick={() => setEndsOpen(!endsOpen)}>
            {t("ended_states")} <span class="count">{ended}</span>
          </button>
        </h2>
        <div class="stage-lanes">
          {endsOpen ? (
            board.ends.map((lane) => <LaneColumn key={lane.state} lane={lane} rows={inLane.get(lane.state) ?? []} parts={false} />)
          ) : (
            <ul class="end-counts">
              {board.ends.map((lane) => {
                const count = inLane.get(lane.state)?.length ?? 0;
                return <li key={lane.state} class={count === 0 ? "none" : ""}><b>{count}</b> {stateLabel(board, lane.state, language)}</li>;
              })}
            </ul>
          )}
        </div>
      </section>
    </div>
  );
}

// Of parts that run side by side: "mentoring.sessions" of "mentoring.sessions.open".
function region(lane: Lane): string {
  const parts = lane.state.split(".");
  return parts.length < 3 ? parts[0]! : `${parts[0]}.${parts[1]}`;
}

function LaneColumn({ lane, rows, parts }: { lane: Lane; rows: InitiativeRow[]; parts: boolean }) {
  const { t, route, language } = useScreen();
  const { board, clock } = useCohort();
  const [all, setAll] = useState(false);
  const id = `lane-${lane.state}`;
  const shown = all ? rows : rows.slice(0, CARDS_FIRST);
  const today = civilDay(clock, clock.now_ms) + Math.floor(clock.now_ms / 3_600_000);
  return (
    <section class={`lane${rows.length === 0 ? " empty" : ""}${parts ? " parts" : ""}`} aria-labelledby={id} data-lane={lane.state} data-count={rows.length}>
      <h3 id={id}><span class="lane-name"><Words of={lane.label} fallback={lane.state} /></span> <span class="count">{rows.length}</span></h3>
      {rows.length > 0 && (
        <div class="lane-body" tabIndex={0} role="region" aria-labelledby={id}>
          <ul class="cards">
            {shown.map((row) => (
              <Card key={row.id} row={row} link={cardLink(route, row.id)} open={row.id === route.initiative} day={today}
                place={route.locality === "" ? (board.localities.get(row.locality)?.name ?? "") : ""}
                also={lanesOf(board, row).filter((other) => other !== lane).map((other) => stateLabel(board, other.state, language)).join(" · ")} />
            ))}
          </ul>
          {shown.length < rows.length && <button type="button" class="button small" onClick={() => setAll(true)}>{t("more_cards", { n: rows.length - shown.length })}</button>}
        </div>
      )}
    </section>
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
    const lanes = [...document.querySelectorAll<HTMLElement>(".lane:not(.empty)")];
    const neighbour = lanes[lanes.indexOf(lane) + (event.key === "ArrowRight" ? 1 : -1)];
    const others = [...(neighbour?.querySelectorAll<HTMLElement>(".card > a") ?? [])];
    to = others[Math.min(at, others.length - 1)];
  } else return;
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}
