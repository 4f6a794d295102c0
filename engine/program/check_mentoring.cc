// Mentoring: what a role needs to know, entries of logs that stay open, minutes that are counted, notes of their author alone.
#include <fmt/format.h>

#include <algorithm>

#include "engine/program/check.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

const v1::Field* field_of(const v1::Log& log, const std::string& name) {
  const auto found = std::find_if(log.fields().begin(), log.fields().end(), [&](const v1::Field& one) { return one.name() == name; });
  return found == log.fields().end() ? nullptr : &*found;
}

std::vector<std::string> names_of(const google::protobuf::RepeatedPtrField<v1::Field>& fields) {
  std::vector<std::string> names;
  for (const v1::Field& one : fields) names.push_back(one.name());
  return names;
}

/// What persons are competent for is named by choices and localities.
void check_role(const Checking& checking, const v1::Role& role) {
  for (int i = 0; i < role.needs_size(); ++i) {
    const std::string path = fmt::format("roles.{}.needs.{}", role.name(), i + 1);
    const v1::Field* field = checking.initiative_field(role.needs(i));
    if (field == nullptr) {
      const std::vector<std::string> known = names_of(checking.program.initiative().fields());
      checking.tell(path, "unknown-field", fmt::format("no field `{}`", role.needs(i)), nearest(role.needs(i), known));
      continue;
    }
    const bool fits = field->type() == v1::Field::CHOICE || field->type() == v1::Field::CHOICES || field->type() == v1::Field::LOCALITY;
    if (fits && !field->personal()) continue;
    checking.tell(path, "need-of-no-choice", fmt::format("somebody is competent for a choice or a locality, and `{}` is none", field->name()));
  }
}

/// The field that a log names is there and of a type that fits.
void check_named(const Checking& checking, const v1::Log& log, const std::string& path, const std::string& name, v1::Field::Type type,
                 const char* code, const char* expected) {
  if (name.empty()) return;
  const v1::Field* field = field_of(log, name);
  if (field == nullptr)
    checking.tell(path, "unknown-field", fmt::format("no field `{}`", name), nearest(name, names_of(log.fields())));
  else if (field->type() != type)
    checking.tell(path, code, fmt::format("`{}` {}", name, expected));
}

void check_minutes(const Checking& checking, const v1::Log& log, const std::string& path) {
  check_named(checking, log, path + ".minutes", log.minutes(), v1::Field::COUNT, "minutes-no-count", "is no `count` of minutes");
  if (!log.minutes().empty() && !log.closes().empty())
    checking.tell(path + ".minutes", "minutes-of-open", fmt::format("minutes are of what was done, and an entry of `{}` stays open: count them in a log without `closes`", log.name()));
}

void check_due(const Checking& checking, const v1::Log& log, const std::string& path) {
  if (!log.has_due()) return;
  const v1::EntryDue& due = log.due();
  const bool unread = (due.on().empty() && checking.written(path + ".on")) || (due.within().empty() && checking.written(path + ".within"));
  if (due.on().empty() == due.within().empty() && !unread)
    checking.tell(path, "deadline-when", due.on().empty() ? "a day is a field of the entry (`on`), or comes `within` a period" : "a day is `on` a field or `within` a period, not both");
  check_named(checking, log, path + ".on", due.on(), v1::Field::DATE, "due-no-date", "is no date");
}

void check_agreed(const Checking& checking, const v1::Log& log, const std::string& path) {
  if (log.agreed_by().empty()) return;
  if (log.agreed_by_size() != 2)
    checking.tell(path + ".agreed_by", "agreed-by-two", fmt::format("two roles agree on an entry of `{}`: who proposes it speaks for one, somebody of the other agrees", log.name()));
  if (!log.by().empty())
    checking.tell(path + ".by", "by-and-agreed", fmt::format("who agrees on an entry of `{}` is who proposes it: leave `by` out beside `agreed_by`", log.name()));
}

