#include "engine/directory/directory.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::directory {

const Person* Directory::person(const std::string& id) const {
  const auto found = person_index.find(id);
  return found == person_index.end() ? nullptr : &persons[found->second];
}

const Organisation* Directory::organisation(const std::string& id) const {
  const auto found = organisation_index.find(id);
  return found == organisation_index.end() ? nullptr : &organisations[found->second];
}

bool Directory::related(const std::string& person, std::string_view relation, std::string_view scope, calendar::Instant now) const {
  const auto found = grant_index.find(person);
  return found != grant_index.end() && std::any_of(found->second.begin(), found->second.end(), [&](std::size_t at) {
    const Grant& one = grants[at];
    return !one.ended && one.relation == relation && one.scope == scope && one.from <= now && now < one.until;
  });
}

bool Directory::was_related(const std::string& person, std::string_view relation, std::string_view scope, calendar::Instant now) const {
  const auto found = grant_index.find(person);
  return found != grant_index.end() && std::any_of(found->second.begin(), found->second.end(), [&](std::size_t at) {
    const Grant& one = grants[at];
    return one.relation == relation && one.scope == scope && one.from <= now;
  });
}

bool Directory::share_a_network(const std::string& person, const std::string& organisation, calendar::Instant now) const {
  const auto each_scope = [&](const std::string& member, const auto& visit) {
    const auto found = grant_index.find(member);
    if (found == grant_index.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](std::size_t at) {
      const Grant& one = grants[at];
      return !one.ended && one.relation == "member" && one.from <= now && now < one.until && visit(one.scope);
    });
  };
  const auto joins = [&](const std::string& network) { return network == organisation || related(organisation, "member", network, now); };
  return each_scope(person, [&](const std::string& own) { return joins(own) || each_scope(own, joins); });
}

Result<void> apply(Directory& directory, const v1::Record& record) {
  ++directory.sequence;
  if (record.has_commit()) {
    directory.commit = record.commit();
    const v1::Commit& commit = record.commit();
    const Answered answer{commit.request_hash(), directory.sequence + commit.records() - 1, commit.created()};
    if (!commit.command_id().empty() && directory.answered.emplace(commit.command_id(), answer).second)
      directory.stale.answers.insert(row_of_sequence(answer.sequence));
  }
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
      directory.organisations.push_back({one.organisation(), one.name(), one.kind(), one.country(), one.registration(),
                                         {one.facts().begin(), one.facts().end()}});
      return {};
    }
    case v1::Record::kRelationGranted: {
      const v1::RelationGranted& one = record.relation_granted();
      directory.grant_index[one.person()].push_back(directory.grants.size());
      directory.stale.grants.mark(directory.grants.size());
      directory.grants.push_back({one.grant(), one.person(), one.relation(), one.scope(), one.from_us(),
                                  one.until_us() ? one.until_us() : calendar::never, false});
      return {};
    }
    case v1::Record::kRelationEnded:
      for (std::size_t i = 0; i < directory.grants.size(); ++i) {
        if (directory.grants[i].id != record.relation_ended().grant()) continue;
        directory.grants[i].ended = true;
        directory.stale.grants.mark(i);
      }
      return {};
    case v1::Record::kFactRecorded: {
      const auto found = directory.organisation_index.find(record.fact_recorded().organisation());
      if (found == directory.organisation_index.end())
        return fail(fmt::format("record {}: no organisation {}", directory.sequence, record.fact_recorded().organisation()));
      directory.stale.organisations.mark(found->second);
      directory.organisations[found->second].facts.push_back(record.fact_recorded().fact());
      return {};
    }
    case v1::Record::kCommandQuarantined: return {};
    default: return fail(fmt::format("record {}: kind {} does not belong to the directory", directory.sequence,
                                     static_cast<int>(record.body_case())));
  }
}

}  // namespace kvali::directory
