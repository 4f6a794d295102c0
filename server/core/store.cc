#include "server/core/store.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::core {
namespace {

constexpr std::string_view cohort_prefix = "cohort/";
constexpr std::string_view program_prefix = "program/";

}  // namespace

std::string cohort_stream(const std::string& cohort) { return std::string(cohort_prefix) + cohort; }
std::string program_stream(const std::string& program) { return std::string(program_prefix) + program; }
std::string cohort_of(const std::string& stream) {
  return stream.starts_with(cohort_prefix) ? stream.substr(cohort_prefix.size()) : std::string();
}

std::uint32_t kind_of(const v1::Record& record) { return static_cast<std::uint32_t>(record.body_case()); }

Changed changes_of(const std::string& stream, const Records& records) {
  Changed changed;
  changed.cohort = cohort_of(stream);
  changed.head = true;  // counts of lanes and places follow from whatever happens
  for (const v1::Record& record : records) {
    if (const auto* places = cohort::places_of(record))
      for (const v1::PlaceChange& one : *places) changed.places.push_back(one.by());
    if (const std::string& id = cohort::initiative_of(record); !id.empty()) {
      changed.initiatives.push_back(id);
      continue;
    }
    changed.rules = changed.rules || !record.has_effect_reported();
    if (const auto* moved = moved_by(record))
      for (const v1::TimersMoved& one : *moved) changed.initiatives.push_back(one.initiative());
  }
  for (std::vector<std::string>* names : {&changed.initiatives, &changed.places}) {
    std::sort(names->begin(), names->end());
    names->erase(std::unique(names->begin(), names->end()), names->end());
  }
  return changed;
}

Result<void> Store::replay(const journal::Journal& journal, std::vector<std::string>& notices) {
  auto heads = journal.streams();
  if (!heads) return fail(heads.error());
  const auto fold_all = [&](std::string_view prefix) -> Result<void> {
    for (const journal::Head& head : *heads) {
      if (!head.stream.starts_with(prefix)) continue;
      auto folded = fold(journal, head.stream);
      if (folded) continue;
      const std::string id = cohort_of(head.stream);
      if (id.empty()) return fail(folded.error().within(head.stream));
      cohorts[id].quarantined = folded.error().message;
      notices.push_back(fmt::format("cohort {} is quarantined: {}", id, folded.error().message));
    }
    return {};
  };
  for (const std::string_view prefix : {std::string_view(directory_stream), program_prefix, cohort_prefix})
    if (auto folded = fold_all(prefix); !folded) return folded;
  return {};
}

Result<void> Store::refold(const journal::Journal& journal, const std::string& stream) {
  if (stream == directory_stream) directory = {};
  if (const std::string id = cohort_of(stream); !id.empty()) cohorts.erase(id);
  if (stream.starts_with(program_prefix)) {
    library.drop(stream.substr(program_prefix.size()));
    std::erase_if(publications, [&](const auto& one) { return one.second.stream == stream; });
    program_sequence_.erase(stream);
  }
  return fold(journal, stream);
}

Result<void> Store::fold(const journal::Journal& journal, const std::string& stream) {
  Result<void> folded;
  const std::uint64_t from = stream.starts_with(program_prefix) ? sequence(stream) + 1 : 1;
  auto read = journal.read(stream, from, [&](const journal::Record& stored) {
    v1::Record record;
    if (!record.ParseFromString(stored.bytes))
      folded = fail(fmt::format("record {} cannot be read", stored.sequence));
    else if (kind_of(record) != stored.kind || record.body_case() == v1::Record::BODY_NOT_SET)
      folded = fail(fmt::format("record {} is of a kind this version does not know; a newer kvali wrote it", stored.sequence));
    else if (stored.version != record_version)
      folded = fail(fmt::format("record {} is of version {} of its kind, this version knows {}; a newer kvali wrote it", stored.sequence,
                                stored.version, record_version));
    else
      folded = apply(stream, record);
    return folded ? journal::Visit::Continue : journal::Visit::Stop;
  });
  if (!read) return fail(read.error());
  return folded;
}

Result<void> Store::apply(const std::string& stream, const v1::Record& record) {
  if (stream == directory_stream) return directory::apply(directory, record);
  if (const std::string id = cohort_of(stream); !id.empty()) {
    CohortEntry& entry = cohorts[id];
    entry.touches.note(entry.state, record);
    return cohort::apply(entry.state, record, library);
  }
  if (!record.has_program_published()) return fail(stream + ": a record that publishes nothing");
  const v1::ProgramPublished& published = record.program_published();
  auto model = cohort::Model::compile(published.program(), published.machine(), published.version());
  if (!model) return fail(model.error());
  library.add({*model, record.commit().stamped_at_us(), published.message()});
  ++program_sequence_[stream];
  if (const v1::Commit& commit = record.commit(); !commit.command_id().empty())
    publications[commit.command_id()] = {{commit.request_hash(), program_sequence_[stream], commit.created()}, stream};
  return {};
}

std::uint64_t Store::sequence(const std::string& stream) const {
  if (stream == directory_stream) return directory.sequence;
  if (const std::string id = cohort_of(stream); !id.empty()) {
    const auto found = cohorts.find(id);
    return found == cohorts.end() ? 0 : found->second.state.sequence;
  }
  const auto found = program_sequence_.find(stream);
  return found == program_sequence_.end() ? 0 : found->second;
}

}  // namespace kvali::core
