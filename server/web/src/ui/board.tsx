// The cohort board: places at the left, the initiatives as lanes or as a table, the filters above; all of it one link.
import { useEffect, useRef, useState } from "preact/hooks";
import { matches, matchesShow } from "../model";
import { href, replace, SHOWS } from "../route";
import { OpenInitiative } from "./initiative";
import { Lanes } from "./lanes";
import { Localities } from "./localities";
import { Overview } from "./overview";
import { PublishDecisions } from "./publish";
import { StartInitiative } from "./start";
import { Table } from "./table";
import { useCohort, useNarrow, useScreen } from "./context";
import { Icon } from "./icon";

export function Board() {
  const { t, route } = useScreen();
  const { board, clock } = useCohort();
  const place = (id: string) => board.localities.get(id)?.name ?? "";
  const rows = board.initiatives.filter((row) => matches(row, route, clock.now_ms, place));
  const narrow = useNarrow();
  const view = route.view || (narrow ? "table" : "lanes");
  const filtered = route.locality !== "" || route.show !== "" || route.q !== "";
  return (
    <div class={`board-page${route.initiative === "" ? "" : " with-panel"}`}>
      <aside class="side"><Localities /></aside>
      <main id="content" class="board" data-board={board.cohort.id} data-initiatives={board.initiatives.length}>
        <h1 class="hidden">{board.cohort.title}: {t("board")}</h1>
        <Toolbar shown={rows.length} filtered={filtered} view={view} />
        {board.initiatives.length === 0 ? <NoInitiatives /> : rows.length === 0 ? (
          <div class="empty-state"><p>{t("nothing_matches")}</p><p><a class="button" href={href(route, { locality: "", show: "", q: "" })}>{t("clear_filters")}</a></p></div>
        ) : view === "table" ? <Table rows={rows} /> : <Lanes rows={rows} />}
      </main>
      {route.initiative !== "" && <OpenInitiative key={route.initiative} id={route.initiative} kind="panel" />}
    </div>
  );
}

function Toolbar({ shown, filtered, view }: { shown: number; filtered: boolean; view: "lanes" | "table" }) {
  const { t, route } = useScreen();
  const { board, clock, manager } = useCohort();
  const inPlace = board.initiatives.filter((row) => route.locality === "" || row.locality === route.locality);
  return (
    <div class="toolbar">
      <TextFilter />
      <p class={filtered ? "toolbar-count" : "hidden"} role="status">
        {filtered && <>{t("shown_of", { n: shown, all: board.initiatives.length })} · <a href={href(route, { locality: "", show: "", q: "" })}>{t("clear_filters")}</a></>}
      </p>
      <div class="toolbar-end">
        {manager && board.cohort.heldDecisions > 0 && <PublishDecisions />}
        {manager && <StartInitiative />}
        <div class="segments" role="group" aria-label={t("view")}>
          <a href={href(route, { view: "lanes" })} aria-current={view === "lanes" ? "true" : undefined}>{t("lanes")}</a>
          <a href={href(route, { view: "table" })} aria-current={view === "table" ? "true" : undefined}>{t("table")}</a>
        </div>
      </div>
      <div class="toolbar-row">
        <nav aria-label={t("show")} class="chips">
          <a href={href(route, { show: "" })} aria-current={route.show === "" ? "true" : undefined}>{t("show_all")} <span class="count">{inPlace.length}</span></a>
          {SHOWS.map((show) => {
            const count = inPlace.filter((row) => matchesShow(row, show, clock.now_ms)).length;
            if (count === 0 && route.show !== show) return null;
            return <a key={show} class={show} href={href(route, { show: route.show === show ? "" : show })} aria-current={route.show === show ? "true" : undefined}>{t(`show_${show}`)} <span class="count">{count}</span></a>;
          })}
        </nav>
        <Overview />
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
  const { manager } = useCohort();
  return (
    <div class="empty-state">
      <h2>{t("board_empty")}</h2>
      <p>{t("board_empty_text")}</p>
      {manager && <StartInitiative open />}
    </div>
  );
}
