#pragma once
// One connection as long as it speaks HTTP: reads requests one after another, lets the strict gate judge them, hands
// them to the Handler, writes the answers; ends when the connection does or becomes a websocket. Network thread only.
#include "server/net/answer.h"
#include "server/net/hub.h"

namespace kvali::net {

class HttpSession final : public Session {
 public:
  enum class Admission { Served, TooMany };  // TooMany: its first request is answered 503
  HttpSession(std::shared_ptr<Hub> hub, std::uint64_t id, Socket socket, Admission admission);

  static Awaitable<void> run(std::shared_ptr<HttpSession> self);

  void sweep(std::int64_t now_ms) override;
  void ask_to_end() override;
  void cut() override;
  void answered(Response response);

 private:
  enum class Next { Request, Close, Upgraded };
  enum class Phase { Idle, Reading, Answering, Writing, Ending };
  class Slot;
  struct Body;

  Awaitable<bool> begin_tls();
  Awaitable<Next> serve_one();
  [[nodiscard]] std::optional<Refusal> admit(const Head& head) const;
  Awaitable<Next> upgrade(const Head& head);
  Awaitable<std::optional<Refusal>> read_head_bytes();
  Awaitable<std::optional<Refusal>> read_body(const Head& head, Body& body);
  Awaitable<void> answer_by_handler(const Head& head, std::string body);
  Awaitable<bool> write(const Response& response, AnswerShape shape);
  Awaitable<bool> write_bytes(std::string_view head, std::string_view body);
  Awaitable<error_code> read_more();
  Awaitable<void> refuse(const Refusal& refusal);
  Awaitable<void> linger();
  void enter(Phase phase, std::int64_t patience_ms);

  std::shared_ptr<Hub> hub_;
  std::uint64_t id_;
  std::unique_ptr<Transport> transport_;
  std::string address_;
  Admission admission_;
  std::string buffer_;          // read and not yet used
  std::size_t head_bytes_ = 0;  // of them, the head of the request at hand
  Phase phase_ = Phase::Idle;
  std::int64_t deadline_ms_ = 0;
  bool first_ = true;  // no request has been awaited yet
  bool expired_ = false, cut_ = false;
  Timer answer_timer_;
  std::optional<Response> answer_;
  std::int64_t last_read_us_ = 0;
};

}  // namespace kvali::net
