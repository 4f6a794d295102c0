// Deciding together: who has agreed and who is missing, and the votes of a body, with the reader's own ballot.
import type { FormKey } from "../drafts";
import { Ballot } from "../gen/kvali/v1/command_pb.js";
import type { GateView, TaskView, VoteView } from "../gen/kvali/v1/view_pb.js";
import type { Key } from "../i18n";
import { Busy, Problem, useAction } from "./action";
import { Around } from "./card";
import { usePersonName, useScreen, Words } from "./context";
import { Icon } from "./icon";
import { When } from "./when";

const CHOICES = [Ballot.YES, Ballot.NO, Ballot.ABSTAIN, Ballot.IN_CONFLICT] as const;
const WORDS: Readonly<Record<number, Key>> = { [Ballot.YES]: "vote_yes", [Ballot.NO]: "vote_no", [Ballot.ABSTAIN]: "vote_abstain", [Ballot.EXCUSED]: "vote_excused", [Ballot.IN_CONFLICT]: "vote_in_conflict" };

/** What a move waits for beside the one who asks for it: each party with who agreed, or that a body votes. */
export function Gate({ gate }: { gate: GateView | undefined }) {
  const { t } = useScreen();
  const name = usePersonName();
  if (gate === undefined) return null;
  return (
    <div class="gate" data-missing={gate.missing} data-mine={gate.mine ? "yes" : "no"}>
      {gate.vote !== "" && <p class="move-note">{t(gate.mine ? "gate_vote_mine" : "gate_vote")}</p>}
      {gate.parties.length > 0 && (
        <ul class="parties">
          {gate.parties.map((party) => (
            <li key={party.role} data-party={party.role} data-agreed={party.person === undefined ? "no" : "yes"}>
              {party.person !== undefined && <Icon name="tick" />}<Words of={party.label} fallback={party.role} />:{" "}
              {party.person === undefined ? <span class="quiet">{t("gate_nobody")}</span> : <>{name(party.person)}, <When us={party.atUs} /></>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A vote: what it is about, until when, what was counted, who has said what, and the reader's own word where she has one. */
export function Vote({ form, task, vote, votes }: { form: FormKey; task: TaskView; vote: VoteView; votes: boolean }) {
  const { t, wire, announce } = useScreen();
  const name = usePersonName();
  const action = useAction();
  const cast = async (choice: Ballot) => {
    const result = await action.run(() => wire.call(form.cohort, { case: "castVote", value: { initiative: form.initiative, task: task.key, choice } }));
    if (result !== undefined) announce(t("vote_counted"));
  };
  const counted = !vote.open || vote.yes + vote.no + vote.abstain > 0;
  const said = vote.ballots.filter((ballot) => ballot.choice !== Ballot.BALLOT_UNSPECIFIED);
  return (
    <article class="vote" data-task={task.key} data-open={vote.open ? "yes" : "no"} data-carried={vote.carried ? "yes" : "no"}>
      <h4><Words of={task.kindLabel} fallback={task.kind} /> · <Words of={vote.bodyLabel} fallback={vote.body} /></h4>
      <p>
        <span class={`badge${vote.open ? "" : vote.carried ? " good" : " late"}`}>{vote.open ? t("vote_open") : t(vote.carried ? "vote_carried" : "vote_lost")}</span>{" "}
        <span class="quiet">
          {t("vote_cast", { n: vote.cast, members: vote.members, quorum: vote.quorum })}
          {vote.secret && <> · {t("vote_secret")}</>}
          {vote.open && vote.untilUs !== 0n && <> · <Around words={t("due", { when: "\u0000" })}><When us={vote.untilUs} ends /></Around></>}
        </span>
      </p>
      {counted && <dl class="facts counts">{([["vote_yes", vote.yes], ["vote_no", vote.no], ["vote_abstain", vote.abstain]] as const).map(([key, count]) => <div key={key}><dt>{t(key)}</dt><dd>{count}</dd></div>)}</dl>}
      {said.length > 0 && (
        <details><summary>{t("vote_who")} <span class="count">{said.length}</span></summary>
          <ul class="plain">{said.map((ballot) => <li key={ballot.person?.id}>{name(ballot.person)}: {t(WORDS[ballot.choice]!)}</li>)}</ul>
        </details>
      )}
      {vote.mine !== Ballot.BALLOT_UNSPECIFIED && <p class="mine">{t("vote_mine", { choice: t(WORDS[vote.mine]!) })}</p>}
      {votes && vote.open && (
        <div class="buttons ballots" role="group" aria-label={t("vote_your")}>
          {CHOICES.map((choice) => (
            <button key={choice} type="button" class={`button small${choice === Ballot.YES || choice === Ballot.NO ? " primary" : ""}`} data-ballot={Ballot[choice]} aria-pressed={vote.mine === choice} disabled={action.busy || vote.mine === choice} onClick={() => cast(choice)}>{t(WORDS[choice]!)}</button>
          ))}
          <Busy action={action} />
        </div>
      )}
      <Problem problem={action.problem} />
    </article>
  );
}
