// A new application: a title and a place are enough to begin. Whoever enters one for somebody says for whom, and how it came.
import { useEffect, useState } from "preact/hooks";
import { Channel } from "../gen/kvali/v1/command_pb.js";
import type { Result } from "../gen/kvali/v1/frame_pb.js";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { PersonRef } from "../gen/kvali/v1/view_pb.js";
import { form } from "../model";
import { go, href } from "../route";
import { Disclosure } from "./action";
import { useCohort, useScreen, usePersonName } from "./context";
import { WholeForm } from "./form";

const CHANNELS = [Channel.WEB, Channel.PAPER, Channel.PHONE, Channel.POST] as const;

/** With `mine` it is the reader's own; else she enters it for somebody. */
export function StartInitiative({ open: begin = false, mine = false }: { open?: boolean; mine?: boolean }) {
  const { t } = useScreen();
  const [open, setOpen] = useState(begin);
  if (mine) return <section class="notice"><StartForm mine close={() => undefined} /></section>;
  return (
    <Disclosure label={t("start_initiative")} open={open} setOpen={setOpen}>
      <h2>{t("start_title")}</h2>
      <StartForm mine={false} close={() => setOpen(false)} />
    </Disclosure>
  );
}

function StartForm({ mine, close }: { mine: boolean; close: () => void }) {
  const { t, wire, route, announce } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const [people, setPeople] = useState<PersonRef[]>([]);
  const [channel, setChannel] = useState<Channel>(Channel.WEB);
  const [applicant, setApplicant] = useState("");
  useEffect(() => {
    if (mine) return;
    wire.query({ limit: 1000, body: { case: "people", value: {} } }).then((answer) => setPeople(answer.people), () => setPeople([]));
  }, [mine]);
  const asked = form(board.cohort, "initiative");
  const fields = [asked.find((field) => field.type === Field_Type.TEXT), asked.find((field) => field.type === Field_Type.LOCALITY)].filter((field) => field !== undefined);
  const send = (filled: Parameters<Parameters<typeof WholeForm>[0]["send"]>[0]): Promise<Result> =>
    wire.call(board.cohort.id, { case: "startInitiative", value: { applicant, fields: filled } }, { channel, on_behalf_of: applicant });
  const done = (result: Result) => {
    announce(t("started"));
    close();
    if (result.created !== "") go(href(route, { initiative: result.created }));
  };
  return (
    <WholeForm id="start" fields={fields} needed={() => true} submit={t("start_go")} send={send} onDone={done} {...(mine ? {} : { onCancel: close })}>
      {!mine && (
        <div class="field">
          <label for="start-channel">{t("start_channel")}</label>
          <select id="start-channel" value={channel} onChange={(event) => setChannel(Number(event.currentTarget.value))}>
            {CHANNELS.map((one) => <option key={one} value={one}>{one === Channel.WEB ? t("start_channel_web") : t(`channel_${one}` as "channel_2")}</option>)}
          </select>
        </div>
      )}
      {people.length > 0 && (
        <div class="field">
          <label for="start-applicant">{t("start_applicant")}</label>
          <select id="start-applicant" value={applicant} onChange={(event) => setApplicant(event.currentTarget.value)}>
            <option value="">{t("choose")}</option>
            {people.map((person) => <option key={person.id} value={person.id}>{name(person)}</option>)}
          </select>
        </div>
      )}
    </WholeForm>
  );
}
