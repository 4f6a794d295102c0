#pragma once
// An explanation in words: short plain sentences in the languages kvali speaks, with the labels of the fields and their
// values as people write them. What is sealed is never told, only whether it is there and how long it is.
#include <string>
#include <string_view>

#include "engine/calendar/calendar.h"
#include "engine/expression/explain.h"

namespace kvali::expression {

/// What things are called and how their values read; asked of whoever knows the program.
class Labels {
 public:
  virtual ~Labels() = default;
  /// What people call `path` ("initiative.own_share", "meetings", "meetings.minutes") in `language`; "" when nobody
  /// named it, then its last name is used.
  virtual std::string label(std::string_view path, std::string_view language) const = 0;
  /// What one of the list at `path` is called: "Meeting", of which the list has three "Meetings"; "": as the list is.
  virtual std::string label_of_one(std::string_view, std::string_view) const { return {}; }
  /// How `value` of `path` reads: the label of a choice, an amount with its currency. "" for values that read as values
  /// of their kind usually do.
  virtual std::string reads(std::string_view path, const Value& value, std::string_view language) const = 0;
};

/// Whether kvali has sentences in `language`: en, lt and ka.
bool speaks(std::string_view language);

/// Why the guard is not met, in one or a few sentences: "Meetings: 2, at least 3 are needed." And from when on it will
/// be, where time alone decides. "" when it holds. `zone` is that of its dates. English where `language` is not spoken.
std::string say(const Explanation& explanation, const Labels& labels, std::string_view language, const calendar::Zone& zone);

// How values are written, for those who name them.

/// 1,500.5; 1 500,5 with a no-break space. Figures below 10,000 stand without groups: they may be years.
std::string written(double number, std::string_view language);
std::string written(std::int64_t number, std::string_view language);
/// "1 March 2027", "2027 m. kovo 1 d.", "2027 წლის 1 მარტი".
std::string written(calendar::Date date, std::string_view language);
/// The date, and the time where it is not midnight in `zone`: "1 March 2027, 10:30".
std::string written_instant(calendar::Instant instant, const calendar::Zone& zone, std::string_view language);
/// "EUR 1,500", "1 500 EUR"; with cents only where there are some. `minor_units` are hundredths.
std::string written_money(std::int64_t minor_units, std::string_view currency, std::string_view language);

}  // namespace kvali::expression
