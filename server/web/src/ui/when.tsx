// A moment: relative words to read, the exact instant on demand (title) and for machines (datetime).
import { dayOfYear, elapsed, exact, exactEnd, lastDay, ms, relative } from "../time";
import { useCohort } from "./context";

interface WhenProps {
  us: bigint;
  ends?: boolean;     // a deadline: midnight is 24:00 of the day before
  full?: boolean;     // the exact moment is written out beside the relative one
  day?: boolean;      // the day is
}

export function When({ us, ends = false, full = false, day = false }: WhenProps) {
  const { clock } = useCohort();
  const at_ms = ms(us);
  const precise = ends ? exactEnd(clock, at_ms) : exact(clock, at_ms);
  const words = relative(clock, at_ms, ends);
  return (
    <time dateTime={new Date(at_ms).toISOString()} title={precise}>
      {full ? `${precise} (${words})` : day ? <>{ends ? lastDay(clock, at_ms) : dayOfYear(clock, at_ms)} <span class="sub">{words}</span></> : words}
    </time>
  );
}

/** How long since: "3 days"; the instant on demand. */
export function Lasting({ us, ended = false }: { us: bigint; ended?: boolean }) {
  const { clock } = useCohort();
  const at_ms = ms(us);
  return <time dateTime={new Date(at_ms).toISOString()} title={ended ? exactEnd(clock, at_ms) : exact(clock, at_ms)}>{elapsed(clock, at_ms, ended)}</time>;
}
