// The programme of 2017 as the stand-in server needs it: lanes, moves, forms. A stand-in knows just enough to be looked at and
// clicked through; the rules that count live in engine/.
export const text = (en, lt) => ({ translations: [{ language: "en", text: en }, { language: "lt", text: lt }] });

const APPLICATION = text("Application", "Paraiška");
const MENTORING = text("Mentoring", "Mentorystė");
const FOLLOW_UP = text("Follow-up", "Tolesnė stebėsena");
const END = { success: 1, refused: 2, withdrawn: 3, lapsed: 4 };

const lane = (state, stage, en, lt, more = {}) => ({ state, stage, label: text(en, lt), ...more });
export const LANES = [
  lane("application.draft", APPLICATION, "Being written", "Rašoma"),
  lane("application.screening", APPLICATION, "Being checked", "Tikrinama"),
  lane("application.assessment", APPLICATION, "Assessment", "Vertinama"),
  lane("application.waitlist", APPLICATION, "Waitlist", "Laukiančiųjų eilė"),
  lane("application.offered", APPLICATION, "Place offered", "Pasiūlyta vieta", { holdsPlace: true }),
  lane("application.declined", APPLICATION, "Not selected", "Neatrinkta", { ends: END.refused }),
  lane("application.lapsed", APPLICATION, "Lapsed", "Nebegalioja", { ends: END.lapsed }),
  lane("mentoring.sessions.open", MENTORING, "Meetings are held", "Vyksta susitikimai", { holdsPlace: true }),
  lane("mentoring.sessions.done", MENTORING, "Enough meetings held", "Susitikimų pakanka", { holdsPlace: true }),
  lane("mentoring.project.writing", MENTORING, "Being written", "Rašomas projektas", { holdsPlace: true }),
  lane("mentoring.project.approval", MENTORING, "With the expert", "Pas ekspertą", { holdsPlace: true }),
  lane("mentoring.project.ready", MENTORING, "At project level", "Projekto lygmuo", { holdsPlace: true }),
  lane("mentoring.unfinished", MENTORING, "Not finished in time", "Nebaigta laiku", { ends: END.lapsed }),
  lane("follow_up", FOLLOW_UP, "Follow-up", "Tolesnė stebėsena", { holdsPlace: true }),
  lane("follow_up.example", FOLLOW_UP, "Example of good practice", "Gerosios praktikos pavyzdys", { ends: END.success }),
  lane("follow_up.alumni", FOLLOW_UP, "Alumni", "Absolventai", { ends: END.success }),
  lane("withdrawn", undefined, "Withdrawn", "Atsiimta", { ends: END.withdrawn }),
];

const COHORT = 1;
const LOCALITY = 2;
const INITIATIVE = 3;
export const ROLES = [
  { role: "manager", label: text("Manager", "Vadovė"), scope: COHORT },
  { role: "coordinator", label: text("Coordinator", "Koordinatorius"), scope: LOCALITY },
  { role: "mentor", label: text("Expert", "Ekspertas"), scope: LOCALITY },
  { role: "applicant", label: text("Applicant", "Pareiškėjas"), scope: INITIATIVE },
];

export const WAITS = {
  "application.draft": "applicant", "application.screening": "coordinator", "application.assessment": "manager", "application.waitlist": "manager",
  "application.offered": "applicant", "mentoring.sessions.open": "mentor", "mentoring.project.writing": "applicant", "mentoring.project.approval": "mentor", follow_up: "applicant",
};

export const TOLD = {
  "application.draft": text("Finish your application by 11 December 2016", "Užbaikite paraišką iki 2016 m. gruodžio 11 d."),
  "application.screening": text("The coordinator checks that your application is complete", "Koordinatorius tikrina, ar paraiška pilna"),
  "application.assessment": text("You hear from us on 11 January 2017", "Atsakymą gausite 2017 m. sausio 11 d."),
  "application.waitlist": text("You are on the waitlist of your locality", "Esate savo vietovės laukiančiųjų eilėje"),
  "application.offered": text("Accept your place, or it goes to the next in line", "Priimkite vietą, kitaip ji atiteks kitam eilėje"),
};

