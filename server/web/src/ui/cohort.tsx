// One cohort, live: the board for those who look after many, her own initiative for an applicant.
import { useEffect, useMemo, useState } from "preact/hooks";
import { pick } from "../i18n";
import { boardOf, everything, isManager, isOnlyApplicant, readBoard } from "../model";
import { href } from "../route";
import type { Subscription } from "../subscription";
import { ms, type Clock } from "../time";
import { BackBanner, OfflineBanner } from "./banner";
import { Board } from "./board";
import { RehearsalClock } from "./clock";
import { CohortContext, OfKind, useChanges, useCohort, useScreen, useTick, useTitle, Words } from "./context";
import { OpenInitiative } from "./initiative";
import { CohortDates } from "./overview";
import { StartInitiative } from "./start";

export function Cohort({ id, onTitle }: { id: string; onTitle: (title: string, program: string) => void }) {
  const { wire, t, language } = useScreen();
  const [subscription, setSubscription] = useState<Subscription | undefined>();
  useEffect(() => {
    const opened = wire.subscribe({ topic: "cohort", cohort: id });
    setSubscription(opened);
    return () => wire.unsubscribe(opened);
  }, [wire, id]);
  useChanges(subscription);
  useTick(60_000);
  const board = useMemo(() => (subscription === undefined ? undefined : readBoard(subscription.rows)), [subscription, subscription?.revision]);
  const title = board?.cohort.title ?? "";
  const program = board === undefined ? "" : pick(board.cohort.programTitle, language).text || board.cohort.program;
  useEffect(() => onTitle(title, program), [title, program]);
  if (subscription?.phase === "ended") {
    return <main id="content" class="gate"><h1>{t("not_found_title")}</h1><p>{subscription.why || t("not_found_text")}</p><p><a href="#/">{t("all_cohorts")}</a></p></main>;
  }
  if (subscription === undefined || board === undefined) return <main id="content" class="gate"><p class="loading" role="status">{t("loading")}</p></main>;
  const clock: Clock = { now_ms: board.cohort.rehearsal ? ms(board.cohort.nowUs) : wire.now_ms(), zone: board.cohort.zone, language };
  const manager = isManager(board.cohort) || (wire.welcome?.managesHouse ?? false);
  const own = !manager && isOnlyApplicant(board.cohort);
  return (
    <CohortContext.Provider value={{ board, clock, manager }}>
      <OfflineBanner />
      <BackBanner subscription={subscription} />
      <RehearsalClock />
      {own ? <MyInitiative /> : <Board />}
    </CohortContext.Provider>
  );
}

// What she brought: her initiatives, and whatever else a person may bring here, each kind with a way to begin one.
function MyInitiative() {
  const { t, route } = useScreen();
  const { board } = useCohort();
  const title = useTitle();
  const mine = everything(board);
  const kinds = [...board.all.values()].filter((one) => one.kind?.mayBegin);
  const shown = mine.find((row) => row.id === route.initiative) ?? (mine.length === 1 ? mine[0] : undefined);
  const others = mine.some((row) => row.subject !== "");
  return (
    <main id="content" class="own" data-own={mine.length}>
      <h1>{t(others ? "my_things" : mine.length > 1 ? "my_initiatives" : "my_initiative")}</h1>
      {mine.length === 0 && (
        <div class="empty-state"><h2>{t("my_none")}</h2><p>{t("my_none_text")}</p><StartInitiative mine open /></div>
      )}
      {mine.length > 1 && (
        <ul class="plain own-list">
          {mine.map((row) => <li key={row.id}><a href={href(route, { initiative: row.id })} aria-current={row === shown ? "true" : undefined}>{title(row)}</a> {row.subject !== "" && <span class="quiet"><Words of={boardOf(board, row.subject).kind?.label} fallback={row.subject} /></span>}</li>)}
        </ul>
      )}
      {kinds.length > 0 && <div class="own-begin">{kinds.map((one) => <OfKind key={one.kind!.name} kind={one.kind!.name}><StartInitiative mine /></OfKind>)}</div>}
      {shown !== undefined && <OpenInitiative key={shown.id} id={shown.id} kind="page" />}
      {mine.length > 0 && <details class="own-dates"><summary>{t("about_cohort")}</summary><CohortDates /></details>}
    </main>
  );
}
