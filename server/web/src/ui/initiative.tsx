// One initiative, or one of another kind of subject, whole: in a side panel on the board, as a page for its applicant.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FormKey } from "../drafts";
import { State_End } from "../gen/kvali/v1/program_pb.js";
import type { InitiativeDetail, TimerView } from "../gen/kvali/v1/view_pb.js";
import { readDetail, roleLabel, single, stateLabel } from "../model";
import { go, href } from "../route";
import { Subscription } from "../subscription";
import type { Refusal } from "../wire";
import { Around, Badges } from "./card";
import { OfKind, useChanges, useCohort, useEscape, useKindLabel, useScreen, usePersonName, useTitle, useWords, Words } from "./context";
import { ManagerTools } from "./exceptions";
import { Fields } from "./fields";
import { Icon } from "./icon";
import { Moves } from "./moves";
import { useDirectory } from "./names";
import { Next } from "./next";
import { Stages } from "./stages";
import { Tasks, Votes } from "./tasks";
import { Timeline } from "./timeline";
import { Lasting, When } from "./when";

export function OpenInitiative({ id, kind }: { id: string; kind: "panel" | "page" }) {
  const { wire, t, route } = useScreen();
  const { board } = useCohort();
  const [subscription, setSubscription] = useState<Subscription | undefined>();
  const heading = useRef<HTMLHeadingElement>(null);
  const title = useTitle();
  const close = () => {
    go(href(route, { initiative: "" }));
    // Back to where the reader came from.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-initiative="${CSS.escape(id)}"] a, [data-single="${CSS.escape(id)}"]`)?.focus());
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
  else inner = <OfKind kind={detail.row!.subject}><Initiative detail={detail} heading={heading} page={kind === "page"} /></OfKind>;
  if (kind === "page") return <div class="my-initiative" data-open={id}>{inner}</div>;
  return (
    <aside class="panel" aria-label={detail?.row === undefined ? t("loading") : title(detail.row)} data-open={id}>
      <p class="panel-close"><button type="button" class="button plain" onClick={close}><Icon name="close" />{t("close")}</button></p>
      {inner}
    </aside>
  );
}

function Initiative({ detail, heading, page }: { detail: InitiativeDetail; heading: preact.RefObject<HTMLHeadingElement>; page: boolean }) {
  const { t } = useScreen();
  const { board } = useCohort();
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const title = useTitle();
  const words = useWords();
  const row = detail.row!;
  useDirectory(detail.fields.map((one) => one.field!.type));
  const form: FormKey = { cohort: board.cohort.id, initiative: row.id, task: "" };
  const errors = new Map(refusal?.error.violations.map((violation) => [violation.field, violation.sentence]));
  const moveLabel = (name: string) => {
    const move = detail.moves.find((one) => one.name === name && one.task === "");
    return move === undefined ? "" : words(move.label, move.name);
  };
  const head = (
    <>
      <p class="kicker">{[board.kind === undefined || single(board) !== undefined ? "" : words(board.kind.label), board.localities.get(row.locality)?.name, row.organisation].filter((part) => part && !title(row).includes(part)).join(" · ")}</p>
      <h2 tabIndex={-1} ref={heading} class="initiative-title">{title(row)}</h2>
      <Badges row={row} />
    </>
  );
  // What has ended, or is only looked at, offers nothing: the box above says so.
  const moves = (detail.moves.some((move) => move.task === "") || row.end === State_End.END_UNSPECIFIED) && (
    <section class="part" aria-labelledby="part-moves">
      <h3 id="part-moves">{t("moves")}</h3>
      <Moves form={form} version={row.initiativeVersion} moves={detail.moves.filter((move) => move.task === "")} fields={detail.fields} timeline={detail.timeline} refused={setRefusal} />
      <ManagerTools detail={detail} />
    </section>
  );
  return (
    <div class="initiative" data-version={row.initiativeVersion} data-kind-of={row.subject} data-states={row.states.join(" ")}>
      {head}
      <Stages row={row} />
      <Next form={form} detail={detail} />
      <States detail={detail} page={page} />
      {moves}
      <Votes form={form} detail={detail} />
      <Tasks form={form} detail={detail} />
      {detail.fields.length > 0 && (
        <section class="part" aria-labelledby="part-fields">
          <h3 id="part-fields">{t(board.kind === undefined ? "fields" : "fields_kind")}</h3>
          <Fields form={form} fields={detail.fields} errors={errors} moveLabel={moveLabel} edit={t(board.kind === undefined ? "fields_edit" : "fields_edit_kind")} read={!page} />
        </section>
      )}
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
  // What nobody brought has no applicant.
  const people = [...(detail.row?.applicants ?? []).map((person) => ({ ...person, role: person.role || "applicant" })), ...detail.people].filter((person) => person.id !== "");
  const seen = people.filter((person, index) => people.findIndex((other) => other.id === person.id && other.role === person.role) === index);
  const roles = [...new Set(seen.map((person) => person.role))];
  if (seen.length === 0) return null;
  return (
    <section class="part" aria-labelledby="part-people">
      <h3 id="part-people">{t("people")}</h3>
      <dl class="facts">{roles.map((role) => <div key={role}><dt>{roleLabel(board.cohort, role, language)}</dt><dd>{seen.filter((person) => person.role === role).map(name).join(", ")}</dd></div>)}</dl>
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