const TEXT = 1, EMAIL = 2, COUNT = 7, DATE = 9, PLACE = 13;
export const FIELDS = [
  { name: "title", type: TEXT, label: text("Title", "Pavadinimas"), atMost: 120, requiredFor: ["submit"] },
  { name: "locality", type: PLACE, label: text("Locality", "Vietovė"), requiredFor: ["submit"] },
  { name: "problem", type: TEXT, label: text("The problem you want to solve", "Problema, kurią norite spręsti"), atLeast: 200, atMost: 4000, requiredFor: ["submit"] },
  { name: "contact", type: EMAIL, label: text("E-mail", "El. paštas"), requiredFor: ["submit"] },
  { name: "plan", type: TEXT, label: text("The project", "Projektas"), help: text("What you will do, with whom, and what changes", "Ką darysite, su kuo ir kas pasikeis"), atLeast: 50, atMost: 20000, requiredFor: ["hand_in"] },
];
export const MEETING = [
  { name: "date", type: DATE, label: text("Date", "Data"), required: true },
  { name: "minutes", type: COUNT, label: text("Minutes", "Minutės"), required: true },
  { name: "summary", type: TEXT, label: text("What was discussed", "Kas aptarta"), atMost: 4000 },
  { name: "next_step", type: TEXT, label: text("Next step", "Kitas žingsnis"), atMost: 200 },
];
export const IMPACT = [
  { name: "beneficiaries", type: COUNT, label: text("People reached", "Pasiekta žmonių"), required: true },
  { name: "jobs", type: COUNT, label: text("Jobs created", "Sukurta darbo vietų") },
  { name: "jobs_women", type: COUNT, label: text("of them for women", "iš jų moterims") },
];
export const FORMS = [
  { name: "initiative", label: text("Initiative", "Iniciatyva"), fields: FIELDS },
  { name: "meetings", label: text("Meeting", "Susitikimas"), fields: MEETING },
  { name: "impact", label: text("Half-yearly report", "Pusmečio ataskaita"), fields: IMPACT },
];

const move = (name, from, by, to, en, lt, more = {}) => ({ name, from, by, to, label: text(en, lt), ...more });
export const MOVES = [
  move("submit", "application.draft", "applicant", "application.screening", "Submit", "Pateikti", { fields: ["title", "locality", "problem", "contact"] }),
  move("pass", "application.screening", "coordinator", "application.assessment", "Complete", "Pilna"),
  move("return", "application.screening", "coordinator", "application.draft", "Send back", "Grąžinti", { mustGive: ["reason"] }),
  move("select", "application.assessment", "manager", "application.offered", "Select", "Atrinkti", { held: true }),
  move("reserve", "application.assessment", "manager", "application.waitlist", "Reserve", "Į eilę", { held: true }),
  move("decline", "application.assessment", "manager", "application.declined", "Decline", "Atmesti", { held: true, mustGive: ["reason"] }),
  move("accept", "application.offered", "applicant", "mentoring", "Accept", "Priimti"),
  move("close", "mentoring.sessions.open", "mentor", "mentoring.sessions.done", "Enough meetings held", "Susitikimų pakanka", { meetings: 3 }),
  move("hand_in", "mentoring.project.writing", "applicant", "mentoring.project.approval", "Hand in", "Pateikti", { fields: ["plan"] }),
  move("approve", "mentoring.project.approval", "mentor", "mentoring.project.ready", "At project level", "Projekto lygmuo"),
  move("return", "mentoring.project.approval", "mentor", "mentoring.project.writing", "Send back", "Grąžinti", { mustGive: ["reason"] }),
  move("good_practice", "follow_up", "manager", "follow_up.example", "Example of good practice", "Gerosios praktikos pavyzdys"),
  move("withdraw", "", "applicant", "withdrawn", "Withdraw", "Atsiimti", { mustGive: ["reason"], confirm: text("Withdraw this initiative for good?", "Ar tikrai atsiimti šią iniciatyvą?") }),
];
