#include "server/main/serve.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>

#include "server/api/api.h"
#include "server/api/http.h"
#include "server/cli/zones.h"
#include "server/core/black_box.h"
#include "server/core/effects.h"
#include "server/core/executor.h"
#include "server/core/seal.h"
#include "server/core/uuid.h"
#include "server/demo/demo.h"
#include "server/journal/sqlite.h"
#include "server/main/clock_watch.h"
#include "server/main/proto_files.h"
#include "server/main/signals.h"
#include "server/main/supervisor.h"
#include "server/main/web_files.h"
#include "server/net/server.h"

namespace kvali::server {
namespace {

constexpr std::int64_t flush_delay_ms = 3;      // coalesces what several commits make dirty
constexpr std::int64_t tick_ms = 20;            // how exact a deadline fires
constexpr std::int64_t stop_deadline_ms = 5'000;
constexpr const char* build_name = "kvali 0.1.0";

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Hands what arrives on the network thread over to the core thread, and frames back.
class Bridge final : public net::Handler, public api::Wire {
 public:
  Bridge(core::Executor& executor, bool secure) : executor_(executor), secure_(secure) {}
  void attach(net::Server& server) { server_ = &server; }
  void attach(api::Api& api, api::Http& http, std::function<void(std::int64_t)> tick) {
    api_ = &api;
    http_ = &http;
    tick_ = std::move(tick);
  }

  void connected(const net::Peer& peer) override {
    const auto encoding = peer.encoding == net::Encoding::Json ? api::Encoding::Json : api::Encoding::Proto;
    executor_.post([this, connection = peer.connection, encoding] { api_->connected(connection, encoding); });
  }
  void received(std::uint64_t connection, std::string frame, std::int64_t at_us) override {
    executor_.post([this, connection, frame = std::move(frame), at_us] { api_->received(connection, frame, at_us); });
  }
  void writable(std::uint64_t connection) override {
    executor_.post([this, connection] { api_->writable(connection); });
  }
  void disconnected(std::uint64_t connection) override {
    executor_.post([this, connection] { api_->disconnected(connection); });
  }
  void request(net::Request request, std::function<void(net::Response)> answer) override {
    executor_.post([this, request = std::move(request), answer = std::move(answer)] { answer(respond(request)); });
  }
  void tick(std::int64_t at_us) override {
    if (ticking_.exchange(true)) return;  // the core is behind: one tick in its queue is enough
    executor_.post([this, at_us] {
      ticking_ = false;
      tick_(at_us);
    });
  }

  Sent send(std::uint64_t connection, std::shared_ptr<const std::string> frame) override {
    switch (server_->send(connection, frame)) {
      case net::Sent::Ok: return Sent::Ok;
      case net::Sent::BackPressure: return Sent::BackPressure;
      case net::Sent::Gone: return Sent::Gone;
    }
    return Sent::Gone;
  }
  void close(std::uint64_t connection, std::uint16_t code, std::string reason) override { server_->close(connection, code, std::move(reason)); }
  void welcomed(std::uint64_t connection) override { server_->welcomed(connection); }

 private:
  net::Response respond(const net::Request& request) {
    const auto header = [&](std::string_view name) { return std::string(request.header(name)); };
    api::HttpResponse made = http_->answer({request.method, request.target, request.body, header("host"), header("origin"), header("cookie"),
                                            header("authorization"), header("content-type"), header("if-none-match"), header("accept-encoding"),
                                            secure_, request.received_at_us});
    return {made.status, std::move(made.content_type), std::make_shared<const std::string>(std::move(made.body)), std::move(made.headers)};
  }

  core::Executor& executor_;
  bool secure_;
  net::Server* server_ = nullptr;
  api::Api* api_ = nullptr;
  api::Http* http_ = nullptr;
  std::function<void(std::int64_t)> tick_;
  std::atomic<bool> ticking_{false};
};

/// A thread beside the core's for what may take seconds. When it goes, what has not begun is dropped: whoever asked asks again.
class Beside {
 public:
  ~Beside() {
    stopping_ = true;
    executor_.stop();
    thread_.join();
  }
  void run(std::function<void()> function) {
    executor_.post([this, function = std::move(function)] {
      if (!stopping_) function();
    });
  }

 private:
  core::Executor executor_;
  std::atomic<bool> stopping_{false};
  std::thread thread_{[this] { executor_.run(); }};  // last: it uses what stands above
};

Result<void> prepare_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(fmt::format("{}: {}", folder, error.message()));
  ::chmod(folder.c_str(), 0700);
  return {};
}

/// For the command line on the same machine: whoever can read the data folder may make links.
Result<void> write_operator_file(const std::string& path, const std::string& address, std::uint16_t port, const std::string& token) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return fail(fmt::format("{}: {}", path, std::strerror(errno)));
  const std::string text = fmt::format("{}\n{}\n{}\n", address, port, token);
  const bool good = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return good ? Result<void>() : fail(path + ": the disk is full");
}

