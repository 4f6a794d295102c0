// The Lithuanian and the Georgian are to be read by native speakers. Labels of a program stand behind colons, in quotes or in
// parentheses, so that they keep the nominative in which their author wrote them.
// Over 500 lines because a table of sentences is one thing.
#include "engine/program/prose_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "engine/expression/say.h"
#include "engine/result.h"

namespace kvali::program {

namespace {

constexpr std::array<std::string_view, 3> codes{"en", "lt", "ka"};  // by Tongue

struct Row {
  Prose which;
  std::array<std::string_view, 3> texts;  // by Tongue
};

constexpr auto rows = std::to_array<Row>({
    {Prose::WhoMayApply, {"Who may apply", "Kas gali dalyvauti", "ვის შეუძლია მონაწილეობა"}},
    {Prose::WhatIsAsked, {"What is asked", "Ką reikia pateikti", "რა უნდა წარმოადგინოთ"}},
    {Prose::WhoTakesPart, {"Who takes part", "Kas ką daro", "ვინ რას აკეთებს"}},
    {Prose::DatesAndPlaces, {"Dates and places", "Datos ir vietos", "თარიღები და ადგილები"}},
    {Prose::TheWay, {"The way, step by step", "Eiga žingsnis po žingsnio", "მიმდინარეობა ნაბიჯ-ნაბიჯ"}},
    {Prose::FromAnywhere, {"Possible at any time", "Galima bet kada", "შესაძლებელია ნებისმიერ დროს"}},
    {Prose::Ends, {"How it may end", "Kaip gali baigtis", "როგორ შეიძლება დასრულდეს"}},
    {Prose::Letters, {"Letters", "Laiškai", "წერილები"}},
    {Prose::NoSentences, {"kvali has no sentences in {language} yet: its own words stand in English, the texts of the program in {language}.", "kvali dar neturi sakinių šia kalba: {language}.", "kvali-ს ამ ენაზე წინადადებები ჯერ არ აქვს: {language}."}},
    {Prose::NoTexts,
     {"The program has no texts in {language}; they stand here in its first language, {first}.",
      "Programa neturi tekstų šia kalba: {language}. Jie čia pateikiami pirmąja jos kalba: {first}.",
      "პროგრამას ამ ენაზე ტექსტები არ აქვს: {language}. ისინი აქ მის პირველ ენაზეა: {first}."}},
    {Prose::BroughtBy, {"An initiative may be brought by {list}.", "Iniciatyvą gali teikti {list}.", "ინიციატივა შეიძლება წარმოადგინოს: {list}."}},
    {Prose::EntryNeeds, {"Before anybody begins, this must hold:", "Prieš pradedant turi būti įvykdyta:", "დაწყებამდე უნდა სრულდებოდეს:"}},
    {Prose::FactAccepted, {"{label} (counts once {list} has accepted it)", "{label} (skaičiuojama, kai pripažįsta {list})", "{label} (ჩაითვლება, როცა მიიღებს {list})"}},
    {Prose::FactsAsked, {"What is asked about an organisation: {list}.", "Ko klausiama apie organizaciją: {list}.", "რა უნდა იყოს ცნობილი ორგანიზაციის შესახებ: {list}."}},
    {Prose::Languages, {"Languages: {list}.", "Kalbos: {list}.", "ენები: {list}."}},
    {Prose::Forever, {"Initiatives of this programme may go on without an end.", "Šios programos iniciatyvos gali tęstis be pabaigos.", "ამ პროგრამის ინიციატივები შეიძლება დაუსრულებლად გაგრძელდეს."}},
    {Prose::BesideInitiatives, {"What else has a course of its own", "Kas dar turi savo eigą", "კიდევ რას აქვს საკუთარი გზა"}},
    {Prose::OneEachLocality, {"One for each locality; it begins when the season is opened.", "Po vieną kiekvienai vietovei; prasideda, kai atidaromas srautas.", "თითო ყოველი დასახლებისთვის; იწყება ნაკადის გახსნისას."}},
    {Prose::OneForCohort, {"One for the season; it begins when the season is opened.", "Viena visam srautui; prasideda, kai atidaromas srautas.", "ერთი მთელი ნაკადისთვის; იწყება ნაკადის გახსნისას."}},
    {Prose::BegunBy, {"Begun by: {list}.", "Pradeda: {list}.", "იწყებს: {list}."}},
    {Prose::RoleAfter, {"given only after: {state}", "suteikiamas tik po to, kai: {state}", "ენიჭება მხოლოდ შემდეგ: {state}"}},
    {Prose::WhoWasThere, {"says who was there", "pažymi, kas dalyvavo", "აღნიშნავს, ვინ დაესწრო"}},
    {Prose::CalledHere, {"What is brought is called: {label}.", "Kas teikiama, vadinama: {label}.", "რაც წარმოადგინება, ეწოდება: {label}."}},
    {Prose::NamedBy, {"Lists name it by: {label}.", "Sąrašuose vadinama pagal: {label}.", "სიებში ასახელებს: {label}."}},
    {Prose::PlacedBy, {"Where it belongs is said by: {label}.", "Kur ji priklauso, sako: {label}.", "სად ეკუთვნის, ამბობს: {label}."}},
    {Prose::NeededFor, {"Needed for {moves}:", "Būtina prieš veiksmą {moves}:", "აუცილებელია მოქმედებისთვის {moves}:"}},
    {Prose::MayBeFilledIn, {"May be filled in:", "Galima užpildyti:", "შეიძლება შეივსოს:"}},
    {Prose::WorkedOut, {"Worked out from the others:", "Apskaičiuojama iš kitų:", "გამოითვლება დანარჩენიდან:"}},
    {Prose::PersonalData, {"personal data", "asmens duomenys", "პერსონალური მონაცემი"}},
    {Prose::SeenOnlyBy, {"read only by: {list}", "mato tik: {list}", "ხედავს მხოლოდ: {list}"}},
    {Prose::WrittenBy, {"filled in by: {list}", "pildo: {list}", "ავსებს: {list}"}},
    {Prose::AskedOnlyIf, {"asked only if: {words}", "klausiama tik jei: {words}", "ივსება მხოლოდ მაშინ, თუ: {words}"}},
    {Prose::ComputedAs, {"worked out as {words}", "apskaičiuojama taip: {words}", "გამოითვლება ასე: {words}"}},
    {Prose::Baseline, {"the first figure is kept to compare with", "pirmoji reikšmė lieka palyginimui", "პირველი მნიშვნელობა შესადარებლად ინახება"}},
    {Prose::KindActual, {"what was reached", "tai, kas pasiekta", "მიღწეული"}},
    {Prose::KindPlan, {"what is planned", "tai, kas planuojama", "დაგეგმილი"}},
    {Prose::KindCapacity, {"what is possible", "tai, kas įmanoma", "შესაძლებელი"}},
    {Prose::KindAim, {"what is aimed at", "tai, ko siekiama", "მიზანი"}},
    {Prose::PartOf, {"a part of {label}, never more", "dalis, ne daugiau kaip: {label}", "ნაწილი, არაუმეტეს: {label}"}},
    {Prose::Iris, {"IRIS+ {code}", "IRIS+ {code}", "IRIS+ {code}"}},
    {Prose::Sdg, {"sustainable development goals: {list}", "darnaus vystymosi tikslai: {list}", "მდგრადი განვითარების მიზნები: {list}"}},
    {Prose::NeededToOpen, {"needed to open the season", "būtina srautui atidaryti", "საჭიროა ნაკადის გასახსნელად"}},
    {Prose::Needed, {"needed", "būtina", "აუცილებელია"}},
    {Prose::TypeText, {"text", "tekstas", "ტექსტი"}},
    {Prose::TypeEmail, {"e-mail address", "el. pašto adresas", "ელფოსტის მისამართი"}},
    {Prose::TypePhone, {"phone number", "telefono numeris", "ტელეფონის ნომერი"}},
    {Prose::TypeUrl, {"web address", "interneto adresas", "ვებმისამართი"}},
    {Prose::TypeNumber, {"number", "skaičius", "რიცხვი"}},
    {Prose::TypeWholeNumber, {"whole number", "sveikasis skaičius", "მთელი რიცხვი"}},
    {Prose::TypeCount, {"whole number, 0 or more", "sveikasis skaičius, 0 arba daugiau", "მთელი რიცხვი, 0 ან მეტი"}},
    {Prose::TypeMoney, {"amount in {currency}", "suma ({currency})", "თანხა ({currency})"}},
    {Prose::TypeDate, {"date", "data", "თარიღი"}},
    {Prose::TypeYesOrNo, {"yes or no", "taip arba ne", "დიახ ან არა"}},
    {Prose::TypeChoice, {"one of these: {list}", "vienas iš šių: {list}", "ერთ-ერთი: {list}"}},
    {Prose::TypeChoices, {"any of these: {list}", "vienas ar keli iš šių: {list}", "ერთი ან რამდენიმე: {list}"}},
    {Prose::TypeLocality, {"one of the localities of the programme", "viena iš programos vietovių", "პროგრამის ერთ-ერთი დასახლება"}},
    {Prose::TypeOrganisation, {"an organisation", "organizacija", "ორგანიზაცია"}},
    {Prose::TypePerson, {"a person", "asmuo", "პირი"}},
    {Prose::TypeFile, {"file", "failas", "ფაილი"}},
    {Prose::FileOf, {"file ({list})", "failas ({list})", "ფაილი ({list})"}},
    {Prose::TypeTable, {"table whose rows say: {list}", "lentelė, kurios eilutėse: {list}", "ცხრილი, რომლის სტრიქონებშია: {list}"}},
    {Prose::FormParts, {"The form has these parts:", "Forma turi šias dalis:", "ფორმას ეს ნაწილები აქვს:"}},
    {Prose::ForExample, {"For example: {text}", "Pavyzdžiui: {text}", "მაგალითად: {text}"}},
    {Prose::InEachRow, {"needed in each row", "būtina kiekvienoje eilutėje", "აუცილებელია ყოველ სტრიქონში"}},
    {Prose::AtLeast, {"at least {amount}", "bent {amount}", "სულ მცირე {amount}"}},
    {Prose::AtMost, {"at most {amount}", "ne daugiau kaip {amount}", "არაუმეტეს {amount}"}},
    {Prose::Range, {"{from} to {to}", "{from}–{to}", "{from}–{to}"}},
    {Prose::ScopeCohort, {"for all initiatives of a season", "visoms srauto iniciatyvoms", "ნაკადის ყველა ინიციატივისთვის"}},
    {Prose::ScopeLocality, {"for the localities assigned to them", "priskirtoms vietovėms", "მათთვის მინდობილი დასახლებებისთვის"}},
    {Prose::ScopeInitiative, {"for single initiatives", "atskiroms iniciatyvoms", "ცალკეული ინიციატივებისთვის"}},
    {Prose::LoadAtMost, {"at most {amount} for one person", "vienam asmeniui ne daugiau kaip {amount}", "ერთ პირზე არაუმეტეს {amount}"}},
    {Prose::ReadsOnly, {"may look, never act", "gali tik žiūrėti", "შეუძლია მხოლოდ ნახვა"}},
    {Prose::SpeaksFor,
     {"may enter what came on paper or by phone for: {list}", "gali įvesti popieriuje ar telefonu gautus duomenis už: {list}",
      "შეუძლია ქაღალდზე ან ტელეფონით მიღებულის შეტანა შემდეგთა ნაცვლად: {list}"}},
    {Prose::Assigns, {"gives others their roles and takes them back", "skiria kitiems vaidmenis ir juos atima", "სხვებს როლებს ანიჭებს და ართმევს"}},
    {Prose::SetForSeason, {"For each season these are set:", "Kiekvienam srautui nustatoma:", "თითოეული ნაკადისთვის დგინდება:"}},
    {Prose::Zone, {"A day ends at 24:00 in the time zone {zone}.", "Diena baigiasi 24:00 laiko juostoje {zone}.", "დღე სრულდება 24:00 საათზე, დროის სარტყელი: {zone}."}},
    {Prose::Holidays, {"Public holidays of {list} are no working days.", "Šių šalių šventės nėra darbo dienos: {list}.", "ამ ქვეყნების დღესასწაულები სამუშაო დღეები არ არის: {list}."}},
    {Prose::AnyNumber, {"any number", "bet kiek", "ნებისმიერი რაოდენობა"}},
    {Prose::Exactly, {"{places} in the whole season, all meant to be filled", "visame sraute {places}, numatyta užpildyti visas", "მთელ ნაკადში {places}, ყველა უნდა შეივსოს"}},
    {Prose::ExactlyBy, {"{places} for each {label}, all meant to be filled", "{places} pagal lauką {label}, numatyta užpildyti visas", "{places} ველის მიხედვით: {label}; ყველა უნდა შეივსოს"}},
    {Prose::PlacesAtMost, {"at most {places} in the whole season", "visame sraute ne daugiau kaip {places}", "მთელ ნაკადში არაუმეტეს {places}"}},
    {Prose::PlacesAtMostBy, {"at most {places} for each {label}", "ne daugiau kaip {places} pagal lauką {label}", "არაუმეტეს {places} ველის მიხედვით: {label}"}},
    {Prose::HeldIn, {"A place is held in: {list}.", "Vieta užimta, kol iniciatyva yra čia: {list}.", "ადგილი დაკავებულია, სანამ ინიციატივა აქ არის: {list}."}},
    {Prose::RefilledUntil, {"A freed place is given on until: {words}.", "Atsilaisvinusi vieta perduodama iki: {words}.", "გათავისუფლებული ადგილი გადაეცემა სხვას ამ თარიღამდე: {words}."}},
    {Prose::WhenFull, {"When no place is left: {why}", "Kai vietų nebėra: {why}", "როცა ადგილი აღარ არის: {why}"}},
    {Prose::BeforeStep, {"Before {step}, {each} – {words}.", "Kad prasidėtų {step}, {each} – {words}.", "რომ დაიწყოს {step}, {each} – {words}."}},
    {Prose::InEachLocality, {"in each locality", "kiekvienoje vietovėje", "თითოეულ დასახლებაში"}},
    {Prose::ForEachInitiative, {"for each initiative", "kiekvienai iniciatyvai", "თითოეული ინიციატივისთვის"}},
    {Prose::InTheSeason, {"in the whole season", "visame sraute", "მთელ ნაკადში"}},
    {Prose::OtherwiseTold, {"Otherwise it waits and says: {why}", "Kitaip laukiama ir sakoma: {why}", "სხვაგვარად ელოდება და ამბობს: {why}"}},
    {Prose::ApplicantReads, {"The applicant reads: {text}", "Pareiškėjas skaito: {text}", "განმცხადებელი კითხულობს: {text}"}},
    {Prose::WaitsFor, {"Waits for: {list}.", "Kieno eilė veikti: {list}.", "ვისი ჯერია: {list}."}},
    {Prose::YourTurn, {"It is your turn.", "Jūsų eilė.", "თქვენი ჯერია."}},
    {Prose::DeadlineBy, {"Deadline: {words}, until the end of that day.", "Terminas: {words}, iki tos dienos pabaigos.", "ვადა: {words}, იმ დღის ბოლომდე."}},
    {Prose::DeadlineWithin, {"Deadline: {time}.", "Terminas: {time}.", "ვადა: {time}."}},
    {Prose::Reminders, {"Reminders: {list}.", "Priminimai: {list}.", "შეხსენებები: {list}."}},
    {Prose::ThenGoes, {"When it has passed: {state}.", "Jam praėjus: {state}.", "ვადის გასვლის შემდეგ: {state}."}},
    {Prose::ThenTold, {"When it has passed, it stays here and is told to: {list}.", "Jam praėjus lieka čia, pranešama: {list}.", "ვადის გასვლის შემდეგ აქ რჩება და ეცნობება: {list}."}},
    {Prose::ThenBoth, {"When it has passed: {state}; told to: {list}.", "Jam praėjus: {state}; pranešama: {list}.", "ვადის გასვლის შემდეგ: {state}; ეცნობება: {list}."}},
    {Prose::NoDeadline, {"No deadline: {why}", "Termino nėra: {why}", "ვადა არ აქვს: {why}"}},
    {Prose::WaitsUntil, {"Whoever comes earlier waits until: {words}.", "Kas patenka anksčiau, laukia iki: {words}.", "ვინც ადრე მოვა, ელოდება ამ თარიღს: {words}."}},
    {Prose::Order, {"Order: the highest first, by {words}.", "Eilė: pirmas tas, kurio didžiausias rodiklis: {words}.", "რიგი: პირველია, ვისაც ყველაზე მაღალი აქვს: {words}."}},
    {Prose::Remembers, {"Whoever comes back goes on where it was left, with the time that remained.", "Kas grįžta, tęsia nuo ten, kur paliko, su likusiu laiku.", "ვინც ბრუნდება, აგრძელებს იქიდან, სადაც შეჩერდა, დარჩენილი დროით."}},
    {Prose::WhenAllDone, {"When all is done here: {state}.", "Kai čia viskas atlikta: {state}.", "როცა აქ ყველაფერი შესრულდება: {state}."}},
    {Prose::SideBySide, {"These go on side by side, until all of them are done: {list}.", "Šie dalykai vyksta greta, kol visi atlikti: {list}.", "ეს პარალელურად მიმდინარეობს, სანამ ყველა არ შესრულდება: {list}."}},
    {Prose::FinalHere, {"This part is done.", "Ši dalis atlikta.", "ეს ნაწილი შესრულებულია."}},
    {Prose::EndsHere, {"the initiative ends ({how})", "iniciatyva baigiasi ({how})", "ინიციატივა სრულდება ({how})"}},
    {Prose::WhatMayHappen, {"What may happen:", "Kas gali įvykti:", "რა შეიძლება მოხდეს:"}},
    {Prose::YouMay, {"What you may do:", "Ką galite daryti:", "რა შეგიძლიათ გააკეთოთ:"}},
    {Prose::GoesOn, {"Next: {list}.", "Toliau: {list}.", "შემდეგ: {list}."}},
    {Prose::MoveBy, {"{move} ({who}) → {state}.", "{move} ({who}) → {state}.", "{move} ({who}) → {state}."}},
    {Prose::MoveAlone, {"{move} → {state}.", "{move} → {state}.", "{move} → {state}."}},
    {Prose::ByItselfOn, {"by itself, on the day: {words}", "savaime, šią dieną: {words}", "თავისით, ამ დღეს: {words}"}},
    {Prose::ByItselfFreed, {"by itself, when a place is freed: {label}; the first in order gets it", "savaime, kai atsilaisvina vieta: {label}; gauna pirmas eilėje", "თავისით, როცა ადგილი თავისუფლდება: {label}; ერგება რიგში პირველს"}},
    {Prose::ByItselfIf, {"by itself, as soon as: {words}", "savaime, kai tik: {words}", "თავისით, როგორც კი: {words}"}},
    {Prose::ByItself, {"by itself", "savaime", "თავისით"}},
    {Prose::OnlyIf, {"only if: {words}", "tik jei: {words}", "მხოლოდ თუ: {words}"}},
    {Prose::Needs, {"Needed: {list}.", "Reikia: {list}.", "საჭიროა: {list}."}},
    {Prose::MustGive, {"With it must be given: {list}.", "Kartu reikia nurodyti: {list}.", "თან უნდა მიეთითოს: {list}."}},
    {Prose::AReason, {"a reason", "priežastis", "მიზეზი"}},
    {Prose::Held, {"Held back until all decisions are published together.", "Neskelbiama, kol visi sprendimai paskelbiami kartu.", "არ ცხადდება, სანამ ყველა გადაწყვეტილება ერთად არ გამოქვეყნდება."}},
    {Prose::AgreedBy, {"Made when somebody of each has agreed: {list}.", "Atliekama, kai po vieną sutinka: {list}.", "სრულდება, როცა თითო პირი დათანხმდება: {list}."}},
    {Prose::FourEyes, {"Made when a second person has agreed.", "Atliekama, kai sutinka antras asmuo.", "სრულდება, როცა მეორე პირი დათანხმდება."}},
    {Prose::NotBy, {"Not by who had a hand in: {list}.", "Negali tas, kas prisidėjo prie: {list}.", "არ შეუძლია მას, ვისაც წვლილი აქვს აქ: {list}."}},
    {Prose::RestsOn, {"What was agreed or voted lapses when one of these changes: {list}.", "Sutikimai ir balsai nebegalioja pasikeitus: {list}.", "თანხმობა და ხმები ძალას კარგავს, თუ შეიცვალა: {list}."}},
    {Prose::VoteOf, {"Made when {body} has voted for it. Time to vote: {time}.", "Atliekama, kai už tai nubalsuoja {body}. Balsavimo laikas: {time}.", "სრულდება, როცა მხარს დაუჭერს {body}. კენჭისყრის ვადა: {time}."}},
    {Prose::VoteLost, {"If it is not carried: {state}.", "Jei nepritariama: {state}.", "თუ არ მიიღეს: {state}."}},
    {Prose::AfterMinutes, {"Published once the minutes are approved: {body}.", "Skelbiama, kai patvirtintas protokolas: {body}.", "ქვეყნდება ოქმის დამტკიცების შემდეგ: {body}."}},
    {Prose::Standstill, {"While it is here, freed places do not go to who ranks below it: {label}.", "Kol ji čia, atsilaisvinusios vietos neatitenka žemesniems eilėje: {label}.", "სანამ აქ არის, გათავისუფლებული ადგილი მასზე დაბლა მდგომს არ ერგება: {label}."}},
    {Prose::UndoWithin, {"What is done for many at once may be taken back {time}; letters wait as long.", "Kas atlikta daugeliui iškart, galima atšaukti {time}; tiek laukia ir laiškai.", "ბევრისთვის ერთად შესრულებულის გაუქმება შეიძლება {time}; წერილებიც ამდენ ხანს იცდის."}},
    {Prose::BodyOf, {"at most {count} members ({role})", "ne daugiau kaip {count} nariai ({role})", "არაუმეტეს {count} წევრი ({role})"}},
    {Prose::BodyTerm, {"term: {time}, all seats together", "kadencija: {time}, visos vietos kartu", "ვადა: {time}, ყველა ადგილი ერთად"}},
    {Prose::BodyRemind, {"renewal is called for {list}", "apie naujus rinkimus primenama {list}", "ახალი არჩევნების შეხსენება: {list}"}},
    {Prose::BodyQuorum, {"{count} must vote", "turi balsuoti {count}", "ხმა უნდა მისცეს {count}"}},
    {Prose::MajorityVoting, {"more yes than no decides", "lemia, kad „už“ daugiau nei „prieš“", "წყვეტს, თუ „დიახ“ მეტია, ვიდრე „არა“"}},
    {Prose::MajoritySeats, {"more than half of all seats decide", "lemia daugiau nei pusė visų vietų", "წყვეტს ყველა ადგილის ნახევარზე მეტი"}},
    {Prose::MajorityThirds, {"two thirds of yes and no decide", "lemia du trečdaliai „už“ ir „prieš“", "წყვეტს „დიახ“-ისა და „არა“-ს ორი მესამედი"}},
    {Prose::TieRefused, {"a tie refuses", "balsams pasidalijus po lygiai nepritariama", "ხმების თანაბრობისას უარია"}},
    {Prose::TieCarried, {"a tie carries", "balsams pasidalijus po lygiai pritariama", "ხმების თანაბრობისას მიღებულია"}},
    {Prose::TieChair, {"at a tie the chair decides ({role})", "balsams pasidalijus po lygiai lemia pirmininkas ({role})", "ხმების თანაბრობისას წყვეტს თავმჯდომარე ({role})"}},
    {Prose::SecretVote, {"votes are secret", "balsuojama slaptai", "კენჭისყრა ფარულია"}},
    {Prose::MinutesBy, {"minutes are approved by: {list}", "protokolą tvirtina: {list}", "ოქმს ამტკიცებს: {list}"}},
    {Prose::AskedBefore, {"Asked before: {text}", "Prieš tai klausiama: {text}", "მანამდე დაისმის კითხვა: {text}"}},
    {Prose::LetterTo, {"Letter to: {who}, {subject}.", "Laišką gauna: {who}, {subject}.", "წერილს იღებს: {who}, {subject}."}},
    {Prose::ByPersonOr, {"{who}; or {how}", "{who}; arba {how}", "{who}; ან {how}"}},
    {Prose::ReviewBy, {"Assessed by: {who}, {count} for each application.", "Vertina: {who}; kiekvieną paraišką – {count}.", "აფასებს: {who}; თითოეულ განაცხადს – {count}."}},
    {Prose::Criterion, {"{label} {share}", "{label} {share}", "{label} {share}"}},
    {Prose::CriteriaOf, {"Criteria, with their share of the score: {list}. Scale: {from} to {to}.", "Kriterijai ir jų dalis bale: {list}. Skalė: nuo {from} iki {to}.", "კრიტერიუმები და მათი წილი ქულაში: {list}. სკალა: {from}-დან {to}-მდე."}},
    {Prose::HowAssessed, {"How it is assessed: {list}. Scale: {from} to {to}.", "Kaip vertinama: {list}. Skalė: nuo {from} iki {to}.", "როგორ ფასდება: {list}. სკალა: {from}-დან {to}-მდე."}},
    {Prose::ReviewHides, {"They do not see: {list}.", "Vertintojai nemato: {list}.", "შემფასებლები ვერ ხედავენ: {list}."}},
    {Prose::TheOrganisation, {"the organisation", "organizacija", "ორგანიზაცია"}},
    {Prose::Conflicts, {"Nobody assesses who has a conflict of interest: {list}.", "Nevertina, kas turi interesų konfliktą: {list}.", "არ აფასებს, ვისაც ინტერესთა კონფლიქტი აქვს: {list}."}},
    {Prose::SameOrganisation, {"the same organisation", "ta pati organizacija", "იგივე ორგანიზაცია"}},
    {Prose::SameLocality, {"the same locality", "ta pati vietovė", "იგივე დასახლება"}},
    {Prose::Declared, {"one declared by the person", "paties asmens deklaruotas", "თავად პირის მიერ განცხადებული"}},
    {Prose::SameMailDomain, {"the same e-mail domain", "tas pats e. pašto domenas", "ელფოსტის იგივე დომენი"}},
    {Prose::EarlierMentor, {"an earlier mentor", "ankstesnis mentorius", "ყოფილი მენტორი"}},
    {Prose::SameNetwork, {"the same network", "tas pats tinklas", "იგივე ქსელი"}},
    {Prose::ReviewNamed, {"Assessment: {label}.", "Vertinimas: {label}.", "შეფასება: {label}."}},
    {Prose::PointsMean, {"{label}: {list}.", "{label}: {list}.", "{label}: {list}."}},
    {Prose::TakenMedian, {"The score is the median of the assessors.", "Balas – vertintojų balų mediana.", "ქულა შემფასებელთა მედიანაა."}},
    {Prose::TakenTrimmed, {"The score is the mean of the assessors without the highest and the lowest ({count} of each).", "Balas – vertintojų balų vidurkis be aukščiausių ir žemiausių (po {count}).", "ქულა შემფასებელთა საშუალოა უმაღლესისა და უდაბლესის გარეშე (თითო მხრიდან {count})."}},
    {Prose::Normalised, {"Assessors who score higher or lower than others are brought to one measure first.", "Griežčiau ar švelniau vertinantys pirmiausia suvienodinami.", "ვინც სხვებზე მკაცრად ან რბილად აფასებს, ჯერ ერთ საზომზე მიჰყავთ."}},
    {Prose::AgreementOf, {"Positive when everybody gives {positive} or more; conflicting when they are on both sides of it and {apart} or more apart; else mixed.", "Teigiamas, kai visi duoda {positive} ar daugiau; prieštaringas, kai yra abiejose pusėse ir skiriasi {apart} ar daugiau; kitaip – mišrus.", "დადებითია, როცა ყველა აძლევს {positive}-ს ან მეტს; ურთიერთსაწინააღმდეგოა, როცა ორივე მხარესაა და {apart}-ით ან მეტით განსხვავდება; სხვა შემთხვევაში შერეულია."}},
    {Prose::ReaderLoad, {"Each assesses {count} applications at most.", "Vienas vertina ne daugiau kaip {count} paraiškų.", "ერთი აფასებს არაუმეტეს {count} განაცხადს."}},
    {Prose::ReaderNeeds, {"Assessors have to be competent for: {list}.", "Vertintojai turi išmanyti: {list}.", "შემფასებლები უნდა ერკვეოდნენ: {list}."}},
    {Prose::ScoresDueBy, {"Scores are due: {time}.", "Įvertinti iki: {time}.", "შეფასების ვადა: {time}."}},
    {Prose::ScoresDueWithin, {"Scores are due {time}.", "Įvertinti {time}.", "შეფასების ვადა: {time}."}},
    {Prose::LateTold, {"Of late scores is told: {list}.", "Apie vėluojančius pranešama: {list}.", "დაგვიანების შესახებ ეცნობება: {list}."}},
    {Prose::ForApplicant, {"Written for the applicant: {label}.", "Rašoma pareiškėjui: {label}.", "იწერება განმცხადებლისთვის: {label}."}},
    {Prose::ForDeciders, {"Written for those who decide, never for the applicant: {label}.", "Rašoma sprendžiantiesiems, ne pareiškėjui: {label}.", "იწერება გადამწყვეტთათვის და არა განმცხადებლისთვის: {label}."}},
    {Prose::ShownLater, {"Once it is over the applicant is told: {list}.", "Pasibaigus pareiškėjas sužino: {list}.", "დასრულების შემდეგ განმცხადებელი იგებს: {list}."}},
    {Prose::ShowsReaders, {"who assessed", "kas vertino", "ვინ შეაფასა"}},
    {Prose::ShowsScore, {"the score", "balą", "ქულას"}},
    {Prose::ShowsFeedback, {"what the assessors wrote for her", "ką jam parašė vertintojai", "რა დაწერეს მისთვის შემფასებლებმა"}},
    {Prose::TheApplicant, {"the applicant", "pareiškėjas", "განმცხადებელი"}},
    {Prose::KeptAway, {"sees no more than the title where there is a conflict of interest ({list})", "mato tik pavadinimą, kai yra interesų konfliktas ({list})", "მხოლოდ სათაურს ხედავს ინტერესთა კონფლიქტისას ({list})"}},
    {Prose::TranslatedBy, {"A translation may be put beside an answer by: {list}.", "Vertimą greta atsakymo gali pateikti: {list}.", "პასუხის გვერდით თარგმანი შეუძლია დაურთოს: {list}."}},
    {Prose::WrittenDown, {"May be written down, any number of times: {label} ({who}). Noted each time:", "Galima įrašyti bet kiek kartų: {label} ({who}). Kaskart užrašoma:", "შეიძლება ჩაიწეროს ნებისმიერჯერ: {label} ({who}). ყოველ ჯერზე აღინიშნება:"}},
    {Prose::EntryMinutes, {"{label} counts as minutes of who writes it down.", "{label} skaičiuojama kaip įrašiusiojo minutės.", "{label} ითვლება ჩამწერის წუთებად."}},
    {Prose::EntryAgreed, {"Proposed by one of {list}; it stands when somebody of the other has agreed.", "Siūlo viena pusė iš: {list}; galioja, kai sutinka kita.", "სთავაზობს ერთი მხარე: {list}; ძალაშია, როცა მეორე დათანხმდება."}},
    {Prose::EntryDueOn, {"Its day: {label}.", "Jo diena: {label}.", "მისი დღე: {label}."}},
    {Prose::EntryDueWithin, {"To be closed {time}.", "Užbaigiama {time}.", "იხურება {time}."}},
    {Prose::EntryOverdue, {"When the day has passed and it is still open, told: {list}.", "Jei diena praėjo, o jis dar atviras, pranešama: {list}.", "თუ დღე გავიდა და ისევ ღიაა, ეცნობება: {list}."}},
    {Prose::EntryClosed, {"It stays open until: {label} ({who}).", "Lieka atviras, kol: {label} ({who}).", "რჩება ღია, სანამ: {label} ({who})."}},
    {Prose::EntryTells, {"When it is written down, a letter goes to: {list}.", "Įrašius laiškas siunčiamas: {list}.", "ჩაწერისას წერილი ეგზავნება: {list}."}},
    {Prose::AuthorOnly, {"read only by who wrote it", "mato tik parašęs asmuo", "ხედავს მხოლოდ ავტორი"}},
    {Prose::RoleNeeds, {"should know its: {list}", "turėtų išmanyti: {list}", "უნდა ერკვეოდეს: {list}"}},
    {Prose::ReportBy, {"{label} ({who}): {every}, {times}.", "{label} ({who}): {every}, {times}.", "{label} ({who}): {every}, {times}."}},
    {Prose::ReportPlain, {"{label}: {every}, {times}.", "{label}: {every}, {times}.", "{label}: {every}, {times}."}},
    {Prose::Times, {"{count} in all", "iš viso {count}", "სულ {count}"}},
    {Prose::ForEver, {"without end", "be pabaigos", "დაუსრულებლად"}},
    {Prose::OpensBefore, {"It may be written from {time} its day.", "Pildyti galima {time} iki jos dienos.", "შევსება შეიძლება მის დღემდე {time}."}},
    {Prose::GraceOf, {"It is overdue {time} its day.", "Vėluojančia laikoma {time} po jos dienos.", "ვადაგადაცილებულია მისი დღიდან {time}."}},
    {Prose::WhenOverdue, {"When it is overdue, this is told to: {list}.", "Jei vėluoja, pranešama: {list}.", "ვადაგადაცილებისას ეცნობება: {list}."}},
    {Prose::FormAsked, {"Asked in it ({label}):", "Klausiama ({label}):", "კითხვები ({label}):"}},
    {Prose::LetterGoesTo, {"To: {who}, {when}.", "Gauna: {who}, {when}.", "იღებს: {who}, {when}."}},
    {Prose::LetterNever, {"No move sends it.", "Jo nesiunčia joks veiksmas.", "მას არცერთი მოქმედება არ აგზავნის."}},
    {Prose::AfterMove, {"after {move} ({place})", "po veiksmo {move} ({place})", "მოქმედების შემდეგ: {move} ({place})"}},
    {Prose::OnTheDay, {"on the day", "tą dieną", "იმავე დღეს"}},
    {Prose::BraceRank, {"number in line", "vieta eilėje", "ნომერი რიგში"}},
    {Prose::BraceReason, {"reason", "priežastis", "მიზეზი"}},
    {Prose::BracePerson, {"name", "vardas", "სახელი"}},
    {Prose::IfSet, {"{value}, if it is set; otherwise {other}", "{value}, jei nustatyta; kitaip {other}", "{value}, თუ დადგენილია; სხვა შემთხვევაში {other}"}},
    {Prose::Otherwise, {"{value}, if {condition}; otherwise {other}", "{value}, jei {condition}; kitaip {other}", "{value}, თუ {condition}; სხვა შემთხვევაში {other}"}},
    {Prose::IfSo, {"if {condition}, then {value}; otherwise {other}", "jei {condition}, tai {value}; kitaip {other}", "თუ {condition}, მაშინ {value}; სხვა შემთხვევაში {other}"}},
    {Prose::FilledIn, {"{label} is filled in", "{label} – užpildyta", "{label} შევსებულია"}},
    {Prose::NotFilledIn, {"{label} is not filled in", "{label} – neužpildyta", "{label} შევსებული არ არის"}},
    {Prose::Is, {"{label}: {value}", "{label}: {value}", "{label}: {value}"}},
    {Prose::IsNot, {"{label}: not {value}", "{label}: ne {value}", "{label}: არა {value}"}},
    {Prose::IsAtLeast, {"{label}: at least {value}", "{label}: bent {value}", "{label}: სულ მცირე {value}"}},
    {Prose::IsAtMost, {"{label}: at most {value}", "{label}: ne daugiau kaip {value}", "{label}: არაუმეტეს {value}"}},
    {Prose::IsMore, {"{label}: more than {value}", "{label}: daugiau kaip {value}", "{label}: მეტი, ვიდრე {value}"}},
    {Prose::IsLess, {"{label}: less than {value}", "{label}: mažiau kaip {value}", "{label}: ნაკლები, ვიდრე {value}"}},
    {Prose::NotAfterDate, {"{label}: not after {value}", "{label}: ne vėliau kaip {value}", "{label}: არა უგვიანეს {value}"}},
    {Prose::BeforeDate, {"{label}: before {value}", "{label}: anksčiau kaip {value}", "{label}: უფრო ადრე, ვიდრე {value}"}},
    {Prose::FromDate, {"{label}: not before {value}", "{label}: ne anksčiau kaip {value}", "{label}: არა უადრეს {value}"}},
    {Prose::AfterDate, {"{label}: after {value}", "{label}: vėliau kaip {value}", "{label}: უფრო გვიან, ვიდრე {value}"}},
    {Prose::PeriodAgo, {"{label}: at least {time} ago", "{label}: praėjo bent {time}", "{label}: გასულია სულ მცირე {time}"}},
    {Prose::PeriodShort, {"{label}: less than {time} ago", "{label}: praėjo mažiau kaip {time}", "{label}: გასულია ნაკლები, ვიდრე {time}"}},
    {Prose::UntilMoment, {"not after {value}", "ne vėliau kaip {value}", "არა უგვიანეს {value}"}},
    {Prose::BeforeMoment, {"before {value}", "anksčiau kaip {value}", "უფრო ადრე, ვიდრე {value}"}},
    {Prose::FromMoment, {"not before {value}", "ne anksčiau kaip {value}", "არა უადრეს {value}"}},
    {Prose::AfterMoment, {"after {value}", "vėliau kaip {value}", "უფრო გვიან, ვიდრე {value}"}},
    {Prose::OneOf, {"{label}: one of {list}", "{label}: vienas iš šių: {list}", "{label}: ერთ-ერთი: {list}"}},
    {Prose::NoneOf, {"{label}: none of {list}", "{label}: nė vienas iš šių: {list}", "{label}: არცერთი: {list}"}},
    {Prose::Includes, {"{label}: {value} among them", "{label}: tarp jų {value}", "{label}: მათ შორის {value}"}},
    {Prose::IncludesNot, {"{label}: {value} not among them", "{label}: tarp jų nėra: {value}", "{label}: მათ შორის არ არის {value}"}},
    {Prose::EachOf, {"each of {list} has {condition}", "kiekvienas ({list}) turi {condition}", "თითოეულს ({list}) აქვს {condition}"}},
    {Prose::SomeOf, {"at least one of {list} has {condition}", "bent vienas ({list}) turi {condition}", "ერთს მაინც ({list}) აქვს {condition}"}},
    {Prose::OneExactlyOf, {"exactly one of {list} has {condition}", "lygiai vienas ({list}) turi {condition}", "ზუსტად ერთს ({list}) აქვს {condition}"}},
    {Prose::PlacesHead, {"Places, and what must be ready:", "Vietos ir kas turi būti parengta:", "ადგილები და რა უნდა იყოს მზად:"}},
    {Prose::Where, {"{list} with {condition}", "{list} ({condition})", "{list} ({condition})"}},
    {Prose::Yes, {"yes", "taip", "დიახ"}},
    {Prose::No, {"no", "ne", "არა"}},
    {Prose::Now, {"now", "dabar", "ახლა"}},
    {Prose::ReviewScore, {"score of the assessment", "vertinimo balas", "შეფასების ქულა"}},
    {Prose::ReviewCount, {"finished assessments", "baigti vertinimai", "დასრულებული შეფასებები"}},
    {Prose::ReviewAgreement, {"agreement of the assessors", "vertintojų sutarimas", "შემფასებელთა თანხმობა"}},
    {Prose::ReviewReaders, {"assessors it was given to", "paskirti vertintojai", "დანიშნული შემფასებლები"}},
    {Prose::ReviewMissing, {"scores still missing", "trūkstami įvertinimai", "დარჩენილი შეფასებები"}},
    {Prose::TaskDay, {"its day", "jos diena", "მისი დღე"}},
    {Prose::TaskNumber, {"its number", "jos numeris", "მისი ნომერი"}},
    {Prose::FactEnd, {"{label}, end", "{label}, pabaiga", "{label}, დასასრული"}},
    {Prose::ShareOf, {"{share} of {label}", "{share}, skaičiuojant nuo {label}", "{share}, გამოთვლილი აქედან: {label}"}},
    {Prose::And, {"and", "ir", "და"}},
    {Prose::Or, {"or", "arba", "ან"}},
    {Prose::Always, {"always", "visada", "ყოველთვის"}},
    {Prose::Never, {"never", "niekada", "არასოდეს"}},
    {Prose::Quoted, {"“{text}”", "„{text}“", "„{text}“"}},
});

constexpr bool each_once() {
  std::array<bool, static_cast<std::size_t>(Prose::count)> seen{};
  for (const Row& row : rows) {
    bool& found = seen.at(static_cast<std::size_t>(row.which));
    if (found) return false;
    found = true;
  }
  return rows.size() == seen.size();
}
static_assert(each_once(), "every phrase has one row");

// --- numbers of things ----------------------------------------------------------------------------------------------

/// Behind 1, 21 …; 2–9, 22–29 …; 0, 10–20, 30 …: Lithuanian nouns differ, and in each the case does.
using Forms = std::array<std::string_view, 3>;

struct NounRow {
  std::array<std::string_view, 2> english;
  Forms lithuanian;
  std::string_view georgian;  // no plural behind a figure
};

constexpr std::array<NounRow, 7> noun_rows{{
    {{"character", "characters"}, {"ženklas", "ženklai", "ženklų"}, "სიმბოლო"},
    {{"place", "places"}, {"vieta", "vietos", "vietų"}, "ადგილი"},
    {{"initiative", "initiatives"}, {"iniciatyva", "iniciatyvos", "iniciatyvų"}, "ინიციატივა"},
    {{"time", "times"}, {"kartas", "kartai", "kartų"}, "ჯერ"},
    {{"application", "applications"}, {"paraiška", "paraiškos", "paraiškų"}, "განაცხადი"},
    {{"row", "rows"}, {"eilutė", "eilutės", "eilučių"}, "სტრიქონი"},
    {{"MB", "MB"}, {"MB", "MB", "MB"}, "მბ"},
}};

std::size_t lithuanian_form(std::int64_t count) {
  const std::int64_t tens = std::abs(count % 100), ones = tens % 10;
  if (ones == 0 || (tens > 10 && tens < 20)) return 2;
  return ones == 1 ? 0 : 1;
}

enum class Unit : std::uint8_t { Year, Month, Day, WorkingDay, Hour, Minute, Second };

struct UnitRow {
  std::array<std::string_view, 2> english;
  Forms plain;   // nominative
  Forms within;  // accusative: per 5 dienas, kas 6 mėnesius
  Forms before;  // dative: likus 7 dienoms
  std::array<std::string_view, 4> georgian;  // nominative, genitive, instrumental, "in": დღე, დღის, დღით, დღეში
};

constexpr std::array<UnitRow, 7> unit_rows{{
    {{"year", "years"}, {"metai", "metai", "metų"}, {"metus", "metus", "metų"}, {"metams", "metams", "metų"}, {"წელი", "წლის", "წლით", "წელიწადში"}},
    {{"month", "months"}, {"mėnuo", "mėnesiai", "mėnesių"}, {"mėnesį", "mėnesius", "mėnesių"}, {"mėnesiui", "mėnesiams", "mėnesių"}, {"თვე", "თვის", "თვით", "თვეში"}},
    {{"day", "days"}, {"diena", "dienos", "dienų"}, {"dieną", "dienas", "dienų"}, {"dienai", "dienoms", "dienų"}, {"დღე", "დღის", "დღით", "დღეში"}},
    {{"working day", "working days"}, {"darbo diena", "darbo dienos", "darbo dienų"}, {"darbo dieną", "darbo dienas", "darbo dienų"}, {"darbo dienai", "darbo dienoms", "darbo dienų"}, {"სამუშაო დღე", "სამუშაო დღის", "სამუშაო დღით", "სამუშაო დღეში"}},
    {{"hour", "hours"}, {"valanda", "valandos", "valandų"}, {"valandą", "valandas", "valandų"}, {"valandai", "valandoms", "valandų"}, {"საათი", "საათის", "საათით", "საათში"}},
    {{"minute", "minutes"}, {"minutė", "minutės", "minučių"}, {"minutę", "minutes", "minučių"}, {"minutei", "minutėms", "minučių"}, {"წუთი", "წუთის", "წუთით", "წუთში"}},
    {{"second", "seconds"}, {"sekundė", "sekundės", "sekundžių"}, {"sekundę", "sekundes", "sekundžių"}, {"sekundei", "sekundėms", "sekundžių"}, {"წამი", "წამის", "წამით", "წამში"}},
}};

struct Amount {
  std::int64_t count = 0;
  Unit unit = Unit::Day;
};

/// Whole years, else months; hours as they were written: 48 hours are not 2 days, which end at 24:00.
std::vector<Amount> amounts(calendar::Period period) {
  if (is_negative(period)) period = negate(period);
  std::vector<Amount> parts;
  const auto add = [&parts](std::int64_t count, Unit unit) {
    if (count != 0) parts.push_back({count, unit});
  };
  const bool years = period.months % 12 == 0;
  add(years ? period.months / 12 : period.months, years ? Unit::Year : Unit::Month);
  add(period.days, Unit::Day);
  add(period.working_days, Unit::WorkingDay);
  const std::int64_t seconds = period.microseconds / calendar::second_us;
  add(seconds / 3'600, Unit::Hour);
  add(seconds / 60 % 60, Unit::Minute);
  add(seconds % 60, Unit::Second);
  if (parts.empty()) parts.push_back({0, Unit::Day});
  return parts;
}

std::string_view form_of(const Amount& amount, Around around, Tongue tongue) {
  const UnitRow& row = unit_rows.at(static_cast<std::size_t>(amount.unit));
  switch (tongue) {
    case Tongue::English: return row.english.at(amount.count == 1 ? 0 : 1);
    case Tongue::Lithuanian: {
      const std::size_t form = lithuanian_form(amount.count);
      if (around == Around::Plain) return row.plain.at(form);
      return (around == Around::Within || around == Around::Every ? row.within : row.before).at(form);
    }
    case Tongue::Georgian: break;
  }
  switch (around) {
    case Around::Plain: return row.georgian[0];
    case Around::Within:
    case Around::After: return row.georgian[1];
    case Around::Before: return row.georgian[2];
    case Around::Every: return row.georgian[3];
  }
  return row.georgian[0];
}

std::string_view frame_of(Around around, Tongue tongue) {
  constexpr std::array<std::array<std::string_view, 3>, 5> frames{{
      {"{time}", "{time}", "{time}"},
      {"within {time}", "per {time}", "{time} განმავლობაში"},
      {"{time} before", "likus {time}", "{time} ადრე"},
      {"{time} after", "praėjus {time}", "{time} შემდეგ"},
      {"every {time}", "kas {time}", "{time} ერთხელ"},
  }};
  return frames.at(static_cast<std::size_t>(around)).at(static_cast<std::size_t>(tongue));
}

}  // namespace

Tongue tongue_of(std::string_view language) {
  if (language == "lt" || language.starts_with("lt-")) return Tongue::Lithuanian;
  return language == "ka" || language.starts_with("ka-") ? Tongue::Georgian : Tongue::English;
}

std::string filled(std::string_view text, std::initializer_list<Filler> fillers) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    made += text.substr(at, open - at);
    if (open == text.size()) break;
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto found = std::find_if(fillers.begin(), fillers.end(), [&](const Filler& filler) { return filler.name == name; });
    KVALI_CHECK(found != fillers.end());
    made += found->text;
    at = close + 1;
  }
  return made;
}

