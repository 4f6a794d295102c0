// The cohort board: places at the left, the initiatives as lanes or as a table, the filters above; all of it one link. Each other
// kind of subject has such a board too, chosen at the very top.
import { useEffect, useRef, useState } from "preact/hooks";
import { everything, matches, matchesShow } from "../model";
import { href, isFiltered, replace, type Show, SHOWS, UNFILTERED } from "../route";
import { OpenInitiative } from "./initiative";
import { Kinds } from "./kinds";
import { Lanes } from "./lanes";
import { Localities, LocalityFilter, useHers } from "./localities";
import { Overview } from "./overview";
import { MoveMany } from "./many";
import { PersonFilter } from "./people";
import { PublishDecisions } from "./publish";
import { StartInitiative } from "./start";
import { States } from "./states";
import { Table } from "./table";
import { NARROW, NO_SIDE, OfKind, useCohort, useMedia, useScreen, useWords, Words } from "./context";
import { Icon } from "./icon";

// What a manager asks first is answered even by "none".
const ALWAYS: readonly Show[] = ["mine", "overdue", "stuck"];

export function Board() {
  const { route } = useScreen();
  return <OfKind kind={route.kind}><BoardOfKind /></OfKind>;
}

function BoardOfKind() {
  const { t, route } = useScreen();
  const words = useWords();
  const { board, clock, manager } = useCohort();
  // The states show what the other filters leave; the lanes what all of them do.
  const inStates = board.initiatives.filter((row) => matches(board, row, { ...route, state: "" }, clock.now_ms));
  const rows = route.state === "" ? inStates : inStates.filter((row) => matches(board, row, route, clock.now_ms));
  const narrow = useMedia(NARROW);
  // Who works in one place has nothing to choose from.
  const several = useHers().length > 1;
  const beside = !useMedia(NO_SIDE) && several;
  const view = route.view || (narrow ? "table" : "lanes");
  return (
    <div class={`board-page${beside ? " with-side" : ""}${route.initiative === "" ? "" : " with-panel"}`}>
      {beside && <aside class="side"><Localities /></aside>}
      <main id="content" class="board" data-board={board.cohort.id} data-board-kind={board.kind?.name ?? ""} data-initiatives={board.initiatives.length}>
        <h1 class="hidden">{board.cohort.title}: {board.kind === undefined ? t("board") : words(board.kind.plural, board.kind.name)}</h1>
        <Kinds />
        <Toolbar shown={rows.length} view={view} beside={beside} />
        {board.initiatives.length > 0 && <States rows={inStates} />}
        {board.initiatives.length === 0 ? <NoInitiatives /> : rows.length === 0 ? (
          <div class="empty-state"><p>{t("nothing_matches")}</p><p><a class="button" href={href(route, UNFILTERED)}>{t("clear_filters")}</a></p></div>
        ) : view === "table" ? <>{manager && <MoveMany rows={rows} />}<Table rows={rows} /></> : <Lanes rows={rows} />}
      </main>
      {route.initiative !== "" && <OpenInitiative key={route.initiative} id={route.initiative} kind="panel" />}
    </div>
  );
}

function Toolbar({ shown, view, beside }: { shown: number; view: "lanes" | "table"; beside: boolean }) {
  const { t, route } = useScreen();
  const { board, clock, manager } = useCohort();
  const filtered = isFiltered(route);
  const others = board.initiatives.filter((row) => matches(board, row, { ...route, show: "" }, clock.now_ms));
  return (
    <div class="toolbar">
      <TextFilter />
      <Overview />
      <div class="toolbar-end">
        {manager && everything(board).some((row) => row.held !== "") && <PublishDecisions />}
        {board.initiatives.length > 0 && (board.kind?.mayBegin ?? manager) && <StartInitiative />}
        <div class="segments" role="group" aria-label={t("view")}>
          <a href={href(route, { view: "lanes" })} aria-current={view === "lanes" ? "true" : undefined}>{t("lanes")}</a>
          <a href={href(route, { view: "table" })} aria-current={view === "table" ? "true" : undefined}>{t("table")}</a>
        </div>
      </div>
      <div class="toolbar-row">
        <nav aria-label={t("show")} class="chips">
          <a href={href(route, { show: "" })} aria-current={route.show === "" ? "true" : undefined}>{t("show_all")} <span class="count">{others.length}</span></a>
          {SHOWS.map((show) => {
            const count = others.filter((row) => matchesShow(board, row, show, clock.now_ms)).length;
            if (count === 0 && route.show !== show && !ALWAYS.includes(show)) return null;
            return <a key={show} class={show} href={href(route, { show: route.show === show ? "" : show })} aria-current={route.show === show ? "true" : undefined} data-show={show}>{t(`show_${show}`)} <span class="count">{count}</span></a>;
          })}
        </nav>
        {!beside && <LocalityFilter />}
        <PersonFilter />
        <p class={filtered ? "toolbar-count" : "hidden"} role="status">
          {filtered && <>{t("shown_of", { n: shown, all: board.initiatives.length })} · <a href={href(route, UNFILTERED)}>{t("clear_filters")}</a></>}
        </p>
      </div>
    </div>
  );
}

function TextFilter() {
  const { t, route } = useScreen();
  const [typed, setTyped] = useState(route.q);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(route.q), [route.q]);
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || target.closest("input, textarea, select, [contenteditable]") !== null) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  return (
    <form role="search" class="find" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span class="hidden">{t("filter_text")}: {t("filter_text_hint")}</span>
        <Icon name="search" />
        <input ref={input} type="search" value={typed} placeholder={t("filter_text_hint")} autocomplete="off" spellcheck={false}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            replace(href(route, { q: event.currentTarget.value }));
          }} />
      </label>
    </form>
  );
}

function NoInitiatives() {
  const { t } = useScreen();
  const { board, manager } = useCohort();
  if (board.kind !== undefined) {
    return (
      <div class="empty-state">
        <h2>{t("kind_empty")} <Words of={board.kind.plural} fallback={board.kind.name} /></h2>
        {board.kind.mayBegin && <StartInitiative open />}
      </div>
    );
  }
  return (
    <div class="empty-state">
      <h2>{t("board_empty")}</h2>
      <p>{t("board_empty_text")}</p>
      {manager && <StartInitiative open />}
    </div>
  );
}
