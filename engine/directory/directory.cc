#include "engine/directory/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace kvali::directory {

const Person* Directory::person(const std::string& id) const {
  const auto found = person_index.find(id);
  return found == person_index.end() ? nullptr : &persons[found->second];
}

const Organisation* Directory::entry(const std::string& id) const {
  const auto found = organisation_index.find(id);
  return found == organisation_index.end() ? nullptr : &organisations[found->second];
}

const Organisation* Directory::organisation(const std::string& id) const {
  const Organisation* one = entry(id);
  while (one && !one->merged_into.empty()) one = entry(one->merged_into);  // merging never makes a circle
  return one;
}

const std::string& Directory::kept(const std::string& id) const {
  const Organisation* one = organisation(id);
  return one ? one->id : id;
}

namespace {

/// Whether one of the grants of `member`, a person or an organisation, is in force and fits.
template <class Fits>
bool any_grant(const Directory& directory, const std::string& member, calendar::Instant now, Fits fits) {
  const auto found = directory.grant_index.find(member);
  return found != directory.grant_index.end() && std::any_of(found->second.begin(), found->second.end(), [&](std::size_t at) {
    const Grant& one = directory.grants[at];
    return !one.ended && one.from <= now && now < one.until && fits(one);
  });
}

}  // namespace

bool Directory::related(const std::string& person, std::string_view relation, const std::string& scope, calendar::Instant now) const {
  return any_grant(*this, person, now, [&](const Grant& one) {
    return one.relation == relation && one.organisation.empty() && (one.scope == scope || (!scope.empty() && kept(one.scope) == kept(scope)));
  });
}

bool Directory::belongs(const std::string& organisation, const std::string& network, calendar::Instant now) const {
  const std::string& wanted = kept(organisation);
  const auto is_of = [&](const Grant& one) { return kept(one.scope) == kept(network); };
  if (any_grant(*this, wanted, now, is_of)) return true;
  return std::any_of(organisations.begin(), organisations.end(), [&](const Organisation& one) {
    return !one.merged_into.empty() && kept(one.id) == wanted && any_grant(*this, one.id, now, is_of);
  });
}

bool Directory::was_related(const std::string& person, std::string_view relation, const std::string& scope, calendar::Instant now) const {
  const auto found = grant_index.find(person);
  return found != grant_index.end() && std::any_of(found->second.begin(), found->second.end(), [&](std::size_t at) {
    const Grant& one = grants[at];
    return one.relation == relation && one.organisation.empty() && kept(one.scope) == kept(scope) && one.from <= now;
  });
}

bool Directory::share_a_network(const std::string& person, const std::string& organisation, calendar::Instant now) const {
  const auto joins = [&](const std::string& network) { return kept(network) == kept(organisation) || belongs(organisation, network, now); };
  return any_grant(*this, person, now, [&](const Grant& own) {
    if (own.relation != "member" || own.scope.empty() || !own.organisation.empty()) return false;
    return joins(own.scope) || std::any_of(grants.begin(), grants.end(), [&](const Grant& one) {
      return !one.organisation.empty() && kept(one.organisation) == kept(own.scope) && belongs(one.organisation, one.scope, now) && joins(one.scope);
    });
  });
}

