#pragma once
// One person at a server in the same thread: everything that leaves for her, as the JSON she would read.
#include <regex>
#include <string>
#include <vector>

#include "server/access/sessions.h"
#include "server/api/api.h"
#include "server/api/codec.h"
#include "tests/server/demo/world.h"

namespace kvali::api::testing {

/// An api over a played season, with people who look.
class Office final : public Wire {
 public:
  explicit Office(demo::testing::Season& season)
      : season_(season), sessions_(*access::Sessions::open(*season.world.vault, "")),
        api_(Options{season.world.core(), sessions_, *this, "kvali in a test", [this] { woken_ = true; }}) {
    season.world.core().listen(api_);
  }

  /// Signs in and says what arrives under the connection it answers.
  std::uint64_t sign_in(const std::string& person_key, const std::string& locale) {
    const std::uint64_t connection = ++last_;
    api_.connected(connection, Encoding::Json);
    v1::ClientMessage hello;
    hello.set_id(1);
    hello.mutable_hello()->set_protocol(1);
    hello.mutable_hello()->set_locale(locale);
    hello.mutable_hello()->set_bearer(sessions_.make(access::Purpose::Bearer, season_.person(person_key), season_.world.now_us));
    say(connection, std::move(hello));
    return connection;
  }

  void say(std::uint64_t connection, v1::ClientMessage message) {
    v1::ClientFrame frame;
    *frame.add_messages() = std::move(message);
    api_.received(connection, to_json(frame), season_.world.now_us);
    settle();
  }

  /// Lets everything that is due leave.
  void settle() {
    do {
      season_.world.run();
      if (std::exchange(woken_, false)) api_.flush(season_.world.now_us);
    } while (woken_);
    season_.world.run();
  }

  /// All that left for a connection, in order. Cursors are sealed and say to nobody where they stand, so only their lengths stay.
  [[nodiscard]] std::string heard(std::uint64_t connection) const {
    std::string all;
    for (const auto& [to, frame] : sent_)
      if (to == connection) all += frame + "\n";
    static const std::regex cursor("\"cursor\":\"([^\"]*)\"");
    std::string blank;
    std::size_t at = 0;
    for (std::sregex_iterator one(all.begin(), all.end(), cursor), end; one != end; ++one) {
      blank += all.substr(at, static_cast<std::size_t>(one->position()) - at) + "cursor of " + std::to_string((*one)[1].length());
      at = static_cast<std::size_t>(one->position() + one->length());
    }
    return blank + all.substr(at);
  }

  Sent send(std::uint64_t connection, std::shared_ptr<const std::string> frame) override {
    sent_.emplace_back(connection, *frame);
    return Sent::Ok;
  }
  void close(std::uint64_t connection, std::uint16_t code, std::string reason) override {
    sent_.emplace_back(connection, "closed " + std::to_string(code) + " " + reason);
  }
  void welcomed(std::uint64_t) override {}

 private:
  demo::testing::Season& season_;
  access::Sessions sessions_;
  bool woken_ = false;
  std::uint64_t last_ = 0;
  std::vector<std::pair<std::uint64_t, std::string>> sent_;
  Api api_;
};

}  // namespace kvali::api::testing
