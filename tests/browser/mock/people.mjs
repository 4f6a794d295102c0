// Invented people and initiatives of the stand-in server; only the four titles of Tauragė are real (the programme of 2017).
import { text } from "./program.mjs";

export const PLACES = [
  ["anyksciai", "Anykščiai"], ["birzai", "Biržai"], ["ignalina", "Ignalina"], ["jurbarkas", "Jurbarkas"], ["kelme", "Kelmė"], ["kupiskis", "Kupiškis"], ["lazdijai", "Lazdijai"], ["moletai", "Molėtai"],
  ["pakruojis", "Pakruojis"], ["rokiskis", "Rokiškis"], ["silute", "Šilutė"], ["taurage", "Tauragė"], ["ukmerge", "Ukmergė"], ["varena", "Varėna"], ["zarasai", "Zarasai"],
];
const FIRST = ["Aistė", "Benas", "Daiva", "Eglė", "Gintaras", "Ieva", "Jonas", "Kristina", "Linas", "Milda", "Nerijus", "Ona", "Paulius", "Rūta", "Saulius", "Živilė"];
const LAST = ["Išgalvotaitė", "Pramanaitis", "Sumanytė", "Spėliūnas", "Tariamaitė", "Menamis", "Numanytė", "Regimantas"];
const name = (index) => `${FIRST[index % FIRST.length]} ${LAST[(index * 3 + 1) % LAST.length]}`;

const TAURAGE = ["Socialinių paslaugų centras", "Vaikų dienos centras Pilaitės bendruomenėje", "Šeimos dienos centras", "Socialinis taksi"];
const IDEAS = [
  "Kaimo kepykla „Pirmas kąsnis“", "Senjorų skaitmeninė klasė", "Dviračių remonto dirbtuvės jaunimui", "Bendruomenės sodas ir virtuvė", "Pagalba namuose vyresnio amžiaus žmonėms", "Neįgaliųjų siuvykla", "Knygynas-kavinė „Skiautinys“",
  "Medienos dirbtuvės po pamokų", "Vaikų stovykla ant ežero kranto", "Perdirbtų baldų dirbtuvės", "Uogininkų kooperatyvas", "Mobilioji biblioteka", "Šeimų savitarpio pagalbos namai", "Žolelių arbatos iš sodybų", "Turizmo taku su vietos gidais", "Daiktų dalijimosi punktas",
];
const BRINGERS = ["kaimo bendruomenė", "jaunimo klubas", "moterų draugija", "bendruomenės centras"];
const VILLAGES = ["Ąžuolynės", "Beržuvio", "Gandralizdžio", "Klevalaukio", "Liepkalnės", "Pušynėlių", "Uosupio"];

export const PEOPLE = [{ id: "p-rasa", name: "Rasa Tvarkytė" }];
export const COORDINATORS = new Map();
export const MENTORS = new Map();
PLACES.forEach(([id], index) => {
  PEOPLE.push({ id: `p-c-${id}`, name: name(index) }, { id: `p-m-${id}`, name: name(index + 21) });
  COORDINATORS.set(id, [`p-c-${id}`]);
  MENTORS.set(id, id === "varena" ? [] : [`p-m-${id}`]);
});

const PROBLEM = "Kaimuose gyvenantys žmonės dažnai lieka vieni: iki artimiausios paslaugos toli, o autobusas važiuoja du kartus per savaitę. Norime sukurti vietą, kurioje kaimynai padeda kaimynams, o už darbą gauna sąžiningą atlygį. Pradėsime nuo dvidešimties šeimų ir vieno kambario mokykloje.";
export const PLAN = "Per šešis mėnesius įrengsime patalpas, apmokysime keturis žmones ir pradėsime teikti paslaugas kartu su savivaldybe. Pirmieji užsakymai jau sutarti.";

// Where everybody stands when the stand-in opens: states by turns, so that every lane has somebody.
const S = "mentoring.sessions.open", D = "mentoring.sessions.done", W = "mentoring.project.writing", A = "mentoring.project.approval", R = "mentoring.project.ready";
const CYCLE = [[S, W], [S, W], [D, W], [S, A], [D, A], [S, R], [S, W]];