namespace {

/// What was recorded before facts had ids gets one by its place in the stream.
void take_in(Organisation& organisation, const google::protobuf::RepeatedPtrField<v1::Fact>& facts, std::uint64_t sequence) {
  for (const v1::Fact& fact : facts) {
    v1::Fact& made = organisation.facts.emplace_back(fact);
    if (made.id().empty()) made.set_id(fmt::format("{}.{}", sequence, organisation.facts.size()));
  }
}

void accept(v1::Fact& fact, const v1::FactAcceptance& acceptance) {
  for (v1::FactAcceptance& one : *fact.mutable_accepted())
    if (one.program() == acceptance.program()) {
      one = acceptance;
      return;
    }
  *fact.add_accepted() = acceptance;
}

void revoke(v1::Fact& fact, const std::string& program) {
  auto& all = *fact.mutable_accepted();
  all.erase(std::remove_if(all.begin(), all.end(), [&](const v1::FactAcceptance& one) { return one.program() == program; }), all.end());
}

void rename(Organisation& organisation, const v1::OrganisationRenamed& renamed) {
  v1::Date since;  // the name before it began where the one before that ended
  for (const FormerName& one : organisation.names)
    if (one.until.year() != 0) since = one.until;
  organisation.names.push_back({std::exchange(organisation.name, renamed.name()), since, renamed.from()});
}

/// Everything of the merged entry is the kept one's too; the merged one stays as it was, and says what stands for it.
void merge(Organisation& kept, Organisation& merged) {
  merged.merged_into = kept.id;
  kept.facts.insert(kept.facts.end(), merged.facts.begin(), merged.facts.end());
  if (merged.name != kept.name) kept.names.push_back({merged.name, {}, {}});
  kept.names.insert(kept.names.end(), merged.names.begin(), merged.names.end());
  for (const std::string& one : merged.successor_of)
    if (std::find(kept.successor_of.begin(), kept.successor_of.end(), one) == kept.successor_of.end()) kept.successor_of.push_back(one);
  if (kept.registration.empty()) {
    kept.reg = merged.reg;
    kept.registration = merged.registration;
  }
  if (kept.kind.empty()) kept.kind = merged.kind;
  if (kept.country.empty()) kept.country = merged.country;
}

/// The organisation that a record is about, whose row is marked; or why it does not fold. A merged one is its kept one.
Result<Organisation*> concerned(Directory& directory, const std::string& id) {
  const auto found = directory.organisation_index.find(directory.kept(id));
  if (found == directory.organisation_index.end()) return fail(fmt::format("record {}: no organisation {}", directory.sequence, id));
  directory.stale.organisations.mark(found->second);
  return &directory.organisations[found->second];
}

Result<v1::Fact*> concerned_fact(Directory& directory, const std::string& id, const std::string& fact) {
  auto organisation = concerned(directory, id);
  if (!organisation) return fail(organisation.error());
  for (v1::Fact& one : (*organisation)->facts)
    if (one.id() == fact) return &one;
  return fail(fmt::format("record {}: no fact {} of {}", directory.sequence, fact, id));
}

void grant(Directory& directory, const v1::RelationGranted& one) {
  directory.grant_index[one.organisation().empty() ? one.person() : one.organisation()].push_back(directory.grants.size());
  directory.stale.grants.mark(directory.grants.size());
  directory.grants.push_back({one.grant(), one.person(), one.relation(), one.scope(), one.from_us(),
                              one.until_us() ? one.until_us() : calendar::never, false, one.organisation()});
}

/// Records about an organisation that is there. Nothing: the record is another.
std::optional<Result<void>> apply_to_organisation(Directory& directory, const v1::Record& record) {
  const auto with = [](auto found, auto change) -> Result<void> {
    if (!found) return fail(found.error());
    change(**found);
    return {};
  };
  switch (record.body_case()) {
    case v1::Record::kFactRecorded:
      return with(concerned(directory, record.fact_recorded().organisation()), [&](Organisation& one) {
        google::protobuf::RepeatedPtrField<v1::Fact> facts;
        *facts.Add() = record.fact_recorded().fact();
        take_in(one, facts, directory.sequence);
      });
    case v1::Record::kFactWithdrawn:
      return with(concerned(directory, record.fact_withdrawn().organisation()), [&](Organisation& one) {
        std::erase_if(one.facts, [&](const v1::Fact& fact) { return fact.id() == record.fact_withdrawn().fact(); });
      });
    case v1::Record::kFactAccepted: {
      const v1::FactAccepted& accepted = record.fact_accepted();
      return with(concerned_fact(directory, accepted.organisation(), accepted.fact()), [&](v1::Fact& fact) { accept(fact, accepted.acceptance()); });
    }
    case v1::Record::kAcceptanceRevoked: {
      const v1::AcceptanceRevoked& revoked = record.acceptance_revoked();
      return with(concerned_fact(directory, revoked.organisation(), revoked.fact()), [&](v1::Fact& fact) { revoke(fact, revoked.program()); });
    }
    case v1::Record::kOrganisationRenamed:
      return with(concerned(directory, record.organisation_renamed().organisation()),
                  [&](Organisation& one) { rename(one, record.organisation_renamed()); });
    case v1::Record::kOrganisationChanged:
      return with(concerned(directory, record.organisation_changed().organisation()), [&](Organisation& one) {
        const v1::OrganisationChanged& changed = record.organisation_changed();
        one.kind = changed.kind();
        one.country = changed.country();
        one.reg = changed.register_();
        one.registration = changed.registration();
      });
    case v1::Record::kOrganisationSucceeded:
      return with(concerned(directory, record.organisation_succeeded().organisation()),
                  [&](Organisation& one) { one.successor_of.push_back(record.organisation_succeeded().successor_of()); });
    case v1::Record::kOrganisationsMerged: {
      auto merged = concerned(directory, record.organisations_merged().merged());
      auto kept = concerned(directory, record.organisations_merged().kept());
      if (merged && kept && *merged == *kept) return fail(fmt::format("record {}: {} is merged with itself", directory.sequence, (*kept)->id));
      if (!merged) return fail(merged.error());
      return with(std::move(kept), [&](Organisation& one) { merge(one, **merged); });
    }
    default: return std::nullopt;
  }
}

}  // namespace

