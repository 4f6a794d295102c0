#pragma once
// The effects runner: sends what durable records ask of the world, at least once, under a stable id, and reports how far it has
// come by a command. Replay sends nothing; a restart goes on from the last report. Core thread.
#include <map>
#include <string>
#include <vector>

#include "server/core/core.h"

namespace kvali::core {

/// A letter to one person, ready to be sent.
struct Message {
  std::string id;        // STREAM:SEQUENCE:INDEX:PERSON, the same whenever it is sent again
  std::string person;    // id
  std::string name, email;
  std::string language;  // BCP 47: the person's, where the program speaks it
  std::string subject, body;
  std::int64_t at_us = 0;  // when what it tells of happened
};

/// The letters that a record asks for, as they would be sent now: of a decision that is only looked at, too.
std::vector<Message> letters_of(Core& core, const cohort::Cohort& cohort, const v1::Record& record);

/// Where letters go. One of the interfaces of the house: the outside world.
class Mailer {
 public:
  virtual ~Mailer() = default;
  /// Takes the letters over, durably. An error leaves them to be sent again.
  [[nodiscard]] virtual Result<void> send(const std::vector<Message>& messages) = 0;
};

/// Letters as lines of JSON in one file, each line whole, fsynced.
class FileMailer final : public Mailer {
 public:
  explicit FileMailer(std::string path) : path_(std::move(path)) {}
  Result<void> send(const std::vector<Message>& messages) override;

 private:
  std::string path_;
};

class Effects final : public Listener {
 public:
  /// Both outlive it.
  Effects(Core& core, Mailer& mailer);
  /// Takes up what was asked before the last stop and not reported; to be called once, after Core::start.
  [[nodiscard]] Result<void> resume();
  /// Sends what waits and reports it, behind the gate: a letter names things as they are now, which may be ahead of the disk.
  /// `now_us` is the world's instant.
  void run(std::int64_t now_us);

  void changed(const Changed&) override {}
  void durable(const std::string& stream, std::uint64_t first_sequence, const Records& records) override;

 private:
  /// A durable record that somebody is told of.
  struct Asked {
    std::uint64_t sequence = 0;
    v1::Record record;
    std::int64_t at_us = 0;
  };
  using Waiting = std::map<std::string, std::vector<Asked>>;  // by cohort, oldest first

  void take(const std::string& stream, std::uint64_t sequence, const v1::Record& record, std::int64_t at_us);
  void write(const std::string& cohort, const Asked& asked, std::vector<Message>& letters) const;
  void write_term(const std::string& cohort, const Asked& asked, std::vector<Message>& letters) const;
  [[nodiscard]] Waiting leaving(std::int64_t now_us);
  void send(const std::string& cohort, const std::vector<Asked>& asked, const std::vector<Message>& letters, std::int64_t now_us);

  Core& core_;
  Mailer& mailer_;
  Waiting waiting_;
  bool leaving_ = false;  // letters stand before the gate; what comes meanwhile waits for the next run
  std::uint32_t failures_ = 0;
};

}  // namespace kvali::core
