#include "server/core/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/cohort/snapshot.h"
#include "engine/directory/snapshot.h"

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
    if (record.has_wake_set()) continue;  // nobody sees it
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

std::uint32_t fold_version_of(const std::string& stream) { return stream == directory_stream ? directory::fold_version : cohort::fold_version; }

Result<void> Store::replay(const journal::Journal& journal, std::vector<std::string>& notices, Road road, const Seen& seen) {
  auto heads = journal.streams();
  if (!heads) return fail(heads.error());
  const auto fold_all = [&](std::string_view prefix) -> Result<void> {
    for (const journal::Head& head : *heads) {
      if (!head.stream.starts_with(prefix)) continue;
      auto folded = fold(journal, head.stream, notices, road, seen);
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

Result<void> Store::refold(const journal::Journal& journal, const std::string& stream, std::vector<std::string>& notices) {
  drop(stream);
  return fold(journal, stream, notices, Road::Snapshots, {});
}

void Store::drop(const std::string& stream) {
  snapshots_.erase(stream);
  if (stream == directory_stream) directory = {};
  if (const std::string id = cohort_of(stream); !id.empty()) cohorts.erase(id);
  if (stream.starts_with(program_prefix)) {
    library.drop(stream.substr(program_prefix.size()));
    std::erase_if(publications, [&](const auto& one) { return one.second.stream == stream; });
    program_sequence_.erase(stream);
  }
}

Result<void> Store::fold(const journal::Journal& journal, const std::string& stream, std::vector<std::string>& notices, Road road,
                         const Seen& seen) {
  Result<bool> folded = false;
  if (road == Road::Snapshots && !stream.starts_with(program_prefix)) folded = fold_from_snapshot(journal, stream, seen);
  if (folded && *folded) return {};
  if (!folded) drop(stream);
  auto whole = fold_records(journal, stream, {stream, 0, {}}, seen);
  if (whole && !folded) notices.push_back(fmt::format("{} was folded from record 1, without its snapshot: {}", stream, folded.error().message));
  return whole;
}

/// False: there is no snapshot. An error leaves the stream half folded, to be dropped.
Result<bool> Store::fold_from_snapshot(const journal::Journal& journal, const std::string& stream, const Seen& seen) {
  auto found = journal.snapshot(stream);
  if (!found) return fail(found.error());
  if (!*found) return false;
  journal::Snapshot& snapshot = **found;
  auto stored = StoredSnapshot::of(snapshot, fold_version_of(stream));
  if (!stored) return fail(stored.error());
  std::vector<Row> rows = rows_of(std::move(snapshot.rows));
  if (stream == directory_stream) {
    auto decoded = directory::decode(rows);
    if (!decoded) return fail(decoded.error());
    directory = std::move(*decoded);
  } else {
    auto touches = Touches::decode(rows);
    if (!touches) return fail(touches.error());
    auto decoded = cohort::decode(rows, library);
    if (!decoded) return fail(decoded.error());
    cohorts[cohort_of(stream)] = {std::move(*decoded), std::move(*touches), {}};
  }
  if (sequence(stream) != snapshot.position)
    return fail(fmt::format("it stands at record {}, its head row at {}", snapshot.position, sequence(stream)));
  if (auto folded = fold_records(journal, stream, {stream, snapshot.position, snapshot.chain_head}, seen); !folded) return fail(folded.error());
  snapshots_[stream] = std::move(*stored);
  return true;
}

/// Applies the records behind `after`, which has to be a record of the stream, or its beginning.
Result<void> Store::fold_records(const journal::Journal& journal, const std::string& stream, const journal::Head& after, const Seen& seen) {
  Result<void> folded;
  bool met = after.sequence == 0;
  auto read = journal.read(stream, std::max<std::uint64_t>(after.sequence, 1), [&](const journal::Record& stored) {
    v1::Record record;
    if (stored.sequence == after.sequence && stored.hash == after.hash) {
      met = true;
      return journal::Visit::Continue;
    }
    if (!met) return journal::Visit::Stop;
    if (!record.ParseFromString(stored.bytes))
      folded = fail(fmt::format("record {} cannot be read", stored.sequence));
    else if (kind_of(record) != stored.kind || record.body_case() == v1::Record::BODY_NOT_SET)
      folded = fail(fmt::format("record {} is of a kind this version does not know; a newer kvali wrote it", stored.sequence));
    else if (stored.version != record_version)
      folded = fail(fmt::format("record {} is of version {} of its kind, this version knows {}; a newer kvali wrote it", stored.sequence,
                                stored.version, record_version));
    else
      folded = apply(stream, record);
    if (folded && seen) seen(stream, stored.sequence);
    return folded ? journal::Visit::Continue : journal::Visit::Stop;
  });
  if (!read) return fail(read.error());
  if (!met) return fail(fmt::format("it stands at record {}, which the stream does not have", after.sequence));
  return folded;
}

std::vector<Row> Store::rows(const std::string& stream) const {
  if (stream == directory_stream) return directory::encode(directory);
  const auto found = cohorts.find(cohort_of(stream));
  if (found == cohorts.end() || !found->second.quarantined.empty()) return {};
  std::vector<Row> rows = cohort::encode(found->second.state);
  for (Row& row : found->second.touches.encode()) rows.push_back(std::move(row));
  return rows;
}

RowChanges Store::stale_rows(const std::string& stream) const {
  if (stream == directory_stream) return directory::encode_stale(directory);
  const CohortEntry& entry = cohorts.at(cohort_of(stream));
  RowChanges changes = cohort::encode_stale(entry.state, snapshots_.at(stream).position());
  RowChanges touches = entry.touches.encode_stale();
  for (Row& row : touches.upserts) changes.upserts.push_back(std::move(row));
  for (std::string& key : touches.deletes) changes.deletes.push_back(std::move(key));
  return changes;
}

std::uint64_t Store::behind_snapshot(const std::string& stream) const {
  const auto cohort = cohorts.find(cohort_of(stream));
  if (stream != directory_stream && (cohort == cohorts.end() || !cohort->second.quarantined.empty())) return 0;
  const auto found = snapshots_.find(stream);
  return sequence(stream) - (found == snapshots_.end() ? 0 : found->second.position());
}

journal::SnapshotChange Store::take_snapshot(const std::string& stream) {
  StoredSnapshot& stored = snapshots_[stream];
  const std::uint64_t position = sequence(stream);
  const std::uint32_t version = fold_version_of(stream);
  journal::SnapshotChange change =
      stored.position() == 0 ? stored.whole(rows(stream), position, version) : stored.changed(stale_rows(stream), position, version);
  if (stream == directory_stream) {
    directory.stale = {};
  } else {
    CohortEntry& entry = cohorts.at(cohort_of(stream));
    entry.state.stale = {};
    entry.touches.written();
  }
  return change;
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
  library.add({*model, record.commit().stamped_at_us(), published.message(), record.commit().actor(), published.proof()});
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
