#pragma once
// The words of an explanation in every language kvali speaks. Included by the sources of say.h only.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "engine/calendar/calendar.h"

namespace kvali::expression {

enum class Language : std::uint8_t { English, Lithuanian, Georgian };
Language language_of(std::string_view code);

/// Sentences and pieces of them, with {marks} to be filled in.
enum class Phrase : std::uint8_t {
  AtLeast,  // comparisons: {label}, {value}, {need}, {are}
  MoreThan,
  AtMost,
  LessThan,
  Equal,
  Different,
  NotBefore,
  After,
  NotAfter,
  Before,
  Alike,  // {label}, {value}, {other}, {need}
  Unlike,
  ShareOf,  // {percent}, {whole}, {other}: behind a comparison
  Beside,   // {other}: behind a comparison
  Missing,  // {label}
  Present,
  MissingValue,  // in place of a value
  OneOf,         // {label}, {value}, {list}
  NoneOf,
  Lacks,     // {label}, {value}, {need}
  MustLack,  // {label}, {value}, {need}
  Contains,  // {label}, {value}, {need}
  StartsWith,
  EndsWith,
  Matches,
  NotContains,
  NotStartsWith,
  NotEndsWith,
  NotMatches,
  NotYet,      // {label}, {value}: a day in the future
  NotOver,     // of a day that must be over
  NotYetTime,  // an instant
  Passed,
  PassedTime,
  From,           // {date}
  Until,          // {date}
  LabelledFrom,   // {label}, {value}, {date}
  Complete,       // {label}, {value}, {period}, {date}
  SinceThen,      // {label}, {value}, {period}
  LessLeft,       // {label}, {value}, {than}
  Fits,           // {count}, {size}: in place of a value
  NoneFits,       // {label}, {size}
  ExactlyOne,     // {label}, {count}
  MustNotBeOne,   // {label}
  Numbered,       // {label}, {count}: an element of a list
  InAll,          // {label}: of a sum
  More,           // {count}
  EnoughOne,      // before alternatives
  Plain,          // {label}, {value}
  Unfit,          // {label}, {value}
  Unmet,          // {source}
  Never,          //
  Failed,         // {line}, {column}, {cause}
  WillHold,       // {date}
  count_of_phrases,
};
std::string_view words(Phrase phrase, Language language);

struct Mark {
  std::string_view name;
  std::string_view text;
};
std::string filled(Phrase phrase, Language language, std::initializer_list<Mark> marks);

/// The cause of a failure as the evaluator tells it, in `language` where its words are known.
std::string cause_in(std::string_view cause, Language language);

enum class Unit : std::uint8_t { Year, Month, Day, WorkingDay, Week, Hour, Minute, Second, Character };
/// "2 years", "2 metai", "2 წელი": in the nominative.
std::string counted(std::int64_t count, Unit unit, Language language);
/// The name of a period in the same way; "18 months", "1 day 12 hours".
std::string counted(const calendar::Period& period, Language language);
/// "than 2 years" behind "less": Georgian says it with a case.
std::string counted_than(const calendar::Period& period, Language language);

/// What stands around a date: Georgian has a case for each.
enum class Case : std::uint8_t { Plain, On, From, Until };
std::string date_in(calendar::Date date, Case form, Language language);
std::string instant_in(calendar::Instant instant, const calendar::Zone& zone, Case form, Language language);

std::string yes_or_no(bool yes, Language language);
std::string quoted(std::string_view text, Language language);
std::string percent(double share, Language language);
std::string number_in(std::int64_t number, Language language);
std::string number_in(double number, Language language);

}  // namespace kvali::expression