void check_closing(const Checking& checking, const v1::Log& log, const v1::Closing& closing, const std::string& path) {
  for (const char* word : {"written", "proposed", "open", "overdue", "withdrawn", "agree", "withdraw"})
    if (closing.name() == word) checking.tell(path, "reserved-name", fmt::format("`{}` is a word of kvali's own; choose another name", word));
  for (int i = 0; i < closing.must_give_size(); ++i) {
    const std::string& given = closing.must_give(i);
    if (given == "reason" || field_of(log, given) != nullptr) continue;
    std::vector<std::string> known = names_of(log.fields());
    known.emplace_back("reason");
    checking.tell(fmt::format("{}.must_give.{}", path, i + 1), "unknown-field", fmt::format("no field `{}`", given), nearest(given, known));
  }
}

void check_log(const Checking& checking, const v1::Log& log, const std::string& path) {
  check_minutes(checking, log, path);
  const bool unread = checking.written(path + ".closes");
  if (log.closes().empty() && !unread) {
    const auto needs = [&](bool there, const char* key) {
      if (there) checking.tell(fmt::format("{}.{}", path, key), "closes-never", fmt::format("an entry of `{}` is done as it is written down: `{}` is for one that `closes` later", log.name(), key));
    };
    needs(!log.agreed_by().empty(), "agreed_by");
    needs(log.has_due(), "due");
    needs(!log.tells().empty(), "tells");
    return;
  }
  check_agreed(checking, log, path);
  check_due(checking, log, path + ".due");
  for (const v1::Closing& one : log.closes()) check_closing(checking, log, one, fmt::format("{}.closes.{}", path, one.name()));
  if (field_of(log, "state") != nullptr)
    checking.tell(path + ".fields.state", "reserved-name", "`state` is how an entry stands: guards read it so; choose another name");
  if (log.attendance())
    checking.tell(path + ".attendance", "attendance-open", fmt::format("who was there is known when it is written down, and an entry of `{}` stays open", log.name()));
}

/// A note of its author alone is a text of an entry; elsewhere nobody could say whose it is.
void check_author_only(const Checking& checking) {
  const auto check = [&](const google::protobuf::RepeatedPtrField<v1::Field>& fields, const std::string& path, bool entry) {
    for (const v1::Field& field : fields) {
      if (!field.author_only()) continue;
      const std::string at = fmt::format("{}.{}.author_only", path, field.name());
      if (!entry) checking.tell(at, "author-of-what", fmt::format("`{}` stands in no entry of a log, which has one author: say `seen_by`", field.name()));
      if (entry && field.type() != v1::Field::TEXT) checking.tell(at, "author-only-text", fmt::format("a note of its author alone is a text, and `{}` is none", field.name()));
      if (!field.seen_by().empty()) checking.tell(at, "author-and-others", fmt::format("`{}` is read by its author alone, or by `seen_by`: one of them", field.name()));
    }
  };
  check(checking.program.initiative().fields(), "initiative.fields", false);
  if (!is_of_subject(checking.program)) check(checking.program.cohort().parameters(), "cohort.parameters", false);
  for (const Spot& spot : checking.names.spots()) {
    if (spot.stage != nullptr)
      for (const v1::Form& form : spot.stage->forms()) check(form.fields(), fmt::format("{}.forms.{}.fields", spot.yaml_path, form.name()), false);
    if (spot.state == nullptr) continue;
    for (const v1::Log& log : spot.state->log()) check(log.fields(), fmt::format("{}.log.{}.fields", spot.yaml_path, log.name()), true);
  }
}

}  // namespace

void check_mentoring(const Checking& checking) {
  if (!is_of_subject(checking.program))
    for (const v1::Role& role : checking.program.roles()) check_role(checking, role);
  for (const Spot& spot : checking.names.spots()) {
    if (spot.state == nullptr) continue;
    for (const v1::Log& log : spot.state->log()) check_log(checking, log, fmt::format("{}.log.{}", spot.yaml_path, log.name()));
  }
  check_author_only(checking);
}

}  // namespace kvali::program
