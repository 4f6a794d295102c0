// Points of time taken apart and moved in calendar terms, in a zone.
#include <fmt/format.h>

#include "engine/expression/conversions.h"
#include "engine/expression/evaluation.h"

namespace kvali::expression {

namespace {

constexpr Wide second_ns = 1'000'000'000;
constexpr Wide microsecond_ns = 1'000;

constexpr Wide floor_div(Wide value, Wide by) { return value / by - (value % by < 0 ? 1 : 0); }
constexpr Wide floor_mod(Wide value, Wide by) { return value - floor_div(value, by) * by; }
constexpr Wide microseconds_up(Wide nanoseconds) { return (nanoseconds + microsecond_ns - 1) / microsecond_ns; }

Wide wide(Timestamp t) { return Wide{t.seconds} * second_ns + t.nanos; }

/// Reads "+02:00", "-02:30" or "02:00"; false when the text is no such offset.
bool read_offset(std::string_view text, std::int32_t& seconds) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto digit = [&text](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return false;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return false;
  seconds = (negative ? -1 : 1) * (hours * 60 + minutes) * 60;
  return true;
}

/// The zone that a getter names, or the context's. `fixed` holds one that is only an offset.
const calendar::Zone* zone_of(Evaluation& evaluation, const Node& node, Arguments arguments, calendar::Zone& fixed) {
  const Context& context = evaluation.context();
  if (arguments.size() < 2) return context.zone;
  if (!arguments[1].is(Kind::String)) {
    evaluation.no_overload(node, arguments);
    return nullptr;
  }
  const std::string& name = arguments[1].as_string();
  if (name == "UTC" || name == "Z" || name.empty()) return &calendar::utc();
  if (name == context.zone->name) return context.zone;
  for (const calendar::Zone& zone : context.zones) {
    if (zone.name == name) return &zone;
  }
  if (read_offset(name, fixed.first_offset_s)) return &fixed;
  evaluation.fail(node, fmt::format("the time zone {} is not known here", to_text(arguments[1])));
  return nullptr;
}

/// A moment as the wall in a zone shows it.
struct Wall {
  calendar::Date date;
  Wide of_day = 0;  // nanoseconds since its midnight
};

Wall wall_of(const calendar::Zone& zone, Timestamp moment) {
  const Wide local = wide(moment) + Wide{calendar::offset_at(zone, instant_of(moment))} * second_ns;
  const Wide day = 86'400 * second_ns;
  return {calendar::civil_from_days(static_cast<std::int64_t>(floor_div(local, day))), floor_mod(local, day)};
}

/// Notes when a getter of a moment that moves with `now` gives another answer: at the next boundary of its unit, or
/// when the zone changes its offset.
void note_boundary(Evaluation& evaluation, Function getter, const Value& value, const calendar::Zone& zone,
                   const Wall& wall) {
  if (value.drift() != 1) return evaluation.settle(value);
  const Wide moment = wide(value.as_timestamp());
  const auto reaches = [&](calendar::Instant instant) {
    evaluation.changes_in(microseconds_up(Wide{instant} * microsecond_ns - moment));
  };
  const auto next_of = [&](Wide unit) { evaluation.changes_in(microseconds_up(unit - floor_mod(wall.of_day, unit))); };
  const calendar::Instant change = calendar::next_change(zone, instant_of(value.as_timestamp()));
  if (change != calendar::never) reaches(change);
  switch (getter) {
    case Function::GetFullYear:
      return reaches(calendar::instant_at(zone, {wall.date.year + 1, 1, 1}, 0));
    case Function::GetMonth: {
      const bool december = wall.date.month == 12;
      const calendar::Date next{wall.date.year + (december ? 1 : 0), december ? 1 : wall.date.month + 1, 1};
      return reaches(calendar::instant_at(zone, next, 0));
    }
    case Function::GetHours:
      return next_of(3'600 * second_ns);
    case Function::GetMinutes:
      return next_of(60 * second_ns);
    case Function::GetSeconds:
      return next_of(second_ns);
    case Function::GetMilliseconds:
      return next_of(1'000 * microsecond_ns);
    default:
      return reaches(calendar::end_of(zone, wall.date));
  }
}

std::int64_t part_of(Function getter, const Wall& wall) {
  switch (getter) {
    case Function::GetFullYear:
      return wall.date.year;
    case Function::GetMonth:
      return wall.date.month - 1;
    case Function::GetDate:
      return wall.date.day;
    case Function::GetDayOfMonth:
      return wall.date.day - 1;
    case Function::GetDayOfWeek:
      return calendar::weekday(wall.date);
    case Function::GetDayOfYear:
      return calendar::days_from_civil(wall.date) - calendar::days_from_civil({wall.date.year, 1, 1});
    case Function::GetHours:
      return static_cast<std::int64_t>(wall.of_day / (3'600 * second_ns));
    case Function::GetMinutes:
      return static_cast<std::int64_t>(wall.of_day / (60 * second_ns) % 60);
    case Function::GetSeconds:
      return static_cast<std::int64_t>(wall.of_day / second_ns % 60);
    default:
      return static_cast<std::int64_t>(wall.of_day / (1'000 * microsecond_ns) % 1'000);
  }
}

bool of_clock(Function getter) {
  return getter == Function::GetHours || getter == Function::GetMinutes || getter == Function::GetSeconds ||
         getter == Function::GetMilliseconds;
}

/// Hours, minutes and seconds of a duration are all of it in that unit; milliseconds only those beside the seconds.
bool of_duration(Evaluation& evaluation, const Node& node, const Value& value, Value& out) {
  Wide unit = 1'000'000;
  if (node.function == Function::GetHours) unit = 3'600 * second_ns;
  if (node.function == Function::GetMinutes) unit = 60 * second_ns;
  if (node.function == Function::GetSeconds) unit = second_ns;
  const Wide length = value.as_duration();
  // What is cut off is cut off towards nothing, so a whole negative count is over with the next instant.
  const bool whole = length < 0 && length % unit == 0;
  if (value.drift() == 1) evaluation.changes_in(whole ? 1 : microseconds_up(unit - floor_mod(length, unit)));
  if (value.drift() == -1) evaluation.changes_in(microseconds_up(floor_mod(length, unit)));
  if (value.drift() != 1 && value.drift() != -1) evaluation.settle(value);
  const auto count = static_cast<std::int64_t>(length / unit);
  out = Value::integer(node.function == Function::GetMilliseconds ? count % 1'000 : count);
  return true;
}

}  // namespace

Wide nanoseconds_of(const Evaluation& evaluation, const Value& time) {
  if (time.is(Kind::Timestamp)) return wide(time.as_timestamp());
  return Wide{calendar::instant_at(*evaluation.context().zone, time.as_date(), 0)} * microsecond_ns;
}

Wide end_of_day(const Evaluation& evaluation, const Value& date) {
  return Wide{calendar::end_of(*evaluation.context().zone, date.as_date())} * microsecond_ns;
}

bool apply_time(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& value = arguments[0];
  if (value.is(Kind::Duration) && arguments.size() == 1 && of_clock(node.function)) {
    return of_duration(evaluation, node, value, out);
  }
  if (value.is(Kind::Date) && arguments.size() == 1 && !of_clock(node.function)) {
    out = Value::integer(part_of(node.function, {value.as_date(), 0}));
    return true;
  }
  if (!value.is(Kind::Timestamp)) return evaluation.no_overload(node, arguments);
  calendar::Zone fixed;
  const calendar::Zone* zone = zone_of(evaluation, node, arguments, fixed);
  if (zone == nullptr) return false;
  const Wall wall = wall_of(*zone, value.as_timestamp());
  if (value.drift() != 0) note_boundary(evaluation, node.function, value, *zone, wall);
  out = Value::integer(part_of(node.function, wall));
  return true;
}

/// date(timestamp) and date(timestamp, zone).
bool date_of(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Value& value = arguments[0];
  if (!value.is(Kind::Timestamp)) return evaluation.no_overload(node, arguments);
  calendar::Zone fixed;
  const calendar::Zone* zone = zone_of(evaluation, node, arguments, fixed);
  if (zone == nullptr) return false;
  const Wall wall = wall_of(*zone, value.as_timestamp());
  if (value.drift() != 0) note_boundary(evaluation, Function::GetDate, value, *zone, wall);
  out = Value::date(wall.date);
  return true;
}

namespace {

bool valid_year(const Value& value) {
  if (value.is(Kind::Date)) return value.as_date().year >= 1 && value.as_date().year <= 9'999;
  return in_range(value.as_timestamp().seconds);
}

/// A moment that moves with `now`, moved by a period: it goes on moving like `now` until a day ends or an offset
/// changes on either side; inside a gap of the clock it stands still.
Value moved_with_now(Evaluation& evaluation, const calendar::Zone& zone, calendar::Instant from, calendar::Instant to,
                     const Value& moved) {
  const auto reaches = [&](calendar::Instant there, calendar::Instant here) {
    if (there != calendar::never) evaluation.changes_in(Wide{there} - here);
  };
  reaches(calendar::end_of(zone, calendar::date_at(zone, from)), from);
  reaches(calendar::next_change(zone, from), from);
  reaches(calendar::next_change(zone, to), to);
  const auto wall = [&zone](calendar::Instant at) {
    return floor_mod(Wide{at} + Wide{calendar::offset_at(zone, at)} * calendar::second_us, calendar::day_us);
  };
  if (wall(from) == wall(to)) return moved.with_drift(1);
  evaluation.changes_in(1);
  return moved;
}

}  // namespace

bool add_period(Evaluation& evaluation, const Node& node, const Value& time, const calendar::Period& period,
                Value& out) {
  static const calendar::Holidays no_holidays;
  const Context& context = evaluation.context();
  const calendar::Holidays& holidays = context.holidays != nullptr ? *context.holidays : no_holidays;
  const auto days = static_cast<std::uint64_t>(std::abs(std::int64_t{period.working_days}));
  if (!evaluation.charge(node, days * 2)) return false;  // working days are counted one by one
  if (time.is(Kind::Date)) {
    if (period.microseconds != 0)
      return evaluation.fail(node, "a date moves by days, weeks, months or years, not by hours");
    calendar::Date date = calendar::add_months(time.as_date(), period.months);
    date = calendar::civil_from_days(calendar::days_from_civil(date) + period.days);
    out = Value::date(calendar::add_working_days(date, period.working_days, holidays));
  } else {
    const calendar::Instant from = instant_of(time.as_timestamp());
    const calendar::Period civil{period.months, period.days, period.working_days, 0};
    const calendar::Instant day_moved = calendar::shift(*context.zone, holidays, from, civil);
    const calendar::Instant to = calendar::shift(*context.zone, holidays, day_moved, {0, 0, 0, period.microseconds});
    Timestamp moved = timestamp_of(to);
    moved.nanos += time.as_timestamp().nanos % 1'000;
    out = Value::timestamp(moved);
    if (time.drift() != 0) {
      if (civil == calendar::Period{}) {
        out = out.with_drift(time.drift());
      } else if (time.drift() == 1) {
        out = moved_with_now(evaluation, *context.zone, from, day_moved, out);
      } else {
        evaluation.settle(time);
      }
    }
  }
  if (!valid_year(out)) return evaluation.fail(node, "the result is out of range: the years are 0001 to 9999");
  return true;
}

}  // namespace kvali::expression
