// One initiative on the board: what it is, what holds it, what presses. Drawn again only when its row is another one.
import { Component, type ComponentChildren } from "preact";
import type { InitiativeRow } from "../gen/kvali/v1/view_pb.js";
import { roleLabel } from "../model";
import { href } from "../route";
import { ms } from "../time";
import { useCohort, useScreen } from "./context";
import { Icon } from "./icon";
import { Lasting, When } from "./when";

interface CardProps {
  row: InitiativeRow;
  place: string;       // name of the locality; empty where the lane is of one
  also: string;        // the other states it stands in at the same time
  open: boolean;       // it is the one in the side panel
  link: string;
  day: string;         // changes when relative dates do
}

export class Card extends Component<CardProps> {
  override shouldComponentUpdate(next: CardProps): boolean {
    return next.row !== this.props.row || next.open !== this.props.open || next.place !== this.props.place || next.also !== this.props.also || next.link !== this.props.link || next.day !== this.props.day;
  }

  override render() {
    return <CardFace {...this.props} />;
  }
}

function CardFace({ row, place, also, open, link }: CardProps) {
  const { t } = useScreen();
  return (
    <li class={`card${row.mine ? " mine" : ""}${row.overdue ? " late" : ""}${open ? " open" : ""}`} data-initiative={row.id} data-states={row.states.join(" ")}>
      <a href={link} aria-current={open ? "true" : undefined}>{row.title || t("untitled")}</a>
      <p class="card-where">{[place, row.organisation].filter((part) => part !== "").join(" · ")}</p>
      <Badges row={row} />
      {also !== "" && <p class="card-also">{also}</p>}
      <p class="card-wait"><Waiting row={row} /></p>
    </li>
  );
}

export function Badges({ row }: { row: InitiativeRow }) {
  const { t } = useScreen();
  const badges: ComponentChildren[] = [];
  if (row.overdue) badges.push(<li class="badge late"><Icon name="overdue" />{t("overdue")}</li>);
  if (row.blocked) badges.push(<li class="badge stuck"><Icon name="blocked" />{t("blocked")}</li>);
  if (row.held !== "") badges.push(<li class="badge held"><Icon name="held" />{t("held")}</li>);
  if (row.exceptionProposed) badges.push(<li class="badge stuck"><Icon name="hand" />{t("exception_proposed")}</li>);
  if (row.rank > 0) badges.push(<li class="badge">{t("rank", { n: row.rank })}</li>);
  return badges.length === 0 ? null : <ul class="badges">{badges}</ul>;
}

/** Who is waited for, since when, until when. */
export function Waiting({ row }: { row: InitiativeRow }) {
  const { t, language } = useScreen();
  const { board, clock } = useCohort();
  const who = row.waitsFor.map((role) => roleLabel(board.cohort, role, language)).join(", ");
  const dueKey = ms(row.dueUs) < clock.now_ms ? "was_due" : "due";
  const parts: ComponentChildren[] = [];
  if (row.mine) parts.push(<strong class="you">{t("waits_for_you")}</strong>);
  else if (who !== "") parts.push(t("waits_for", { who }));
  if (row.dueUs !== 0n) parts.push(<Around words={t(dueKey, { when: "\u0000" })}><When us={row.dueUs} ends /></Around>);
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
