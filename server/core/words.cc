#include "server/core/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/calendar/calendar.h"
#include "engine/cohort/facts.h"
#include "engine/cohort/refusal.h"
#include "engine/cohort/zone_table.h"
#include "engine/expression/say.h"
#include "server/core/seal.h"

namespace kvali::core {
namespace {

constexpr const char* nothing = "–";

const char* yes_or_no(bool yes, const std::string& language) {
  if (language == "lt") return yes ? "taip" : "ne";
  if (language == "ka") return yes ? "დიახ" : "არა";
  return yes ? "yes" : "no";
}

std::string label_of(const v1::Field& field, const std::string& name, const std::string& language) {
  const auto choice = std::find_if(field.choices().begin(), field.choices().end(), [&](const v1::Choice& one) { return one.name() == name; });
  if (choice == field.choices().end()) return name;
  const std::string label = cohort::in_language(choice->label(), language);
  return label.empty() ? name : label;
}

/// A date as exactly as it is known.
std::string written_date(const v1::Date& date, const std::string& language) {
  if (date.day() != 0) return expression::written(cohort::date_of(date), language);
  return date.month() != 0 ? fmt::format("{}-{:02}", date.year(), date.month()) : std::to_string(date.year());
}

std::string words_of_text(const Store& store, const cohort::Cohort& cohort, const v1::Field& field, const std::string& text, const std::string& language,
                          const vault::Vault& vault) {
  switch (field.type()) {
    case v1::Field::CHOICE:
    case v1::Field::CHOICES: return label_of(field, text, language);
    case v1::Field::LOCALITY: {
      const v1::LocalityEntry* locality = cohort.locality(text);
      return locality ? locality->name() : text;
    }
    case v1::Field::ORGANISATION: {
      const directory::Organisation* organisation = store.directory.organisation(text);
      return organisation ? organisation->name : text;
    }
    case v1::Field::PERSON: {
      const directory::Person* person = store.directory.person(text);
      return person ? open(person->name, vault) : text;
    }
    default: return text;
  }
}

}  // namespace

std::string words_of(const Store& store, const cohort::Cohort& cohort, const v1::Field& field, const v1::Value* value, const std::string& language,
                     const vault::Vault& vault) {
  if (!value) return nothing;
  const v1::Value clear = opened(*value, vault);
  switch (clear.kind_case()) {
    case v1::Value::kText: return words_of_text(store, cohort, field, clear.text(), language, vault);
    case v1::Value::kNumber: return expression::written(static_cast<std::int64_t>(clear.number()), language);
    case v1::Value::kDecimal: return expression::written(clear.decimal(), language);
    case v1::Value::kFlag: return yes_or_no(clear.flag(), language);
    case v1::Value::kDate: return written_date(clear.date(), language);
    case v1::Value::kInstantUs: return expression::written_instant(clear.instant_us(), cohort.zone, language);
    case v1::Value::kMoney: return expression::written_money(clear.money().minor_units(), clear.money().currency(), language);
    case v1::Value::kFile: return clear.file().plain_name();
    case v1::Value::kList: {
      std::string all;
      for (const v1::Value& one : clear.list().values()) all += (all.empty() ? "" : ", ") + words_of(store, cohort, field, &one, language, vault);
      return all.empty() ? nothing : all;
    }
    case v1::Value::kTable: {  // rows by semicolons, what each of them says by commas
      std::string all;
      for (const v1::Table::Row& row : clear.table().rows()) {
        std::string line;
        for (const v1::Field& column : field.fields())
          for (const v1::NamedValue& one : row.values())
            if (one.name() == column.name()) line += (line.empty() ? "" : ", ") + words_of(store, cohort, column, &one.value(), language, vault);
        all += (all.empty() ? "" : "; ") + line;
      }
      return all.empty() ? nothing : all;
    }
    default: return nothing;
  }
}

std::optional<std::string> word_of(const Store& store, const cohort::Cohort& cohort, const cohort::Initiative& initiative, const cohort::Viewer& reader,
                                   const std::string& name, const std::string& language, const vault::Vault& vault) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::string of = name.substr(0, dot), what = name.substr(dot + 1);
  if (of == "cohort") {
    const std::string brace = "{" + name + "}", known = cohort::Facts(cohort, &initiative, nullptr, reader.now).fill(brace);
    return known == brace ? std::nullopt : std::optional(known);
  }
  if (of != "initiative" && of != initiative.kind()) return std::nullopt;
  if (what == "title") return title_of(cohort, initiative, vault);
  const v1::Field* field = initiative.model->field(what);
  if (!field) return std::nullopt;
  const bool sees = cohort::may_field(cohort, store.world(), reader, cohort::Action::SeeField, initiative, *field);
  return words_of(store, cohort, *field, sees ? initiative.field(what) : nullptr, language, vault);
}

std::string filled(const std::string& text, const std::function<std::optional<std::string>(const std::string& name)>& known) {
  std::string all;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = text.find('{', at), close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) return all + text.substr(at);
    all += text.substr(at, open - at);
    const auto word = known(text.substr(open + 1, close - open - 1));
    all += word ? *word : text.substr(open, close - open + 1);
    at = close + 1;
  }
}

}  // namespace kvali::core
