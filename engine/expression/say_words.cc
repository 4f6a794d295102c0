// To be read by native speakers. Lithuanian: "sueina" for a period that becomes complete, "ta diena" for a date that was
// or was not reached, "tinka" for elements that pass a filter, "bent" beside amounts, "iš viso" behind what is summed.
// Georgian: everything; above all "სულ მცირე", "სულ" behind what is summed, "არაუმეტეს" without its genitive, the cases of the months, and the hyphen before endings of figures.
#include "engine/expression/say_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/result.h"

namespace kvali::expression {

namespace {

struct Row {
  Phrase phrase;
  std::array<std::string_view, 3> texts;  // by Language
};

constexpr auto rows = std::to_array<Row>({
    {Phrase::AtLeast,
     {"{label}: {value}, at least {need} {are} needed", "{label}: {value}, reikia bent {need}",
      "{label}: {value}, საჭიროა სულ მცირე {need}"}},
    {Phrase::MoreThan,
     {"{label}: {value}, more than {need} {are} needed", "{label}: {value}, reikia daugiau kaip {need}",
      "{label}: {value}, საჭიროა {need}-ზე მეტი"}},
    {Phrase::AtMost,
     {"{label}: {value}, at most {need} {are} allowed", "{label}: {value}, leidžiama ne daugiau kaip {need}",
      "{label}: {value}, დასაშვებია არაუმეტეს {need}"}},
    {Phrase::LessThan,
     {"{label}: {value}, less than {need} {are} allowed", "{label}: {value}, leidžiama tik mažiau kaip {need}",
      "{label}: {value}, დასაშვებია მხოლოდ {need}-ზე ნაკლები"}},
    {Phrase::Equal,
     {"{label}: {value}; needed: {need}", "{label}: {value}; reikia: {need}", "{label}: {value}; საჭიროა: {need}"}},
    {Phrase::Different,
     {"{label}: {value}; it must be something else", "{label}: {value}; turi būti kas nors kita",
      "{label}: {value}; სხვა რამ უნდა იყოს"}},
    {Phrase::NotBefore,
     {"{label}: {value}; it must not be before {need}", "{label}: {value}; turi būti ne anksčiau kaip {need}",
      "{label}: {value}; უნდა იყოს არა უადრეს: {need}"}},
    {Phrase::After,
     {"{label}: {value}; it must be after {need}", "{label}: {value}; turi būti vėliau kaip {need}",
      "{label}: {value}; უნდა იყოს უფრო გვიან, ვიდრე {need}"}},
    {Phrase::NotAfter,
     {"{label}: {value}; it must not be after {need}", "{label}: {value}; turi būti ne vėliau kaip {need}",
      "{label}: {value}; უნდა იყოს არა უგვიანეს: {need}"}},
    {Phrase::Before,
     {"{label}: {value}; it must be before {need}", "{label}: {value}; turi būti anksčiau kaip {need}",
      "{label}: {value}; უნდა იყოს უფრო ადრე, ვიდრე {need}"}},
    {Phrase::Alike,
     {"{label}: {value}; {other}: {need}; they must be the same", "{label}: {value}; {other}: {need}; turi sutapti",
      "{label}: {value}; {other}: {need}; უნდა ემთხვეოდეს"}},
    {Phrase::Unlike,
     {"{label}: {value}; {other}: {need}; they must differ", "{label}: {value}; {other}: {need}; turi skirtis",
      "{label}: {value}; {other}: {need}; უნდა განსხვავდებოდეს"}},
    {Phrase::ShareOf,
     {": {percent} of {whole} ({other})", ": {percent} nuo {whole} ({other})", ": {whole}-ის {percent} ({other})"}},
    {Phrase::Beside, {" ({other})", " ({other})", " ({other})"}},
    {Phrase::Missing, {"{label}: not filled in yet", "{label}: dar neužpildyta", "{label}: ჯერ არ არის შევსებული"}},
    {Phrase::Present,
     {"{label}: filled in, it must be empty", "{label}: užpildyta, turi likti tuščia",
      "{label}: შევსებულია, ცარიელი უნდა იყოს"}},
    {Phrase::MissingValue, {"not filled in yet", "dar neužpildyta", "ჯერ არ არის შევსებული"}},
    {Phrase::OneOf,
     {"{label}: {value}; needed: one of {list}", "{label}: {value}; reikia vieno iš šių: {list}",
      "{label}: {value}; საჭიროა ერთ-ერთი: {list}"}},
    {Phrase::NoneOf,
     {"{label}: {value}; it must be none of {list}", "{label}: {value}; negali būti nė vienas iš šių: {list}",
      "{label}: {value}; არ უნდა იყოს არცერთი: {list}"}},
    {Phrase::Lacks,
     {"{label}: {value}; missing: {need}", "{label}: {value}; trūksta: {need}", "{label}: {value}; აკლია: {need}"}},
    {Phrase::MustLack,
     {"{label}: {value}; not allowed: {need}", "{label}: {value}; neleidžiama: {need}",
      "{label}: {value}; დაუშვებელია: {need}"}},
    {Phrase::Contains,
     {"{label}: {value}; it must contain {need}", "{label}: {value}; jame turi būti {need}",
      "{label}: {value}; უნდა შეიცავდეს: {need}"}},
    {Phrase::StartsWith,
     {"{label}: {value}; it must begin with {need}", "{label}: {value}; turi prasidėti {need}",
      "{label}: {value}; უნდა იწყებოდეს ასე: {need}"}},
    {Phrase::EndsWith,
     {"{label}: {value}; it must end with {need}", "{label}: {value}; turi baigtis {need}",
      "{label}: {value}; უნდა მთავრდებოდეს ასე: {need}"}},
    {Phrase::Matches,
     {"{label}: {value}; it must have the form {need}", "{label}: {value}; turi atitikti pavidalą {need}",
      "{label}: {value}; უნდა შეესაბამებოდეს ნიმუშს: {need}"}},
    {Phrase::NotContains,
     {"{label}: {value}; it must not contain {need}", "{label}: {value}; jame negali būti {need}",
      "{label}: {value}; არ უნდა შეიცავდეს: {need}"}},
    {Phrase::NotStartsWith,
     {"{label}: {value}; it must not begin with {need}", "{label}: {value}; negali prasidėti {need}",
      "{label}: {value}; არ უნდა იწყებოდეს ასე: {need}"}},
    {Phrase::NotEndsWith,
     {"{label}: {value}; it must not end with {need}", "{label}: {value}; negali baigtis {need}",
      "{label}: {value}; არ უნდა მთავრდებოდეს ასე: {need}"}},
    {Phrase::NotMatches,
     {"{label}: {value}; it must not have the form {need}", "{label}: {value}; negali atitikti pavidalo {need}",
      "{label}: {value}; არ უნდა შეესაბამებოდეს ნიმუშს: {need}"}},
    {Phrase::NotYet,
     {"{label}: {value}; that day has not come yet", "{label}: {value}; ta diena dar neatėjo",
      "{label}: {value}; ეს დღე ჯერ არ დამდგარა"}},
    {Phrase::NotOver,
     {"{label}: {value}; that day is not over yet", "{label}: {value}; ta diena dar nesibaigė",
      "{label}: {value}; ეს დღე ჯერ არ დასრულებულა"}},
    {Phrase::NotYetTime,
     {"{label}: {value}; that time has not come yet", "{label}: {value}; tas laikas dar neatėjo",
      "{label}: {value}; ეს დრო ჯერ არ დამდგარა"}},
    {Phrase::Passed,
     {"{label}: {value}; that day has passed", "{label}: {value}; ta diena jau praėjo",
      "{label}: {value}; ეს დღე უკვე გავიდა"}},
    {Phrase::PassedTime,
     {"{label}: {value}; that time has passed", "{label}: {value}; tas laikas jau praėjo",
      "{label}: {value}; ეს დრო უკვე გავიდა"}},
    {Phrase::From, {"This is possible from {date}", "Tai galima nuo {date}", "ეს შესაძლებელია {date}"}},
    {Phrase::Until, {"This was possible until {date}", "Tai buvo galima iki {date}", "ეს შესაძლებელი იყო {date}"}},
    {Phrase::LabelledFrom,
     {"{label}: {value}; this is possible from {date}", "{label}: {value}; tai galima nuo {date}",
      "{label}: {value}; ეს შესაძლებელია {date}"}},
    {Phrase::Complete,
     {"{label}: {value}; {period} {are} complete on {date}", "{label}: {value}; {period} sueina {date}",
      "{label}: {value}; {period} სრულდება {date}"}},
    {Phrase::SinceThen,
     {"{label}: {value}; {period} {have} passed since then", "{label}: {value}; nuo tada jau praėjo {period}",
      "{label}: {value}; მას შემდეგ უკვე გავიდა {period}"}},
    {Phrase::LessLeft,
     {"{label}: {value}; less than {than} {are} left", "{label}: {value}; liko mažiau kaip {than}",
      "{label}: {value}; დარჩენილია {than} ნაკლები"}},
    {Phrase::Fits, {"{count} of {size} {count_counts}", "tinka {count} iš {size}", "{size}-დან ითვლება {count}"}},
    {Phrase::NoneFits,
     {"{label}: none of {size} is as needed", "{label}: netinka nė vienas iš {size}",
      "{label}: {size}-დან არცერთი არ შეესაბამება"}},
    {Phrase::ExactlyOne,
     {"{label}: exactly one is needed that fits, now {count}", "{label}: turi tikti lygiai vienas, dabar tinka {count}",
      "{label}: უნდა შეესაბამებოდეს ზუსტად ერთი, ახლა შეესაბამება {count}"}},
    {Phrase::MustNotBeOne,
     {"{label}: exactly one fits, which is not allowed", "{label}: tinka lygiai vienas, o tai neleidžiama",
      "{label}: შეესაბამება ზუსტად ერთი, რაც დაუშვებელია"}},
    {Phrase::Numbered, {"{label} no. {count}", "{label} Nr. {count}", "{label} №{count}"}},
    {Phrase::InAll, {"{label}, in all", "{label}, iš viso", "{label}, სულ"}},
    {Phrase::More, {"And {count} more", "Ir dar {count}", "და კიდევ {count}"}},
    {Phrase::EnoughOne, {"One of these is enough:", "Pakanka vieno iš šių dalykų:", "საკმარისია ერთ-ერთი:"}},
    {Phrase::Plain, {"{label}: {value}", "{label}: {value}", "{label}: {value}"}},
    {Phrase::Unfit,
     {"{label}: {value}; this is not as needed", "{label}: {value}; tai netinka",
      "{label}: {value}; ეს არ შეესაბამება მოთხოვნას"}},
    {Phrase::Unmet, {"Not met: {source}", "Netenkinama: {source}", "არ სრულდება: {source}"}},
    {Phrase::Never, {"This is never possible", "To niekada negalima", "ეს არასოდეს არის შესაძლებელი"}},
    {Phrase::Failed,
     {"This cannot be worked out (line {line}, column {column}): {cause}",
      "To negalima apskaičiuoti ({line} eilutė, {column} ženklas): {cause}",
      "ეს ვერ გამოითვლება (სტრიქონი {line}, სვეტი {column}): {cause}"}},
    {Phrase::WillHold,
     {"Will hold from {date} if nothing else changes", "Sąlyga bus tenkinama nuo {date}, jei niekas kitas nepasikeis",
      "პირობა შესრულდება {date}, თუ სხვა არაფერი შეიცვლება"}},
});
static_assert(rows.size() == static_cast<std::size_t>(Phrase::count_of_phrases));

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].phrase) != i) return false;
  return true;
}
static_assert(in_order(), "phrases are found by their place");

