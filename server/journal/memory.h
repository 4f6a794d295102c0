#pragma once
// A journal in memory, for tests and the simulation: a seeded scheduler decides when a commit becomes durable, and the
// fault points of the world are calls. One thread only; answers come inside append() or pump().
#include <deque>
#include <map>

#include "server/journal/in_flight.h"
#include "server/journal/journal.h"

namespace kvali::journal {

class MemoryJournal final : public Journal {
 public:
  enum class Mode { AtOnce, Pumped };  // AtOnce: durable and answered inside append()

  explicit MemoryJournal(Mode mode = Mode::AtOnce) : mode_(mode) {}

  void append(Batch batch, Callback answer) override;
  void resume(std::string stream) override;
  Result<void> writable() const override;
  Result<void> read(const std::string& stream, std::uint64_t from_sequence, const Visitor& visit) const override;
  Result<std::vector<Head>> streams() const override;
  Result<Head> head(const std::string& stream) const override;
  Result<std::vector<Due>> due_at(std::int64_t instant_us) const override;
  Result<std::optional<Due>> next_due() const override;
  Result<std::optional<Snapshot>> snapshot(const std::string& stream) const override;
  Result<void> close() override;

  /// Decides the oldest batch in flight and answers it. False when nothing is in flight.
  bool pump();
  std::size_t in_flight() const;

  /// The process dies: what is in flight is forgotten unanswered, what is durable stays, a failed disk is healthy
  /// again.
  void crash();
  /// The batch decided after `later` others answers Failed (0: the next), and so does every one after it.
  void fail_append(std::size_t later, std::string sentence);
  /// Another writer comes first: the record is durable now, before whatever is in flight.
  void append_elsewhere(const std::string& stream, NewRecord record);
  /// writable() answers this sentence; an empty one makes the disk roomy again.
  void set_read_only(std::string sentence) { read_only_ = std::move(sentence); }
  /// Flips one bit of a stored record's bytes, to be found by its readers. The record and the byte exist.
  void damage(const std::string& stream, std::uint64_t sequence, std::size_t byte);

 private:
  struct Stream {
    std::vector<Record> records;
    std::int64_t next_due_us = 0;
    std::optional<Snapshot> snapshot;
  };

  bool step();
  Answer decide(Batch& batch);
  Head store(Part& part, std::uint64_t commit);
  void add(const std::string& name, Stream& stream, NewRecord record, std::uint64_t commit) const;
  Head head_of(const std::string& name) const;

  Mode mode_;
  std::map<std::string, Stream> streams_;
  std::uint64_t commit_ = 0;
  std::deque<Waiting> waiting_;
  ConflictRule rule_;
  std::optional<std::size_t> fails_after_;
  std::string failing_;  // the sentence of the failure to come or that came
  bool failed_ = false;
  std::string read_only_;
};

}  // namespace kvali::journal
