#include "engine/program/speaker.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/say.h"
#include "engine/program/check.h"
#include "engine/program/reviews.h"
#include "engine/program/subjects.h"
#include "engine/program/texts.h"

namespace kvali::program {

namespace {

/// Texts of a definition as they read, not as Markdown.
std::string in_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '*' || c == '_' || c == '`' || c == '<' || c == '[' || c == ']' || c == '#' || c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string spaced(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

template <class List>
auto named(const List& list, std::string_view name) -> decltype(&list[0]) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name() == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::string ended(std::string sentence) {
  std::string_view bare = sentence;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view closing : {"”", "“", "*", ")"}) {
      if (!bare.ends_with(closing)) continue;
      bare.remove_suffix(closing.size());
      more = true;
    }
  }
  const bool inner = bare.size() < sentence.size() && !sentence.ends_with(')');
  if (sentence.ends_with('.') || sentence.ends_with('!') || sentence.ends_with('?') || sentence.ends_with(':')) return sentence;
  if (inner && (bare.ends_with('.') || bare.ends_with('!') || bare.ends_with('?'))) return sentence;
  return sentence + ".";
}

Speaker::Speaker(const v1::Program& program, std::string language, Marks marks)
    : program_(program), language_(std::move(language)), marks_(marks), tongue_(tongue_of(language_)), names_(program) {}

std::string Speaker::text(const v1::Text& text) const {
  const std::string& source = text_in(text, language_);
  const auto plain = [&](std::string_view part) { return marks_ == Marks::Markdown ? in_markdown(part) : std::string(part); };
  std::string out;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t open = std::min(source.find('{', at), source.size());
    out += plain(std::string_view(source).substr(at, open - at));
    if (open == source.size()) break;
    const std::size_t close = std::min(source.find('}', open), source.size() - 1);
    const std::string name = source.substr(open + 1, close - open - 1);
    std::string said = name;
    if (name == "rank") said = say(Prose::BraceRank);
    if (name == "reason") said = say(Prose::BraceReason);
    if (name == "person.name") said = say(Prose::BracePerson);
    if (const std::optional<Meant> meant = meant_by(*this, name, nullptr)) said = meant->label;
    out += fmt::format("[{}]", plain(said));
    at = close + 1;
  }
  return out;
}

std::string Speaker::quoted(const v1::Text& text) const { return program::quoted(this->text(text), tongue_); }

std::string Speaker::label(const v1::Text& text, std::string_view name) const {
  const std::string& written = text_in(text, language_);
  return written.empty() ? spaced(name) : written;
}

std::string Speaker::soft(std::string_view label) const {
  return marks_ == Marks::Markdown ? fmt::format("*{}*", in_markdown(label)) : program::quoted(label, tongue_);
}

std::string Speaker::strong(std::string_view label) const {
  return marks_ == Marks::Markdown ? fmt::format("**{}**", in_markdown(label)) : program::quoted(label, tongue_);
}

std::string Speaker::code(std::string_view source) const { return fmt::format("`{}`", source); }

std::string Speaker::role(std::string_view name) const {
  const v1::Role* role = named(program_.roles(), name);
  return role == nullptr ? spaced(name) : label(role->label(), name);
}

std::string Speaker::roles(const NameList& names) const {
  std::string out;
  for (const std::string& name : names) out += fmt::format("{}{}", out.empty() ? "" : ", ", role(name));
  return out;
}

std::string Speaker::spot(std::size_t spot) const {
  const Spot& one = names_[spot];
  if (one.stage != nullptr) return label(one.stage->label(), one.name);
  if (one.region != nullptr) return label(one.region->label(), one.name);
  if (one.state != nullptr) return label(one.state->label(), one.name);
  return text_in(program_.title(), language_);
}

std::string Speaker::target(std::size_t from, std::string_view target) const {
  const Resolution found = names_.resolve(from, target);
  return found.problem == Resolution::Problem::None ? spot(found.spot) : spaced(target);
}

const v1::Field* Speaker::field(std::string_view name) const { return named(program_.initiative().fields(), name); }

std::string Speaker::field_label(std::string_view name) const {
  const v1::Field* one = field(name);
  return one == nullptr ? spaced(name) : label(one->label(), name);
}

