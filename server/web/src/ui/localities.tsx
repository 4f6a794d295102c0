// The places of the programme with theirs: pips to see, words to read, the people who work there; each is a filter.
import type { LocalityRow } from "../gen/kvali/v1/view_pb.js";
import { roleLabel } from "../model";
import { href } from "../route";
import { useCohort, useScreen, usePersonName } from "./context";
import { Icon } from "./icon";

const PIPS_MAX = 12;

export function Localities() {
  const { t, route, language, wire } = useScreen();
  const { board, manager } = useCohort();
  const words = new Intl.Collator(language);
  const me = wire.welcome?.me?.id;
  // Who looks after some places is not shown the others: those she works in, and those of what she sees.
  const hers = (place: LocalityRow) => manager || place.people.some((person) => person.id === me) || board.initiatives.some((row) => row.locality === place.id);
  const places = [...board.localities.values()].filter(hers).sort((one, other) => words.compare(one.name, other.name));
  if (places.length < 2) return null;
  const taken = places.reduce((count, place) => count + place.taken, 0);
  const all = places.reduce((count, place) => count + place.places, 0);
  return (
    <nav class="localities" aria-label={t("col_locality")}>
      <ul>
        <li>
          <a class="locality" href={href(route, { locality: "" })} aria-current={route.locality === "" ? "true" : undefined}>
            <span class="locality-name">{t("all_localities")}</span>
            {all > 0 && <span class="locality-places">{t("places_taken", { taken, places: all })}</span>}
          </a>
        </li>
        {places.map((place) => <li key={place.id}><Locality place={place} /></li>)}
      </ul>
    </nav>
  );
}

function Locality({ place }: { place: LocalityRow }) {
  const { t, route, language } = useScreen();
  const { board } = useCohort();
  const name = usePersonName();
  const chosen = route.locality === place.id;
  const people = place.people.map((person) => ({ role: roleLabel(board.cohort, person.role, language), name: name(person) }));
  return (
    <a class="locality" href={href(route, { locality: chosen ? "" : place.id })} aria-current={chosen ? "true" : undefined} data-locality={place.id}
      title={people.map((person) => `${person.role}: ${person.name}`).join("\n")}>
      <span class="locality-name">{place.name}</span>
      <Pips place={place} />
      <span class="locality-counts">
        {t("initiatives_n", { n: place.initiatives })}{place.waiting > 0 && ` · ${t("waiting_n", { n: place.waiting })}`}
      </span>
      <span class="locality-people">
        {people.length === 0 ? <span class="badge stuck"><Icon name="person" />{t("nobody")}</span> : people.map((person) => person.name).join(", ")}
      </span>
    </a>
  );
}

function Pips({ place }: { place: LocalityRow }) {
  const { t } = useScreen();
  if (place.places === 0) return null;
  const many = place.places > PIPS_MAX;
  return (
    <span class="pips">
      {!many && Array.from({ length: place.places }, (_, index) => <span key={index} class={`pip${index < place.taken ? " full" : ""}`} aria-hidden="true" />)}
      <span class="pips-words" aria-hidden="true">{place.taken}/{place.places}</span>
      <span class="hidden">{t("places_taken", { taken: place.taken, places: place.places })}</span>
    </span>
  );
}
