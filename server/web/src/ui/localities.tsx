// The places of the programme with theirs: taken, held by an offer, free, and how many wait; what is late or lacking there. Each is
// a filter. Beside the board where there is room, else a list to choose from.
import type { LocalityRow } from "../gen/kvali/v1/view_pb.js";
import { hasPlaces, roleLabel } from "../model";
import { go, href } from "../route";
import { useCohort, useScreen, usePersonName, useWords } from "./context";
import { Icon } from "./icon";

const PIPS_MAX = 12;

// Who looks after some places is not shown the others: those she works in, and those of what she sees.
export function useHers(): LocalityRow[] {
  const { language, wire } = useScreen();
  const { board, manager } = useCohort();
  const words = new Intl.Collator(language);
  const me = wire.welcome?.me?.id;
  if (!hasPlaces(board)) return [];
  const hers = (place: LocalityRow) => manager || place.people.some((person) => person.id === me) || board.initiatives.some((row) => row.locality === place.id);
  return [...board.localities.values()].filter(hers).sort((one, other) => words.compare(one.name, other.name));
}

export function Localities() {
  const { t, route } = useScreen();
  const { board } = useCohort();
  const places = useHers();
  const taken = places.reduce((count, place) => count + place.taken, 0);
  const all = places.reduce((count, place) => count + place.places, 0);
  return (
    <nav class="localities" aria-label={t("col_locality")}>
      <ul>
        <li>
          <a class="locality" href={href(route, { locality: "" })} aria-current={route.locality === "" ? "true" : undefined}>
            <span class="locality-name">{t("all_localities")}</span>
            {all > 0 && board.kind === undefined && <span class="locality-notes">{t("places_taken", { taken, places: all })}</span>}
          </a>
        </li>
        {places.map((place) => <li key={place.id}><Locality place={place} /></li>)}
      </ul>
    </nav>
  );
}

/** The same on a narrow screen: one line, and the places of the one that is chosen. */
export function LocalityFilter() {
  const { t, route } = useScreen();
  const { board } = useCohort();
  const places = useHers();
  if (places.length < 2) return null;
  const chosen = board.localities.get(route.locality);
  return (
    <>
      <label class={`choose${route.locality === "" ? "" : " chosen"}`}>
        <span>{t("col_locality")}</span>
        <select value={route.locality} data-filter="locality" onChange={(event) => go(href(route, { locality: event.currentTarget.value }))}>
          <option value="">{t("all_localities")}</option>
          {places.map((place) => <option key={place.id} value={place.id}>{place.name}{place.places > 0 && board.kind === undefined && ` (${place.taken}/${place.places})`}</option>)}
        </select>
      </label>
      {chosen !== undefined && <div class="localities"><Locality place={chosen} /></div>}
    </>
  );
}

function Locality({ place }: { place: LocalityRow }) {
  const { t, route, language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const words = useWords();
  const chosen = route.locality === place.id;
  const here = board.initiatives.filter((row) => row.locality === place.id);
  const late = here.filter((row) => row.overdue).length;
  const lacking = board.cohort.checklist.filter((line) => line.locality === place.id).map((line) => words(line.why));
  const people = place.people.map((person) => `${roleLabel(board.cohort, person.role, language)}: ${name(person)}`);
  return (
    <a class="locality" href={href(route, { locality: chosen ? "" : place.id })} aria-current={chosen ? "true" : undefined} data-locality={place.id} title={people.join("\n")}>
      <span class="locality-name">{place.name}</span>
      {board.kind === undefined && <Pips place={place} />}
      <span class="locality-notes">
        <span>{board.kind !== undefined ? <><span class="hidden">{words(board.kind.plural, board.kind.name)}: </span>{here.length}</> : [t("initiatives_n", { n: here.length }), place.waiting > 0 ? t("waiting_n", { n: place.waiting }) : ""].filter((part) => part !== "").join(" · ")}</span>
        {late > 0 && <span class="badge late"><Icon name="overdue" />{t("overdue_n", { n: late })}</span>}
        {lacking.map((why) => <span key={why} class="badge stuck"><Icon name="blocked" /><span>{why}</span></span>)}
      </span>
    </a>
  );
}

function Pips({ place }: { place: LocalityRow }) {
  const { t } = useScreen();
  if (place.places === 0) return null;
  const held = Math.min(place.held, place.taken);
  const free = Math.max(place.places - place.taken, 0);
  const said = [t("places_taken", { taken: place.taken, places: place.places }), held > 0 ? t("places_held", { n: held }) : "", free > 0 ? t("places_free", { n: free }) : ""].filter((part) => part !== "").join(", ");
  const look = (index: number) => (index < place.taken - held ? " full" : index < place.taken ? " held" : "");
  return (
    <span class="pips" title={said} data-taken={place.taken} data-held={held} data-free={free}>
      {place.places <= PIPS_MAX && Array.from({ length: place.places }, (_, index) => <span key={index} class={`pip${look(index)}`} aria-hidden="true" />)}
      <span class="pips-words" aria-hidden="true">{place.taken}/{place.places}</span>
      <span class="hidden">{said}</span>
    </span>
  );
}