[[noreturn]] void stop_at_once(const std::string& sentence) {
  // What is unsaid stays unsaid: the disk has failed, and only a fresh start knows what it holds.
  spdlog::critical("the journal failed: {}", sentence);
  spdlog::default_logger()->flush();
  std::_Exit(3);
}

struct Running {
  const ServeOptions& options;
  core::Executor executor;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<journal::SqliteJournal> journal;
  std::unique_ptr<core::FileBlackBox> black_box, black_box_beside;
  std::unique_ptr<core::Core> core;
  std::unique_ptr<access::Sessions> sessions;
  std::unique_ptr<Beside> beside;  // last: it uses what stands above
};

Result<void> open_parts(Running& r) {
  const std::string& data = r.options.data;
  if (auto made = prepare_folder(data); !made) return made;
  auto vault = vault::Vault::from_files({data + "/keys", data + "/erasures"});
  if (!vault) return fail(vault.error());
  r.vault = std::move(*vault);
  for (const std::string& notice : r.vault->notices()) spdlog::warn("{}", notice);
  journal::SqliteJournal::Options journal_options;
  journal_options.path = data + "/journal.sqlite";
  journal_options.before_commit = [vault = r.vault.get()] { return vault->sync(); };
  auto journal = journal::SqliteJournal::open(std::move(journal_options));
  if (!journal) return fail(journal.error());
  r.journal = std::move(*journal);
  const auto streams = r.journal->streams();
  if (!streams) return fail(streams.error());
  if (r.vault->created() && !streams->empty())
    return fail(data + "/keys is missing beside a journal with records: put it back from its backup, or nothing sealed can be read");
  auto black_box = core::FileBlackBox::open(data + "/deciding");
  if (!black_box) return fail(black_box.error());
  r.black_box = std::move(*black_box);
  auto black_box_beside = core::FileBlackBox::open(data + "/proving");
  if (!black_box_beside) return fail(black_box_beside.error());
  r.black_box_beside = std::move(*black_box_beside);
  r.beside = std::make_unique<Beside>();
  auto sessions = access::Sessions::open(*r.vault, data + "/used_links");
  if (!sessions) return fail(sessions.error());
  r.sessions = std::make_unique<access::Sessions>(std::move(*sessions));
  core::Options core_options{*r.journal, *r.vault, [&executor = r.executor](std::function<void()> f) { executor.post(std::move(f)); },
                             stop_at_once, [](const std::string& name) { return cli::load_zone(name); }, r.black_box.get()};
  core_options.beside = [beside = r.beside.get()](std::function<void()> f) { beside->run(std::move(f)); };
  core_options.black_box_beside = r.black_box_beside.get();
  r.core = std::make_unique<core::Core>(std::move(core_options));
  std::vector<std::string> notices;
  if (auto started = r.core->start(notices); !started) return started;
  for (const std::string& notice : notices) spdlog::error("{}", notice);
  for (const core::FileBlackBox* box : {r.black_box.get(), r.black_box_beside.get()}) {
    if (box->interrupted().empty()) continue;
    spdlog::error("command {} stopped the server and is refused from now on", box->interrupted());
    r.core->quarantine(box->interrupted());
  }
  return {};
}

/// One person for each role of each cohort, to look at it as she does; nobody twice in one role.
std::vector<std::pair<std::string, std::string>> doors_of(const core::Core& core) {
  std::vector<std::pair<std::string, std::string>> doors;
  for (const auto& [id, entry] : core.store().cohorts) {
    if (!entry.state.open()) continue;
    for (const v1::Role& role : entry.state.model->program().roles()) {
      std::string person;
      for (const cohort::Assignment& one : entry.state.assignments)
        if (person.empty() && one.role == role.name() && !one.ended && cohort::instant_in(entry.state, now_us()) < one.until) person = one.person;
      for (const cohort::Initiative& one : entry.state.initiatives)
        if (person.empty() && role.name() == entry.state.model->applicant_role() && !one.ended()) person = one.applicant;
      if (const std::pair door(role.name(), person); !person.empty() && std::find(doors.begin(), doors.end(), door) == doors.end()) doors.push_back(door);
    }
  }
  return doors;
}

void print_links(Running& r, const std::string& base) {
  fmt::print("\n");
  for (const auto& [role, person] : doors_of(*r.core)) {
    const std::string name = core::open(r.core->store().directory.person(person)->name, *r.vault);
    fmt::print("  {:<12} {}\n               {}/#token={}\n", role, name, base, r.sessions->make(access::Purpose::Link, person, now_us()));
  }
  fmt::print("\nOpen a link in a browser; each signs in once. For another: kvali token --as NAME --data {}\n\n", r.options.data);
}

Result<void> play_demo(Running& r) {
  if (r.options.demo.empty() || !r.core->store().directory.persons.empty()) return {};
  fmt::print("playing {} …\n", r.options.demo);
  std::fflush(stdout);
  demo::Options options;
  options.now_us = now_us();
  options.zone = [](const std::string& name) { return cli::load_zone(name); };
  options.drain = [&r] { r.executor.run_one(); };
  auto played = demo::play(*r.core, r.options.demo, options);
  if (!played) return fail(played.error().within("the demonstration"));
  return {};
}

