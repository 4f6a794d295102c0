// What the network costs: memory of an idle connection, deliveries a second to many connections. A child process is
// the other side, so that memory and processor time printed here are the server's alone.
//
//   net_bench [CONNECTIONS] [FRAME_BYTES]        (1000 and 100)
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "server/net/server.h"
#include "tests/server/net/client.h"

namespace {

using namespace kvali::net;
using Clock = std::chrono::steady_clock;

/// What both processes see.
struct Shared {
  std::atomic<int> port = 0;
  std::atomic<std::uint64_t> bytes = 0;  // received by all clients together, after the upgrade
};

struct Counting : Handler {
  void connected(const Peer& peer) override {
    const std::scoped_lock lock(mutex);
    ids.push_back(peer.connection);
    changed.notify_all();
  }
  void received(std::uint64_t, std::string, std::int64_t) override {}
  void writable(std::uint64_t) override {}
  void disconnected(std::uint64_t) override {}
  void request(Request, std::function<void(Response)>) override {}
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::uint64_t> ids;
};

/// The child: opens `count` websockets, then only reads, until the server closes them.
int run_clients(Shared& shared, std::size_t count) {
  while (shared.port == 0) ::usleep(1000);
  std::vector<int> descriptors;
  for (std::size_t i = 0; i < count; ++i) {
    Client client(static_cast<std::uint16_t>(shared.port.load()));
    if (client.open_socket("kvali.v1.proto").substr(9, 3) != "101") return 1;
    descriptors.push_back(client.release());
  }
  const int poll = ::epoll_create1(0);
  for (const int descriptor : descriptors) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
  }
  std::vector<char> buffer(256 * 1024);
  std::vector<epoll_event> events(512);
  for (std::size_t open = count; open > 0;) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      const ssize_t got = ::recv(descriptor, buffer.data(), buffer.size(), 0);
      if (got > 0)
        shared.bytes += static_cast<std::uint64_t>(got);
      else if (::close(descriptor) == 0)
        --open;
    }
  }
  return 0;
}

double resident_kib() {
  ::malloc_trim(0);
  long total = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Sends `batch` frames to everybody, waits until all have arrived, `rounds` times; prints what it cost.
void deliver(Server& server, Shared& shared, const std::vector<std::uint64_t>& ids, std::size_t frame_bytes,
             std::size_t batch, std::size_t rounds) {
  const auto frame = std::make_shared<const std::string>(frame_bytes, 'x');
  const std::size_t on_the_wire = frame_bytes + (frame_bytes < 126 ? 2 : frame_bytes < 65'536 ? 4 : 10);
  const double processor_before = processor_seconds();
  const auto began = Clock::now();
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::uint64_t wanted = shared.bytes + on_the_wire * ids.size() * batch;
    for (std::size_t i = 0; i < batch; ++i) server.send(ids, frame);
    while (shared.bytes < wanted) ::usleep(100);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  const auto deliveries = static_cast<double>(ids.size() * batch * rounds);
  std::printf(
      "%8.0f deliveries a second  (%zu connections, %zu frames each at a time, %zu bytes; %.2f µs of processor each)\n",
      deliveries / seconds, ids.size(), batch, frame_bytes,
      (processor_seconds() - processor_before) * 1e6 / deliveries);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 1000, frame_bytes = argc > 2 ? std::stoul(argv[2]) : 100;
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& shared = *new (memory) Shared;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run_clients(shared, count));

  Counting handler;
  Options options;
  options.deadlines.handshake_ms = 600'000;
  const auto server = std::move(Server::listen(options, handler).value());
  const double before_kib = resident_kib();
  shared.port = server->port();
  {
    std::unique_lock lock(handler.mutex);
    handler.changed.wait(lock, [&] { return handler.ids.size() == count; });
  }
  const double idle_kib = resident_kib();
  std::printf("%8.2f KiB an idle connection (%zu connections, %.0f KiB before, %.0f KiB with them)\n",
              (idle_kib - before_kib) / static_cast<double>(count), count, before_kib, idle_kib);
  for (const auto& [batch, rounds] : {std::pair<std::size_t, std::size_t>(1, 200), {8, 100}, {64, 20}})
    deliver(*server, shared, handler.ids, frame_bytes, batch, rounds);
  server->stop(10'000);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
