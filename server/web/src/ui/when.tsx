// A moment: relative words to read, the exact instant on demand (title) and for machines (datetime).
import { elapsed, exact, exactEnd, ms, relative } from "../time";
import { useCohort } from "./context";

interface WhenProps {
  us: bigint;
  ends?: boolean;     // a deadline: midnight is 24:00 of the day before
  full?: boolean;     // the exact moment is written out beside the relative one
}

export function When({ us, ends = false, full = false }: WhenProps) {
  const { clock } = useCohort();
  const at_ms = ms(us);
  const precise = ends ? exactEnd(clock, at_ms) : exact(clock, at_ms);
  const words = relative(clock, at_ms, ends);
  return (
    <time dateTime={new Date(at_ms).toISOString()} title={precise}>
      {full ? `${precise} (${words})` : words}
    </time>
  );
}

/** How long since: "3 days"; the instant on demand. */
export function Lasting({ us }: { us: bigint }) {
  const { clock } = useCohort();
  const at_ms = ms(us);
  return <time dateTime={new Date(at_ms).toISOString()} title={exact(clock, at_ms)}>{elapsed(clock, at_ms)}</time>;
}
