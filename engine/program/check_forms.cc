// Tables, files and the parts of a form: what fits together and what does not.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/limits.h"
#include "engine/program/check.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

/// What is said of a whole table, not in its rows.
void check_in_row(const Checking& checking, const std::string& path, const v1::Field& table, const v1::Field& field) {
  if (field.type() == v1::Field::TABLE) {
    checking.tell(path + ".type", "table-in-table", fmt::format("the rows of `{}` hold no table, as `{}` would be one", table.name(), field.name()));
  }
  const auto keys = std::to_array<std::pair<const char*, bool>>({{"seen_by", !field.seen_by().empty()},
                                                                 {"written_by", !field.written_by().empty()},
                                                                 {"shown_when", !field.shown_when().empty()},
                                                                 {"computed", !field.computed().empty()},
                                                                 {"baseline", field.baseline()},
                                                                 {"of", !field.of().empty()},
                                                                 {"author_only", field.author_only()}});
  for (const auto& [key, said] : keys) {
    if (!said) continue;
    checking.tell(fmt::format("{}.{}", path, key), "not-in-rows",
                  fmt::format("`{}` is said of a whole field, and `{}` stands in the rows of `{}`", key, field.name(), table.name()));
  }
}

void check_table(const Checking& checking, const std::string& path, const v1::Field& table) {
  if (table.fields().empty() && !checking.written(path + ".fields")) {
    checking.tell(path, "no-rows", fmt::format("`{}` is a table and needs `fields`: what each of its rows says", table.name()));
  }
  if (table.fields_size() > limits::table_fields_max) {
    checking.tell(path + ".fields", "wide-table",
                  fmt::format("the rows of `{}` say {} things; a table has at most {}", table.name(), table.fields_size(), limits::table_fields_max));
  }
  for (const auto& [key, rows] : {std::pair("at_least", table.at_least()), std::pair("at_most", table.at_most())}) {
    if (rows > limits::table_rows_max)
      checking.tell(fmt::format("{}.{}", path, key), "long-table",
                    fmt::format("`{}` would have {} rows; a table has at most {}", table.name(), rows, limits::table_rows_max));
    if (rows < 0) checking.tell(fmt::format("{}.{}", path, key), "bounds", fmt::format("`{}` cannot have {} rows", table.name(), rows));
  }
  if (table.personal()) {
    checking.tell(path + ".personal", "personal-table",
                  fmt::format("say `personal` of what is personal in the rows of `{}`, not of the table", table.name()));
  }
  for (const v1::Field& field : table.fields()) check_in_row(checking, join_path(join_path(path, "fields"), field.name()), table, field);
}

/// "pdf" of ".PDF"; what is no ending at all as it stands.
std::string as_ending(std::string text) {
  text.erase(0, text.find_first_not_of('.'));
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

bool is_ending(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

void check_file(const Checking& checking, const std::string& path, const v1::Field& file) {
  for (int i = 0; i < file.accepts_size(); ++i) {
    if (is_ending(file.accepts(i))) continue;
    const std::string meant = as_ending(file.accepts(i));
    checking.tell(fmt::format("{}.accepts.{}", path, i + 1), "ending",
                  fmt::format("`{}` is not how a file's ending is written: small letters and figures, such as `pdf`", file.accepts(i)),
                  is_ending(meant) ? meant : "");
  }
  if (file.at_most() > limits::file_megabytes_max) {
    checking.tell(path + ".at_most", "large-file",
                  fmt::format("`{}` would take {} MB; a file has at most {}", file.name(), file.at_most(), limits::file_megabytes_max));
  }
  if (file.at_most() < 0) checking.tell(path + ".at_most", "bounds", fmt::format("`{}` cannot have {} MB", file.name(), file.at_most()));
}

}  // namespace

void check_form_field(const Checking& checking, const std::string& path, const v1::Field& field) {
  const bool table = field.type() == v1::Field::TABLE;
  if (table) check_table(checking, path, field);
  if (!table && checking.written(path + ".fields")) {
    checking.tell(path + ".fields", "key-of-other-type", fmt::format("`fields` are the rows of a table, and `{}` is none", field.name()));
  }
  if (field.type() == v1::Field::FILE) check_file(checking, path, field);
}

void check_sections(const Checking& checking) {
  const v1::InitiativeRules& rules = checking.program.initiative();
  std::vector<std::string> known;
  for (const v1::Field& field : rules.fields()) known.push_back(field.name());
  std::map<std::string, const v1::Section*> taken;
  for (const v1::Section& section : rules.sections()) {
    for (int i = 0; i < section.fields_size(); ++i) {
      const std::string path = fmt::format("initiative.sections.{}.fields.{}", section.name(), i + 1);
      const std::string& name = section.fields(i);
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        checking.tell(path, "unknown-field", fmt::format("no field `{}`", name), checking.faults.full() ? "" : nearest(name, known));
        continue;
      }
      const auto [first, is_new] = taken.emplace(name, &section);
      if (is_new || first->second == &section) continue;  // twice in one list is told of every list
      checking.tell(path, "two-sections", fmt::format("`{}` stands in the section `{}` already", name, first->second->name()));
    }
  }
}

}  // namespace kvali::program
