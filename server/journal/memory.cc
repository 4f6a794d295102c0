#include "server/journal/memory.h"

#include <algorithm>

#include "engine/calendar/calendar.h"
#include "server/journal/chain.h"

namespace kvali::journal {

void MemoryJournal::append(Batch batch, Callback answer) {
  check_shape(batch);
  waiting_.push_back({std::move(batch), std::move(answer), {}});
  if (mode_ == Mode::AtOnce) pump();
}

void MemoryJournal::resume(std::string stream) {
  waiting_.push_back({{}, nullptr, std::move(stream)});
  if (mode_ == Mode::AtOnce) step();
}

bool MemoryJournal::pump() {
  while (!waiting_.empty() && !waiting_.front().answer) step();
  return step();
}

bool MemoryJournal::step() {
  if (waiting_.empty()) return false;
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  if (next.answer) {
    next.answer(decide(next.batch));
  } else {
    rule_.resume(next.resumed);
  }
  return true;
}

std::size_t MemoryJournal::in_flight() const {
  return static_cast<std::size_t>(
      std::count_if(waiting_.begin(), waiting_.end(), [](const Waiting& each) { return each.answer != nullptr; }));
}

Answer MemoryJournal::decide(Batch& batch) {
  if (fails_after_) failed_ = failed_ || (*fails_after_)-- == 0;
  if (failed_) return Failed{failing_};
  if (auto conflict = rule_.judge(batch, [this](const std::string& name) { return head_of(name).sequence; }))
    return *conflict;
  const bool has_records =
      std::any_of(batch.parts.begin(), batch.parts.end(), [](const Part& part) { return !part.records.empty(); });
  if (has_records) ++commit_;
  Committed committed{commit_, {}};
  for (Part& part : batch.parts) committed.heads.push_back(store(part, commit_));
  return committed;
}

Head MemoryJournal::store(Part& part, std::uint64_t commit) {
  Stream& stream = streams_.try_emplace(part.stream, Stream{{}, calendar::never, {}}).first->second;
  for (NewRecord& record : part.records) add(part.stream, stream, std::move(record), commit);
  if (part.next_due_us) stream.next_due_us = *part.next_due_us;
  Head head = head_of(part.stream);
  if (!part.snapshot) return head;

  std::map<std::string, std::string> rows;
  if (stream.snapshot && part.snapshot->scope == SnapshotChange::Scope::Changed) {
    for (SnapshotRow& row : stream.snapshot->rows) rows[row.key] = std::move(row.bytes);
  }
  for (const std::string& key : part.snapshot->deletes) rows.erase(key);
  for (SnapshotRow& row : part.snapshot->upserts) rows[row.key] = std::move(row.bytes);
  stream.snapshot = Snapshot{head.sequence, head.hash, part.snapshot->state_hash, part.snapshot->fold_version, {}};
  for (auto& [key, bytes] : rows) stream.snapshot->rows.push_back({key, std::move(bytes)});
  return head;
}

void MemoryJournal::add(const std::string& name, Stream& stream, NewRecord record, std::uint64_t commit) const {
  const Hash previous = stream.records.empty() ? Hash{} : stream.records.back().hash;
  Record stored{
      name, stream.records.size() + 1, record.instant_us, record.kind, record.version, std::move(record.bytes), commit,
      {}};
  stored.hash = record_hash(previous, stored);
  stream.records.push_back(std::move(stored));
}

Head MemoryJournal::head_of(const std::string& name) const {
  const auto found = streams_.find(name);
  if (found == streams_.end()) return {name, 0, {}};
  return {name, found->second.records.size(), found->second.records.back().hash};
}

Result<void> MemoryJournal::writable() const {
  if (failed_) return fail(failing_);
  if (!read_only_.empty()) return fail(read_only_);
  return {};
}

Result<void> MemoryJournal::read(const std::string& stream, std::uint64_t from_sequence, const Visitor& visit) const {
  KVALI_CHECK(from_sequence >= 1);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return {};
  const std::vector<Record>& records = found->second.records;
  if (from_sequence > records.size()) return {};
  Chain chain(from_sequence == 1 ? Head{stream, 0, {}}
                                 : Head{stream, from_sequence - 1, records[from_sequence - 2].hash});
  for (std::size_t i = from_sequence - 1; i < records.size(); ++i) {
    if (auto fits = chain.follow(records[i]); !fits) return fits;
    if (visit(records[i]) == Visit::Stop) return {};
  }
  return chain.ends_at(head_of(stream));
}

Result<std::vector<Head>> MemoryJournal::streams() const {
  std::vector<Head> heads;
  heads.reserve(streams_.size());
  for (const auto& [name, stream] : streams_) heads.push_back(head_of(name));
  return heads;
}

Result<Head> MemoryJournal::head(const std::string& stream) const { return head_of(stream); }

Result<std::vector<Due>> MemoryJournal::due_at(std::int64_t instant_us) const {
  std::vector<Due> due;
  for (const auto& [name, stream] : streams_) {
    if (stream.next_due_us <= instant_us && stream.next_due_us != calendar::never)
      due.push_back({name, stream.next_due_us});
  }
  std::stable_sort(due.begin(), due.end(), [](const Due& a, const Due& b) { return a.due_us < b.due_us; });
  return due;
}

Result<std::optional<Due>> MemoryJournal::next_due() const {
  auto due = due_at(calendar::never);
  if (!due) return fail(due.error());
  if (due->empty()) return std::nullopt;
  return due->front();
}

Result<std::optional<Snapshot>> MemoryJournal::snapshot(const std::string& stream) const {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return std::nullopt;
  return found->second.snapshot;
}

Result<void> MemoryJournal::close() {
  while (step()) {
  }
  return {};
}

void MemoryJournal::crash() {
  waiting_.clear();
  rule_ = {};
  fails_after_.reset();
  failed_ = false;
  failing_.clear();
}

void MemoryJournal::fail_append(std::size_t later, std::string sentence) {
  fails_after_ = later;
  failing_ = std::move(sentence);
}

void MemoryJournal::append_elsewhere(const std::string& stream, NewRecord record) {
  ++commit_;
  add(stream, streams_.try_emplace(stream, Stream{{}, calendar::never, {}}).first->second, std::move(record), commit_);
}

void MemoryJournal::damage(const std::string& stream, std::uint64_t sequence, std::size_t byte) {
  std::string& bytes = streams_.at(stream).records.at(sequence - 1).bytes;
  bytes.at(byte) = static_cast<char>(bytes.at(byte) ^ 1);
}

}  // namespace kvali::journal
