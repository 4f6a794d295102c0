// One initiative on the board: what it is, what holds it, what presses. Drawn again only when its row is another one.
import { Component, type ComponentChildren } from "preact";
import type { InitiativeRow, Lane } from "../gen/kvali/v1/view_pb.js";
import type { BoardData } from "../model";
import { isLate, peopleOf, roleLabel, stuck, waitedFor } from "../model";
import { href } from "../route";
import { exactEnd, lastDay, ms } from "../time";
import { useCohort, useScreen, usePersonName, useTitle, Words } from "./context";
import { Icon } from "./icon";
import { Lasting, When } from "./when";

interface CardProps {
  row: InitiativeRow;
  place: string;       // name of the locality; empty where the lane is of one
  also: string;        // the other states it stands in at the same time
  open: boolean;       // it is the one in the side panel
  link: string;
  day: string;         // changes when relative dates do
  lane: Lane;
  board: BoardData;    // changes with the people of its locality
}

export class Card extends Component<CardProps> {
  override shouldComponentUpdate(next: CardProps): boolean {
    return next.row !== this.props.row || next.open !== this.props.open || next.place !== this.props.place || next.also !== this.props.also || next.link !== this.props.link || next.lane !== this.props.lane || next.day !== this.props.day || next.board.localities.get(next.row.locality) !== this.props.board.localities.get(next.row.locality) || next.board.cohort.entrusted !== this.props.board.cohort.entrusted;
  }

  override render() {
    return <CardFace {...this.props} />;
  }
}

function CardFace({ row, lane, place, also, open, link }: CardProps) {
  const { board } = useCohort();
  const title = useTitle()(row);
  const where = (title.endsWith(place) ? "" : place) || row.organisation;
  // What waits for the reader in another lane does so there.
  const mine = row.mine && (row.states.length === 1 || waitedFor(board, row, lane).some((role) => board.cohort.myRoles.includes(role)));
  return (
    <li class={`card${mine ? " mine" : ""}${isLate(row, lane) ? " late" : ""}${open ? " open" : ""}`} data-initiative={row.id} data-states={row.states.join(" ")}>
      <a href={link} aria-current={open ? "true" : undefined}>{title}</a>
      {where !== "" && <p class="card-where" title={row.organisation}>{where}</p>}
      <Badges row={row} lane={lane} />
      <p class="card-wait"><Waiting row={row} lane={lane} mine={mine} /></p>
      {also !== "" && <p class="card-also">{also}</p>}
    </li>
  );
}

export function Badges({ row, lane }: { row: InitiativeRow; lane?: Lane }) {
  const { t, language } = useScreen();
  const { board } = useCohort();
  const badges: ComponentChildren[] = [];
  if (isLate(row, lane)) badges.push(<li class="badge late"><Icon name="overdue" /><span><OverdueSince us={row.overdueSinceUs} /></span></li>);
  for (const { role, why } of stuck(board, row, lane)) {
    badges.push(<li class="badge stuck" data-stuck={role}><Icon name="blocked" /><span>{role === "" ? <Around words={t("stuck", { why: "\u0000" })}><Words of={why} fallback={t("stuck_place")} /></Around> : t("stuck", { why: t("stuck_nobody", { who: roleLabel(board.cohort, role, language) }) })}</span></li>);
  }
  if (row.held !== "") badges.push(<li class="badge held"><Icon name="held" /><span><Around words={t("held_as", { move: "\u0000" })}><Words of={row.heldLabel} fallback={row.held} /></Around></span></li>);
  if (row.exceptionProposed) badges.push(<li class="badge stuck"><Icon name="hand" />{t("exception_proposed")}</li>);
  if (row.rank > 0) badges.push(<li class="badge">{t("rank", { n: row.rank })}</li>);
  return badges.length === 0 ? null : <ul class="badges">{badges}</ul>;
}

/** "Overdue since 15 February", the instant on demand. */
function OverdueSince({ us }: { us: bigint }) {
  const { t } = useScreen();
  const { clock } = useCohort();
  if (us === 0n) return <>{t("overdue")}</>;
  const at_ms = ms(us);
  return <Around words={t("overdue_since", { when: "\u0000" })}><time dateTime={new Date(at_ms).toISOString()} title={exactEnd(clock, at_ms)}>{lastDay(clock, at_ms)}</time></Around>;
}

/** The roles that are waited for, each with the people who hold it; applicants have their names beside the title already. */
export function useWaitedFor(): (row: InitiativeRow, lane?: Lane) => string {
  const { language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  return (row, lane) => {
    const people = peopleOf(board, row);
    return waitedFor(board, row, lane).map((role) => [roleLabel(board.cohort, role, language), people.filter((person) => person.role === role).map(name).join(", ")].filter((part) => part !== "").join(" ")).join("; ");
  };
}

/** Who is waited for, since when, until when. */
export function Waiting({ row, lane, mine }: { row: InitiativeRow; lane: Lane; mine: boolean }) {
  const { t } = useScreen();
  const { clock } = useCohort();
  const who = useWaitedFor()(row, lane);
  const parts: ComponentChildren[] = [];
  if (mine) parts.push(<strong class="you">{t("waits_for_you")}</strong>);
  else if (who !== "" && row.held === "") parts.push(t("waits_for", { who }));
  if (isLate(row, lane)) parts.push(<Around words={t("overdue_for", { long: "\u0000" })}><Lasting us={row.overdueSinceUs} ended /></Around>);
  else if (row.dueUs !== 0n && !row.overdue) parts.push(<Around words={t(ms(row.dueUs) < clock.now_ms ? "was_due" : "due", { when: "\u0000" })}><When us={row.dueUs} ends /></Around>);
  else if (row.sinceUs !== 0n) parts.push(<Around words={t("since", { long: "\u0000" })}><Lasting us={row.sinceUs} /></Around>);
  return <>{parts.map((part, index) => <>{index > 0 && " · "}{part}</>)}</>;
}

/** A sentence around an element: the NUL in `words` marks its place. */
export function Around({ words, children }: { words: string; children: ComponentChildren }) {
  const [before = "", after = ""] = words.split("\u0000");
  return <>{before}{children}{after}</>;
}

export function cardLink(route: Parameters<typeof href>[0], id: string): string {
  return href(route, { initiative: id });
}