std::string prose(Prose which, Tongue tongue, std::initializer_list<Filler> fillers) {
  const auto row = std::find_if(rows.begin(), rows.end(), [which](const Row& one) { return one.which == which; });
  return filled(row->texts.at(static_cast<std::size_t>(tongue)), fillers);
}

std::string joined(const std::vector<std::string>& parts, Joint joint, Tongue tongue) {
  constexpr std::array<std::array<std::string_view, 3>, 2> words{{{" and ", " ir ", " და "}, {" or ", " arba ", " ან "}}};
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view last = words.at(static_cast<std::size_t>(joint)).at(static_cast<std::size_t>(tongue));
    if (i > 0) out += i + 1 == parts.size() ? last : ", ";
    out += parts[i];
  }
  return out;
}

std::string time_in(const calendar::Period& period, Around around, Tongue tongue) {
  std::string time;
  const std::vector<Amount> parts = amounts(period);
  // "every month", "kas mėnesį", not "every 1 month"; Georgian keeps the figure.
  const bool single = around == Around::Every && parts.size() == 1 && parts[0].count == 1 && tongue != Tongue::Georgian;
  for (const Amount& part : parts) {
    if (!time.empty()) time += ' ';
    if (!single) time += fmt::format("{} ", number_said(part.count, tongue));
    time += form_of(part, around, tongue);
  }
  return filled(frame_of(around, tongue), {{"time", time}});
}

