#pragma once
// What is written into forms: the least that fits a field's type and size, so that nothing is refused for its shape. What a
// guard asks of a value beyond that is left to chance.
#include "engine/cohort/state.h"
#include "engine/simulate/random.h"

namespace kvali::simulate {

/// What a value is made from.
struct Writing {
  const cohort::Cohort& cohort;
  const std::string& locality;      // of the initiative
  const std::string& person;        // who writes
  const std::string& organisation;  // who brings the initiative, or ""
  calendar::Instant now = 0;
};

/// A value that `field` takes, put into `value`, which is empty. Texts are sealed, with nothing inside, as long as the field asks for.
/// `whole`: what a part (Field.of) may not exceed; negative: nothing is known.
void write_value(const v1::Field& field, const Writing& about, std::int64_t whole, Random& random, v1::Value& value);

/// A date for a parameter, a date for a field: civil, of the instant, in the cohort's zone.
v1::Date today(const cohort::Cohort& cohort, calendar::Instant now);

}  // namespace kvali::simulate
