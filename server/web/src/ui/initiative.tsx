// One initiative, whole: in a side panel on the board, as a page for its applicant.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import type { InitiativeDetail, TimerView } from "../gen/kvali/v1/view_pb.js";
import { readDetail, roleLabel, stateLabel } from "../model";
import { go, href } from "../route";
import { Subscription } from "../subscription";
import type { Refusal } from "../wire";
import { Around, Badges } from "./card";
import { useChanges, useCohort, useEscape, useScreen, usePersonName, useWords, Words } from "./context";
import { ManagerTools } from "./exceptions";
import { Fields } from "./fields";
import { Icon } from "./icon";
import { Moves } from "./moves";
import { Next } from "./next";
import { Stages } from "./stages";
import { Tasks, useKindLabel } from "./tasks";
import { Timeline } from "./timeline";
import { Lasting, When } from "./when";

export function OpenInitiative({ id, kind }: { id: string; kind: "panel" | "page" }) {
  const { wire, t, route } = useScreen();
  const { board } = useCohort();
  const [subscription, setSubscription] = useState<Subscription | undefined>();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => {
    go(href(route, { initiative: "" }));
    // Back to where the reader came from.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-initiative="${CSS.escape(id)}"] a`)?.focus());
  };
  useEffect(() => {
    const opened = wire.subscribe({ topic: "initiative", cohort: board.cohort.id, initiative: id });
    setSubscription(opened);
    return () => wire.unsubscribe(opened);
  }, [wire, board.cohort.id, id]);
  useChanges(subscription);
  useEscape(() => {
    if (kind === "panel") close();
  });
  const detail = subscription === undefined ? undefined : readDetail(subscription.rows);
  const there = detail !== undefined;
  useEffect(() => {
    if (kind === "panel" && there) heading.current?.focus({ preventScroll: false });
  }, [kind, there]);

  let inner;
  if (subscription?.phase === "ended") inner = <div class="empty-state"><h2 tabIndex={-1} ref={heading}>{t("not_found_title")}</h2><p>{subscription.why || t("not_found_text")}</p></div>;
  else if (detail === undefined) inner = <p class="loading" role="status">{t("loading")}</p>;
  else inner = <Initiative detail={detail} heading={heading} page={kind === "page"} />;
  if (kind === "page") return <div class="my-initiative" data-open={id}>{inner}</div>;
  return (
    <aside class="panel" aria-label={detail?.row?.title || t("col_title")} data-open={id}>
      <p class="panel-close"><button type="button" class="button plain" onClick={close}><Icon name="close" />{t("close")}</button></p>
      {inner}
    </aside>
  );
}

function Initiative({ detail, heading, page }: { detail: InitiativeDetail; heading: preact.RefObject<HTMLHeadingElement>; page: boolean }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const row = detail.row!;
  const form: FormKey = { cohort: board.cohort.id, initiative: row.id, task: "" };
  const errors = new Map(refusal?.error.violations.map((violation) => [violation.field, violation.sentence]));
  const moveLabel = (name: string) => {
    const move = detail.moves.find((one) => one.name === name && one.task === "");
    return move === undefined ? "" : (move.label?.translations.find((one) => one.language === language)?.text ?? move.name);
  };
  const head = (
    <>
      <p class="kicker">{[board.localities.get(row.locality)?.name, row.organisation].filter((part) => part).join(" · ")}</p>
      <h2 tabIndex={-1} ref={heading} class="initiative-title">{row.title || t("untitled")}</h2>
      <Badges row={row} />
    </>
  );
  const moves = (
    <section class="part" aria-labelledby="part-moves">
      <h3 id="part-moves">{t("moves")}</h3>
      <Moves form={form} version={row.initiativeVersion} moves={detail.moves.filter((move) => move.task === "")} fields={detail.fields} timeline={detail.timeline} refused={setRefusal} />
      <ManagerTools detail={detail} />
    </section>
  );
  return (
    <div class="initiative" data-version={row.initiativeVersion} data-states={row.states.join(" ")}>
      {head}
      <Stages row={row} />
      <Next form={form} detail={detail} />
      <States detail={detail} page={page} />
      {moves}
      <Tasks form={form} detail={detail} />
      <section class="part" aria-labelledby="part-fields">
        <h3 id="part-fields">{t("fields")}</h3>
        <Fields form={form} fields={detail.fields} errors={errors} moveLabel={moveLabel} read={!page} />
      </section>
      <Timeline entries={detail.timeline} />
      <Timers detail={detail} />
      <People detail={detail} />
    </div>
  );
}

function States({ detail, page }: { detail: InitiativeDetail; page: boolean }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const row = detail.row!;
  const active = detail.states.filter((state) => row.states.includes(state.path) || board.lanes.has(state.path));
  if (active.length === 0 || (page && active.length === 1)) return null;
  return (
    <ul class="states">
      {active.map((state) => (
        <li key={state.path} data-state={state.path}>
          <b><Words of={state.label} fallback={stateLabel(board, state.path, language)} /></b>{" "}
          {state.sinceUs !== 0n && <span class="quiet"><Around words={t("since", { long: "\u0000" })}><Lasting us={state.sinceUs} /></Around></span>}
          {state.applicant !== undefined && !page && <span class="told">{t("told")} <q><Words of={state.applicant} /></q></span>}
        </li>
      ))}
    </ul>
  );
}

function People({ detail }: { detail: InitiativeDetail }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const people = [...(detail.row?.applicants ?? []).map((person) => ({ ...person, role: person.role || "applicant" })), ...detail.people];
  const seen = people.filter((person, index) => people.findIndex((other) => other.id === person.id && other.role === person.role) === index);
  if (seen.length === 0) return null;
  return (
    <section class="part" aria-labelledby="part-people">
      <h3 id="part-people">{t("people")}</h3>
      <dl class="facts">{seen.map((person) => <div key={person.id + person.role}><dt>{roleLabel(board.cohort, person.role, language)}</dt><dd>{name(person)}</dd></div>)}</dl>
    </section>
  );
}

function Timers({ detail }: { detail: InitiativeDetail }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const kindLabel = useKindLabel();
  if (detail.timers.length === 0) return null;
  const timers = [...detail.timers].sort((one, other) => Number(one.dueUs - other.dueUs));
  const words = useWords();
  const label = ({ state, name, label }: TimerView) => {
    // Names as the core machine gives them: "deadline", "deadline.remind.1", "series.impact".
    if (name.startsWith("series.") && !name.includes(".remind")) return t("timer_report", { what: kindLabel(name.slice("series.".length)) });
    if (name.startsWith("move.") && words(label) !== "") return words(label);
    const key = name.includes(".remind") ? "timer_reminder" : name === "deadline" ? "timer_deadline" : "timer_other";
    return t(key, { state: stateLabel(board, state, language), name });
  };
  return (
    <section class="part" aria-labelledby="part-timers">
      <h3 id="part-timers">{t("timers")}</h3>
      <dl class="facts">{timers.map((timer, index) => <div key={index}><dt>{label(timer)}</dt><dd><When us={timer.dueUs} ends full /></dd></div>)}</dl>
    </section>
  );
}
