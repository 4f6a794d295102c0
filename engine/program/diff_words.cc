// The Lithuanian and the Georgian are to be read by native speakers.
#include "engine/program/diff_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::program {

namespace {

struct Row {
  Differs which;
  std::array<std::string_view, 3> texts;  // by Tongue
};

constexpr auto rows = std::to_array<Row>({
    {Differs::Same, {"Identical: the two versions say the same.", "Vienoda: abi versijos sako tą patį.", "იდენტურია: ორივე ვერსია ერთსა და იმავეს ამბობს."}},
    {Differs::TextsOnly, {"Compatible: only texts and labels differ.", "Suderinama: skiriasi tik tekstai ir pavadinimai.", "თავსებადია: განსხვავდება მხოლოდ ტექსტები და სახელწოდებები."}},
    {Differs::SettingsOnly, {"Settings differ: a season can change them, or they hold for new initiatives. Nothing has to be migrated.", "Skiriasi nuostatos: jas gali keisti pats srautas arba jos galioja naujoms iniciatyvoms. Perkelti nieko nereikia.", "განსხვავდება პარამეტრები: მათ ნაკადი თავად ცვლის ან ისინი ახალ ინიციატივებს ეხება. გადატანა საჭირო არ არის."}},
    {Differs::StructureToo, {"The structure differs: running initiatives stay with the old version until they are migrated.", "Skiriasi sandara: vykstančios iniciatyvos lieka su senąja versija, kol bus perkeltos.", "განსხვავდება აგებულება: მიმდინარე ინიციატივები ძველ ვერსიაზე რჩება, სანამ ახალზე არ გადავა."}},
    {Differs::HeadTexts, {"Texts and labels", "Tekstai ir pavadinimai", "ტექსტები და სახელწოდებები"}},
    {Differs::HeadSettings, {"Settings", "Nuostatos", "პარამეტრები"}},
    {Differs::HeadStructure, {"Structure", "Sandara", "აგებულება"}},
    {Differs::Running, {"Running initiatives: {text}", "Vykstančios iniciatyvos: {text}", "მიმდინარე ინიციატივები: {text}"}},
    {Differs::New, {"The {thing} {label} (`{name}`) is new.", "Nauja: {thing} {label} (`{name}`).", "ახალია: {thing} {label} (`{name}`)."}},
    {Differs::Gone, {"The {thing} {label} (`{name}`) is gone.", "Nebėra: {thing} {label} (`{name}`).", "აღარ არის: {thing} {label} (`{name}`)."}},
    {Differs::NewIn, {"The {thing} {label} (`{name}`) is new in {place}.", "Nauja: {thing} {label} (`{name}`), čia: {place}.", "ახალია: {thing} {label} (`{name}`), აქ: {place}."}},
    {Differs::GoneIn, {"The {thing} {label} (`{name}`) is gone from {place}.", "Nebėra: {thing} {label} (`{name}`), čia: {place}.", "აღარ არის: {thing} {label} (`{name}`), აქ: {place}."}},
    {Differs::Renamed, {"`{old}` is gone, `{new}` is new (same label {label}: renamed?).", "`{old}` nebėra, `{new}` nauja (tas pats pavadinimas {label}: pervadinta?).", "`{old}` აღარ არის, `{new}` ახალია (იგივე სახელწოდება {label}: გადაერქვა?)."}},
    {Differs::Now, {"{name}, {what}: now {new}, was {old}.", "{name}, {what}: dabar {new}, buvo {old}.", "{name}, {what}: ახლა {new}, იყო {old}."}},
    {Differs::Set, {"{name}, {what}: now {new}, was not set.", "{name}, {what}: dabar {new}, nebuvo nustatyta.", "{name}, {what}: ახლა {new}, დადგენილი არ იყო."}},
    {Differs::Unset, {"{name}, {what}: no longer set, was {old}.", "{name}, {what}: nebenustatyta, buvo {old}.", "{name}, {what}: აღარ არის დადგენილი, იყო {old}."}},
    {Differs::Also, {"{name}, {what}: now also {item}.", "{name}, {what}: dabar ir {item}.", "{name}, {what}: ახლა აგრეთვე {item}."}},
    {Differs::NoLonger, {"{name}, {what}: no longer {item}.", "{name}, {what}: nebėra {item}.", "{name}, {what}: აღარ არის {item}."}},
    {Differs::Order, {"{name}, {what}: the order has changed.", "{name}, {what}: pasikeitė eilės tvarka.", "{name}, {what}: შეიცვალა თანმიმდევრობა."}},
    {Differs::TextNow, {"{name}, {what} ({language}): now {new}, was {old}.", "{name}, {what} ({language}): dabar {new}, buvo {old}.", "{name}, {what} ({language}): ახლა {new}, იყო {old}."}},
    {Differs::TextSet, {"{name}, {what} ({language}): now {new}, there was none.", "{name}, {what} ({language}): dabar {new}, nebuvo.", "{name}, {what} ({language}): ახლა {new}, არ იყო."}},
    {Differs::TextUnset, {"{name}, {what} ({language}): gone, was {old}.", "{name}, {what} ({language}): nebėra, buvo {old}.", "{name}, {what} ({language}): აღარ არის, იყო {old}."}},
    {Differs::TheProgram, {"The program", "Programa", "პროგრამა"}},
    {Differs::Unlimited, {"no limit", "be ribos", "შეუზღუდავი"}},
    {Differs::Lasts, {"{name} now lasts {new} instead of {old}.", "{name}: terminas dabar {new}, buvo {old}.", "{name}: ვადა ახლა არის {new}, იყო {old}."}},
    {Differs::EndsBy, {"{name} now ends by {new} instead of {old}.", "{name}: terminas dabar {new}, buvo {old}.", "{name}: ვადა ახლა არის {new}, იყო {old}."}},
    {Differs::Deadline, {"{name}, deadline: now {new}, was {old}.", "{name}, terminas: dabar {new}, buvo {old}.", "{name}, ვადა: ახლა {new}, იყო {old}."}},
    {Differs::LoadNow, {"{name} may now hold {new}, was {old}.", "{name}: vienam asmeniui dabar ne daugiau kaip {new}, buvo {old}.", "{name}: ერთ პირზე ახლა არაუმეტეს {new}, იყო {old}."}},
    {Differs::LeadsTo, {"{name} now leads to {new} instead of {old}.", "{name} dabar veda čia: {new}, buvo: {old}.", "{name} ახლა გადადის აქ: {new}, იყო: {old}."}},
    {Differs::MayNow, {"{name} may now be made by {item} too.", "Veiksmą {name} dabar gali atlikti ir {item}.", "{name}: ახლა ასრულებს აგრეთვე {item}."}},
    {Differs::MayNoLonger, {"{name} may no longer be made by {item}.", "Veiksmo {name} nebegali atlikti {item}.", "{name}: აღარ ასრულებს {item}."}},
    {Differs::PlacesNow, {"{name}: now {new}, was {old}.", "{name}: dabar {new}, buvo {old}.", "{name}: ახლა {new}, იყო {old}."}},
    {Differs::WeighsNow, {"{name} now weighs {new}, was {old}.", "{name} dabar sveria {new}, buvo {old}.", "{name} ახლა იწონის {new}, იყო {old}."}},
    {Differs::NeedNew, {"{name} now also needs: {item}.", "Veiksmui {name} dabar reikia ir: {item}.", "{name}: ახლა საჭიროა აგრეთვე: {item}."}},
    {Differs::NeedGone, {"{name} no longer needs: {item}.", "Veiksmui {name} nebereikia: {item}.", "{name}: აღარ არის საჭირო: {item}."}},
    {Differs::NeedNow, {"{name} now needs {new}, was {old}.", "Veiksmui {name} dabar reikia: {new}; buvo: {old}.", "{name}: ახლა საჭიროა: {new}; იყო: {old}."}},
    {Differs::RemindsNow, {"{name} now also reminds {item}.", "{name}: dabar primenama ir {item}.", "{name}: ახლა შეხსენება აგრეთვე {item}."}},
    {Differs::RemindsNoLonger, {"{name} no longer reminds {item}.", "{name}: nebeprimenama {item}.", "{name}: შეხსენება აღარ არის {item}."}},
    {Differs::HeldNow, {"{name} is now held back until decisions are published.", "{name}: dabar neskelbiama, kol skelbiami visi sprendimai.", "{name}: ახლა არ ცხადდება გადაწყვეტილებების გამოქვეყნებამდე."}},
    {Differs::HeldNoLonger, {"{name} takes effect at once now, was held back.", "{name}: dabar įsigalioja iš karto, buvo atidedama.", "{name}: ახლა მაშინვე ძალაში შედის, იყო გადადებული."}},
    {Differs::Legend, {"+ new, ± changed, − gone", "+ nauja, ± pakeista, − nebėra", "+ ახალი, ± შეცვლილი, − აღარ არის"}},
    {Differs::LineNew, {"The set-up checklist has a new line: {item}.", "Pasirengimo sąraše nauja eilutė: {item}.", "მოსამზადებელ სიაში ახალი პუნქტია: {item}."}},
    {Differs::LineGone, {"A line of the set-up checklist is gone: {item}.", "Pasirengimo sąraše nebėra eilutės: {item}.", "მოსამზადებელ სიაში აღარ არის პუნქტი: {item}."}},
    {Differs::AsksNow, {"{name} is now needed for {item} too.", "{name} dabar būtina ir šiam veiksmui: {item}.", "{name} ახლა აუცილებელია აგრეთვე: {item}."}},
    {Differs::AsksNoLonger, {"{name} is no longer needed for {item}.", "{name} nebebūtina šiam veiksmui: {item}.", "{name} აღარ არის აუცილებელი: {item}."}},
    {Differs::StateNew, {"none is there yet; it is reached by the moves that lead to it.", "ten dar nė vienos nėra; patenkama veiksmais, kurie ten veda.", "იქ ჯერ არცერთი არ არის; მასში მოქმედებებით ხვდებიან."}},
    {Differs::StateGone, {"those that stand there need a rule in the migration plan that says where they go.", "esančioms ten reikia perkėlimo plano taisyklės, kur jos eis.", "ვინც იქ დგას, სჭირდება გადატანის გეგმის წესი, სად გადავა."}},
    {Differs::MoveNew, {"it can be made once they are migrated.", "jį galima atlikti po perkėlimo.", "მისი შესრულება გადატანის შემდეგ შეიძლება."}},
    {Differs::MoveGone, {"it cannot be made any more once they are migrated; what it did stays.", "po perkėlimo jo atlikti nebegalima; kas padaryta, lieka.", "გადატანის შემდეგ მისი შესრულება აღარ შეიძლება; რაც მოხდა, რჩება."}},
    {Differs::RoleNew, {"nobody holds it yet; somebody has to be assigned where it is waited for.", "jo dar niekas neturi; kur jo laukiama, reikia ką nors paskirti.", "ის ჯერ არავის აქვს; სადაც ელოდებიან, ვინმე უნდა დაინიშნოს."}},
    {Differs::RoleGone, {"its assignments need a rule in the migration plan that says which role takes over.", "jo paskyrimams reikia perkėlimo plano taisyklės, kuris vaidmuo perima.", "მის დანიშვნებს სჭირდება გადატანის გეგმის წესი, რომელი როლი ჩაანაცვლებს."}},
    {Differs::FieldNew, {"it is empty there; whoever makes a move that needs it is asked for it.", "ten jis tuščias; paprašoma, kai jo reikia veiksmui.", "იქ ის ცარიელია; მოითხოვება, როცა მოქმედებას სჭირდება."}},
    {Differs::FieldGone, {"what was filled in needs a rule in the migration plan: kept in another field, or dropped.", "kas užpildyta, tam reikia perkėlimo plano taisyklės: perkelti į kitą lauką arba atsisakyti.", "შევსებულს სჭირდება გადატანის გეგმის წესი: სხვა ველში გადადის თუ უქმდება."}},
    {Differs::FieldChanged, {"what was filled in before may not fit any more; the migration plan has to say what becomes of it.", "kas užpildyta anksčiau, gali nebetikti; perkėlimo planas turi pasakyti, kas su tuo bus.", "ადრე შევსებული შეიძლება აღარ შეესაბამებოდეს; გადატანის გეგმამ უნდა თქვას, რა მოუვა."}},
    {Differs::Places, {"places are counted anew; check that none are held beyond the number.", "vietos skaičiuojamos iš naujo; patikrinkite, ar jų neužimta per daug.", "ადგილები თავიდან ითვლება; შეამოწმეთ, რომ ზედმეტი არ იყოს დაკავებული."}},
    {Differs::Guard, {"it is asked anew once they are migrated; what was allowed before stays.", "po perkėlimo klausiama iš naujo; kas leista anksčiau, lieka.", "გადატანის შემდეგ თავიდან მოწმდება; რაც ადრე დაიშვა, რჩება."}},
    {Differs::WhoMay, {"who acts on them and who sees what changes once they are migrated.", "po perkėlimo pasikeičia, kas su jomis veikia ir kas ką mato.", "გადატანის შემდეგ იცვლება, ვინ მოქმედებს და ვინ რას ხედავს."}},
    {Differs::Begins, {"they stay where they are; only new ones begin elsewhere.", "jos lieka ten, kur yra; kitur prasideda tik naujos.", "ისინი რჩება იქ, სადაც არის; სხვაგან მხოლოდ ახლები იწყება."}},
    {Differs::FormChanged, {"what is open is answered in the old form until they are migrated.", "kas atverta, pildoma sena forma, kol bus perkelta.", "რაც ღიაა, ძველი ფორმით ივსება გადატანამდე."}},
    {Differs::Otherwise, {"it holds for them once they are migrated.", "joms galioja po perkėlimo.", "მათზე გადატანის შემდეგ ვრცელდება."}},
});

constexpr bool each_once() {
  std::array<bool, static_cast<std::size_t>(Differs::count)> seen{};
  for (const Row& row : rows) {
    bool& found = seen.at(static_cast<std::size_t>(row.which));
    if (found) return false;
    found = true;
  }
  return rows.size() == seen.size();
}
static_assert(each_once(), "every phrase has one row");

struct ValueRow {
  std::string_view owner;  // "": of any message
  std::string_view field;
  Meaning meaning;
  std::array<std::string_view, 3> texts;
};

constexpr auto values = std::to_array<ValueRow>({
    {"Program", "name", Meaning::Structure, {"name", "vardas", "სახელი"}},
    {"Program", "title", Meaning::Texts, {"title", "pavadinimas", "სათაური"}},
    {"Program", "languages", Meaning::Texts, {"languages", "kalbos", "ენები"}},
    {"Program", "timezone", Meaning::Structure, {"time zone", "laiko juosta", "დროის სარტყელი"}},
    {"Program", "calendar", Meaning::Settings, {"countries of public holidays", "švenčių šalys", "დღესასწაულების ქვეყნები"}},
    {"Program", "forever", Meaning::Structure, {"may go on without an end", "gali tęstis be pabaigos", "შეიძლება დაუსრულებლად გაგრძელდეს"}},
    {"Program", "accepted", Meaning::Texts, {"findings that are accepted", "priimtini radiniai", "მიღებული შენიშვნები"}},
    {"Accepted", "finding", Meaning::Texts, {"finding", "radinys", "შენიშვნა"}},
    {"Accepted", "at", Meaning::Texts, {"place of the finding", "radinio vieta", "შენიშვნის ადგილი"}},
    {"Program", "stages", Meaning::Structure, {"stages", "etapai", "ეტაპები"}},
    {"Program", "roles", Meaning::Structure, {"roles", "vaidmenys", "როლები"}},
    {"", "label", Meaning::Texts, {"label", "pavadinimas", "სახელწოდება"}},
    {"", "plural", Meaning::Texts, {"label of several", "daugiskaitos pavadinimas", "მრავლობითის სახელწოდება"}},
    {"", "help", Meaning::Texts, {"help", "paaiškinimas", "განმარტება"}},
    {"", "why", Meaning::Texts, {"reason told", "pasakoma priežastis", "მითითებული მიზეზი"}},
    {"", "applicant", Meaning::Texts, {"what the applicant reads", "ką skaito pareiškėjas", "რას კითხულობს განმცხადებელი"}},
    {"", "confirm", Meaning::Texts, {"question asked before", "klausimas prieš tai", "წინასწარი კითხვა"}},
    {"", "subject", Meaning::Texts, {"subject", "tema", "თემა"}},
    {"", "body", Meaning::Texts, {"text", "tekstas", "ტექსტი"}},
    {"", "waits_for", Meaning::Structure, {"who is waited for", "ko laukiama", "ვის ელოდება"}},
    {"", "when_done", Meaning::Structure, {"where it goes when all is done", "kur eina, kai viskas atlikta", "სად გადადის, როცა ყველაფერი შესრულდება"}},
    {"", "states", Meaning::Structure, {"states", "būsenos", "მდგომარეობები"}},
    {"", "outcomes", Meaning::Structure, {"ends", "pabaigos", "დასასრულები"}},
    {"", "moves", Meaning::Structure, {"moves", "veiksmai", "მოქმედებები"}},
    {"Section", "fields", Meaning::Texts, {"fields", "laukai", "ველები"}},
    {"", "sections", Meaning::Texts, {"parts of the form", "formos dalys", "ფორმის ნაწილები"}},
    {"", "example", Meaning::Texts, {"example", "pavyzdys", "მაგალითი"}},
    {"", "fields", Meaning::Structure, {"fields", "laukai", "ველები"}},
    {"", "needs", Meaning::Structure, {"what is needed", "ko reikia", "რა არის საჭირო"}},
    {"", "deadline", Meaning::Structure, {"deadline", "terminas", "ვადა"}},
    {"", "no_deadline", Meaning::Structure, {"leave to have no deadline", "leidimas neturėti termino", "უვადობის ნებართვა"}},
    {"", "review", Meaning::Structure, {"assessment", "vertinimas", "შეფასება"}},
    {"", "remind", Meaning::Settings, {"reminders", "priminimai", "შეხსენებები"}},
    {"Role", "scope", Meaning::Structure, {"scope", "apimtis", "მოქმედების არე"}},
    {"Role", "reads_only", Meaning::Structure, {"may only look", "gali tik žiūrėti", "შეუძლია მხოლოდ ნახვა"}},
    {"Role", "load", Meaning::Settings, {"load", "krūvis", "დატვირთვა"}},
    {"Role", "speaks_for", Meaning::Structure, {"may enter for", "gali įvesti už", "შეაქვს შემდეგთა ნაცვლად"}},
    {"Role", "assigns", Meaning::Structure, {"gives others their roles", "skiria kitiems vaidmenis", "სხვებს როლებს ანიჭებს"}},
    {"CohortRules", "localities", Meaning::Structure, {"places of the programme", "programos vietovės", "პროგრამის ადგილები"}},
    {"CohortRules", "parameters", Meaning::Structure, {"dates and figures of the season", "srauto datos ir skaičiai", "ნაკადის თარიღები და რიცხვები"}},
    {"CohortRules", "must_hold", Meaning::Structure, {"set-up checklist", "pasirengimo sąrašas", "მოსამზადებელი სია"}},
    {"Localities", "count", Meaning::Settings, {"number of places", "vietovių skaičius", "ადგილების რაოდენობა"}},
    {"Quota", "exactly", Meaning::Settings, {"places, all to be filled", "vietos, visos pildomos", "ადგილები, ყველა შესავსები"}},
    {"Quota", "at_most", Meaning::Settings, {"places at most", "vietų ne daugiau kaip", "ადგილები არაუმეტეს"}},
    {"Quota", "of", Meaning::Structure, {"what places are counted by", "pagal ką skaičiuojamos vietos", "რის მიხედვით ითვლება ადგილები"}},
    {"Quota", "held_while", Meaning::Structure, {"where a place is held", "kur vieta užimta", "სად არის ადგილი დაკავებული"}},
    {"Quota", "refill_until", Meaning::Settings, {"until when a freed place is given on", "iki kada perduodama atsilaisvinusi vieta", "როდემდე გადაეცემა გათავისუფლებული ადგილი"}},
    {"Checklist", "before", Meaning::Structure, {"the step it blocks", "kurį žingsnį stabdo", "რომელ ნაბიჯს აჩერებს"}},
    {"Checklist", "of", Meaning::Structure, {"what it is asked of", "ko klausiama", "რას ეკითხება"}},
    {"Checklist", "when", Meaning::Structure, {"what must hold", "kas turi būti įvykdyta", "რა უნდა სრულდებოდეს"}},
    {"InitiativeRules", "brought_by", Meaning::Structure, {"who may bring one", "kas gali teikti", "ვის შეუძლია წარმოდგენა"}},
    {"InitiativeRules", "title", Meaning::Texts, {"the field that names it", "laukas, kuriuo vadinama", "ველი, რომელიც ასახელებს"}},
    {"InitiativeRules", "locality", Meaning::Structure, {"the field that says where", "laukas, kuris sako, kur", "ველი, რომელიც ამბობს სად"}},
    {"InitiativeRules", "facts", Meaning::Structure, {"facts of the organisation", "faktai apie organizaciją", "ფაქტები ორგანიზაციის შესახებ"}},
    {"OrganisationFact", "accepted_by", Meaning::Structure, {"who accepts it as evidence", "kas pripažįsta įrodymu", "ვინ იღებს მტკიცებულებად"}},
    {"Field", "type", Meaning::Structure, {"kind of answer", "atsakymo rūšis", "პასუხის სახე"}},
    {"Field", "required_for", Meaning::Structure, {"moves that need it", "veiksmai, kuriems būtina", "მოქმედებები, რომლებსაც სჭირდება"}},
    {"Field", "at_least", Meaning::Settings, {"at least", "ne mažiau kaip", "სულ მცირე"}},
    {"Field", "at_most", Meaning::Settings, {"at most", "ne daugiau kaip", "არაუმეტეს"}},
    {"Field", "personal", Meaning::Structure, {"personal data", "asmens duomenys", "პერსონალური მონაცემი"}},
    {"Field", "accepts", Meaning::Settings, {"kinds of files", "failų rūšys", "ფაილების სახეები"}},
    {"Field", "choices", Meaning::Structure, {"choices", "pasirinkimai", "არჩევანი"}},
    {"Field", "seen_by", Meaning::Structure, {"who may read it", "kas gali matyti", "ვინ ხედავს"}},
    {"Field", "written_by", Meaning::Structure, {"who fills it in", "kas pildo", "ვინ ავსებს"}},
    {"Field", "shown_when", Meaning::Structure, {"when it is asked", "kada klausiama", "როდის იკითხება"}},
    {"Field", "computed", Meaning::Structure, {"how it is worked out", "kaip apskaičiuojama", "როგორ გამოითვლება"}},
    {"Field", "baseline", Meaning::Structure, {"first figure kept to compare", "pirmoji reikšmė palyginimui", "პირველი მნიშვნელობა შესადარებლად"}},
    {"Field", "kind", Meaning::Texts, {"kind of figure", "rodiklio rūšis", "მაჩვენებლის სახე"}},
    {"Field", "of", Meaning::Structure, {"the figure it is a part of", "kurio rodiklio dalis", "რომელი მაჩვენებლის ნაწილია"}},
    {"Field", "iris", Meaning::Texts, {"IRIS+ code", "IRIS+ kodas", "IRIS+ კოდი"}},
    {"Field", "sdg", Meaning::Texts, {"sustainable development goals", "darnaus vystymosi tikslai", "მდგრადი განვითარების მიზნები"}},
    {"Field", "currency", Meaning::Structure, {"currency", "valiuta", "ვალუტა"}},
    {"Field", "required", Meaning::Structure, {"needed", "būtina", "აუცილებელია"}},
    {"Stage", "waits_until", Meaning::Settings, {"until when it waits", "iki kada laukia", "როდემდე ელოდება"}},
    {"Stage", "reports", Meaning::Structure, {"reports", "ataskaitos", "ანგარიშები"}},
    {"Stage", "forms", Meaning::Structure, {"forms", "formos", "ფორმები"}},
    {"", "alongside", Meaning::Structure, {"parts side by side", "dalys, vykstančios greta", "პარალელური ნაწილები"}},
    {"State", "log", Meaning::Structure, {"what may be written down", "ką galima įrašyti", "რისი ჩაწერა შეიძლება"}},
    {"State", "ranked_by", Meaning::Structure, {"order in line", "eilės tvarka", "რიგის თანმიმდევრობა"}},
    {"State", "ends", Meaning::Structure, {"how it ends", "kaip baigiasi", "როგორ სრულდება"}},
    {"State", "final", Meaning::Structure, {"its part is done there", "dalis ten baigta", "ნაწილი იქ დასრულებულია"}},
    {"State", "remembers", Meaning::Structure, {"goes on where it was left", "tęsia, kur paliko", "გრძელდება იქიდან, სადაც შეჩერდა"}},
    {"Move", "by", Meaning::Structure, {"who makes it", "kas atlieka", "ვინ ასრულებს"}},
    {"Move", "to", Meaning::Structure, {"where it leads", "kur veda", "სად გადადის"}},
    {"Move", "if_", Meaning::Structure, {"the condition that chooses it", "sąlyga, pagal kurią parenkama", "პირობა, რომლითაც ირჩევა"}},
    {"Move", "must_give", Meaning::Structure, {"what must be given with it", "ką reikia nurodyti kartu", "რა უნდა მიეთითოს"}},
    {"Move", "held", Meaning::Structure, {"held back", "atidedama", "გადადებული"}},
    {"Move", "tells", Meaning::Settings, {"letters", "laiškai", "წერილები"}},
    {"Move", "when_freed", Meaning::Structure, {"the places whose freeing makes it", "kurių vietų atsilaisvinimas jį atlieka", "რომელი ადგილების გათავისუფლება ასრულებს"}},
    {"Move", "at", Meaning::Settings, {"the day on which it is made by itself", "diena, kai atliekama savaime", "დღე, როცა თავისით სრულდება"}},
    {"Program", "bodies", Meaning::Structure, {"bodies", "organai", "ორგანოები"}},
    {"Program", "undo_within", Meaning::Settings, {"how long a move for many may be taken back", "kiek laiko galima atšaukti, kas atlikta daugeliui", "რამდენ ხანს შეიძლება ბევრისთვის შესრულებულის გაუქმება"}},
    {"Body", "role", Meaning::Structure, {"role of its members", "narių vaidmuo", "წევრების როლი"}},
    {"Body", "seats", Meaning::Structure, {"seats", "vietos", "ადგილები"}},
    {"Body", "term", Meaning::Settings, {"term", "kadencija", "ვადა"}},
    {"Body", "remind", Meaning::Settings, {"reminders of its end", "priminimai apie pabaigą", "შეხსენებები დასასრულზე"}},
    {"Body", "quorum", Meaning::Structure, {"quorum", "kvorumas", "ქვორუმი"}},
    {"Body", "majority", Meaning::Structure, {"majority", "dauguma", "უმრავლესობა"}},
    {"Body", "tie", Meaning::Structure, {"at a tie", "balsams pasidalijus po lygiai", "ხმების თანაბრობისას"}},
    {"Body", "chair", Meaning::Structure, {"role of the chair", "pirmininko vaidmuo", "თავმჯდომარის როლი"}},
    {"Body", "secret", Meaning::Structure, {"secret votes", "slaptas balsavimas", "ფარული კენჭისყრა"}},
    {"Body", "minutes_by", Meaning::Structure, {"who approves its minutes", "kas tvirtina protokolą", "ვინ ამტკიცებს ოქმს"}},
    {"State", "standstill", Meaning::Structure, {"the places that stand still meanwhile", "vietos, kurios tuo metu neskirstomos", "ადგილები, რომლებიც ამ დროს არ ნაწილდება"}},
    {"Move", "agreed_by", Meaning::Structure, {"who has to agree", "kas turi sutikti", "ვინ უნდა დათანხმდეს"}},
    {"Move", "four_eyes", Meaning::Structure, {"a second person agrees", "sutinka antras asmuo", "მეორე პირი თანხმდება"}},
    {"Move", "not_by", Meaning::Structure, {"whose maker may not make it", "kieno atlikėjas jo neatlieka", "რისი შემსრულებელი არ ასრულებს"}},
    {"Move", "rests_on", Meaning::Structure, {"what agreement rests on", "kuo remiasi sutikimas", "რას ემყარება თანხმობა"}},
    {"Move", "after_minutes", Meaning::Structure, {"the body whose minutes it waits for", "organas, kurio protokolo laukia", "ორგანო, რომლის ოქმს ელოდება"}},
    {"Vote", "body", Meaning::Structure, {"who votes", "kas balsuoja", "ვინ უყრის კენჭს"}},
    {"Vote", "within", Meaning::Settings, {"how long the vote is open", "kiek laiko balsuojama", "რამდენ ხანს გრძელდება კენჭისყრა"}},
    {"Vote", "otherwise", Meaning::Structure, {"where it leads when it is not carried", "kur veda nepritarus", "სად გადადის, თუ არ მიიღეს"}},
    {"Tell", "message", Meaning::Settings, {"letter", "laiškas", "წერილი"}},
    {"Need", "when", Meaning::Structure, {"what must hold", "kas turi būti įvykdyta", "რა უნდა სრულდებოდეს"}},
    {"Deadline", "by", Meaning::Settings, {"deadline", "terminas", "ვადა"}},
    {"Deadline", "within", Meaning::Settings, {"deadline", "terminas", "ვადა"}},
    {"Deadline", "then", Meaning::Structure, {"what happens when it has passed", "kas vyksta jam praėjus", "რა ხდება მისი გასვლის შემდეგ"}},
    {"Then", "to", Meaning::Structure, {"where it goes when the deadline has passed", "kur eina terminui praėjus", "სად გადადის ვადის გასვლის შემდეგ"}},
    {"Then", "tell", Meaning::Settings, {"who is told when the deadline has passed", "kam pranešama terminui praėjus", "ვის ეცნობება ვადის გასვლის შემდეგ"}},
    {"Review", "by", Meaning::Structure, {"who assesses", "kas vertina", "ვინ აფასებს"}},
    {"Review", "each", Meaning::Settings, {"assessors for each application", "vertintojų vienai paraiškai", "შემფასებლები თითო განაცხადზე"}},
    {"Review", "hide", Meaning::Structure, {"what assessors do not see", "ko vertintojai nemato", "რას ვერ ხედავენ შემფასებლები"}},
    {"Review", "criteria", Meaning::Structure, {"criteria", "kriterijai", "კრიტერიუმები"}},
    {"Review", "scale", Meaning::Structure, {"scale", "skalė", "სკალა"}},
    {"Review", "conflicts", Meaning::Structure, {"conflicts of interest", "interesų konfliktai", "ინტერესთა კონფლიქტები"}},
    {"Role", "conflicts", Meaning::Structure, {"conflicts of interest", "interesų konfliktai", "ინტერესთა კონფლიქტები"}},
    {"InitiativeRules", "translated_by", Meaning::Structure, {"who translates answers", "kas verčia atsakymus", "ვინ თარგმნის პასუხებს"}},
    {"", "reviews", Meaning::Structure, {"assessments", "vertinimai", "შეფასებები"}},
    {"Review", "points", Meaning::Texts, {"what the points mean", "ką reiškia balai", "რას ნიშნავს ქულები"}},
    {"Criterion", "points", Meaning::Texts, {"what the points mean", "ką reiškia balai", "რას ნიშნავს ქულები"}},
    {"Point", "meaning", Meaning::Texts, {"what the point means", "ką reiškia balas", "რას ნიშნავს ქულა"}},
    {"Review", "score", Meaning::Structure, {"how the scores are taken together", "kaip sujungiami balai", "როგორ ერთიანდება ქულები"}},
    {"Review", "trim", Meaning::Settings, {"scores left out at each end", "atmetami kraštiniai balai", "უკუგდებული კიდურა ქულები"}},
    {"Review", "normalised", Meaning::Structure, {"assessors brought to one measure", "vertintojų suvienodinimas", "შემფასებლების ერთ საზომზე მიყვანა"}},
    {"Review", "agreement", Meaning::Structure, {"when assessors agree", "kada vertintojai sutaria", "როდის თანხმდებიან შემფასებლები"}},
    {"Agreement", "positive", Meaning::Settings, {"score from which an assessor is for it", "balas, nuo kurio vertintojas pritaria", "ქულა, საიდანაც შემფასებელი თანახმაა"}},
    {"Agreement", "apart", Meaning::Settings, {"difference that contradicts", "prieštaraujantis skirtumas", "ურთიერთსაწინააღმდეგო სხვაობა"}},
    {"Review", "shows", Meaning::Structure, {"what the applicant is told of it", "ką iš jo sužino pareiškėjas", "რას იგებს განმცხადებელი"}},
    {"Review", "load", Meaning::Settings, {"applications for each assessor", "paraiškų vienam vertintojui", "განაცხადები თითო შემფასებელზე"}},
    {"Review", "needs", Meaning::Settings, {"what assessors have to be competent for", "ką vertintojai turi išmanyti", "რაში უნდა ერკვეოდნენ შემფასებლები"}},
    {"Review", "due", Meaning::Structure, {"day on which scores are due", "diena, iki kurios įvertinama", "დღე, რომლამდეც ფასდება"}},
    {"ReviewDue", "by", Meaning::Settings, {"day on which scores are due", "diena, iki kurios įvertinama", "დღე, რომლამდეც ფასდება"}},
    {"ReviewDue", "within", Meaning::Settings, {"time for scores", "laikas įvertinti", "შეფასების დრო"}},
    {"ReviewDue", "tell", Meaning::Settings, {"who is told of late scores", "kam pranešama apie vėluojančius", "ვის ეცნობება დაგვიანება"}},
    {"Review", "feedback", Meaning::Structure, {"text for the applicant", "tekstas pareiškėjui", "ტექსტი განმცხადებლისთვის"}},
    {"Review", "comment", Meaning::Structure, {"text for those who decide", "tekstas sprendžiantiesiems", "ტექსტი გადამწყვეტთათვის"}},
    {"Note", "required", Meaning::Structure, {"whether it is required", "ar privaloma", "არის თუ არა აუცილებელი"}},
    {"Note", "at_least", Meaning::Structure, {"fewest characters", "mažiausias ženklų skaičius", "სიმბოლოების მინიმუმი"}},
    {"Note", "at_most", Meaning::Structure, {"most characters", "didžiausias ženklų skaičius", "სიმბოლოების მაქსიმუმი"}},
    {"Criterion", "weight", Meaning::Settings, {"weight", "svoris", "წონა"}},
    {"Scale", "from", Meaning::Structure, {"lowest mark", "mažiausias balas", "უმცირესი ქულა"}},
    {"Scale", "to", Meaning::Structure, {"highest mark", "didžiausias balas", "უმაღლესი ქულა"}},
    {"Log", "by", Meaning::Structure, {"who writes it down", "kas įrašo", "ვინ წერს"}},
    {"Log", "minutes", Meaning::Structure, {"what counts as minutes", "kas skaičiuojama kaip minutės", "რა ითვლება წუთებად"}},
    {"Log", "agreed_by", Meaning::Structure, {"who agrees on an entry", "kas sutinka dėl įrašo", "ვინ თანხმდება ჩანაწერზე"}},
    {"Log", "due", Meaning::Structure, {"the day of an entry", "įrašo diena", "ჩანაწერის დღე"}},
    {"EntryDue", "on", Meaning::Structure, {"the day of an entry", "įrašo diena", "ჩანაწერის დღე"}},
    {"EntryDue", "within", Meaning::Settings, {"time to close an entry", "laikas užbaigti įrašą", "ჩანაწერის დახურვის დრო"}},
    {"EntryDue", "tell", Meaning::Settings, {"who is told of overdue entries", "kam pranešama apie vėluojančius įrašus", "ვის ეცნობება ვადაგადაცილებული ჩანაწერები"}},
    {"Closing", "by", Meaning::Structure, {"who closes it", "kas užbaigia", "ვინ ხურავს"}},
    {"Closing", "must_give", Meaning::Structure, {"what must be given", "ką būtina nurodyti", "რისი მითითებაა აუცილებელი"}},
    {"Role", "needs", Meaning::Settings, {"what holders should know", "ką turėtų išmanyti", "რაში უნდა ერკვეოდეს"}},
    {"Field", "author_only", Meaning::Structure, {"whether its author alone reads it", "ar mato tik autorius", "ხედავს თუ არა მხოლოდ ავტორი"}},
    {"Report", "every", Meaning::Settings, {"how often", "kaip dažnai", "რა სიხშირით"}},
    {"Report", "times", Meaning::Settings, {"how many times", "kiek kartų", "რამდენჯერ"}},
    {"Report", "grace", Meaning::Settings, {"days of grace", "papildomos dienos", "დამატებითი დღეები"}},
    {"Report", "overdue", Meaning::Settings, {"what happens when it is overdue", "kas vyksta vėluojant", "რა ხდება ვადაგადაცილებისას"}},
    {"Report", "opens", Meaning::Settings, {"how long before its day it opens", "prieš kiek laiko atsiveria", "რამდენი ხნით ადრე იხსნება"}},
    {"Report", "by", Meaning::Structure, {"who hands it in", "kas pateikia", "ვინ აბარებს"}},
});

const ValueRow* value_row(std::string_view owner, std::string_view field) {
  const auto row = std::find_if(values.begin(), values.end(), [&](const ValueRow& one) { return one.field == field && (one.owner.empty() || one.owner == owner); });
  return row == values.end() ? nullptr : &*row;
}

}  // namespace

