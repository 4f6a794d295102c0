#pragma once
// Persons and organisations, outside any cohort: who they are, what is known of them, and what relates them. The fold of
// the stream `directory`; changed by apply alone.
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/result.h"
#include "engine/rows.h"
#include "kvali/v1/record.pb.h"

namespace kvali::directory {

struct Person {
  std::string id;
  v1::Sealed name;   // under the person's own key
  v1::Sealed email;
  std::vector<std::string> languages;  // preferred first
  std::string mail_domain;             // keyed hash; empty: not known, or a provider of mail for everybody
};

struct Organisation {
  std::string id, name, kind, country, registration;
  std::vector<v1::Fact> facts;
};

/// "manager" of the house (empty scope), "member" of an organisation (its id), "mentor" of one, elsewhere or before. An organisation may
/// be the member of another: a network.
struct Grant {
  std::string id, person, relation, scope;
  calendar::Instant from = 0;
  calendar::Instant until = calendar::never;
  bool ended = false;
};

struct Answered {
  std::string request_hash;
  std::uint64_t sequence = 0;
  std::string created;
};

struct Directory {
  std::vector<Person> persons;              // in order of registration
  std::vector<Organisation> organisations;  // likewise
  std::vector<Grant> grants;
  std::uint64_t sequence = 0;
  v1::Commit commit;
  std::unordered_map<std::string, std::size_t> person_index, organisation_index;
  std::unordered_map<std::string, std::vector<std::size_t>> grant_index;  // person → positions in grants
  std::unordered_map<std::string, Answered> answered;  // command id → what it did
  struct {
    Stale persons, organisations, grants;  // by position
    std::set<std::uint64_t> answers;       // rows of answered commands
  } stale;  // whose rows of a snapshot are; not of the state itself

  [[nodiscard]] const Person* person(const std::string& id) const;
  [[nodiscard]] const Organisation* organisation(const std::string& id) const;
  /// Whether `person` stands in `relation` to `scope` at `now`.
  [[nodiscard]] bool related(const std::string& person, std::string_view relation, std::string_view scope, calendar::Instant now) const;
  /// The same at `now` or before it.
  [[nodiscard]] bool was_related(const std::string& person, std::string_view relation, std::string_view scope, calendar::Instant now) const;
  /// Whether both belong to one network, or one to the other: `person` by herself or by an organisation she is a member of, the
  /// organisation by itself.
  [[nodiscard]] bool share_a_network(const std::string& person, const std::string& organisation, calendar::Instant now) const;
};

/// The version of the fold: counts the changes to what a snapshot of the directory means.
inline constexpr std::uint32_t fold_version = 1;

/// Applies the next record of the stream. An error means it does not fold.
Result<void> apply(Directory& directory, const v1::Record& record);

}  // namespace kvali::directory