std::vector<std::string> Speaker::moves(std::string_view name) const {
  std::vector<std::string> labels;
  const auto add = [&](const auto& moves) {
    for (const v1::Move& move : moves) {
      if (move.name() != name) continue;
      std::string said = label(move.label(), name);
      if (std::find(labels.begin(), labels.end(), said) == labels.end()) labels.push_back(std::move(said));
    }
  };
  for (const Spot& spot : names_.spots()) {
    if (spot.stage != nullptr) add(spot.stage->moves());
    if (spot.state != nullptr) add(spot.state->moves());
  }
  add(program_.anywhere());
  if (labels.empty()) labels.push_back(spaced(name));
  return labels;
}

const v1::Message* Speaker::letter(std::string_view name) const { return named(program_.messages(), name); }
const v1::Quota* Speaker::quota(std::string_view name) const { return named(program_.cohort().quotas(), name); }

std::string Speaker::time(std::string_view period, Around around) const {
  const Result<calendar::Period> read = calendar::parse_period(period);
  return read ? time_in(*read, around, tongue_) : std::string(period);
}

std::string Speaker::reminder(std::string_view signed_period) const {
  const bool before = signed_period.starts_with('-');
  const Result<calendar::Period> read = calendar::parse_period(before ? signed_period.substr(1) : signed_period);
  if (!read) return std::string(signed_period);
  if (*read == calendar::Period{}) return say(Prose::OnTheDay);
  return time_in(*read, before ? Around::Before : Around::After, tongue_);
}

std::vector<std::string> Speaker::reminders(const NameList& signed_periods) const {
  std::vector<std::string> said;
  for (const std::string& one : signed_periods) said.push_back(reminder(one));
  return said;
}

std::string Speaker::limit(const v1::Field& field, std::int64_t figure) const {
  switch (field.type()) {
    case v1::Field::TEXT:
    case v1::Field::EMAIL:
    case v1::Field::PHONE:
    case v1::Field::URL: return counted(figure, Noun::Character, tongue_);
    case v1::Field::MONEY: return expression::written_money(figure, field.currency(), language_);
    case v1::Field::TABLE: return counted(figure, Noun::Row, tongue_);
    case v1::Field::FILE: return counted(figure, Noun::Megabyte, tongue_);
    default: return number_said(figure, tongue_);
  }
}

std::string Speaker::limits_of(const v1::Field& field) const {
  if (field.at_least() != 0 && field.at_most() != 0)
    return say(Prose::Range, {{"from", number_said(field.at_least(), tongue_)}, {"to", limit(field, field.at_most())}});
  if (field.at_least() != 0) return say(Prose::AtLeast, {{"amount", limit(field, field.at_least())}});
  if (field.at_most() != 0) return say(Prose::AtMost, {{"amount", limit(field, field.at_most())}});
  return {};
}

std::string Speaker::type_of(const v1::Field& field) const {
  const auto choices = [&] {
    std::string list;
    for (const v1::Choice& choice : field.choices()) list += fmt::format("{}{}", list.empty() ? "" : ", ", label(choice.label(), choice.name()));
    return list;
  };
  switch (field.type()) {
    case v1::Field::TEXT: return say(Prose::TypeText);
    case v1::Field::EMAIL: return say(Prose::TypeEmail);
    case v1::Field::PHONE: return say(Prose::TypePhone);
    case v1::Field::URL: return say(Prose::TypeUrl);
    case v1::Field::NUMBER: return say(Prose::TypeNumber);
    case v1::Field::WHOLE_NUMBER: return say(Prose::TypeWholeNumber);
    case v1::Field::COUNT: return say(Prose::TypeCount);
    case v1::Field::MONEY: return say(Prose::TypeMoney, {{"currency", field.currency()}});
    case v1::Field::DATE: return say(Prose::TypeDate);
    case v1::Field::YES_OR_NO: return say(Prose::TypeYesOrNo);
    case v1::Field::CHOICE: return say(Prose::TypeChoice, {{"list", choices()}});
    case v1::Field::CHOICES: return say(Prose::TypeChoices, {{"list", choices()}});
    case v1::Field::LOCALITY: return say(Prose::TypeLocality);
    case v1::Field::ORGANISATION: return say(Prose::TypeOrganisation);
    case v1::Field::PERSON: return say(Prose::TypePerson);
    case v1::Field::FILE:
      return field.accepts().empty() ? say(Prose::TypeFile) : say(Prose::FileOf, {{"list", fmt::format("{}", fmt::join(field.accepts(), ", "))}});
    case v1::Field::TABLE: {
      std::vector<std::string> said;
      for (const v1::Field& one : field.fields()) said.push_back(label(one.label(), one.name()));
      return say(Prose::TypeTable, {{"list", fmt::format("{}", fmt::join(said, ", "))}});
    }
    default: return {};
  }
}

