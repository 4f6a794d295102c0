// The clock of a rehearsal: what time it is there, and, for a manager, how to move it on.
import { useState } from "preact/hooks";
import { civilDay, exact, startOfDay } from "../time";
import { Busy, Problem, useAction } from "./action";
import { NARROW, useCohort, useMedia, useScreen } from "./context";
import { Icon } from "./icon";

const DAY_MS = 86_400_000;

export function RehearsalClock() {
  const { t, wire } = useScreen();
  const { board, clock, manager } = useCohort();
  const [date, setDate] = useState("");
  const action = useAction();
  const narrow = useMedia(NARROW);
  if (!board.cohort.rehearsal) return null;
  const move = (to_ms: number) => action.run(() => wire.call(board.cohort.id, { case: "moveClock", value: { toUs: BigInt(Math.round(to_ms)) * 1000n } }));
  const today = civilDay(clock, clock.now_ms);
  return (
    <section class="rehearsal" aria-label={t("rehearsal")} data-now={new Date(clock.now_ms).toISOString()}>
      <p class="rehearsal-now"><Icon name="clock" /><span>{t("clock_now")} <time dateTime={new Date(clock.now_ms).toISOString()}><b>{exact(clock, clock.now_ms)}</b></time></span></p>
      {manager && (
        <details class="rehearsal-move" open={!narrow}>
          <summary hidden={!narrow}>{t("clock_move")}</summary>
          <form class="rehearsal-tools" aria-label={t("clock_move")} title={t("clock_note")} onSubmit={async (event) => {
            event.preventDefault();
            if (date !== "" && (await move(startOfDay(clock, date))) !== undefined) setDate("");
          }}>
            <button type="button" class="button small" disabled={action.busy} onClick={() => move(clock.now_ms + DAY_MS)}>{t("clock_day")}</button>
            <button type="button" class="button small" disabled={action.busy} onClick={() => move(clock.now_ms + 7 * DAY_MS)}>{t("clock_week")}</button>
            <label><span>{t("clock_to")}</span> <input type="date" min={today} value={date} onInput={(event) => setDate(event.currentTarget.value)} /></label>
            <button type="submit" class="button small" disabled={action.busy || date === ""}>{t("clock_go")}</button>
            <Busy action={action} />
          </form>
        </details>
      )}
      <Problem problem={action.problem} />
    </section>
  );
}
