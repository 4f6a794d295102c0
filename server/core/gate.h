#pragma once
// The output gate. Memory runs ahead of the disk by the commits in flight: a command is decided against state that is not
// durable yet. So nothing leaves (no answer, no refusal, no dry run, no query, no push) before every commit it could have
// seen is on disk. Whatever was made while commits are in flight waits here, in order, behind the last of them.
//
// When another writer was first (Conflict), what waits was made from state that never came to be: it is made again.
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace kvali::core {

class Gate {
 public:
  using Deliver = std::function<void()>;
  /// Makes the output from the state of now, and gives what delivers it.
  using Make = std::function<Deliver()>;

  /// A commit went to the journal: what is made from now on has seen it.
  void decided() { ++decided_; }
  /// The oldest commit in flight is durable: delivers what waited for it.
  void durable();
  /// Delivers `make` when everything decided so far is durable; at once when it is.
  void pass(const Make& make);
  /// A command's answer, which waits like any output, but is decided again by `again` after a conflict.
  void pass_answer(Deliver deliver, std::function<void()> again);
  /// What was decided since the last durable commit is void: gives, in order, what has to be done again.
  [[nodiscard]] std::vector<std::function<void()>> void_all();
  [[nodiscard]] std::uint64_t in_flight() const { return decided_ - durable_; }

 private:
  struct Waiting {
    std::uint64_t behind;  // delivered once so many commits are durable
    Deliver deliver;
    std::function<void()> again;
  };
  std::uint64_t decided_ = 0;
  std::uint64_t durable_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace kvali::core
