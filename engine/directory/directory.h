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

struct FormerName {
  std::string name;
  v1::Date from, until;  // first day, and first day of the next; unknown where they are empty
};

struct Organisation {
  std::string id, name, kind, country, registration;  // `registration` is the number in the register
  std::vector<v1::Fact> facts;                        // each with its id; none is ever changed but in who accepted it
  std::string reg;                                    // the register: "GE-NAPR"
  std::vector<FormerName> names;                      // former ones, and those of merged entries
  std::vector<std::string> successor_of;              // ids of organisations
  std::string merged_into;                            // id of the entry that stands for it; empty: itself
};

/// "manager" of the house (empty scope), "member" of an organisation (its id), "mentor" of one, elsewhere or before. An organisation may
/// be the member of another: a network.
struct Grant {
  std::string id, person, relation, scope;
  calendar::Instant from = 0;
  calendar::Instant until = calendar::never;
  bool ended = false;
  std::string organisation;  // in place of a person: a member of the network in `scope`
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
  std::unordered_map<std::string, std::vector<std::size_t>> grant_index;  // person or organisation → positions in grants
  std::unordered_map<std::string, Answered> answered;  // command id → what it did
  struct {
    Stale persons, organisations, grants;  // by position
    std::set<std::uint64_t> answers;       // rows of answered commands
  } stale;  // whose rows of a snapshot are; not of the state itself

  [[nodiscard]] const Person* person(const std::string& id) const;
  /// The organisation of that id: of one that was merged, the one that is kept.
  [[nodiscard]] const Organisation* organisation(const std::string& id) const;
  /// The entry as it was registered, merged or not.
  [[nodiscard]] const Organisation* entry(const std::string& id) const;
  /// The id that is kept in place of `id`; the same where nothing was merged or nothing is known.
  [[nodiscard]] const std::string& kept(const std::string& id) const;
  /// Whether `person` stands in `relation` to `scope` at `now`. An organisation's merged entries are one with it.
  [[nodiscard]] bool related(const std::string& person, std::string_view relation, const std::string& scope, calendar::Instant now) const;
  /// The same at `now` or before it.
  [[nodiscard]] bool was_related(const std::string& person, std::string_view relation, const std::string& scope, calendar::Instant now) const;
  /// Whether the organisation is a member of the network now.
  [[nodiscard]] bool belongs(const std::string& organisation, const std::string& network, calendar::Instant now) const;
  /// Whether both belong to one network, or one to the other: `person` by an organisation that she is a member of, the organisation by
  /// itself. Who is a member of the organisation shares it, too.
  [[nodiscard]] bool share_a_network(const std::string& person, const std::string& organisation, calendar::Instant now) const;
};

/// The version of the fold: counts the changes to what a snapshot of the directory means.
inline constexpr std::uint32_t fold_version = 2;

/// Applies the next record of the stream. An error means it does not fold.
Result<void> apply(Directory& directory, const v1::Record& record);

}  // namespace kvali::directory
