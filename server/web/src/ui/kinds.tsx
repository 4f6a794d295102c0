// What the cohort has beside its initiatives: each kind of subject with how many there are, what of them is late and what waits for
// the reader. Of which there is one (the season) its state stands there, and it opens itself.
import { useEffect, useRef } from "preact/hooks";
import { lanesOf, single, stateLabel, type BoardData } from "../model";
import { href, UNFILTERED } from "../route";
import { useCohort, useScreen, Words } from "./context";
import { Icon } from "./icon";

export function Kinds() {
  const { t, route } = useScreen();
  const { board, manager } = useCohort();
  const list = useRef<HTMLUListElement>(null);
  // On a narrow screen, or beside a panel, the one that is chosen may stand outside of it.
  useEffect(() => list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "nearest" }), [board.kind?.name, route.initiative]);
  const shown = [...board.all.values()].filter((one) => one.kind === undefined || one === board || manager || one.kind.mayBegin || one.initiatives.length > 0);
  if (shown.length < 2) return null;
  return (
    <nav class="kinds" aria-label={t("kinds")}>
      <ul ref={list}>{shown.map((one) => <li key={one.kind?.name ?? ""}><Kind of={one} /></li>)}</ul>
    </nav>
  );
}

function Kind({ of }: { of: BoardData }) {
  const { t, route, language } = useScreen();
  const { board } = useCohort();
  const one = single(of);
  const late = of.initiatives.filter((row) => row.overdue).length;
  const mine = of.initiatives.filter((row) => row.mine).length;
  const here = one === undefined ? of === board : one.id === route.initiative;
  const to = one === undefined ? href(route, { ...UNFILTERED, kind: of.kind?.name ?? "", initiative: "" }) : href(route, { initiative: here ? "" : one.id });
  return (
    <a class="kind" href={to} aria-current={here ? (one === undefined ? "page" : "true") : undefined} data-kind-of={of.kind?.name ?? ""} data-count={of.initiatives.length} data-single={one?.id}>
      <span class="kind-name">{of.kind === undefined ? t("initiatives") : <Words of={one === undefined ? of.kind.plural : of.kind.label} fallback={of.kind.name} />}{one !== undefined && ":"}</span>{" "}
      {one === undefined ? <span class="count">{of.initiatives.length}</span> : <span>{lanesOf(of, one).map((lane) => stateLabel(of, lane.state, language)).join(" · ")}</span>}
      {late > 0 && <span class="badge late"><Icon name="overdue" /><span aria-hidden="true">{late}</span><span class="hidden"> {t("overdue_n", { n: late })}</span></span>}
      {mine > 0 && <span class="badge mine"><Icon name="person" /><span aria-hidden="true">{mine}</span><span class="hidden"> {t("mine_n", { n: mine })}</span></span>}
    </a>
  );
}