std::string counted(std::int64_t count, Noun noun, Tongue tongue) {
  const NounRow& row = noun_rows.at(static_cast<std::size_t>(noun));
  std::string_view form = row.georgian;
  if (tongue == Tongue::English) form = row.english.at(count == 1 ? 0 : 1);
  if (tongue == Tongue::Lithuanian) form = row.lithuanian.at(lithuanian_form(count));
  return fmt::format("{} {}", number_said(count, tongue), form);
}

std::string number_said(std::int64_t number, Tongue tongue) {
  return expression::written(number, codes.at(static_cast<std::size_t>(tongue)));
}

std::string quoted(std::string_view text, Tongue tongue) { return prose(Prose::Quoted, tongue, {{"text", text}}); }

std::string bringer(v1::InitiativeRules::Bringer who, Tongue tongue) {
  constexpr std::array<std::array<std::string_view, 3>, 7> names{{
      {"", "", ""},
      {"an organisation", "organizacija", "ორგანიზაციამ"},
      {"an informal group", "neformali grupė", "არაფორმალურმა ჯგუფმა"},
      {"a community", "bendruomenė", "თემმა"},
      {"a network", "tinklas", "ქსელმა"},
      {"a person", "asmuo", "პირმა"},
      {"a team", "komanda", "გუნდმა"},
  }};
  const auto at = static_cast<std::size_t>(who);
  return at < names.size() ? std::string(names.at(at).at(static_cast<std::size_t>(tongue))) : std::string{};
}