std::string Speaker::words_or_code(std::string_view expression, const FieldList* task) const {
  std::optional<std::string> said = words(expression, task);
  return said ? *said : code(expression);
}

std::string Speaker::need(const v1::Need& need) const {
  std::string why = text(need.why());
  while (why.ends_with('.')) why.pop_back();
  return fmt::format("{} ({})", why, words_or_code(need.when()));
}

std::optional<TaskKind> task_kind(const Names& names, std::string_view name) {
  for (const Spot& spot : names.spots()) {
    if (spot.state != nullptr)
      for (const v1::Log& log : spot.state->log())
        if (log.name() == name) return TaskKind{&log.label(), log.has_plural() ? &log.plural() : &log.label(), &log.fields()};
    if (spot.stage != nullptr)
      for (const v1::Form& form : spot.stage->forms())
        if (form.name() == name) return TaskKind{&form.label(), &form.label(), &form.fields()};
  }
  return std::nullopt;
}

std::optional<Meant> meant_by(const Speaker& speaker, std::string_view path, const FieldList* task) {
  const auto field_of = [&](const FieldList& fields, std::string_view name) -> std::optional<Meant> {
    const std::string_view before = name.substr(0, name.find('.'));
    const v1::Field* field = named(fields, before);
    if (field != nullptr && before.size() < name.size()) {  // what the rows of a table say
      name.remove_prefix(before.size() + 1);
      field = named(field->fields(), name);
    }
    if (field == nullptr) return std::nullopt;
    return Meant{speaker.label(field->label(), name), field, field->type() == v1::Field::DATE};
  };
  const std::size_t dot = path.find('.');
  const std::string_view first = path.substr(0, dot), rest = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  if (first == "cohort") return field_of(speaker.program().cohort().parameters(), rest);
  if (first == noun_of(speaker.program())) return field_of(speaker.program().initiative().fields(), rest);
  if (first == "task" && task != nullptr) return field_of(*task, rest);
  for (const ReviewAt& review : reviews_of(speaker.names())) {
    if (first != review.name) continue;
    for (const auto& [name, prose] : {std::pair("score", Prose::ReviewScore), {"count", Prose::ReviewCount}, {"agreement", Prose::ReviewAgreement},
                                      {"readers", Prose::ReviewReaders}, {"missing", Prose::ReviewMissing}})
      if (rest == name) return Meant{review.review->has_label() ? fmt::format("{} ({})", speaker.say(prose), speaker.label(review.review->label(), first)) : speaker.say(prose)};
  }
  if (path == "planned") return Meant{speaker.say(Prose::TaskDay), nullptr, true};
  if (path == "number") return Meant{speaker.say(Prose::TaskNumber)};
  if (first == "organisation") {
    const v1::OrganisationFact* fact = named(speaker.program().initiative().facts(), rest.substr(0, rest.find('.')));
    if (fact == nullptr) return std::nullopt;
    const std::string label = speaker.label(fact->label(), fact->name());
    return Meant{rest.ends_with(".until") ? speaker.say(Prose::FactEnd, {{"label", label}}) : label, nullptr, true};
  }
  if (const std::optional<TaskKind> kind = task_kind(speaker.names(), first)) {
    if (rest.empty()) return Meant{speaker.label(*kind->plural, first)};
    return field_of(*kind->fields, rest);
  }
  if (rest.empty() && first.ends_with('s'))
    if (const v1::Role* role = named(speaker.program().roles(), first.substr(0, first.size() - 1))) return Meant{speaker.label(role->label(), first)};
  return std::nullopt;
}

}  // namespace kvali::program