Result<void> apply(Directory& directory, const v1::Record& record) {
  ++directory.sequence;
  if (record.has_commit()) {
    directory.commit = record.commit();
    const v1::Commit& commit = record.commit();
    const Answered answer{commit.request_hash(), directory.sequence + commit.records() - 1, commit.created()};
    if (!commit.command_id().empty() && directory.answered.emplace(commit.command_id(), answer).second)
      directory.stale.answers.insert(row_of_sequence(answer.sequence));
  }
  if (auto applied = apply_to_organisation(directory, record)) return *applied;
  switch (record.body_case()) {
    case v1::Record::kPersonRegistered: {
      const v1::PersonRegistered& one = record.person_registered();
      directory.stale.persons.mark(directory.persons.size());
      directory.person_index[one.person()] = directory.persons.size();
      directory.persons.push_back({one.person(), one.name(), one.email(), {one.languages().begin(), one.languages().end()}, one.mail_domain()});
      return {};
    }
    case v1::Record::kOrganisationRegistered: {
      const v1::OrganisationRegistered& one = record.organisation_registered();
      directory.stale.organisations.mark(directory.organisations.size());
      directory.organisation_index[one.organisation()] = directory.organisations.size();
      directory.organisations.push_back({one.organisation(), one.name(), one.kind(), one.country(), one.registration(), {}, one.register_(), {},
                                         {one.successor_of().begin(), one.successor_of().end()}, {}});
      take_in(directory.organisations.back(), one.facts(), directory.sequence);
      return {};
    }
    case v1::Record::kRelationGranted: grant(directory, record.relation_granted()); return {};
    case v1::Record::kRelationEnded:
      for (std::size_t i = 0; i < directory.grants.size(); ++i) {
        if (directory.grants[i].id != record.relation_ended().grant()) continue;
        directory.grants[i].ended = true;
        directory.stale.grants.mark(i);
      }
      return {};
    case v1::Record::kCommandQuarantined: return {};
    default: return fail(fmt::format("record {}: kind {} does not belong to the directory", directory.sequence,
                                     static_cast<int>(record.body_case())));
  }
}

}  // namespace kvali::directory
