#include "engine/cohort/refusal.h"

#include <array>
#include <map>

#include "engine/result.h"

namespace kvali::cohort {
namespace {

struct Sentences {
  const char* en;
  const char* lt;
  const char* ka;
};

// The Lithuanian and the Georgian are to be checked by a native speaker. A cohort is "srautas" and "ნაკადი", the stream of those who
// go together, here as on the screens; "ratas" is a round of a contest.
const std::map<std::string, Sentences>& table() {
  static const std::map<std::string, Sentences> sentences = {
      {"no_initiative", {"There is no such initiative here", "Tokios iniciatyvos čia nėra", "ასეთი ინიციატივა აქ არ არის"}},
      {"no_task", {"There is no such task here", "Tokios užduoties čia nėra", "ასეთი დავალება აქ არ არის"}},
      {"no_person", {"There is no such person", "Tokio asmens nėra", "ასეთი პირი არ არის"}},
      {"no_organisation", {"There is no such organisation", "Tokios organizacijos nėra", "ასეთი ორგანიზაცია არ არის"}},
      {"no_program", {"No program {name} is published", "Programa {name} nepaskelbta", "პროგრამა {name} გამოქვეყნებული არ არის"}},
      {"no_locality", {"There is no locality {name} in this cohort", "Vietovės {name} šiame sraute nėra", "დასახლება {name} ამ ნაკადში არ არის"}},
      {"no_role", {"The program has no role {name}", "Programoje nėra vaidmens {name}", "პროგრამაში როლი {name} არ არის"}},
      {"no_parameter", {"The program has no parameter {name}", "Programoje nėra parametro {name}", "პროგრამაში პარამეტრი {name} არ არის"}},
      {"no_quota", {"The program has no quota {name}", "Programoje nėra kvotos {name}", "პროგრამაში კვოტა {name} არ არის"}},
      {"no_field", {"There is no field {name}", "Lauko {name} nėra", "ველი {name} არ არის"}},
      {"no_state", {"The program has no state {name}", "Programoje nėra būsenos {name}", "პროგრამაში მდგომარეობა {name} არ არის"}},
      {"no_assignment", {"There is no such assignment", "Tokio paskyrimo nėra", "ასეთი დანიშვნა არ არის"}},
      {"no_deadline", {"{name} has no deadline to move", "{name} neturi termino, kurį būtų galima pratęsti", "{name}: გადასატანი ვადა არ არის"}},
      {"no_move", {"{name} is not possible from here", "Iš čia {name} negalima", "{name} აქედან შეუძლებელია"}},
      {"no_kind", {"{name} cannot be recorded here", "{name} čia įrašyti negalima", "{name} აქ ვერ ჩაიწერება"}},
      {"no_exception", {"No exception is proposed for this initiative", "Išimtis šiai iniciatyvai nepasiūlyta", "ამ ინიციატივისთვის გამონაკლისი შეთავაზებული არ არის"}},
      {"no_decision", {"No decision is held for this initiative", "Šiai iniciatyvai sprendimas neatidėtas", "ამ ინიციატივისთვის გადაწყვეტილება შენახული არ არის"}},
      {"no_decisions", {"No decision is held that could be published", "Nėra sprendimų, kuriuos būtų galima paskelbti", "გამოსაქვეყნებელი გადაწყვეტილება არ არის"}},
      {"no_review", {"The program has no review {name}", "Programoje nėra vertinimo {name}", "პროგრამაში შეფასება {name} არ არის"}},
      {"no_reader", {"This person is no {role} for this initiative", "Šis asmuo šiai iniciatyvai nėra: {role}", "ეს პირი ამ ინიციატივისთვის არ არის: {role}"}},
      {"no_language", {"The program does not speak {name}", "Programa nekalba: {name}", "პროგრამა არ საუბრობს: {name}"}},
      {"no_conflict", {"This person has no conflict of interest here", "Šis asmuo čia neturi interesų konflikto", "ამ პირს აქ ინტერესთა კონფლიქტი არ აქვს"}},
      {"no_waiver", {"Nobody proposed to waive a conflict of this person here", "Nušalinimo netaikyti šiam asmeniui čia niekas nesiūlė", "ამ პირის კონფლიქტის უგულებელყოფა აქ არავის შეუთავაზებია"}},
      {"not_under_review", {"It does not stand where this review is held", "Ji nėra ten, kur vyksta šis vertinimas", "ის იქ არ დგას, სადაც ეს შეფასება ტარდება"}},
      {"not_its_reader", {"It was given to other readers", "Ji paskirta kitiems vertintojams", "ის სხვა შემფასებლებს აქვთ მიცემული"}},
      {"reads_not", {"This person does not read it", "Šis asmuo jos neskaito", "ეს პირი მას არ კითხულობს"}},
      {"own_conflict", {"Nobody decides about a conflict of her own", "Apie savo konfliktą niekas nesprendžia", "საკუთარ კონფლიქტზე არავინ წყვეტს"}},
      {"conflict_toward", {"Say toward what: one initiative, or one organisation", "Nurodykite, kieno atžvilgiu: vienos iniciatyvos arba vienos organizacijos", "მიუთითეთ, ვის მიმართ: ერთი ინიციატივის ან ერთი ორგანიზაციის"}},
      {"conflict_kind", {"Say what it is: family, business, friendship, rivalry or other", "Nurodykite, koks jis: šeima, verslas, draugystė, varžymasis ar kita", "მიუთითეთ, რა არის: ოჯახი, საქმე, მეგობრობა, მეტოქეობა თუ სხვა"}},
      {"conflict_of_reader", {"This person has a conflict of interest with it", "Šis asmuo su ja turi interesų konfliktą", "ამ პირს მასთან ინტერესთა კონფლიქტი აქვს"}},
      {"entry_stands", {"What was written down stays as it is: close it and write another", "Kas įrašyta, nekeičiama: užbaikite įrašą ir parašykite naują", "ჩაწერილი არ იცვლება: დახურეთ ჩანაწერი და დაწერეთ ახალი"}},
      {"not_other_party", {"The other side has to agree, and another person", "Sutikti turi kita pusė ir kitas asmuo", "უნდა დათანხმდეს მეორე მხარე და სხვა პირი"}},
      {"role_everywhere", {"{name} acts in the whole cohort, not for one initiative or locality", "{name} veikia visame sraute, ne vienoje iniciatyvoje ar vietovėje", "{name} მთელ ნაკადში მოქმედებს და არა ერთ ინიციატივაში ან დასახლებაში"}},
      {"nobody_missing", {"Nobody is missing there", "Ten nieko netrūksta", "იქ არავინ აკლია"}},
      {"candidate_fits", {"Competent for {meets} of {needs}; has {load}", "Išmano {meets} iš {needs}; turi {load}", "ერკვევა {meets}-ში {needs}-დან; აქვს {load}"}},
      {"candidate_fits_max", {"Competent for {meets} of {needs}; has {load} of {max}", "Išmano {meets} iš {needs}; turi {load} iš {max}", "ერკვევა {meets}-ში {needs}-დან; აქვს {load} {max}-დან"}},
      {"candidate_conflict", {"A conflict of interest: {why}", "Interesų konfliktas: {why}", "ინტერესთა კონფლიქტი: {why}"}},
      {"candidate_at_limit", {"Has {load} of {max} already", "Jau turi {load} iš {max}", "უკვე აქვს {load} {max}-დან"}},
      {"candidate_not_so_far", {"Has not come as far as the role asks", "Dar nenuėjo tiek, kiek reikia vaidmeniui", "ჯერ იქამდე არ მისულა, რასაც როლი მოითხოვს"}},
      {"candidate_has_it", {"Holds the role there already", "Vaidmenį ten jau turi", "როლი იქ უკვე აქვს"}},
      {"candidate_conflict_organisation", {"belongs to its organisation", "priklauso jos organizacijai", "მის ორგანიზაციას ეკუთვნის"}},
      {"candidate_conflict_locality", {"works in its locality in another role", "jos vietovėje dirba kitame vaidmenyje", "მის დასახლებაში სხვა როლში მუშაობს"}},
      {"candidate_conflict_mail_domain", {"has an e-mail of the applicant's house", "e. paštas – tos pačios įstaigos kaip pareiškėjo", "ელფოსტა განმცხადებლის დაწესებულებისაა"}},
      {"candidate_conflict_mentor", {"worked with it in another role", "su ja dirbo kitame vaidmenyje", "მასთან სხვა როლში უმუშავია"}},
      {"candidate_conflict_network", {"belongs to a network with its organisation", "priklauso tam pačiam tinklui kaip jos organizacija", "მის ორგანიზაციასთან ერთ ქსელს ეკუთვნის"}},
      {"candidate_conflict_declared", {"it was declared", "jis deklaruotas", "ის განცხადებულია"}},
      {"conflict_declared", {"You have a conflict of interest that was declared", "Turite deklaruotą interesų konfliktą", "თქვენ განცხადებული ინტერესთა კონფლიქტი გაქვთ"}},
      {"conflict_mail_domain", {"Your e-mail is of the applicant's house", "Jūsų e. paštas – tos pačios įstaigos kaip pareiškėjo", "თქვენი ელფოსტა განმცხადებლის დაწესებულებისაა"}},
      {"conflict_mentor", {"You have worked with this initiative in another role", "Su šia iniciatyva dirbote kitame vaidmenyje", "ამ ინიციატივასთან სხვა როლში გიმუშავიათ"}},
      {"conflict_network", {"You and its organisation belong to one network", "Jūs ir jos organizacija priklausote tam pačiam tinklui", "თქვენ და მისი ორგანიზაცია ერთ ქსელს ეკუთვნით"}},
      {"letter_reading_assigned_subject", {"Applications to read", "Paraiškos vertinti", "შესაფასებელი განაცხადები"}},
      {"letter_reading_assigned_body", {"Applications were given to you to read. Your queue shows them, the least read first. Give back what you cannot judge, or should not.",
                                       "Jums paskirtos vertinti paraiškos. Jas rasite savo eilėje, mažiausiai vertintos – pirmos. Grąžinkite tas, kurių negalite ar neturėtumėte vertinti.",
                                       "შესაფასებელი განაცხადები მოგეცათ. ისინი თქვენს რიგშია, ჯერ ნაკლებად შეფასებული. დააბრუნეთ, რასაც ვერ ან არ უნდა შეაფასოთ."}},
      {"letter_reading_declined_subject", {"A reader gave it back: {initiative.title}", "Vertintojas grąžino: {initiative.title}", "შემფასებელმა დააბრუნა: {initiative.title}"}},
      {"letter_reading_declined_body", {"A reader gave it back with this reason: {reason}. Another was looked for; see who reads it now.",
                                       "Vertintojas grąžino ją dėl šios priežasties: {reason}. Ieškota kito; pažiūrėkite, kas dabar vertina.",
                                       "შემფასებელმა ამ მიზეზით დააბრუნა: {reason}. სხვა მოიძებნა; ნახეთ, ვინ აფასებს ახლა."}},
      {"ended", {"This initiative has come to its end", "Ši iniciatyva jau baigta", "ეს ინიციატივა უკვე დასრულებულია"}},
      {"too_late", {"The deadline for this has passed", "Terminas tam jau praėjo", "ამის ვადა უკვე გავიდა"}},
      {"finished", {"This is already finished", "Tai jau baigta", "ეს უკვე დასრულებულია"}},
      {"not_yours", {"This is for: {roles}", "Tai gali: {roles}", "ამის უფლება აქვს: {roles}"}},
      {"forbidden", {"You may not do this here", "Jums čia to daryti neleidžiama", "აქ ამის უფლება არ გაქვთ"}},
      {"reads_only", {"You may look here, not act", "Čia galite tik žiūrėti", "აქ მხოლოდ ნახვა შეგიძლიათ"}},
      {"not_for_others", {"You may not enter this for somebody else", "Negalite to įvesti už kitą", "სხვის ნაცვლად ამის შეტანა არ შეგიძლიათ"}},
      {"moved_on", {"It has changed since you saw it", "Nuo tada, kai matėte, tai pasikeitė", "მას შემდეგ, რაც ნახეთ, შეიცვალა"}},
      {"field_moved_on", {"Somebody changed this since you saw it", "Kažkas tai pakeitė nuo tada, kai matėte", "მას შემდეგ, რაც ნახეთ, ვიღაცამ შეცვალა"}},
      {"field_missing", {"Please fill in: {label}", "Užpildykite: {label}", "გთხოვთ შეავსოთ: {label}"}},
      {"field_kind", {"{label}: expected {expected}", "{label}: reikia {expected}", "{label}: საჭიროა {expected}"}},
      {"too_short", {"{label}: at least {count} characters, now {size}", "{label}: bent {count} ženklų, dabar {size}", "{label}: სულ მცირე {count} სიმბოლო, ახლა {size}"}},
      {"too_long", {"{label}: at most {count} characters, now {size}", "{label}: ne daugiau kaip {count} ženklų, dabar {size}", "{label}: არაუმეტეს {count} სიმბოლო, ახლა {size}"}},
      {"too_small", {"{label}: at least {count}", "{label}: ne mažiau kaip {count}", "{label}: სულ მცირე {count}"}},
      {"too_large", {"{label}: at most {count}", "{label}: ne daugiau kaip {count}", "{label}: არაუმეტეს {count}"}},
      {"rows_few", {"{label}: at least {count} rows, now {size}", "{label}: bent {count} eil., dabar {size}", "{label}: სულ მცირე {count} სტრიქონი, ახლა {size}"}},
      {"rows_many", {"{label}: at most {count} rows, now {size}", "{label}: ne daugiau kaip {count} eil., dabar {size}", "{label}: არაუმეტეს {count} სტრიქონი, ახლა {size}"}},
      {"in_row", {"{label}, row {row}: {what}", "{label}, {row} eilutė: {what}", "{label}, სტრიქონი {row}: {what}"}},
      {"said_twice", {"{name} is said twice", "{name} nurodyta du kartus", "{name} ორჯერაა მითითებული"}},
      {"file_ending", {"{label}: the file is to end in {list}", "{label}: failo plėtinys turi būti {list}", "{label}: ფაილის გაფართოება უნდა იყოს {list}"}},
      {"file_size", {"{label}: at most {count} MB, the file has {size}", "{label}: ne daugiau kaip {count} MB, failas užima {size}", "{label}: არაუმეტეს {count} მბ, ფაილი იკავებს {size}"}},
      {"revisions_order", {"What is compared first has to be the earlier", "Pirmiau turi būti nurodyta ankstesnė redakcija", "პირველი უფრო ადრინდელი უნდა იყოს"}},
      {"too_much_history", {"More has happened here than can be compared at once", "Čia įvyko daugiau, nei galima palyginti iš karto", "აქ იმაზე მეტი მოხდა, ვიდრე ერთბაშად შედარდება"}},
      {"part_too_large", {"{label} cannot be more than {whole}", "{label} negali būti daugiau nei {whole}", "{label} არ შეიძლება აღემატებოდეს: {whole}"}},
      {"no_choice", {"{label}: {value} is not one of the choices", "{label}: {value} nėra tarp pasirinkimų", "{label}: {value} არჩევანში არ არის"}},
      {"no_day", {"There is no such day: {value}", "Tokios dienos nėra: {value}", "ასეთი დღე არ არსებობს: {value}"}},
      {"clock_range", {"A clock shows a time from 1970 to 2100", "Laikrodis rodo laiką nuo 1970 iki 2100 metų", "საათი 1970-დან 2100 წლამდე დროს აჩვენებს"}},
      {"no_date", {"{label}: {value} is no date", "{label}: {value} nėra data", "{label}: {value} თარიღი არ არის"}},
      {"computed", {"{label} is computed, nobody writes it", "{label} apskaičiuojama, jos niekas neįrašo", "{label} გამოითვლება, მას არავინ წერს"}},
      {"field_forbidden", {"You may not write {label}", "Jums neleidžiama rašyti: {label}", "{label}: ჩაწერის უფლება არ გაქვთ"}},
      {"reason_missing", {"Please give a reason", "Nurodykite priežastį", "გთხოვთ მიუთითოთ მიზეზი"}},
      {"quota_full", {"All {places} places are taken", "Visos {places} vietos užimtos", "ყველა {places} ადგილი დაკავებულია"}},
      {"quota_taken", {"{taken} places are taken already", "Jau užimtos {taken} vietos", "{taken} ადგილი უკვე დაკავებულია"}},
      {"place_is_of", {"{label}: a place is held there; it is changed when the place has been given back", "{label}: ten užimta vieta; pakeisti bus galima, kai vieta bus grąžinta", "{label}: იქ ადგილი დაკავებულია; შეიცვლება, როცა ადგილი გათავისუფლდება"}},
      {"no_cursor", {"This cursor is none of this server's", "Tai ne šio serverio žymeklis", "ეს ამ სერვერის კურსორი არ არის"}},
      {"behind", {"This server does not know what you have seen yet; ask again", "Šis serveris dar nežino to, ką jau matėte; paklauskite dar kartą", "ამ სერვერმა ჯერ არ იცის, რაც უკვე ნახეთ; ჰკითხეთ ხელახლა"}},
      {"needs_locality", {"A locality is needed for a place", "Vietai reikia vietovės", "ადგილისთვის დასახლებაა საჭირო"}},
      {"unmet", {"This is not possible yet", "To dar negalima", "ეს ჯერ შეუძლებელია"}},
      {"same_person", {"A second person has to confirm this", "Tai turi patvirtinti kitas asmuo", "ეს მეორე პირმა უნდა დაადასტუროს"}},
      {"no_way", {"The initiative cannot be put into {name}", "Iniciatyvos negalima perkelti į {name}", "ინიციატივის გადაყვანა {name}-ში შეუძლებელია"}},
      {"load", {"{name} would carry {count} initiatives, at most {max} are agreed", "Tektų {count} iniciatyvų, sutarta ne daugiau kaip {max}", "გამოვა {count} ინიციატივა, შეთანხმებულია არაუმეტეს {max}"}},
      {"conflict_locality", {"You hold a role in this locality", "Šioje vietovėje turite kitą vaidmenį", "ამ დასახლებაში როლი გაქვთ"}},
      {"conflict_organisation", {"You belong to this organisation", "Priklausote šiai organizacijai", "ამ ორგანიზაციას ეკუთვნით"}},
      {"agreed_already", {"You have agreed already; another person is awaited", "Jau sutikote; laukiama kito asmens", "უკვე დათანხმდით; სხვა პირს ველოდებით"}},
      {"agreement_of_others", {"What is missing is the agreement of: {roles}", "Dar trūksta sutikimo: {roles}", "აკლია თანხმობა: {roles}"}},
      {"not_your_word", {"Only who gave it may take it back", "Atšaukti gali tik tas, kas davė", "გაუქმება შეუძლია მხოლოდ მას, ვინც მისცა"}},
      {"not_who_made", {"Somebody else has to do this: your hand is in what is decided here ({name})", "Tai turi padaryti kitas asmuo: prie to, kas čia sprendžiama, prisidėjote jūs ({name})", "ეს სხვამ უნდა გააკეთოს: გადასაწყვეტში თქვენი წვლილია ({name})"}},
      {"vote_open", {"The vote on this is open already", "Balsavimas dėl to jau vyksta", "ამაზე კენჭისყრა უკვე მიმდინარეობს"}},
      {"no_vote", {"No vote is open here", "Čia balsavimas nevyksta", "აქ კენჭისყრა არ მიმდინარეობს"}},
      {"which_vote", {"Several votes are open here: say which", "Čia vyksta keli balsavimai: nurodykite, kuris", "აქ რამდენიმე კენჭისყრა მიმდინარეობს: მიუთითეთ, რომელი"}},
      {"members_only", {"Only members of {name} vote here", "Čia balsuoja tik nariai: {name}", "აქ ხმას აძლევენ მხოლოდ წევრები: {name}"}},
      {"no_body", {"The program has no body {name}", "Programoje nėra organo {name}", "პროგრამაში ორგანო {name} არ არის"}},
      {"no_quorum", {"{name}: {count} members may vote on this, {quorum} are needed", "{name}: dėl to gali balsuoti {count}, reikia {quorum}", "{name}: ამაზე ხმის მიცემა შეუძლია {count} წევრს, საჭიროა {quorum}"}},
      {"no_term", {"{name} is elected without an end", "{name} renkama be pabaigos", "{name} უვადოდ აირჩევა"}},
      {"term_from", {"A term begins today or before, after the one before it, and is not over", "Kadencija prasideda šiandien arba anksčiau, po ankstesnės, ir dar nesibaigusi", "ვადა დღეს ან ადრე იწყება, წინას შემდეგ, და გასული არ არის"}},
      {"seats_full", {"{name}: all {count} seats are taken", "{name}: visos {count} vietos užimtos", "{name}: ყველა {count} ადგილი დაკავებულია"}},
      {"seat_of_cohort", {"A seat in {name} is for the whole cohort", "{name}: vieta yra visam srautui", "{name}: ადგილი მთელი ნაკადისთვისაა"}},
      {"minutes_missing", {"The minutes of {name} are not approved yet", "Protokolas dar nepatvirtintas: {name}", "ოქმი ჯერ დამტკიცებული არ არის: {name}"}},
      {"minutes_ahead", {"Minutes speak of what has happened", "Protokolas kalba apie tai, kas jau įvyko", "ოქმი იმაზეა, რაც უკვე მოხდა"}},
      {"conflict_own", {"This initiative is your own", "Tai jūsų pačių iniciatyva", "ეს თქვენი ინიციატივაა"}},
      {"conflict_declared", {"You have said that you are in conflict here", "Nurodėte, kad čia esate interesų konflikte", "თქვენ აქ ინტერესთა კონფლიქტი განაცხადეთ"}},
      {"tied", {"Those of rank {rank} are equal and there are not places for all: decide one of them by hand first", "Užėmusieji {rank} vietą yra lygūs, o vietų visiems nėra: pirmiausia dėl vieno jų nuspręskite patys", "{rank} რიგზე მყოფნი თანასწორნი არიან და ადგილი ყველას არ ყოფნის: ჯერ ერთ-ერთზე თავად გადაწყვიტეთ"}},
      {"nobody_ranked", {"{name} takes a place for nobody now", "{name} dabar niekam vietos nesuteikia", "{name} ახლა არავის აძლევს ადგილს"}},
      {"nobody_meant", {"Nobody is met by this", "Tai niekam netinka", "ამას არავინ შეესაბამება"}},
      {"filter_or_names", {"Name the initiatives, or say which are meant; not both", "Išvardykite iniciatyvas arba nurodykite, kurios turimos omenyje; ne abu", "დაასახელეთ ინიციატივები ან მიუთითეთ, რომლები; არა ორივე"}},
      {"bad_filter", {"This cannot be read: {fault}", "To perskaityti nepavyksta: {fault}", "ამის წაკითხვა ვერ ხერხდება: {fault}"}},
      {"no_bulk", {"There is nothing of that kind to take back", "Nėra ko atšaukti", "გასაუქმებელი არაფერია"}},
      {"undo_over", {"The time to take this back is over", "Laikas tai atšaukti baigėsi", "ამის გაუქმების დრო გავიდა"}},
      {"migration_gate_gone", {"The new version has no {name} that is agreed or voted on alike", "Naujojoje versijoje nėra {name}, dėl kurio tariamasi ar balsuojama taip pat", "ახალ ვერსიაში არ არის {name}, რომელზეც ასევე თანხმდებიან ან კენჭს უყრიან"}},
      {"letter_term_ends_subject", {"A term ends soon: {body}", "Netrukus baigiasi kadencija: {body}", "ვადა მალე იწურება: {body}"}},
      {"letter_term_ends_body", {"{body} was elected until {due}. All its seats end with that day; please prepare its renewal.", "{body} išrinkta iki {due}. Visos vietos baigiasi tą dieną; pasirūpinkite nauja sudėtimi.", "{body} არჩეულია {due}-მდე. ყველა ადგილი იმ დღეს თავისუფლდება; გთხოვთ, მოამზადოთ განახლება."}},
      {"letter_term_over_subject", {"A term has ended: {body}", "Kadencija baigėsi: {body}", "ვადა ამოიწურა: {body}"}},
      {"letter_term_over_body", {"The term of {body} ended on {due}, and nobody sits in it any more. The next begins with its first member.", "{body}: kadencija baigėsi {due}, joje nebėra nė vieno nario. Kita prasidės su pirmuoju nariu.", "{body}: ვადა {due} ამოიწურა და მასში აღარავინ ზის. შემდეგი პირველ წევრთან ერთად დაიწყება."}},
      {"twice", {"This was done already", "Tai jau padaryta", "ეს უკვე გაკეთებულია"}},
      {"opened", {"The cohort {name} is open already", "Srautas {name} jau atidarytas", "ნაკადი {name} უკვე გახსნილია"}},
      {"parameter_missing", {"To open a cohort, fill in: {label}", "Srautui atidaryti užpildykite: {label}", "ნაკადის გასახსნელად შეავსეთ: {label}"}},
      {"localities_count", {"The program has {count} localities, {given} were given", "Programoje yra {count} vietovių, nurodyta {given}", "პროგრამაში {count} დასახლებაა, მითითებულია {given}"}},
      {"no_zone", {"A cohort needs the table of its time zone", "Srautui reikia laiko juostos lentelės", "ნაკადს დროის სარტყელის ცხრილი სჭირდება"}},
      {"clock_back", {"A clock never goes back", "Laikrodis atgal neina", "საათი უკან არ მიდის"}},
      {"no_rehearsal", {"Only the clock of a rehearsal can be moved", "Galima pasukti tik repeticijos laikrodį", "მხოლოდ რეპეტიციის საათის გადაწევა შეიძლება"}},
      {"not_so_far", {"{name}: the person has not come so far yet", "{name}: asmuo dar nepasirengęs", "{name}: პირი ჯერ არ არის მზად"}},
      {"no_subject", {"The program begins no {name} this way", "Programoje taip nepradedama: {name}", "პროგრამაში ასე არ იწყება: {name}"}},
      {"brought_by_none", {"This concerns no organisation or person", "Tai nesusiję su organizacija ar asmeniu", "ეს ორგანიზაციას ან პირს არ ეხება"}},
      {"closed", {"Applications closed on {date}", "Paraiškos nebepriimamos nuo {date}", "განაცხადების მიღება დასრულდა: {date}"}},
      {"earlier", {"A deadline is only moved to a later day", "Terminas keliamas tik vėliau", "ვადა მხოლოდ გვიანდელ დღეზე გადაიტანება"}},
      {"too_many", {"At most {count} are possible", "Galima ne daugiau kaip {count}", "შესაძლებელია არაუმეტეს {count}"}},
      {"bad_name", {"{name}: a name has the letters a-z, figures, - and _", "{name}: pavadinime gali būti raidės a-z, skaičiai, - ir _", "{name}: სახელში დასაშვებია a-z, ციფრები, - და _"}},
      {"no_command", {"The command says nothing that can be done here", "Komandoje nėra nieko, ką čia būtų galima padaryti", "ბრძანება აქ შესასრულებელს არაფერს ამბობს"}},
      {"no_cohort", {"There is no such cohort", "Tokio srauto nėra", "ასეთი ნაკადი არ არის"}},
      {"no_topic", {"Topics are: cohort, initiative", "Temos: cohort, initiative", "თემებია: cohort, initiative"}},
      {"no_message_id", {"A message needs an id that is not 0", "Žinutei reikia id, kuris nėra 0", "შეტყობინებას 0-ისგან განსხვავებული id სჭირდება"}},
      {"hello_first", {"Say Hello first", "Pirmiausia Hello", "ჯერ Hello"}},
      {"hello_once", {"Hello was said already", "Hello jau pasakyta", "Hello უკვე ითქვა"}},
      {"protocol_1", {"Protocol 1 is spoken here", "Čia kalbama protokolu 1", "აქ პროტოკოლი 1 გამოიყენება"}},
      {"bad_token", {"This link or token is not good any more; ask for a new one", "Ši nuoroda ar raktas nebegalioja; paprašykite naujo", "ეს ბმული ან გასაღები აღარ მოქმედებს; მოითხოვეთ ახალი"}},
      {"unknown_operation", {"The server does not know this operation", "Serveris šio veiksmo nežino", "სერვერი ამ მოქმედებას არ იცნობს"}},
      {"sealed_by_client", {"Only the server seals values; send the clear text", "Reikšmes šifruoja tik serveris; siųskite tekstą", "მნიშვნელობებს მხოლოდ სერვერი შიფრავს; გამოაგზავნეთ ტექსტი"}},
      {"too_many_queries", {"Too many questions wait for their answers on this connection; read some first", "Šiame ryšyje per daug klausimų laukia atsakymo; pirma perskaitykite kelis", "ამ კავშირზე ძალიან ბევრი კითხვა ელოდება პასუხს; ჯერ რამდენიმე წაიკითხეთ"}},
      {"too_many_subscriptions", {"Too many subscriptions on one connection", "Per daug prenumeratų viename ryšyje", "ერთ კავშირზე ძალიან ბევრი გამოწერაა"}},
      {"unreadable", {"This cannot be read now; the operator was told", "Šiuo metu perskaityti nepavyksta", "ახლა ვერ იკითხება"}},
      {"letter_reminder_subject", {"Reminder: {initiative.title}", "Priminimas: {initiative.title}", "შეხსენება: {initiative.title}"}},
      {"letter_reminder_body", {"{state}: the last day is {due}.", "{state}: paskutinė diena {due}.", "{state}: ბოლო დღეა {due}."}},
      {"letter_overdue_subject", {"Overdue: {initiative.title}", "Vėluoja: {initiative.title}", "ვადაგასულია: {initiative.title}"}},
      {"letter_overdue_body", {"{state}: the last day was {due}.", "{state}: paskutinė diena buvo {due}.", "{state}: ბოლო დღე იყო {due}."}},
      {"letter_blocked_subject", {"Cannot go on: {initiative.title}", "Nepajuda toliau: {initiative.title}", "ვერ გაგრძელდა: {initiative.title}"}},
      {"letter_blocked_body", {"{state}: it could not go on by itself: a place or a line of the checklist is missing. It will, when that is there.", "{state}: pati toliau eiti negalėjo: trūksta vietos arba neįvykdytas pasirengimo sąrašo punktas. Pajudės, kai tai bus.", "{state}: თავისით ვერ გაგრძელდა: აკლია ადგილი ან მოსამზადებელი სიის პუნქტი. გაგრძელდება, როცა ეს იქნება."}},
      {"letter_guard_failed_subject", {"A rule could not be evaluated: {initiative.title}", "Nepavyko patikrinti taisyklės: {initiative.title}", "წესი ვერ შემოწმდა: {initiative.title}"}},
      {"letter_guard_failed_body", {"{state}: a rule of the program asks for more work than a rule may, so it counts as not fulfilled. Make the move by hand, or publish a version with a simpler rule.", "{state}: programos taisyklei patikrinti reikia daugiau darbo, nei leidžiama, todėl laikoma, kad ji neįvykdyta. Atlikite veiksmą ranka arba paskelbkite versiją su paprastesne taisykle.", "{state}: პროგრამის წესის შემოწმება დასაშვებზე მეტ სამუშაოს მოითხოვს, ამიტომ შეუსრულებლად ითვლება. გადაიყვანეთ ხელით ან გამოაქვეყნეთ ვერსია უფრო მარტივი წესით."}},
      {"need_failed", {"{why} (the rule asks for more work than a rule may; please tell whoever runs the programme)", "{why} (taisyklei patikrinti reikia daugiau darbo, nei leidžiama; praneškite programos vadovui)", "{why} (წესის შემოწმება დასაშვებზე მეტ სამუშაოს მოითხოვს; გთხოვთ აცნობოთ პროგრამის მენეჯერს)"}},
      {"letter_excepted_subject", {"Changed by the programme: {initiative.title}", "Pakeitė programa: {initiative.title}", "პროგრამამ შეცვალა: {initiative.title}"}},
      {"letter_excepted_body", {"Your application was moved to: {state}. {reason}", "Jūsų paraiška perkelta į: {state}. {reason}", "თქვენი განაცხადი გადატანილია: {state}. {reason}"}},
      {"migration_running", {"A migration of this cohort runs already", "Šio srauto perkėlimas jau vyksta", "ამ ნაკადის გადაყვანა უკვე მიმდინარეობს"}},
      {"no_migration", {"No migration of this cohort runs", "Šio srauto perkėlimas nevyksta", "ამ ნაკადის გადაყვანა არ მიმდინარეობს"}},
      {"migration_undone_already", {"The migration of this cohort was taken back", "Šio srauto perkėlimas atšauktas", "ამ ნაკადის გადაყვანა გაუქმებულია"}},
      {"no_version", {"The program has no published version {name}", "Programa neturi paskelbtos versijos {name}", "პროგრამას არ აქვს გამოქვეყნებული ვერსია {name}"}},
      {"same_version", {"The cohort runs under this version already", "Srautas jau eina pagal šią versiją", "ნაკადი უკვე ამ ვერსიით მიმდინარეობს"}},
      {"not_parked", {"This initiative runs under the new version already, or has ended", "Ši iniciatyva jau eina pagal naują versiją arba yra baigta", "ეს ინიციატივა უკვე ახალი ვერსიით მიმდინარეობს ან დასრულებულია"}},
      {"plan_faults", {"Faults of the plan: {count}", "Plane yra klaidų: {count}", "გეგმაში {count} შეცდომაა"}},
      {"seen_too_many", {"The dry run that is agreed to speaks of more initiatives than there are", "Bandomasis perkėlimas kalba apie daugiau iniciatyvų, nei jų yra", "საცდელი გადაყვანა იმაზე მეტ ინიციატივას ასახელებს, ვიდრე არის"}},
      {"migration_changed_since", {"It has changed since the dry run that was agreed to", "Nuo patvirtinto bandomojo perkėlimo ji pasikeitė", "დამტკიცებული საცდელი გადაყვანის შემდეგ შეიცვალა"}},
      {"migration_parked_by_plan", {"The plan leaves it to a person: {why}", "Planas tai palieka žmogui: {why}", "გეგმა ამას ადამიანს უტოვებს: {why}"}},
      {"migration_state_gone", {"The new version has no state {name}", "Naujoje versijoje nėra būsenos {name}", "ახალ ვერსიაში მდგომარეობა {name} არ არის"}},
      {"migration_state_ends", {"{name} is an end in the new version, and nobody ends by a migration", "Naujoje versijoje {name} yra pabaiga, o perkėlimu niekas nebaigiama", "ახალ ვერსიაში {name} დასასრულია, გადაყვანით კი არავინ სრულდება"}},
      {"migration_not_together", {"Where {name} leads cannot be together in the new version", "Kur veda {name}, naujoje versijoje kartu būti negalima", "სადაც {name} მიდის, ახალ ვერსიაში ერთად ვერ იქნება"}},
      {"migration_never_there", {"{name} leads to where the new version never is", "{name} veda ten, kur nauja versija niekada nebūna", "{name} იქ მიდის, სადაც ახალი ვერსია არასოდეს არის"}},
      {"migration_not_proved", {"It was not proved that the new version can be where {name} leads", "Neįrodyta, kad nauja versija gali būti ten, kur veda {name}", "არ დამტკიცდა, რომ ახალი ვერსია შეიძლება იყოს იქ, სადაც {name} მიდის"}},
      {"migration_field_unfit", {"What stands in the field {name} does not fit the new version", "Tai, kas įrašyta lauke {name}, netinka naujai versijai", "რაც ველში {name} წერია, ახალ ვერსიას არ ერგება"}},
      {"migration_decision_gone", {"A decision {name} is held, and the new version has none like it here", "Laukia sprendimas {name}, o naujoje versijoje čia tokio nėra", "გადაწყვეტილება {name} ელოდება, ახალ ვერსიაში კი აქ ასეთი არ არის"}},
      {"migration_exception_gone", {"An exception to {name} is proposed, which the new version does not have", "Pasiūlyta išimtis į {name}, kurios naujoje versijoje nėra", "შეთავაზებულია გამონაკლისი {name}-ში, რომელიც ახალ ვერსიაში არ არის"}},
      {"migration_task_unfit", {"{name} stands where the new version has no counterpart", "{name} yra ten, kam naujoje versijoje nėra atitikmens", "{name} იქ არის, რასაც ახალ ვერსიაში შესატყვისი არ აქვს"}},
      {"migration_no_place", {"It would need a place of {name}, and none is free", "Reikėtų kvotos {name} vietos, o laisvų nėra", "საჭირო იქნებოდა {name}-ის ადგილი, თავისუფალი კი არ არის"}},
      {"migration_no_way_over", {"The plan does not lead over from the version it runs under", "Planas neveda iš versijos, pagal kurią ji eina", "გეგმა იმ ვერსიიდან არ მიდის, რომლითაც ის მიმდინარეობს"}},
      {"migration_deadline", {"{name}: the deadline will be {date}", "{name}: terminas bus {date}", "{name}: ვადა იქნება {date}"}},
      {"migration_aside", {"Tasks that the new version does not have, kept and no longer seen: {count}", "Užduotys, kurių naujoje versijoje nėra, išsaugotos ir nebematomos: {count}", "დავალებები, რომლებიც ახალ ვერსიაში არ არის, ინახება და აღარ ჩანს: {count}"}},
      {"faults", {"Faults of the definition: {count}", "Apibrėžime yra klaidų: {count}", "განსაზღვრებაში {count} შეცდომაა"}},
      {"unsound", {"This program is not sound, so it was not published. Findings: {count}. Mend each, or say in the file why it is meant so (accepted:)", "Programa netvarkinga, todėl nepaskelbta. Radinių: {count}. Ištaisykite kiekvieną arba faile nurodykite, kodėl taip norėta (accepted:)", "პროგრამა გაუმართავია, ამიტომ არ გამოქვეყნდა. აღმოჩენილია: {count}. გაასწორეთ თითოეული ან ფაილში მიუთითეთ, რატომ არის ასე განზრახ (accepted:)"}},
      {"inconclusive", {"The proof is inconclusive: it stopped at its limit, after {configurations} configurations and {transitions} transitions tried. Until then it found nothing", "Įrodymas neužbaigtas: jis sustojo ties savo riba, patikrinęs {configurations} būklių ir {transitions} perėjimų. Iki tol nieko nerado", "დამტკიცება დაუსრულებელია: ზღვარზე შეჩერდა {configurations} კონფიგურაციისა და {transitions} გადასვლის შემდეგ. მანამდე არაფერი აღმოჩენილა"}},
      {"published", {"This is published already, as version {number}: nothing has changed", "Tai jau paskelbta kaip {number} versija: niekas nepasikeitė", "ეს უკვე გამოქვეყნებულია, ვერსია {number}: არაფერი შეცვლილა"}},
      {"too_many_proofs", {"Other programs are being proved; publish this one again in a moment", "Tikrinamos kitos programos; po akimirkos paskelbkite iš naujo", "სხვა პროგრამები მოწმდება; ცოტა ხანში სცადეთ თავიდან"}},
      {"no_such_program", {"No program of this name is published", "Programa tokiu pavadinimu nepaskelbta", "ამ სახელით პროგრამა გამოქვეყნებული არ არის"}},
      {"no_version", {"This program has no such version", "Tokios šios programos versijos nėra", "ამ პროგრამას ასეთი ვერსია არ აქვს"}},
      {"other_request", {"This key was used for another request", "Šis raktas jau panaudotas kitam prašymui", "ეს გასაღები სხვა მოთხოვნისთვისაა გამოყენებული"}},
      {"no_key", {"A command needs a UUIDv7 as its id", "Komandai reikia UUIDv7 rakto", "ბრძანებას UUIDv7 გასაღები სჭირდება"}},
      {"early_key", {"The key of this request is dated {minutes} minutes ahead of the server's clock; set the clock of the sender", "Prašymo raktas {minutes} min. lenkia serverio laikrodį; pataisykite siuntėjo laikrodį", "მოთხოვნის გასაღების თარიღი სერვერის საათს {minutes} წუთით უსწრებს; გაასწორეთ გამგზავნის საათი"}},
      {"old_key", {"This request is older than 14 days and is not carried out any more; please ask again", "Prašymas senesnis nei 14 dienų ir nebevykdomas; pateikite iš naujo", "მოთხოვნა 14 დღეზე ძველია და აღარ სრულდება; გთხოვთ თავიდან სცადოთ"}},
      {"quarantined_command", {"This request stopped the server before and is not tried again; the operator was told", "Šis prašymas jau buvo sustabdęs serverį ir nebekartojamas", "ამ მოთხოვნამ სერვერი უკვე შეაჩერა და აღარ მეორდება"}},
      {"quarantined_cohort", {"This cohort cannot be read; the operator was told", "Šio srauto nepavyksta perskaityti; apie tai pranešta", "ეს ნაკადი ვერ იკითხება; ოპერატორს ეცნობა"}},
      {"read_only", {"The disk is nearly full: reading works, writing does not", "Diskas beveik pilnas: skaityti galima, rašyti ne", "დისკი თითქმის სავსეა: კითხვა შეიძლება, ჩაწერა არა"}},
      {"no_seal", {"The keys cannot be written; try again later", "Nepavyksta įrašyti raktų; bandykite vėliau", "გასაღებების ჩაწერა ვერ ხერხდება; სცადეთ მოგვიანებით"}},
      {"not_member", {"Only members of the organisation and who runs the programme may do this", "Tai gali tik organizacijos nariai ir programos vadovai", "ეს მხოლოდ ორგანიზაციის წევრებს და პროგრამის ხელმძღვანელებს შეუძლიათ"}},
      {"not_brought_by", {"This programme is for other kinds of applicants", "Ši programa skirta kitokiems pareiškėjams", "ეს პროგრამა სხვა ტიპის განმცხადებლებისთვისაა"}},
      {"no_organisation_name", {"An organisation needs its name", "Organizacijai reikia pavadinimo", "ორგანიზაციას სახელი სჭირდება"}},
      {"too_long_name", {"The name is longer than {max} characters", "Pavadinimas ilgesnis nei {max} ženklų", "სახელი {max} სიმბოლოზე გრძელია"}},
      {"no_organisation_kind", {"{name} is no kind of organisation; known are {known}", "{name} nėra organizacijos rūšis; žinomos: {known}", "{name} ორგანიზაციის ტიპი არ არის; ცნობილია: {known}"}},
      {"no_country", {"{name} is no country code; two capital letters are meant, such as GE", "{name} nėra šalies kodas; reikia dviejų didžiųjų raidžių, pvz., LT", "{name} ქვეყნის კოდი არ არის; საჭიროა ორი დიდი ასო, მაგალითად GE"}},
      {"no_register", {"{name} is no register that is known here; known are {known}", "Registras {name} čia nežinomas; žinomi: {known}", "რეესტრი {name} აქ უცნობია; ცნობილია: {known}"}},
      {"no_registration", {"A number in {register} has {format} digits", "Registro {register} numeris turi {format} skaitm.", "{register}-ის ნომერს {format} ციფრი აქვს"}},
      {"registered_already", {"This number of {register} is registered here already; ask who runs the programme", "Šis {register} numeris čia jau užregistruotas; kreipkitės į programos vadovą", "{register}-ის ეს ნომერი აქ უკვე რეგისტრირებულია; მიმართეთ პროგრამის ხელმძღვანელს"}},
      {"same_name", {"It has this name already", "Toks pavadinimas jau yra", "ეს სახელი უკვე აქვს"}},
      {"nothing_changed", {"Nothing would change", "Niekas nepasikeistų", "არაფერი შეიცვლებოდა"}},
      {"succeeds_itself", {"An organisation cannot go on from one that goes on from it", "Organizacija negali būti savo pačios perėmėja", "ორგანიზაცია საკუთარი თავის სამართალმემკვიდრე ვერ იქნება"}},
      {"merged_already", {"One of the two was merged already", "Vienas iš dviejų įrašų jau sujungtas", "ორიდან ერთ-ერთი უკვე გაერთიანებულია"}},
      {"merged_with_itself", {"An organisation cannot be merged with itself", "Organizacijos negalima sujungti su ja pačia", "ორგანიზაცია საკუთარ თავთან ვერ გაერთიანდება"}},
      {"merged_successor", {"One goes on from the other, so they are two organisations", "Viena yra kitos perėmėja, taigi tai dvi organizacijos", "ერთი მეორის სამართალმემკვიდრეა, ანუ ორი ორგანიზაციაა"}},
      {"no_network", {"Only a network has organisations as members", "Tik tinklo nariai gali būti organizacijos", "წევრი ორგანიზაციები მხოლოდ ქსელს ჰყავს"}},
      {"inside_itself", {"A network cannot be a member of itself, nor of one of its members", "Tinklas negali būti savo paties ar savo nario narys", "ქსელი საკუთარი თავის ან თავისი წევრის წევრი ვერ იქნება"}},
      {"bad_fact_name", {"{name} is no name of a fact: a letter, then letters a to z, digits and _", "{name} nėra fakto vardas: raidė, toliau raidės a–z, skaitmenys ir _", "{name} ფაქტის სახელი არ არის: ასო, შემდეგ ასოები a-დან z-მდე, ციფრები და _"}},
      {"fact_without_date", {"Say since when or until when {name} holds", "Nurodykite, nuo kada arba iki kada galioja {name}", "მიუთითეთ, როდიდან ან როდემდეა {name}"}},
      {"fact_no_date", {"{name}: there is no such day", "{name}: tokios dienos nėra", "{name}: ასეთი დღე არ არსებობს"}},
      {"fact_backwards", {"{name} would end before it begins", "{name} baigtųsi anksčiau, nei prasideda", "{name} დაწყებამდე დასრულდებოდა"}},
      {"too_long_note", {"The note is longer than {max} characters", "Pastaba ilgesnė nei {max} ženklų", "შენიშვნა {max} სიმბოლოზე გრძელია"}},
      {"no_fact", {"The organisation has no such fact", "Tokio fakto organizacija neturi", "ორგანიზაციას ასეთი ფაქტი არ აქვს"}},
      {"fact_accepted", {"It was accepted as evidence; ask who accepted it, or who runs the programme", "Jis jau pripažintas įrodymu; kreipkitės į tai patvirtinusį asmenį arba programos vadovą", "უკვე მიღებულია მტკიცებულებად; მიმართეთ მიმღებს ან პროგრამის ხელმძღვანელს"}},
      {"fact_not_accepted", {"Nobody has accepted it", "Jo niekas nepripažino", "არავის მიუღია"}},
      {"not_accepting", {"It is not yours to accept this fact", "Šio fakto pripažinti negalite", "ამ ფაქტის მიღება თქვენ არ შეგიძლიათ"}},
      {"own_fact", {"Nobody accepts the evidence of her own organisation", "Savo organizacijos įrodymų niekas netvirtina", "საკუთარი ორგანიზაციის მტკიცებულებას არავინ იღებს"}},
      {"label_kind", {"Kind of organisation", "Organizacijos rūšis", "ორგანიზაციის ტიპი"}},
      {"label_country", {"Country of the organisation", "Organizacijos šalis", "ორგანიზაციის ქვეყანა"}},
      {"label_register", {"Register of the organisation", "Organizacijos registras", "ორგანიზაციის რეესტრი"}},
      {"label_partners", {"Partners", "Partneriai", "პარტნიორები"}},
      {"partners_without_lead", {"Partners need an organisation that leads: the one that brings the initiative", "Partneriams reikia vadovaujančios organizacijos, kuri teikia iniciatyvą", "პარტნიორებს წამყვანი ორგანიზაცია სჭირდებათ, რომელსაც ინიციატივა მოაქვს"}},
      {"partner_twice", {"An organisation is named twice among those that carry the initiative", "Organizacija tarp iniciatyvos vykdytojų nurodyta du kartus", "ორგანიზაცია ინიციატივის განმახორციელებლებს შორის ორჯერაა დასახელებული"}},
      {"overflow", {"The program's rules do not come to rest here; the manager was told", "Programos taisyklės čia nesustoja", "პროგრამის წესები აქ არ სრულდება"}},
  };
  return sentences;
}

std::string filled(std::string text, const std::vector<Filling>& fillings, std::string_view language) {
  for (const Filling& filling : fillings) {
    const std::string mark = "{" + filling.name + "}";
    const std::string& value = in_language(filling.text, language);
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

}  // namespace

std::string_view to_string(Code code) {
  switch (code) {
    case Code::Invalid: return "INVALID";
    case Code::NotFound: return "NOT_FOUND";
    case Code::Forbidden: return "FORBIDDEN";
    case Code::ConflictVersion: return "CONFLICT_VERSION";
    case Code::DeadlinePassed: return "DEADLINE_PASSED";
    case Code::Precondition: return "PRECONDITION";
    case Code::GuardFailed: return "GUARD_FAILED";
    case Code::QuotaFull: return "QUOTA_FULL";
    case Code::ConflictOfInterest: return "CONFLICT_OF_INTEREST";
    case Code::Limit: return "LIMIT";
  }
  return "INTERNAL";
}

Filling::Filling(std::string mark, const std::string& word) : name(std::move(mark)) { text.add_translations()->set_text(word); }

v1::Text sentence(const std::string& key, const std::vector<Filling>& fillings) {
  const auto found = table().find(key);
  KVALI_CHECK(found != table().end());
  v1::Text text;
  const std::array<std::pair<const char*, const char*>, 3> languages = {
      {{"en", found->second.en}, {"lt", found->second.lt}, {"ka", found->second.ka}}};
  for (const auto& [language, words] : languages) {
    v1::Translation* translation = text.add_translations();
    translation->set_language(language);
    translation->set_text(filled(words, fillings, language));
  }
  return text;
}

Refusal refuse(Code code, const std::string& key, const std::vector<Filling>& fillings) {
  return Refusal{code, sentence(key, fillings), {}, {}};
}

const std::string& in_language(const v1::Text& text, std::string_view language) {
  static const std::string none;
  for (const v1::Translation& one : text.translations())
    if (one.language() == language) return one.text();
  return text.translations_size() > 0 ? text.translations(0).text() : none;
}

}  // namespace kvali::cohort
