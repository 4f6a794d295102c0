#pragma once
// Frames in, frames out: what a connection says becomes commands, queries and subscriptions of the core; what the core says
// becomes answers and pushes. No sockets here: whoever owns them hands bytes over and takes bytes back, so the whole of it
// runs in one thread in a test. Core thread only.
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "kvali/v1/frame.pb.h"
#include "server/access/sessions.h"
#include "server/api/subscription.h"
#include "server/core/core.h"

namespace kvali::api {

enum class Encoding { Proto, Json };
struct LastPreview;

/// Where frames go. Answers say whether more may follow at once.
class Wire {
 public:
  enum class Sent { Ok, BackPressure, Gone };
  virtual ~Wire() = default;
  virtual Sent send(std::uint64_t connection, std::shared_ptr<const std::string> frame) = 0;
  virtual void close(std::uint64_t connection, std::uint16_t code, std::string reason) = 0;
  virtual void welcomed(std::uint64_t connection) = 0;
};

struct Options {
  core::Core& core;
  access::Sessions& sessions;
  Wire& wire;
  std::string build;  // name and version of the server
  /// Asks for flush() to be called soon (a tick of a few milliseconds); called at most once until it was.
  std::function<void()> wake;
};

class Api final : public core::Listener {
 public:
  explicit Api(Options options);
  ~Api() override;

  void connected(std::uint64_t connection, Encoding encoding);
  /// One whole frame, stamped when its last byte was read (µs UTC).
  void received(std::uint64_t connection, std::string_view frame, std::int64_t received_at_us);
  void writable(std::uint64_t connection);
  void disconnected(std::uint64_t connection);
  /// Builds and sends what subscriptions wait for.
  void flush(std::int64_t now_us);
  /// Looks for rights and clocks that change by time alone: an assignment that is over, summer time.
  void pass_time(std::int64_t now_us);
  /// Tells everybody to come back later; the closing itself is the network's.
  void go_away(const std::string& reason, std::uint32_t reconnect_after_ms);
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  void changed(const core::Changed& changed) override;
  void durable(const std::string& stream, std::uint64_t first_sequence, const Records& records) override;

 private:
  struct Connection;
  void handle(Connection& connection, const v1::ClientMessage& message);
  void hello(Connection& connection, std::uint32_t id, const v1::Hello& hello);
  void call(Connection& connection, std::uint32_t id, const v1::Call& call);
  void query(Connection& connection, std::uint32_t id, const v1::Query& query);
  void answer_queries(std::uint64_t to);
  v1::ServerMessage answered(std::uint64_t to, std::uint32_t id, const v1::Query& query);
  v1::ServerMessage refusal(const Connection& connection, std::uint32_t id, const std::string& code, const std::string& key);
  v1::ServerMessage refusal(const Connection& connection, std::uint32_t id, const cohort::Refusal& refused);
  void subscribe(Connection& connection, std::uint32_t id, const v1::Subscribe& subscribe);
  void ack(Connection& connection, const v1::Ack& ack);
  void answer(std::uint64_t connection, v1::ServerMessage message);
  void refuse(Connection& connection, std::uint32_t id, const std::string& code, const std::string& key);
  void send(Connection& connection, const v1::ServerFrame& frame);
  /// Which subscription a push is for, and when it was asked for.
  struct Push {
    std::uint64_t connection;
    std::uint32_t subscription;
    std::uint64_t generation;
    std::int64_t now_us;
  };
  struct Built {
    std::vector<v1::Row> rows;
    std::vector<std::pair<std::string, std::size_t>> hashes;  // beside rows: key, hash
    std::vector<std::string> removed;
    std::string cursor;
    bool whole = false;
  };
  core::Gate::Deliver build(const Push& push);
  void deliver(const Push& push, const Built& built);
  Subscription* find(const Push& push);
  /// What one commit makes dirty for whoever looks, whatever she may see.
  struct Dirt {
    std::set<std::string> keys;        // of the board
    std::set<std::string> localities;  // where something happened
    bool rules = false;                // every move is to be judged again
  };
  static Dirt dirt_of(const core::Changed& changed, const core::CohortEntry& entry);
  void mark(const Connection& connection, Subscription& subscription, const cohort::Cohort& state, const core::Changed& changed, const Dirt& dirt);
  bool resume(const Connection& connection, Subscription& subscription, const core::CohortEntry& entry, const std::string& sealed);
  void wake();
  v1::Welcome welcome(const Connection& connection, std::int64_t now_us) const;
  Connection* find(std::uint64_t connection);

  Options options_;
  std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::map<std::string, std::int64_t> looked_;  // by cohort: until when pass_time has looked
  std::int64_t now_us_ = 0;                     // the newest instant that was heard of
  std::uint64_t generations_ = 0;
  bool woken_ = false;
  std::unique_ptr<LastPreview> last_preview_;
};

/// Cohorts that `person` has to do with.
std::vector<v1::CohortSummary> cohorts_of(const core::Core& core, const std::string& person, std::int64_t now_us);

}  // namespace kvali::api
