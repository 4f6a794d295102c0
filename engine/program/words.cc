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
constexpr std::array<Row, 11> rows{{
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
}};

const char* in_language(const Row& row, std::string_view language) {
  if (language == "lt") return row.lt;
  if (language == "lv") return row.lv;
  if (language == "ka") return row.ka;
  if (language == "uk") return row.uk;
  return row.en;
}

}  // namespace

v1::Text word(Word which, const v1::Program& program) {
  v1::Text text;
  for (const std::string& language : program.languages()) {
    v1::Translation* translation = text.add_translations();
    translation->set_language(language);
    translation->set_text(in_language(rows.at(static_cast<std::size_t>(which)), language));
  }
  return text;
}

}  // namespace kvali::program
