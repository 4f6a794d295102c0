// A new one: of the initiatives a title and a place are enough to begin; of another kind of subject what is short is asked at once.
// Whoever enters one for somebody says for whom, and how it came.
import { useState } from "preact/hooks";
import { Channel } from "../gen/kvali/v1/command_pb.js";
import type { Result } from "../gen/kvali/v1/frame_pb.js";
import { Field_Type } from "../gen/kvali/v1/program_pb.js";
import type { FieldView } from "../gen/kvali/v1/view_pb.js";
import { everything, type BoardData } from "../model";
import { go, href } from "../route";
import { Disclosure } from "./action";
import { useChanges, useCohort, useScreen, useWords } from "./context";
import { useField, WholeForm } from "./form";
import { FieldInput, LONG_TEXT } from "./input";

const CHANNELS = [Channel.WEB, Channel.PAPER, Channel.PHONE, Channel.POST] as const;

/** One of the kind that the board around it is of. With `mine` it is the reader's own; else she may enter it for somebody. With
 *  `open` the form is there at once. */
export function StartInitiative({ open: begin = false, mine = false }: { open?: boolean; mine?: boolean }) {
  const { t } = useScreen();
  const { board } = useCohort();
  const words = useWords();
  const [open, setOpen] = useState(begin);
  if (mine && begin) return <section class="notice"><StartForm mine close={() => undefined} /></section>;
  const label = board.kind === undefined ? t("start_initiative") : t("start_kind", { what: words(board.kind.label, board.kind.name) });
  return (
    <div data-starts={board.kind?.name ?? ""}>
      <Disclosure label={label} open={open} setOpen={setOpen}>
        <h2>{label}</h2>
        <StartForm mine={mine} close={() => setOpen(false)} />
      </Disclosure>
    </div>
  );
}

function asked(board: BoardData): FieldView[] {
  const title = board.fields.find((field) => field.type === Field_Type.TEXT);
  if (board.kind === undefined) return [title, board.fields.find((field) => field.type === Field_Type.LOCALITY)].filter((field) => field !== undefined);
  const long = (field: FieldView) => field.type === Field_Type.TEXT && (field.atMost === 0n || field.atMost > LONG_TEXT);
  return board.fields.filter((field) => field === title || !(field.computed || long(field) || field.type === Field_Type.FILE));
}

function StartForm({ mine, close }: { mine: boolean; close: () => void }) {
  const { t, wire, route, directory, announce } = useScreen();
  const { board } = useCohort();
  const field = useField();
  const [channel, setChannel] = useState<Channel>(Channel.WEB);
  const [applicant, setApplicant] = useState("");
  const [chosen, setChosen] = useState<string | undefined>();
  useChanges(directory);
  const brought = board.kind?.brought ?? true;
  const organisations = directory.organisations ?? [];
  // Who has brought something for an organisation most likely brings the next for it too.
  const before = mine ? everything(board).find((row) => row.organisation !== "")?.organisation : undefined;
  const organisation = chosen ?? organisations.find((one) => one.name === before)?.id ?? "";
  const kind = board.kind?.name ?? "";
  const fields = asked(board);
  const named = [fields.find((field) => field.type === Field_Type.TEXT), fields.find((field) => field.type === Field_Type.LOCALITY)];
  const send = (filled: Parameters<Parameters<typeof WholeForm>[0]["send"]>[0]): Promise<Result> =>
    wire.call(board.cohort.id, { case: "startInitiative", value: { subject: kind, applicant, organisation, fields: filled } }, { channel, on_behalf_of: applicant });
  const done = (result: Result) => {
    announce(t("started"));
    close();
    if (result.created !== "") go(href(route, { initiative: result.created }));
  };
  const id = kind === "" ? "start" : `start-${kind}`;
  const input = (one: FieldView, value: string, set: (value: string) => void, note?: string) => <FieldInput field={one} id={`${id}-${one.name}`} value={value} onInput={(typed) => set(String(typed))} note={note} />;
  const whose = (
    <>
      {!mine && input(field("channel", Field_Type.CHOICE, t("start_channel"), CHANNELS.map((one) => ({ name: String(one), label: one === Channel.WEB ? t("start_channel_web") : t(`channel_${one}` as "channel_2") }))), String(channel), (value) => setChannel(Number(value) || Channel.WEB))}
      {!mine && input(field("applicant", Field_Type.PERSON, t("start_applicant")), applicant, setApplicant)}
      {input(field("organisation", Field_Type.ORGANISATION, t("start_organisation")), organisation, setChosen, t("field_optional"))}
    </>
  );
  return (
    <WholeForm id={id} fields={fields} needed={(field) => field.required || named.includes(field)} submit={t("start_go")} send={send} onDone={done} {...(mine && board.kind === undefined ? {} : { onCancel: close })}>
      {brought && whose}
    </WholeForm>
  );
}
