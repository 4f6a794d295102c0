#include "engine/expression/say.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/sayer.h"

namespace kvali::expression {

namespace {

constexpr std::size_t elements_told = 3;  // of a list: more is no sentence any more
constexpr std::size_t values_told = 6;    // of a list that is a value
constexpr int depth_told = 2;             // of lists in lists

}  // namespace

std::string say(const Explanation& explanation, const Labels& labels, std::string_view language, const calendar::Zone& zone) {
  return Sayer(explanation, labels, language, zone).run();
}

std::string Sayer::run() {
  if (explanation_.standing == Standing::Holds) return {};
  part(explanation_.root);
  if (explanation_.will_hold_at != calendar::never && !told_)
    add(filled(Phrase::WillHold, language_, {{"date", say_date(explanation_.will_hold_at, Case::From)}}));
  return fmt::format("{}", fmt::join(sentences_, " "));
}

/// Each sentence once, ended with a point.
void Sayer::add(std::string sentence) {
  if (!sentence.ends_with('.')) sentence += '.';
  if (std::find(sentences_.begin(), sentences_.end(), sentence) == sentences_.end()) sentences_.push_back(std::move(sentence));
}

void Sayer::part(const Part& part) {
  bool said = false;
  switch (part.kind) {
    case PartKind::All:
    case PartKind::Element:
    case PartKind::Chosen:
      for (const Part& inner : part.parts) this->part(inner);
      return;
    case PartKind::Any: return alternatives(part);
    case PartKind::Every:
    case PartKind::Some: return elements(part);
    case PartKind::Given: return given(part);
    case PartKind::Failure: return failure(part);
    case PartKind::Comparison: said = comparison(part); break;
    case PartKind::Membership: said = membership(part); break;
    case PartKind::Has: said = has(part); break;
    case PartKind::Truth: said = truth(part); break;
    case PartKind::Count: said = count(part); break;
    case PartKind::Call: said = call(part); break;
  }
  if (!said) fallback(part);
}

void Sayer::elements(const Part& part) {
  const Term& range = part.terms.front();
  const std::string list = name(range);
  if (part.parts.empty()) {
    const std::string none = number_in(std::int64_t{0}, language_);
    return add(filled(Phrase::AtLeast, language_, {{"label", list}, {"value", none}, {"need", "1"}, {"are", "is"}}));
  }
  if (part.kind == PartKind::Some && part.size > 1)
    add(filled(Phrase::NoneFits, language_, {{"label", list}, {"size", number_in(static_cast<std::int64_t>(part.size), language_)}}));
  const std::size_t told = std::min(part.parts.size(), elements_told);
  for (std::size_t i = 0; i < told; ++i) {
    const Part& element = part.parts[i];
    const std::string one = labels_.label_of_one(range.path, code_);
    const std::string which = element.key ? value(*element.key, "") : number_in(static_cast<std::int64_t>(element.index) + 1, language_);
    places_.push_back({range.path, element.key ? fmt::format("{} {}", list, which)
                                               : filled(Phrase::Numbered, language_, {{"label", one.empty() ? list : one}, {"count", which}})});
    this->part(element);
    places_.pop_back();
  }
  if (const std::size_t more = part.parts.size() - told; more > 0)
    add(filled(Phrase::More, language_, {{"count", number_in(static_cast<std::int64_t>(more), language_)}}));
}

/// "One of these is enough: (1) … (2) …"
void Sayer::alternatives(const Part& part) {
  const bool told = told_;
  std::vector<std::string> kept = std::exchange(sentences_, {});
  std::vector<std::string> each;
  for (const Part& side : part.parts) {
    this->part(side);
    std::string said = fmt::format("{}", fmt::join(std::exchange(sentences_, {}), " "));
    if (!said.empty() && std::find(each.begin(), each.end(), said) == each.end()) each.push_back(std::move(said));
  }
  sentences_ = std::move(kept);
  told_ = told;
  if (each.size() == 1) {
    sentences_.push_back(std::move(each.front()));
    return;
  }
  std::string all(words(Phrase::EnoughOne, language_));
  for (std::size_t i = 0; i < each.size(); ++i) all += fmt::format(" ({}) {}", i + 1, each[i]);
  sentences_.push_back(std::move(all));
}

/// What decided a condition, as it is: "Kind: Enterprise."
void Sayer::given(const Part& part) {
  for (const Part& inner : part.parts) {
    given(inner);
    if (inner.kind == PartKind::Given || !inner.parts.empty()) continue;
    for (const Term& term : inner.terms) {
      const Term& told = term.kind == TermKind::Size ? term.parts.front() : term;
      if (told.path.empty()) continue;
      if (told.missing)
        add(filled(Phrase::Missing, language_, {{"label", name(told)}}));
      else if (term.value)
        add(filled(Phrase::Plain, language_, {{"label", name(told)}, {"value", value(term)}}));
    }
  }
}

void Sayer::failure(const Part& part) {
  for (const Term& term : part.terms) add(filled(Phrase::Missing, language_, {{"label", name(term)}}));
  if (!part.terms.empty()) return;
  add(filled(Phrase::Failed, language_, {{"line", fmt::format("{}", part.cause_at.line)},
                                         {"column", fmt::format("{}", part.cause_at.column)},
                                         {"cause", cause_in(part.cause, language_)}}));
}

/// What no sentence was made for: the values that it reads, or else its source.
void Sayer::fallback(const Part& part) {
  bool said = false;
  const auto tell = [&](const Term& term) {
    if (term.kind != TermKind::Path || !term.value) return;
    add(filled(Phrase::Unfit, language_, {{"label", name(term)}, {"value", value(term)}}));
    said = true;
  };
  for (const Term& term : part.terms) {
    tell(term);
    for (const Term& inner : term.parts) tell(inner);
  }
  if (said) return;
  const std::string_view source = std::string_view(explanation_.source).substr(part.range.begin, part.range.end - part.range.begin);
  add(filled(Phrase::Unmet, language_, {{"source", quoted(source, language_)}}));
}

bool Sayer::truth(const Part& part) {
  const Term& asked = part.terms.front();
  if (asked.kind == TermKind::Constant) {
    add(std::string(words(Phrase::Never, language_)));
    return true;
  }
  if (asked.kind != TermKind::Path) return false;
  add(filled(Phrase::Equal, language_,
             {{"label", name(asked)}, {"value", value(asked)}, {"need", yes_or_no(part.wanted, language_)}}));
  return true;
}

bool Sayer::has(const Part& part) {
  const Term& asked = part.terms.front();
  if (asked.path.empty()) return false;
  add(filled(part.wanted ? Phrase::Missing : Phrase::Present, language_, {{"label", name(asked)}}));
  return true;
}

bool Sayer::membership(const Part& part) {
  const Term& one = part.terms[0];
  const Term& all = part.terms[1];
  if (!one.value || !all.value) return false;
  if (one.kind == TermKind::Path) {
    const std::string listed = value(*all.value, all.path.empty() ? one.path : all.path);
    add(filled(part.wanted ? Phrase::OneOf : Phrase::NoneOf, language_, {{"label", name(one)}, {"value", value(one)}, {"list", listed}}));
    return true;
  }
  if (all.kind != TermKind::Path) return false;
  add(filled(part.wanted ? Phrase::Lacks : Phrase::MustLack, language_,
             {{"label", name(all)}, {"value", value(all)}, {"need", value(*one.value, all.path)}}));
  return true;
}

bool Sayer::call(const Part& part) {
  if (part.terms.size() != 2 || part.terms[0].path.empty() || !part.terms[1].value) return false;
  Phrase phrase = Phrase::Contains;
  switch (part.function) {
    case Function::Contains: phrase = part.wanted ? Phrase::Contains : Phrase::NotContains; break;
    case Function::StartsWith: phrase = part.wanted ? Phrase::StartsWith : Phrase::NotStartsWith; break;
    case Function::EndsWith: phrase = part.wanted ? Phrase::EndsWith : Phrase::NotEndsWith; break;
    case Function::Matches: phrase = part.wanted ? Phrase::Matches : Phrase::NotMatches; break;
    default: return false;
  }
  add(filled(phrase, language_,
             {{"label", name(part.terms[0])}, {"value", value(part.terms[0])}, {"need", value(*part.terms[1].value, "")}}));
  return true;
}

bool Sayer::count(const Part& part) {
  const std::string list = name(part.terms.front());
  if (part.wanted) {
    const std::string fitting = number_in(static_cast<std::int64_t>(part.fitting), language_);
    add(filled(Phrase::ExactlyOne, language_, {{"label", list}, {"count", fitting}}));
  } else {
    add(filled(Phrase::MustNotBeOne, language_, {{"label", list}}));
  }
  return true;
}

// --- names and values -----------------------------------------------------------------------------------------------

std::string Sayer::name_of_path(const std::string& path) const {
  for (auto place = places_.rbegin(); place != places_.rend(); ++place) {
    if (path == place->path) return place->name;
    if (place->path.empty() || !path.starts_with(place->path) || path[place->path.size()] != '.') continue;
    const std::string label = labels_.label(path, code_);
    return fmt::format("{}, {}", place->name, label.empty() ? path.substr(place->path.size() + 1) : label);
  }
  const std::string label = labels_.label(path, code_);
  return label.empty() ? path.substr(path.rfind('.') + 1) : label;
}

std::string Sayer::name(const Term& term) const {
  const auto both = [&](std::string_view sign) { return fmt::format("{} {} {}", name(term.parts[0]), sign, name(term.parts[1])); };
  switch (term.kind) {
    case TermKind::Path: return name_of_path(term.path);
    case TermKind::Size:
    case TermKind::Fitting: return name(term.parts.front());
    case TermKind::Sum: return filled(Phrase::InAll, language_, {{"label", name_of_path(term.parts.front().path)}});
    case TermKind::Add: return both("+");
    case TermKind::Subtract: return both("−");
    case TermKind::Multiply: return both("×");
    case TermKind::Divide: return both("/");
    case TermKind::Constant:
    case TermKind::Now:
    case TermKind::List: return term.value ? value(*term.value, "") : "";
    case TermKind::Other: break;
  }
  std::string names;
  for (const Term& inner : term.parts) names += fmt::format("{}{}", names.empty() ? "" : ", ", name(inner));
  if (!names.empty()) return names;
  if (!term.path.empty()) return name_of_path(term.path);
  if (!places_.empty()) return places_.back().name;
  return quoted(std::string_view(explanation_.source).substr(term.range.begin, term.range.end - term.range.begin), language_);
}

std::string Sayer::value(const Term& term) const {
  if (term.missing || !term.value) return std::string(words(Phrase::MissingValue, language_));
  if (term.kind == TermKind::Size && term.value->is(Kind::Int)) {
    const Term& sized = term.parts.front();
    const std::int64_t size = term.value->as_int();
    const bool text = sized.value && (sized.value->is(Kind::Sealed) || sized.value->is(Kind::String));
    if (text) return counted(size, Unit::Character, language_);
    if (sized.kind != TermKind::Fitting || !sized.parts.front().value || !sized.parts.front().value->is(Kind::List)) {
      return number_in(size, language_);
    }
    const auto all = static_cast<std::int64_t>(sized.parts.front().value->as_list().size());
    return filled(Phrase::Fits, language_, {{"count", number_in(size, language_)},
                                            {"size", number_in(all, language_)},
                                            {"count_counts", size == 1 ? "counts" : "count"}});
  }
  return value(*term.value, path_of(term));
}

/// The path whose values those of `term` read like: of a sum, its first.
std::string Sayer::path_of(const Term& term) {
  const bool sum = term.kind == TermKind::Add || term.kind == TermKind::Subtract;
  return sum || term.kind == TermKind::Sum ? path_of(term.parts.front()) : term.path;
}

std::string Sayer::value(const Value& value, const std::string& path, int depth) const {
  if (value.is(Kind::Sealed)) return counted(static_cast<std::int64_t>(value.sealed_size()), Unit::Character, language_);
  if (!path.empty() && !value.is(Kind::List)) {
    std::string read = labels_.reads(path, value, code_);
    if (!read.empty()) return read;
  }
  switch (value.kind()) {
    case Kind::Bool: return yes_or_no(value.as_bool(), language_);
    case Kind::Int: return number_in(value.as_int(), language_);
    case Kind::Uint: return number_in(static_cast<std::int64_t>(std::min<std::uint64_t>(value.as_uint(), INT64_MAX)), language_);
    case Kind::Double: return number_in(value.as_double(), language_);
    case Kind::String: return quoted(value.as_string(), language_);
    case Kind::Date: return date_in(value.as_date(), Case::Plain, language_);
    case Kind::Timestamp: return say_date(instant_of(value.as_timestamp()), Case::Plain);
    case Kind::Duration: return counted(calendar::Period{0, 0, 0, value.as_duration() / 1'000}, language_);
    case Kind::Period: return counted(value.as_period(), language_);
    case Kind::List: return list(value, path, depth);
    case Kind::Optional: return value.as_optional() ? this->value(*value.as_optional(), path, depth) : "–";
    case Kind::Null: return "–";
    case Kind::Type: return value.as_string();
    case Kind::Map: return number_in(static_cast<std::int64_t>(value.as_map().size()), language_);
    case Kind::Bytes:
    case Kind::Struct:
    case Kind::Sealed: break;
  }
  return "…";
}

std::string Sayer::list(const Value& value, const std::string& path, int depth) const {
  const List& items = value.as_list();
  if (items.size() == 0) return "–";
  if (depth >= depth_told) return "…";
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), values_told); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : ", ", this->value(items.at(i), path, depth + 1));
  if (items.size() > values_told) text += ", …";
  return text;
}

}  // namespace kvali::expression
