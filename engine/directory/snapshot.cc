// Each struct of directory.h has a pair here, keep() and restore(). Both take it apart by all of its members: whoever adds one
// finds that it does not compile until it is kept, or named here as what can be made again.
#include "engine/directory/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kvali/v1/snapshot.pb.h"

namespace kvali::directory {
namespace {

constexpr const char* head_key = "head";
std::string key_of(std::string_view kind, std::size_t slot, const std::string& id) { return fmt::format("{}/{:08}/{}", kind, slot, id); }
std::string answers_key(std::uint64_t row) { return fmt::format("answers/{:016}", row); }

void keep(const Person& live, v1::KeptPerson& kept) {
  const auto& [id, name, email, languages, mail_domain] = live;
  kept.set_person(id);
  *kept.mutable_name() = name;
  *kept.mutable_email() = email;
  kept.mutable_languages()->Add(languages.begin(), languages.end());
  kept.set_mail_domain(mail_domain);
}

void restore(const v1::KeptPerson& kept, Person& live) {
  auto& [id, name, email, languages, mail_domain] = live;
  id = kept.person();
  name = kept.name();
  email = kept.email();
  languages.assign(kept.languages().begin(), kept.languages().end());
  mail_domain = kept.mail_domain();
}

void keep(const Organisation& live, v1::KeptOrganisation& kept) {
  const auto& [id, name, kind, country, registration, facts, reg, names, successor_of, merged_into] = live;
  kept.set_organisation(id);
  kept.set_name(name);
  kept.set_kind(kind);
  kept.set_country(country);
  kept.set_registration(registration);
  kept.mutable_facts()->Add(facts.begin(), facts.end());
  kept.set_register_(reg);
  for (const auto& [former, from, until] : names) {
    v1::OrganisationName& one = *kept.add_names();
    one.set_name(former);
    *one.mutable_from() = from;
    *one.mutable_until() = until;
  }
  kept.mutable_successor_of()->Add(successor_of.begin(), successor_of.end());
  kept.set_merged_into(merged_into);
}

void restore(const v1::KeptOrganisation& kept, Organisation& live) {
  auto& [id, name, kind, country, registration, facts, reg, names, successor_of, merged_into] = live;
  id = kept.organisation();
  name = kept.name();
  kind = kept.kind();
  country = kept.country();
  registration = kept.registration();
  facts.assign(kept.facts().begin(), kept.facts().end());
  reg = kept.register_();
  for (const v1::OrganisationName& one : kept.names()) names.push_back({one.name(), one.from(), one.until()});
  successor_of.assign(kept.successor_of().begin(), kept.successor_of().end());
  merged_into = kept.merged_into();
}

void keep(const Grant& live, v1::KeptGrant& kept) {
  const auto& [id, person, relation, scope, from, until, ended, organisation] = live;
  kept.set_grant(id);
  kept.set_person(person);
  kept.set_relation(relation);
  kept.set_scope(scope);
  kept.set_from_us(from);
  kept.set_until_us(until);
  kept.set_ended(ended);
  kept.set_organisation(organisation);
}

void restore(const v1::KeptGrant& kept, Grant& live) {
  auto& [id, person, relation, scope, from, until, ended, organisation] = live;
  id = kept.grant();
  person = kept.person();
  relation = kept.relation();
  scope = kept.scope();
  from = kept.from_us();
  until = kept.until_us();
  ended = kept.ended();
  organisation = kept.organisation();
}

void keep(const Directory& live, v1::KeptDirectory& kept) {
  // Persons, organisations, grants and answers have rows of their own, the indexes are made again.
  const auto& [persons, organisations, grants, sequence, commit, person_index, organisation_index, grant_index, answered, stale] = live;
  kept.set_sequence(sequence);
  *kept.mutable_commit() = commit;
  kept.set_persons(static_cast<std::uint32_t>(persons.size()));
  kept.set_organisations(static_cast<std::uint32_t>(organisations.size()));
  kept.set_grants(static_cast<std::uint32_t>(grants.size()));
}

template <class Kept, class Live>
Row row_of(std::string_view kind, const std::vector<Live>& all, std::size_t slot) {
  Kept kept;
  kept.set_slot(static_cast<std::uint32_t>(slot));
  keep(all[slot], kept);
  return {key_of(kind, slot, all[slot].id), kept.SerializeAsString()};
}
Row person_row(const Directory& directory, std::size_t slot) { return row_of<v1::KeptPerson>("person", directory.persons, slot); }
Row organisation_row(const Directory& directory, std::size_t slot) { return row_of<v1::KeptOrganisation>("organisation", directory.organisations, slot); }
Row grant_row(const Directory& directory, std::size_t slot) { return row_of<v1::KeptGrant>("grant", directory.grants, slot); }

Row head_row(const Directory& directory) {
  v1::KeptDirectory kept;
  keep(directory, kept);
  return {head_key, kept.SerializeAsString()};
}

/// The rows of answers that `wanted` asks for, by number.
template <class Wanted>
std::vector<Row> answers_of(const Directory& directory, const Wanted& wanted) {
  std::map<std::pair<std::uint64_t, std::string>, const Answered*> in_order;
  for (const auto& [command, one] : directory.answered)
    if (wanted(row_of_sequence(one.sequence))) in_order.emplace(std::pair(one.sequence, command), &one);
  std::map<std::uint64_t, v1::KeptAnswers> kept;
  for (const auto& [at, one] : in_order) {
    const auto& [request_hash, sequence, created] = *one;
    v1::KeptAnswer& made = *kept[row_of_sequence(sequence)].add_answered();
    made.set_sequence(sequence);
    made.set_command_id(at.second);
    made.set_request_hash(request_hash);
    made.set_created(created);
  }
  std::vector<Row> rows;
  rows.reserve(kept.size());
  for (const auto& [number, answers] : kept) rows.push_back({answers_key(number), answers.SerializeAsString()});
  return rows;
}

template <class Kept, class Live>
Result<void> add(std::vector<Live>& all, std::string_view kind, const Row& row) {
  Kept kept;
  if (!kept.ParseFromString(row.bytes)) return fail(fmt::format("row {} cannot be read", row.key));
  restore(kept, all.emplace_back());
  const std::string due = key_of(kind, all.size() - 1, all.back().id);
  if (row.key != due) return fail(fmt::format("row {} stands where {} is due", row.key, due));
  return {};
}

Result<void> add_row(Directory& directory, const Row& row) {
  if (row.key.starts_with("person/")) return add<v1::KeptPerson>(directory.persons, "person", row);
  if (row.key.starts_with("organisation/")) return add<v1::KeptOrganisation>(directory.organisations, "organisation", row);
  if (row.key.starts_with("grant/")) return add<v1::KeptGrant>(directory.grants, "grant", row);
  if (row.key == head_key) return {};
  v1::KeptAnswers kept;
  if (!row.key.starts_with("answers/")) return fail(fmt::format("row {} is of no kind this version knows", row.key));
  if (!kept.ParseFromString(row.bytes)) return fail(fmt::format("row {} cannot be read", row.key));
  for (const v1::KeptAnswer& one : kept.answered()) {
    auto& [request_hash, sequence, created] = directory.answered[one.command_id()];
    request_hash = one.request_hash();
    sequence = one.sequence();
    created = one.created();
  }
  return {};
}

}  // namespace

std::vector<Row> encode(const Directory& directory) {
  std::vector<Row> rows = answers_of(directory, [](std::uint64_t) { return true; });
  for (std::size_t slot = 0; slot < directory.grants.size(); ++slot) rows.push_back(grant_row(directory, slot));
  rows.push_back(head_row(directory));
  for (std::size_t slot = 0; slot < directory.organisations.size(); ++slot) rows.push_back(organisation_row(directory, slot));
  for (std::size_t slot = 0; slot < directory.persons.size(); ++slot) rows.push_back(person_row(directory, slot));
  return rows;
}

RowChanges encode_stale(const Directory& directory) {
  RowChanges changes;
  changes.upserts = answers_of(directory, [&](std::uint64_t row) { return directory.stale.answers.contains(row); });
  changes.upserts.push_back(head_row(directory));
  directory.stale.grants.each([&](std::size_t slot) { changes.upserts.push_back(grant_row(directory, slot)); });
  directory.stale.organisations.each([&](std::size_t slot) { changes.upserts.push_back(organisation_row(directory, slot)); });
  directory.stale.persons.each([&](std::size_t slot) { changes.upserts.push_back(person_row(directory, slot)); });
  return changes;
}

Result<Directory> decode(const std::vector<Row>& rows) {
  Directory directory;
  const auto head = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.key == head_key; });
  v1::KeptDirectory kept;
  if (head == rows.end()) return fail("row head is missing");
  if (!kept.ParseFromString(head->bytes)) return fail("row head cannot be read");
  directory.sequence = kept.sequence();
  directory.commit = kept.commit();
  for (const Row& row : rows)
    if (auto added = add_row(directory, row); !added) return fail(added.error());
  if (directory.persons.size() != kept.persons() || directory.organisations.size() != kept.organisations() || directory.grants.size() != kept.grants())
    return fail(fmt::format("there are rows of {} persons, {} organisations, {} grants; the head counts {}, {}, {}", directory.persons.size(),
                            directory.organisations.size(), directory.grants.size(), kept.persons(), kept.organisations(), kept.grants()));
  for (std::size_t i = 0; i < directory.persons.size(); ++i) directory.person_index[directory.persons[i].id] = i;
  for (std::size_t i = 0; i < directory.organisations.size(); ++i) directory.organisation_index[directory.organisations[i].id] = i;
  for (std::size_t i = 0; i < directory.grants.size(); ++i) {
    const Grant& one = directory.grants[i];
    directory.grant_index[one.organisation.empty() ? one.person : one.organisation].push_back(i);
  }
  return directory;
}

}  // namespace kvali::directory
