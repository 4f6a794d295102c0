#pragma once
// A Handler that gives back what it gets, for tests, the wire tests and the bench. It speaks a few words, so that a
// client can make the server do what only an api would:
//
//   hello                  says welcomed, echoes                     close CODE WORDS   closes
//   flood COUNT BYTES      sends COUNT frames                        pause / resume     stops and continues reading
//
// HTTP: GET /large answers 4 MiB, GET /split an answer that would split, GET /drop is never answered, GET /never
// neither but kept, GET /thread is answered by another thread; anything else gets method, target and body back.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <sstream>
#include <thread>

#include "server/net/server.h"

namespace kvali::net {

class Echo : public Handler {
 public:
  ~Echo() override {
    for (std::thread& thread : threads_) thread.join();
  }
  /// The Server is made with the Handler, so it is told afterwards; what arrives earlier waits here for it.
  void attach(Server& server) {
    const std::scoped_lock lock(mutex_);
    server_ = &server;
    changed_.notify_all();
  }

  void connected(const Peer& peer) override {
    note([&] { peers_.push_back(peer); });
  }
  void received(std::uint64_t connection, std::string frame, std::int64_t received_at_us) override {
    note([&] {
      stamps_.push_back(received_at_us);
      bytes_ += frame.size();
    });
    Server& server = attached();
    std::istringstream words(frame.substr(0, 200));
    std::string verb;
    words >> verb;
    if (verb == "hello") server.welcomed(connection);
    if (verb == "pause") server.pause(connection);
    if (verb == "close") {
      std::uint16_t code = 0;
      std::string reason;
      words >> code >> std::ws;
      std::getline(words, reason);
      return server.close(connection, code, reason);
    }
    if (verb == "flood") {
      std::size_t count = 0, size = 0;
      words >> count >> size;
      const auto same = std::make_shared<const std::string>(size, 'x');
      for (std::size_t i = 0; i < count; ++i) {
        const Sent sent = server.send(connection, same);
        note([&] { (sent == Sent::Gone ? gone_ : sent == Sent::BackPressure ? pressed_ : passed_) += 1; });
      }
      return;
    }
    server.send(connection, std::make_shared<const std::string>(std::move(frame)));
  }
  void writable(std::uint64_t) override {
    note([&] { ++writables_; });
  }
  void disconnected(std::uint64_t connection) override {
    note([&] { ended_.push_back(connection); });
  }
  void request(Request request, std::function<void(Response)> answer) override {
    note([&] { stamps_.push_back(request.received_at_us); });
    if (request.target == "/drop") return;
    if (request.target == "/never") return note([&] { kept_.push_back(std::move(answer)); });
    Response response{200, "text/plain", nullptr, {}};
    std::string body = request.method + " " + request.target + "\n" + request.body;
    if (request.target == "/large") body = std::string(4 * 1024 * 1024, 'l');
    if (request.target == "/split") response.headers.emplace_back("X-Name", "a\r\nSet-Cookie: b");
    if (request.target == "/none") response.status = 204;
    response.body = std::make_shared<const std::string>(std::move(body));
    if (request.target == "/thread") {
      threads_.emplace_back([answer, response] { answer(response); });
      return;
    }
    answer(std::move(response));
  }
  void tick(std::int64_t now_us) override {
    note([&] { ticks_.push_back(now_us); });
  }

  /// Waits until `fact` holds; it may read what is protected below. False after 20 s.
  template <class Fact>
  bool wait(Fact fact) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), fact);
  }
  template <class Use>
  auto look(Use use) {
    const std::scoped_lock lock(mutex_);
    return use();
  }

  // Read inside wait or look.
  std::vector<Peer> peers_;
  std::vector<std::uint64_t> ended_;
  std::vector<std::int64_t> stamps_, ticks_;
  std::vector<std::string> logged_;
  std::deque<std::function<void(Response)>> kept_;
  std::size_t bytes_ = 0, passed_ = 0, pressed_ = 0, gone_ = 0, writables_ = 0;

  template <class Do>
  void note(Do act) {
    const std::scoped_lock lock(mutex_);
    act();
    changed_.notify_all();
  }

 private:
  Server& attached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return server_ != nullptr; });
    return *server_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Server* server_ = nullptr;
  std::vector<std::thread> threads_;
};

}  // namespace kvali::net