export function invent(day) {
  const initiatives = [];
  const add = (place, at, states, more = {}) => {
    const index = initiatives.length;
    const id = `i-${String(index + 1).padStart(2, "0")}`;
    const applicant = `p-a-${index + 1}`;
    PEOPLE.push({ id: applicant, name: name(index * 5 + 3) });
    const title = place === "taurage" && at < 4 ? TAURAGE[at] : IDEAS[(index * 5 + at) % IDEAS.length];
    const ready = place === "taurage" && at === 0;
    const finished = ready ? 3 : states.includes(D) ? 3 : states.some((state) => state.startsWith("mentoring")) ? index % 4 : 0;
    const meetings = Array.from({ length: finished === 3 && !ready && !states.includes(D) ? 2 : finished }, (_, number) => ({ number: number + 1, at: day(-34 + number * 11), fields: { date: day(-34 + number * 11), minutes: 60 + number * 15, summary: "Aptarėme pirmuosius klientus ir kainas.", next_step: "Surašyti išlaidas." } }));
    initiatives.push({
      id, title, place, applicant, states, organisation: `${VILLAGES[index % VILLAGES.length]} ${BRINGERS[index % BRINGERS.length]}`, since: day(-3 - (index % 30)), due: 0, overdue: false, rank: 0, held: "", heldReason: "", blocked: false, version: 3 + (index % 5), touched: 0,
      fields: { title: [title, 1], locality: [place, 1], problem: [PROBLEM, 1], contact: [`pareiskejas${index + 1}@example.org`, 1], plan: [states.includes(A) || states.includes(R) ? PLAN : "", states.includes(A) || states.includes(R) ? 1 : 0] },
      meetings, report: undefined, told: day(-40), timeline: [], ...more,
    });
  };
  PLACES.forEach(([place], index) => {
    for (let at = 0; at < (place === "varena" ? 2 : place === "zarasai" ? 3 : 4); at++) add(place, at, place === "taurage" ? [[S, A], [D, A], [S, W], [S, R]][at] : CYCLE[(index * 4 + at * 3) % CYCLE.length]);
  });
  for (const one of initiatives.filter((each) => each.states.includes(A)).slice(0, 3)) Object.assign(one, { due: day(-2), overdue: true });
  add("zarasai", 5, ["application.offered"], { due: day(3) });
  add("taurage", 5, ["application.waitlist"], { rank: 1 });
  add("taurage", 6, ["application.waitlist"], { rank: 2 });
  add("birzai", 7, ["application.waitlist"], { rank: 1, blocked: true });
  add("varena", 8, ["application.assessment"], { due: day(1), held: "select" });
  add("varena", 9, ["application.assessment"], { due: day(1), held: "select" });
  add("varena", 10, ["application.assessment"], { due: day(1), held: "decline" });
  add("kelme", 11, ["application.assessment"], { due: day(1) });
  add("silute", 12, ["application.screening"], { due: day(-4), overdue: true });
  add("silute", 13, ["application.draft"], { due: day(5), fields: { title: ["Pirtis ant ratų", 1], locality: ["silute", 1], problem: ["Kaime nėra kur…", 2], contact: ["", 0], plan: ["", 0] }, title: "Pirtis ant ratų" });
  add("kupiskis", 14, ["application.declined"]);
  add("ignalina", 15, ["application.lapsed"]);
  add("lazdijai", 16, ["withdrawn"]);
  for (const one of initiatives) {
    const entry = (at, kind, en, lt, actor, entered, more = {}) => one.timeline.unshift({ sequence: one.timeline.length + 1, at, kind, label: text(en, lt), actor, entered, reason: "", channel: "web", ...more });
    entry(day(-80), "started", "Application begun", "Paraiška pradėta", one.applicant, ["application.draft"], Number(one.id.slice(2)) % 9 === 2 ? { actor: `p-c-${one.place}`, onBehalfOf: one.applicant, channel: "paper" } : {});
    if (!one.states.includes("application.draft")) entry(day(-72), "move", "Submit", "Pateikti", one.applicant, ["application.screening"], { told: ["applicant", "coordinator"] });
    if (one.states[0].startsWith("mentoring")) {
      entry(day(-66), "move", "Complete", "Pilna", `p-c-${one.place}`, ["application.assessment"]);
      entry(day(-40), "move", "Select", "Atrinkti", "p-rasa", ["application.offered"], { told: ["applicant"] });
      entry(day(-38), "move", "Accept", "Priimti", one.applicant, [S, W]);
      for (const meeting of one.meetings) entry(meeting.at, "task", `Meeting ${meeting.number}`, `Susitikimas ${meeting.number}`, `p-m-${one.place}`, []);
    }
    if (one.overdue) entry(day(-1), "time", "The deadline has passed; the manager is told", "Terminas praėjo; pranešta vadovei", "", [], { told: ["manager"] });
  }
  return initiatives;
}
