#pragma once
// What the journal tests share: batches in few words, answers as readable lines, and a world in
// which a journal is opened, appended to, and opened again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <string_view>

#include "server/journal/memory.h"
#include "server/journal/sqlite.h"
#include "tests/server/journal/temp_folder.h"

namespace kvali::journal {

/// Whether the long counts are asked for (tests/run --all).
inline bool long_run() {
  const char* asked = std::getenv("KVALI_LONG");
  return asked != nullptr && std::string_view(asked) == "1";
}

inline NewRecord note(std::string bytes) { return {1'000'000, 7, 1, std::move(bytes)}; }

/// One part: the stream, where it is expected to end, and what its records say.
inline Part part(std::string stream, std::uint64_t expected, const std::vector<std::string>& texts) {
  Part made;
  made.stream = std::move(stream);
  made.expected_sequence = expected;
  for (const std::string& text : texts) made.records.push_back(note(text));
  return made;
}

inline Batch batch(std::vector<Part> parts) { return Batch{std::move(parts)}; }
inline Batch batch(std::string stream, std::uint64_t expected, const std::vector<std::string>& texts) {
  return batch({part(std::move(stream), expected, texts)});
}

/// "committed 3: cohort/abc 2, directory 1", "conflict: cohort/abc ends at 3", "failed: …"
inline std::string say(const Answer& answer) {
  if (const auto* conflict = std::get_if<Conflict>(&answer)) {
    return fmt::format("conflict: {} ends at {}", conflict->stream, conflict->head_sequence);
  }
  if (const auto* failed = std::get_if<Failed>(&answer)) return "failed: " + failed->sentence;
  const auto& committed = std::get<Committed>(answer);
  std::string said = fmt::format("committed {}:", committed.commit);
  for (const Head& head : committed.heads) {
    said += fmt::format("{} {} {}", &head == &committed.heads.front() ? "" : ",", head.stream, head.sequence);
  }
  return said;
}

/// The texts of a stream's records from a sequence on; a failed reading is one line with its sentence.
inline std::vector<std::string> texts(const Journal& journal, const std::string& stream, std::uint64_t from = 1) {
  std::vector<std::string> all;
  const auto read = journal.read(stream, from, [&](const Record& record) {
    all.push_back(record.bytes);
    return Visit::Continue;
  });
  if (!read) all.push_back("error: " + read.error().message);
  return all;
}

inline std::vector<Record> records(const Journal& journal, const std::string& stream) {
  std::vector<Record> all;
  const auto read = journal.read(stream, 1, [&](const Record& record) {
    all.push_back(record);
    return Visit::Continue;
  });
  EXPECT_TRUE(read) << read.error().message;
  return all;
}

class World {
 public:
  virtual ~World() = default;
  virtual Journal& journal() = 0;
  /// Closes in order and opens again.
  virtual void restart() = 0;

  /// Appends without waiting.
  void send(Batch what) {
    ++sent_;
    journal().append(std::move(what), [this](Answer answer) {
      const std::lock_guard guard(mutex_);
      answers_.push_back(say(answer));
      answered_.notify_all();
    });
  }
  /// Every answer since the last call, in the order in which they came, once all have come.
  std::vector<std::string> answers() {
    settle();
    std::unique_lock guard(mutex_);
    answered_.wait(guard, [this] { return answers_.size() == sent_; });
    sent_ = 0;
    return std::exchange(answers_, {});
  }
  std::string ask(Batch what) {
    send(std::move(what));
    return answers().back();
  }

 protected:
  virtual void settle() {}

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t sent_ = 0;
  std::vector<std::string> answers_;
};

class MemoryWorld final : public World {
 public:
  explicit MemoryWorld(MemoryJournal::Mode mode) : journal_(mode) {}
  Journal& journal() override { return journal_; }
  void restart() override {
    ASSERT_TRUE(journal_.close());
    journal_.crash();
  }

 protected:
  void settle() override {
    while (journal_.pump()) {
    }
  }

 private:
  MemoryJournal journal_;
};

class SqliteWorld final : public World {
 public:
  SqliteWorld() { open(); }
  SqliteJournal& journal() override { return *journal_; }
  void restart() override {
    const auto closed = journal_->close();
    ASSERT_TRUE(closed) << closed.error().message;
    journal_.reset();
    open();
  }

 private:
  void open() {
    SqliteJournal::Options options;
    options.path = folder_ / "journal.db";
    auto opened = SqliteJournal::open(std::move(options));
    KVALI_CHECK(opened);
    journal_ = std::move(*opened);
  }

  TempFolder folder_;
  std::unique_ptr<SqliteJournal> journal_;
};

}  // namespace kvali::journal