/// What the evaluator says begins so; the words behind it are names and figures and stay as they are.
struct Cause {
  std::string_view begins;
  std::array<std::string_view, 3> texts;
};
constexpr auto causes = std::to_array<Cause>({
    {"division by zero", {"division by zero", "dalyba iš nulio", "ნულზე გაყოფა"}},
    {"modulus by zero", {"division by zero", "dalyba iš nulio", "ნულზე გაყოფა"}},
    {"there is no \"", {"", "tokio vardo čia nėra", "ასეთი სახელი აქ არ არის"}},
    {"no such key", {"", "tokio lauko nėra", "ასეთი ველი არ არის"}},
    {"no such overload", {"", "tokių reikšmių palyginti ar sujungti negalima", "ასეთი მნიშვნელობების შედარება ან შეერთება შეუძლებელია"}},
    {"index ", {"", "sąraše tokio nario nėra", "სიაში ასეთი ელემენტი არ არის"}},
    {"this takes more than", {"", "tai per ilgas skaičiavimas", "ეს ძალიან ხანგრძლივი გამოთვლაა"}},
    {"a personal value may be asked", {"", "asmens duomenų galima klausti tik has() ir size()", "პირად მონაცემს მხოლოდ has() და size() ეკითხება"}},
    {"this is no yes or no", {"", "tai nėra nei taip, nei ne", "ეს არც დიახ არის და არც არა"}},
});

}  // namespace

Language language_of(std::string_view code) {
  if (code.starts_with("lt")) return Language::Lithuanian;
  return code.starts_with("ka") ? Language::Georgian : Language::English;
}

std::string_view words(Phrase phrase, Language language) {
  return rows.at(static_cast<std::size_t>(phrase)).texts.at(static_cast<std::size_t>(language));
}

std::string filled(Phrase phrase, Language language, std::initializer_list<Mark> marks) {
  const std::string_view text = words(phrase, language);
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    made += text.substr(at, open - at);
    if (open == text.size()) break;
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto found = std::find_if(marks.begin(), marks.end(), [&](const Mark& mark) { return mark.name == name; });
    KVALI_CHECK(found != marks.end());
    made += found->text;
    at = close + 1;
  }
  return made;
}

std::string cause_in(std::string_view cause, Language language) {
  for (const Cause& known : causes) {
    const std::string_view text = known.texts.at(static_cast<std::size_t>(language));
    if (cause.starts_with(known.begins)) return std::string(text.empty() ? cause : text);
  }
  return std::string(cause);
}

}  // namespace kvali::expression
