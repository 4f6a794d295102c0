#include "engine/program/words.h"

#include <array>
#include <string_view>

namespace kvali::program {

namespace {

struct Row {
  const char* en;
  const char* lt;
  const char* lv;
  const char* ka;
  const char* uk;
};

// In the order of Word.
constexpr std::array<Row, 30> rows{{
    {"Waiting for the start", "Laukia pradžios", "Gaida sākumu", "ელოდება დაწყებას", "Очікує початку"},
    {"Under way", "Vyksta", "Norisinās", "მიმდინარეობს", "Триває"},
    {"Reports", "Ataskaitos", "Pārskati", "ანგარიშები", "Звіти"},
    {"Awaited", "Laukiama", "Gaidāms", "მოსალოდნელია", "Очікується"},
    {"Overdue", "Vėluoja", "Kavējas", "ვადაგადაცილებულია", "Прострочено"},
    {"Received", "Gauta", "Saņemts", "მიღებულია", "Отримано"},
    {"Hand in", "Pateikti", "Iesniegt", "ჩაბარება", "Подати"},
    {"Recorded", "Įrašyta", "Reģistrēts", "ჩაწერილია", "Записано"},
    {"Reviewed", "Įvertinta", "Izvērtēts", "შეფასებულია", "Оцінено"},
    {"Assessment", "Vertinimas", "Vērtējums", "შეფასება", "Оцінювання"},
    {"Deadline passed", "Terminas praėjo", "Termiņš pagājis", "ვადა გავიდა", "Термін минув"},
    {"Agreed", "Sutinka", "Piekrīt", "თანახმაა", "Погоджено"},
    {"All have agreed", "Visi sutiko", "Visi piekrituši", "ყველა დათანხმდა", "Усі погодили"},
    {"Taken back", "Atšaukta", "Atsaukts", "გაუქმებულია", "Відкликано"},
    {"No longer valid", "Nebegalioja", "Vairs nav spēkā", "ძალა დაკარგა", "Втратило чинність"},
    {"Take back", "Atšaukti", "Atsaukt", "გაუქმება", "Відкликати"},
    {"Vote", "Balsavimas", "Balsojums", "კენჭისყრა", "Голосування"},
    {"Carried", "Nutarta už", "Pieņemts", "მიღებულია", "Ухвалено"},
    {"Not carried", "Nepriimta", "Noraidīts", "არ მიიღეს", "Не ухвалено"},
    {"Proposed", "Pasiūlyta", "Ierosināts", "შეთავაზებულია", "Запропоновано"},
    {"Agree", "Sutikti", "Piekrist", "დათანხმება", "Погодитися"},
    {"Open", "Galioja", "Atvērts", "ღიაა", "Відкрито"},
    {"from anywhere", "iš bet kurios būsenos", "no jebkura stāvokļa", "ნებისმიერი მდგომარეობიდან", "з будь-якого стану"},
    {"All done", "Viskas atlikta", "Viss paveikts", "ყველაფერი შესრულდა", "Усе виконано"},
    {"All reports received", "Gautos visos ataskaitos", "Saņemti visi pārskati", "ყველა ანგარიში მიღებულია", "Усі звіти отримано"},
    {"success", "sėkmė", "panākumi", "წარმატება", "успіх"},
    {"refused", "atsisakyta", "atteikts", "უარყოფილია", "відмовлено"},
    {"withdrawn", "pasitraukta", "atsaukts", "გამოთხოვილია", "відкликано"},
    {"lapsed", "terminas praleistas", "termiņš nokavēts", "ვადა გაუვიდა", "термін пропущено"},
    {"terminated", "nutraukta", "pārtraukts", "შეწყვეტილია", "припинено"},
}};

const char* in_language(const Row& row, std::string_view language) {
  if (language == "lt") return row.lt;
  if (language == "lv") return row.lv;
  if (language == "ka") return row.ka;
  if (language == "uk") return row.uk;
  return row.en;
}

}  // namespace

std::string word_in(Word which, std::string_view language) {
  return in_language(rows.at(static_cast<std::size_t>(which)), language);
}

v1::Text word(Word which, const v1::Program& program) {
  v1::Text text;
  for (const std::string& language : program.languages()) {
    v1::Translation* translation = text.add_translations();
    translation->set_language(language);
    translation->set_text(word_in(which, language));
  }
  return text;
}

}  // namespace kvali::program
