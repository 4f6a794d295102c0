#pragma once
// A client in the same process: what it has sent and the server has not read, what the server has sent and it has not read,
// and the rows it folds from snapshots and deltas, as the browser application does.
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kvali/v1/frame.pb.h"
#include "server/api/codec.h"

namespace kvali::simulation {

/// What was asked under one message id of one connection.
struct Question {
  enum class Kind { Hello, Call, Query, Subscribe, Ping };
  Kind kind = Kind::Ping;
  std::size_t call = 0;      // of a Call: which
  std::uint32_t subscription = 0;
  std::int64_t stamped = 0;  // when the server read it
  std::uint64_t disk = 0;    // how often the disk had become read-only or roomy by then
  bool read_only = false;    // which of the two it was
  bool judged = false;       // the server has answered; the client may not have read it
  v1::Query query;
};

/// The rows of one subscription.
struct Replica {
  std::uint32_t id = 0;
  std::string topic, initiative;
  std::map<std::string, v1::Row> rows;
  std::string cursor;  // of the last whole state
  std::uint64_t seq = 0;
  bool whole = false;
  std::uint32_t unacknowledged = 0;  // deltas

  /// Takes in one message; an error says how the server broke its word.
  std::string fold(const v1::ServerMessage& message);
};

struct Client {
  std::string person;
  bool json = false;
  std::size_t patience_bytes = 0;  // unread bytes above which the server is told BackPressure

  std::uint64_t connection = 0;  // 0: not connected
  bool welcomed = false, pressed = false;
  bool late = false;  // its token may be over before its Hello is read
  std::uint32_t last_id = 0;
  std::deque<std::pair<std::string, std::vector<std::uint32_t>>> outbox;  // frames on their way, with the ids in them
  std::deque<std::shared_ptr<const std::string>> inbox;
  std::size_t inbox_bytes = 0;
  std::map<std::uint32_t, Question> questions;  // whose answer was not read yet
  std::map<std::uint32_t, Replica> replicas;
  std::vector<std::size_t> unanswered;          // calls, in order of asking
  std::map<std::uint32_t, v1::Answer> answers;  // of queries that are looked at afterwards

  [[nodiscard]] v1::ServerFrame read(const std::string& frame) const;
  /// Puts the messages into one frame on its way.
  void send(std::vector<v1::ClientMessage> messages);
  void forget_connection();
};

}  // namespace kvali::simulation