/// Who opens the door of an empty house: nobody can sign in to register the first person, so whoever starts the server does.
Result<void> register_first_manager(Running& r) {
  if (r.options.first_manager.empty() || !r.core->store().directory.persons.empty()) return {};
  core::Submission first;
  first.now_us = now_us();
  first.command.set_id(core::make_uuid_v7(first.now_us, 0, 0));
  first.command.mutable_register_person()->mutable_name()->set_text(r.options.first_manager);
  std::optional<core::Reply> answered;
  first.answer = [&answered](core::Reply reply) { answered = std::move(reply); };
  r.core->submit(std::move(first));
  while (!answered) r.executor.run_one();
  if (!answered->code.empty()) return fail("--first-manager: " + cohort::in_language(answered->refusal.sentence, "en"));
  return {};
}

std::string trouble(const ClockWatch& watch, const journal::Journal& journal) {
  if (watch.stopped()) return "the clock jumped: timers wait until somebody confirms (kvali clock --confirm)";
  const auto writable = journal.writable();
  return writable ? std::string() : writable.error().message;
}

net::Options net_options(const ServeOptions& options) {
  net::Options made;
  made.address = options.address;
  made.port = options.port;
  made.origins = options.origins;
  made.hosts = options.hosts;
  made.tick_ms = tick_ms;
  made.certificate_file = options.certificate_file;
  made.key_file = options.key_file;
  made.log = [](std::string sentence) { spdlog::info("{}", sentence); };
  return made;
}

int run(const ServeOptions& options, const std::function<void()>& serving) {
  block_stop_signals();
  Running r{options, {}, {}, {}, {}, {}, {}, {}, {}};
  const auto failed = [](const Error& error) {
    spdlog::error("{}", error.message);
    return 3;
  };
  if (auto opened = open_parts(r); !opened) return failed(opened.error());

  core::FileMailer mailer(options.data + "/letters.jsonl");
  core::Effects effects(*r.core, mailer);
  if (auto resumed = effects.resume(); !resumed) return failed(resumed.error());
  if (auto played = play_demo(r); !played) return failed(played.error());
  if (auto registered = register_first_manager(r); !registered) return failed(registered.error());

  Bridge bridge(r.executor, !options.certificate_file.empty());
  std::int64_t latest_us = now_us();
  api::Api* speaking = nullptr;
  api::Api api({*r.core, *r.sessions, bridge, build_name, [&] { r.executor.post_soon([&] { speaking->flush(latest_us); }, flush_delay_ms); }});
  speaking = &api;
  ClockWatch watch;
  const WebFiles web(options.web_dir);
  api::Http http({*r.core, *r.sessions, [&web](const std::string& path) { return web.find(path); }, proto_files(),
                  [&] {
                    return fmt::format("kvali_connections {}\nkvali_commits_in_flight {}\nkvali_journal_transactions_total {}\n", api.connections(),
                                       r.core->in_flight(), r.journal->stats().transactions);
                  },
                  [&] { return trouble(watch, *r.journal); }, [&watch] { watch.confirm(); }});
  bridge.attach(api, http, [&](std::int64_t at_us) {
    latest_us = at_us;
    if (watch.steady(at_us)) r.core->pass_time(at_us);
    api.pass_time(at_us);
    effects.run(at_us);
  });
  auto server = net::Server::listen(net_options(options), bridge);
  if (!server) return failed(server.error());
  bridge.attach(**server);

  const std::string base = fmt::format("{}://{}:{}", options.certificate_file.empty() ? "http" : "https", options.address, (*server)->port());
  const std::string token = r.sessions->make(access::Purpose::Operator, "operator", now_us());
  if (auto written = write_operator_file(options.data + "/operator", options.address, (*server)->port(), token); !written)
    return failed(written.error());
  fmt::print("kvali serves at {} from {}\n", base, options.data);
  if (options.links && !options.demo.empty()) print_links(r, base);
  if (r.core->store().directory.persons.empty()) fmt::print("Nobody is here yet: start it once with --first-manager NAME\n");
  else if (!options.first_manager.empty()) fmt::print("Sign in with: kvali token --as NAME --data {}\n", options.data);
  std::fflush(stdout);
  serving();

  Signals signals([&] {
    r.executor.post([&] { api.go_away("the server stops for a moment", 1'000); });
    r.executor.stop();
  });
  r.executor.run();
  // In order: nobody is accepted, who is here is told, what was decided becomes durable, the files are let go.
  (*server)->stop(stop_deadline_ms);
  if (auto closed = r.journal->close(); !closed) return failed(closed.error());
  return 0;
}

}  // namespace

int serve(const ServeOptions& options) {
  if (!options.supervise) return run(options, [] {});
  return supervise([&options](const std::function<void()>& serving) { return run(options, serving); });
}

}  // namespace kvali::server