std::string language_said(std::string_view code, Tongue tongue) {
  struct Named {
    std::string_view code;
    std::array<std::string_view, 3> names;
  };
  constexpr auto named = std::to_array<Named>({
      {"en", {"English", "anglų", "ინგლისური"}},
      {"lt", {"Lithuanian", "lietuvių", "ლიტვური"}},
      {"lv", {"Latvian", "latvių", "ლატვიური"}},
      {"et", {"Estonian", "estų", "ესტონური"}},
      {"ka", {"Georgian", "gruzinų", "ქართული"}},
      {"uk", {"Ukrainian", "ukrainiečių", "უკრაინული"}},
      {"pl", {"Polish", "lenkų", "პოლონური"}},
      {"de", {"German", "vokiečių", "გერმანული"}},
      {"fr", {"French", "prancūzų", "ფრანგული"}},
      {"ru", {"Russian", "rusų", "რუსული"}},
  });
  for (const Named& one : named)
    if (one.code == code) return std::string(one.names.at(static_cast<std::size_t>(tongue)));
  return std::string(code);
}

std::string country_said(std::string_view code, Tongue tongue) {
  struct Named {
    std::string_view code;
    std::array<std::string_view, 3> names;
  };
  constexpr auto named = std::to_array<Named>({
      {"LT", {"Lithuania", "Lietuva", "ლიტვა"}},
      {"LV", {"Latvia", "Latvija", "ლატვია"}},
      {"EE", {"Estonia", "Estija", "ესტონეთი"}},
      {"GE", {"Georgia", "Sakartvelas", "საქართველო"}},
      {"UA", {"Ukraine", "Ukraina", "უკრაინა"}},
      {"PL", {"Poland", "Lenkija", "პოლონეთი"}},
  });
  for (const Named& one : named)
    if (one.code == code) return std::string(one.names.at(static_cast<std::size_t>(tongue)));
  return std::string(code);
}

std::string percent_said(std::int64_t hundredths, Tongue tongue) {
  std::string figure = expression::written(static_cast<double>(hundredths) / 100, codes.at(static_cast<std::size_t>(tongue)));
  return fmt::format("{}{}%", figure, tongue == Tongue::Lithuanian ? "\u00a0" : "");
}

}  // namespace kvali::program
