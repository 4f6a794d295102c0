#pragma once
// Answers about organisations: what everybody may read of one, what its own people may, and whether it may begin somewhere.
#include <string>

#include "kvali/v1/frame.pb.h"
#include "server/core/core.h"

namespace kvali::api {

/// Who asks.
struct OrganisationsReader {
  core::Core& core;
  const std::string& person;
  const std::string& locale;
  std::int64_t now_us;
};

/// All of them by name; what was merged into another is not told apart any more.
void answer_organisations(const OrganisationsReader& reader, v1::Answer& answer);
/// One, with its facts and members for who may know them. False: there is none.
bool answer_organisation(const OrganisationsReader& reader, const std::string& id, v1::Answer& answer);
/// Every open cohort that the reader may be told of. False: she may not ask about this organisation, whatever there is to tell.
bool answer_eligibility(const OrganisationsReader& reader, const v1::EligibilityQuery& query, v1::Answer& answer);

}  // namespace kvali::api
