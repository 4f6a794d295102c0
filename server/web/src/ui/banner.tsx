// When the connection is lost, and when it is back: what changed meanwhile.
import { useEffect, useRef, useState } from "preact/hooks";
import { boardOf, changes, stateLabel, type Change } from "../model";
import { href } from "../route";
import type { Subscription } from "../subscription";
import { useChanges, useCohort, useScreen, useTitle } from "./context";

const SETTLED_MS = 400;      // after recovery, for the last deltas to come in
const NOTHING_SHOWN_MS = 6_000;
const NAMED_MAX = 5;

/** Lost for longer than a blink: said in words, with a way to hurry. */
export function OfflineBanner() {
  const { wire, t } = useScreen();
  useChanges(wire);
  if (wire.phase !== "waiting") return null;
  return (
    <div class="banner offline" role="status">
      <p>{t("conn_waiting_long")}</p>
      <button type="button" class="button small" onClick={() => wire.retryNow()}>{t("conn_retry")}</button>
    </div>
  );
}

export function BackBanner({ subscription }: { subscription: Subscription }) {
  const { wire, t, language, route } = useScreen();
  const { board } = useCohort();
  const title = useTitle();
  const [found, setFound] = useState<Change[] | undefined>();
  const seen = useRef(wire.outages);
  useChanges(wire);
  const lost = wire.outages !== seen.current;
  useEffect(() => {
    if (!lost || subscription.phase !== "live" || wire.phase !== "live") return undefined;
    const timer = setTimeout(() => {
      seen.current = wire.outages;
      const before = subscription.takeAway();
      if (before !== undefined) setFound(changes(before, subscription.rows));
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [lost, subscription.phase, subscription.revision, wire.phase]);
  useEffect(() => {
    if (found === undefined || found.length > 0) return undefined;
    const timer = setTimeout(() => setFound(undefined), NOTHING_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [found]);
  if (found === undefined) return null;
  const what = (change: Change) => (change.what === "changed" ? change.row.states.map((state) => stateLabel(boardOf(board, change.row.subject), state, language)).join(" · ") : t(`back_${change.what}`));
  return (
    <div class="banner back" role="status" data-back={found.length}>
      <div>
        <p>{found.length === 0 ? t("back_nothing") : t("back_changed", { n: found.length })}</p>
        {found.length > 0 && (
          <ul>
            {found.slice(0, NAMED_MAX).map((change) => (
              <li key={change.row.id}>
                {change.what === "gone" ? title(change.row) : <a href={href(route, { initiative: change.row.id })}>{title(change.row)}</a>} <span class="quiet">{what(change)}</span>
              </li>
            ))}
            {found.length > NAMED_MAX && <li>{t("back_more", { n: found.length - NAMED_MAX })}</li>}
          </ul>
        )}
      </div>
      <button type="button" class="button small" onClick={() => setFound(undefined)}>{t("dismiss")}</button>
    </div>
  );
}
