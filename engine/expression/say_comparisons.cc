// Comparisons in words: figures with what is needed, shares of another figure, dates that were or were not reached.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "engine/expression/sayer.h"

namespace kvali::expression {

namespace {

bool is_number(const Term& term) { return term.value && term.value->is_number(); }
bool is_time(const Term& term) { return term.value && (term.value->is(Kind::Date) || term.value->is(Kind::Timestamp)); }
bool is_span(const Term& term) { return term.value && (term.value->is(Kind::Duration) || term.value->is(Kind::Period)); }
bool is_constant(const Term& term) { return term.kind == TermKind::Constant; }

double number_of(const Value& value) {
  if (value.is(Kind::Int)) return static_cast<double>(value.as_int());
  return value.is(Kind::Uint) ? static_cast<double>(value.as_uint()) : value.as_double();
}

Value number_value(double number) {
  const bool whole = std::trunc(number) == number && std::abs(number) < 0x1p53;
  return whole ? Value::integer(static_cast<std::int64_t>(number)) : Value::number(number);
}

calendar::Period period_of(const Value& value) {
  return value.is(Kind::Period) ? value.as_period() : calendar::Period{0, 0, 0, value.as_duration() / 1'000};
}

/// A product of figures: `factor` times those in `over`, divided by those in `under`.
struct Product {
  double factor = 1;
  std::vector<const Term*> over, under;
};

void multiply(const Term& term, bool divides, Product& product) {
  if (is_constant(term) && is_number(term)) {
    const double number = number_of(*term.value);
    product.factor = divides ? product.factor / number : product.factor * number;
  } else if (term.kind == TermKind::Multiply || term.kind == TermKind::Divide) {
    multiply(term.parts[0], divides, product);
    multiply(term.parts[1], divides != (term.kind == TermKind::Divide), product);
  } else {
    (divides ? product.under : product.over).push_back(&term);
  }
}

/// A threshold as a figure of the kind it is compared with: a whole one is rounded to the next that is allowed.
Value threshold(double number, const Value& like, Function function) {
  const bool strict = function == Function::Greater || function == Function::Less;
  if (like.is(Kind::Double) || strict) return number_value(number);
  const bool up = function == Function::GreaterEqual;
  constexpr double slack = 1e-9;
  return number_value(up ? std::ceil(number - slack) : std::floor(number + slack));
}

}  // namespace

Function negated(Function function) {
  switch (function) {
    case Function::Equal: return Function::NotEqual;
    case Function::NotEqual: return Function::Equal;
    case Function::Less: return Function::GreaterEqual;
    case Function::LessEqual: return Function::Greater;
    case Function::Greater: return Function::LessEqual;
    case Function::GreaterEqual: return Function::Less;
    default: return function;
  }
}

Function exchanged(Function function) {
  switch (function) {
    case Function::Less: return Function::Greater;
    case Function::LessEqual: return Function::GreaterEqual;
    case Function::Greater: return Function::Less;
    case Function::GreaterEqual: return Function::LessEqual;
    default: return function;
  }
}

bool Sayer::comparison(const Part& part) {
  Compared compared{&part.terms[0], &part.terms[1], part.wanted ? part.function : negated(part.function)};
  if (of_time(part, compared)) return true;
  if (of_share(compared)) return true;
  const bool turned = is_constant(*compared.left) && !is_constant(*compared.right);
  if (turned) compared = {compared.right, compared.left, exchanged(compared.function)};
  return of_values(compared);
}

/// now <= D, now - P >= D, now - D >= P and their like: which moment `now` is compared with.
bool Sayer::moment_of(Compared compared, Moment& moment) {
  const auto reads_now = [](const Term& term) {
    return term.kind == TermKind::Now || ((term.kind == TermKind::Add || term.kind == TermKind::Subtract) &&
                                          (term.parts[0].kind == TermKind::Now || term.parts[1].kind == TermKind::Now));
  };
  if (!reads_now(*compared.left)) compared = {compared.right, compared.left, exchanged(compared.function)};
  if (!reads_now(*compared.left) || reads_now(*compared.right)) return false;
  moment.function = compared.function;
  const Term& left = *compared.left;
  const Term& right = *compared.right;
  if (left.kind == TermKind::Subtract && is_span(left) && is_span(right) && is_constant(right)) {
    const bool since = left.parts[0].kind == TermKind::Now;  // now - D against P: now against D + P
    moment.base = &left.parts[since ? 1 : 0];
    moment.offset = since ? period_of(*right.value) : calendar::negate(period_of(*right.value));
    if (!since) moment.function = exchanged(moment.function);
    return is_time(*moment.base);
  }
  const auto span = [](const Term& term, const Term*& base, calendar::Period& offset) {
    base = &term;
    if (term.kind != TermKind::Add && term.kind != TermKind::Subtract) return true;
    if (!is_span(term.parts[1]) || !is_constant(term.parts[1])) return false;
    base = &term.parts[0];
    const calendar::Period period = period_of(*term.parts[1].value);
    offset = term.kind == TermKind::Add ? period : calendar::negate(period);
    return true;
  };
  const Term* now = nullptr;
  calendar::Period before, after;
  if (!span(left, now, before) || now->kind != TermKind::Now || !span(right, moment.base, after)) return false;
  if (before != calendar::Period{} && after != calendar::Period{}) return false;
  moment.offset = before != calendar::Period{} ? calendar::negate(before) : after;
  return is_time(*moment.base);
}

bool Sayer::of_time(const Part& part, const Compared& compared) {
  Moment moment;
  if (!moment_of(compared, moment) || moment.base->kind == TermKind::Now) return false;
  switch (moment.function) {
    case Function::Greater:
    case Function::GreaterEqual: return reached(part, moment);
    case Function::Less:
    case Function::LessEqual: return passed(moment);
    default: return false;
  }
}

/// A moment that has to come.
bool Sayer::reached(const Part& part, const Moment& moment) {
  const Term& base = *moment.base;
  const bool moved = moment.offset != calendar::Period{};
  const bool known = part.will_hold_at != calendar::never;
  const bool back = is_negative(moment.offset);
  const std::string shown = value(base);
  if (is_constant(base) || (moved && back)) {
    if (!known) return false;
    if (is_constant(base)) {
      add(filled(Phrase::From, language_, {{"date", say_date(part.will_hold_at, Case::From)}}));
    } else {
      add(filled(Phrase::LabelledFrom, language_,
                 {{"label", name(base)}, {"value", shown}, {"date", say_date(part.will_hold_at, Case::From)}}));
    }
    note_date(part.will_hold_at);
  } else if (moved && known) {
    const bool one = moment.offset == calendar::Period{12} || moment.offset == calendar::Period{1} ||
                     moment.offset == calendar::Period{0, 1};
    add(filled(Phrase::Complete, language_,
               {{"label", name(base)},
                {"value", shown},
                {"period", counted(moment.offset, language_)},
                {"are", one ? "is" : "are"},
                {"date", say_date(part.will_hold_at, Case::On)}}));
    note_date(part.will_hold_at);
  } else {
    const bool strictly = moment.function == Function::Greater && base.value->is(Kind::Date);
    const Phrase phrase = !base.value->is(Kind::Date) ? Phrase::NotYetTime : strictly ? Phrase::NotOver : Phrase::NotYet;
    add(filled(phrase, language_, {{"label", name(base)}, {"value", shown}}));
  }
  return true;
}

/// A moment that has passed.
bool Sayer::passed(const Moment& moment) {
  const Term& base = *moment.base;
  const std::string shown = value(base);
  if (moment.offset != calendar::Period{}) {
    const bool back = is_negative(moment.offset);
    const calendar::Period size = back ? calendar::negate(moment.offset) : moment.offset;
    const bool one = counted(size, Language::English).starts_with("1 ");
    add(filled(back ? Phrase::LessLeft : Phrase::SinceThen, language_,
               {{"label", name(base)},
                {"value", shown},
                {"period", counted(size, language_)},
                {"than", counted_than(size, language_)},
                {"are", one ? "is" : "are"},
                {"have", one ? "has" : "have"}}));
    return true;
  }
  if (is_constant(base)) {
    const std::string date = base.value->is(Kind::Date)
                                 ? date_in(base.value->as_date(), Case::Until, language_)
                                 : say_date(instant_of(base.value->as_timestamp()), Case::Until);
    add(filled(Phrase::Until, language_, {{"date", date}}));
    return true;
  }
  const Phrase phrase = base.value->is(Kind::Date) ? Phrase::Passed : Phrase::PassedTime;
  add(filled(phrase, language_, {{"label", name(base)}, {"value", shown}}));
  return true;
}

/// Whether English counts it in the plural: "3 are needed", but "1 is", "3.5 is" and "EUR 3 is".
bool Sayer::reads_as_count(const Value& value, const std::string& path) const {
  if (!value.is_number() || number_of(value) == 1 || std::trunc(number_of(value)) != number_of(value)) return false;
  return path.empty() || labels_.reads(path, value, code_).empty();
}

/// The comparison itself, without a point: "Meetings: 2, at least 3 are needed".
std::string Sayer::against(const Compared& compared, const std::string& value, const std::string& need, bool one) const {
  Phrase phrase = Phrase::Equal;
  const bool time = is_time(*compared.left);
  switch (compared.function) {
    case Function::GreaterEqual: phrase = time ? Phrase::NotBefore : Phrase::AtLeast; break;
    case Function::Greater: phrase = time ? Phrase::After : Phrase::MoreThan; break;
    case Function::LessEqual: phrase = time ? Phrase::NotAfter : Phrase::AtMost; break;
    case Function::Less: phrase = time ? Phrase::Before : Phrase::LessThan; break;
    case Function::NotEqual: phrase = Phrase::Different; break;
    default: break;
  }
  return filled(phrase, language_,
                {{"label", name(*compared.left)}, {"value", value}, {"need", need}, {"are", one ? "is" : "are"}});
}

/// Figures multiplied by constants: one beside a constant, or one as a share of another.
bool Sayer::of_share(const Compared& compared) {
  if (!is_number(*compared.left) || !is_number(*compared.right)) return false;
  Product left, right;
  multiply(*compared.left, false, left);
  multiply(*compared.right, false, right);
  std::vector<const Term*> over = left.over, under = right.over;
  over.insert(over.end(), right.under.begin(), right.under.end());
  under.insert(under.end(), left.under.begin(), left.under.end());
  if (over.size() != 1 || under.size() > 1 || !(left.factor > 0) || !std::isfinite(right.factor / left.factor)) return false;
  double share = right.factor / left.factor;
  Function function = compared.function;
  if (under.size() == 1 && share > 1) {  // the total of at most ten times a part: the part of at least a tenth
    share = 1 / share;
    std::swap(over, under);
    function = exchanged(function);
  }
  if (under.empty()) {
    if (share == right.factor && over.front() == compared.left) return false;  // plainly written
    const Value need = number_value(share);
    if (!over.front()->value) return false;
    const std::string path = path_of(*over.front());
    add(against({over.front(), compared.right, function}, value(*over.front()), value(need, path), !reads_as_count(need, path)));
    return true;
  }
  const Term& part = *over.front();
  const Term& whole = *under.front();
  if (!is_number(part) || !is_number(whole) || share <= 0 || function == Function::Equal || function == Function::NotEqual) return false;
  if (share == 1 && compared.left->kind != TermKind::Multiply && compared.left->kind != TermKind::Divide) return false;
  const Value need = threshold(share * number_of(*whole.value), *part.value, function);
  const std::string path = path_of(part);
  std::string text = against({&part, &whole, function}, value(part), value(need, path), !reads_as_count(need, path));
  if (share == 1) {
    text += filled(Phrase::Beside, language_, {{"other", name(whole)}});
  } else {
    text += filled(Phrase::ShareOf, language_,
                   {{"percent", percent(share, language_)}, {"whole", value(whole)}, {"other", name(whole)}});
  }
  add(std::move(text));
  return true;
}

bool Sayer::of_values(const Compared& compared) {
  const Term& left = *compared.left;
  const Term& right = *compared.right;
  if (!right.value || is_constant(left)) return false;
  const bool equality = compared.function == Function::Equal || compared.function == Function::NotEqual;
  if (equality && right.kind != TermKind::Constant && right.kind != TermKind::List) {
    add(filled(compared.function == Function::Equal ? Phrase::Alike : Phrase::Unlike, language_,
               {{"label", name(left)}, {"value", value(left)}, {"other", name(right)}, {"need", value(right)}}));
    return true;
  }
  const bool constant = is_constant(right);
  const std::string path = path_of(constant ? left : right);
  std::string shown = value(left), need = constant ? value(*right.value, path) : value(right);
  if (shown == need && !equality && is_number(left) && is_number(right)) {  // rounding hides what they differ in
    shown = to_text(*left.value);
    need = to_text(*right.value);
  }
  std::string text = against(compared, shown, need, !reads_as_count(*right.value, path));
  if (!constant) text += filled(Phrase::Beside, language_, {{"other", name(right)}});
  add(std::move(text));
  return true;
}

}  // namespace kvali::expression
