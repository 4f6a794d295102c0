// Random trees over random bindings: evaluated within the limit of work, the same way however they are written, and
// with the same result until the instant that was told.
#include <algorithm>

#include "engine/expression/expression.h"
#include "tests/engine/calendar/vilnius.h"
#include "tests/engine/expression/random_tree.h"
#include "tests/fuzz/target.h"

namespace {

using namespace kvali::expression;
using kvali::calendar::Instant;
using kvali::fuzz::promise;

constexpr std::uint64_t work_units_small = 300;
constexpr Instant year_us = 365LL * 24 * 3600 * 1'000'000;

std::string answer_of(const Outcome& outcome) {
  if (!outcome.result) return "error: " + outcome.result.error().message;
  std::string text(type_name(outcome.result->kind()));
  return text.append(" ").append(to_text(*outcome.result));
}

bool out_of_work(const Outcome& outcome) {
  return !outcome.result && outcome.result.error().message.find("units of work") != std::string::npos;
}

/// An error that comes with time and is not counted: a duration past 292 years, an instant past the year 9999.
bool left_its_range(const Outcome& outcome) {
  return !outcome.result && outcome.result.error().message.find("range") != std::string::npos;
}

Outcome evaluated(const Expression& expression, const Bindings& bindings, const Context& context) {
  const Outcome outcome = evaluate(expression, bindings, context);
  promise(outcome.work_units <= context.work_units_max, "work stays within its limit", expression.to_text());
  if (context.now)
    promise(outcome.may_change_at > *context.now, "the value may change after now", expression.to_text());
  return outcome;
}

void same_outcome(const Outcome& one, const Outcome& other, const char* what, const std::string& text) {
  if (answer_of(one) == answer_of(other)) return;
  promise(false, what, std::string(text).append("\n  ").append(answer_of(one)).append("\n  ").append(answer_of(other)));
}

/// The result is the same at some moment before the instant that was told, and at the last.
void lasts_until_told(const Expression& expression, const Bindings& bindings, Context context, const Outcome& first,
                      testing::Choices& choices) {
  const Instant now = *context.now;
  const Instant last = std::min(first.may_change_at - 1, now + 2 * year_us);
  const Instant step = (last - now) / 256 + 1;
  for (const Instant later : {last, std::min(last, now + step * static_cast<Instant>(choices.below(256)))}) {
    context.now = later;
    const Outcome then = evaluated(expression, bindings, context);
    if (left_its_range(first) || left_its_range(then) || out_of_work(then)) return;
    promise(
        first.result.has_value() == then.result.has_value() && (!first.result || answer_of(first) == answer_of(then)),
        "the result stays until the instant that was told",
        expression.to_text()
            .append("\n  now: ")
            .append(answer_of(first))
            .append("\n  ")
            .append(kvali::calendar::to_string(later))
            .append(": ")
            .append(answer_of(then)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const kvali::calendar::Zone vilnius = kvali::calendar::testing::vilnius();
  static const kvali::calendar::Holidays holidays = kvali::calendar::testing::lithuania_2017();
  static const Instant moments[] = {kvali::calendar::testing::at("2017-03-26T00:59:59.5Z"),
                                    kvali::calendar::testing::at("2016-12-31T21:59:59.999999Z"), 0};
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  // The bindings draw from the end, so that what is added to the front of the bytes keeps them.
  const std::string reversed(bytes.rbegin(), bytes.rend());
  testing::Choices choices(bytes), world(reversed);
  Context context{.now = moments[world.below(3)], .zone = &vilnius, .zones = {&vilnius, 1}, .holidays = &holidays};
  const NamedValues bindings = testing::random_bindings(world);
  const Expression made(std::make_shared<Tree>(testing::random_tree(choices, 6)));
  const std::string text = made.to_text();
  if (text.size() > kvali::limits::guard_bytes_max) return 0;
  const auto expression = compile(text);
  promise(expression.has_value(), "a written tree can be read", text);
  promise(testing::same_tree(made.tree().root, expression->tree().root), "a written tree is read as the same tree",
          text);

  const Outcome outcome = evaluated(*expression, bindings, context);
  same_outcome(outcome, evaluated(made, bindings, context), "the tree evaluates as its text does", text);
  context.work_units_max = work_units_small;
  const Outcome cut = evaluated(*expression, bindings, context);
  if (!out_of_work(cut)) same_outcome(outcome, cut, "a limit that is not reached changes nothing", text);
  context.work_units_max = kvali::limits::guard_work_units_max;
  if (!out_of_work(outcome)) lasts_until_told(*expression, bindings, context, outcome, world);
  return 0;
}