std::string differs(Differs which, Tongue tongue, std::initializer_list<Filler> fillers) {
  const auto row = std::find_if(rows.begin(), rows.end(), [which](const Row& one) { return one.which == which; });
  return filled(row->texts.at(static_cast<std::size_t>(tongue)), fillers);
}

std::string value_called(std::string_view owner, std::string_view field, Tongue tongue) {
  const ValueRow* row = value_row(owner, field);
  return row == nullptr ? fmt::format("`{}`", field) : std::string(row->texts.at(static_cast<std::size_t>(tongue)));
}

Meaning meaning_of(std::string_view owner, std::string_view field) {
  const ValueRow* row = value_row(owner, field);
  return row == nullptr ? Meaning::Structure : row->meaning;
}

std::string thing_called(std::string_view type, Tongue tongue) {
  struct Thing {
    std::string_view type;
    std::array<std::string_view, 3> texts;
  };
  constexpr auto things = std::to_array<Thing>({
      {"Role", {"role", "vaidmuo", "როლი"}},
      {"Field", {"field", "laukas", "ველი"}},
      {"Quota", {"number of places", "vietų skaičius", "ადგილების რაოდენობა"}},
      {"OrganisationFact", {"fact", "faktas", "ფაქტი"}},
      {"Choice", {"choice", "pasirinkimas", "არჩევანი"}},
      {"Section", {"part of the form", "formos dalis", "ფორმის ნაწილი"}},
      {"Stage", {"stage", "etapas", "ეტაპი"}},
      {"Region", {"part", "dalis", "ნაწილი"}},
      {"State", {"state", "būsena", "მდგომარეობა"}},
      {"Move", {"move", "veiksmas", "მოქმედება"}},
      {"Body", {"body", "organas", "ორგანო"}},
      {"Vote", {"vote", "balsavimas", "კენჭისყრა"}},
      {"Tell", {"letter to", "laiškas, kurį gauna", "წერილი, რომელსაც იღებს"}},
      {"Criterion", {"criterion", "kriterijus", "კრიტერიუმი"}},
      {"Log", {"log", "įrašas", "ჩანაწერი"}},
      {"Closing", {"way to close an entry", "įrašo užbaigimas", "ჩანაწერის დახურვა"}},
      {"Form", {"form", "forma", "ფორმა"}},
      {"Report", {"report", "ataskaita", "ანგარიში"}},
      {"Message", {"letter", "laiškas", "წერილი"}},
  });
  for (const Thing& one : things)
    if (one.type == type) return std::string(one.texts.at(static_cast<std::size_t>(tongue)));
  return fmt::format("`{}`", type);
}

}  // namespace kvali::program
