#include "engine/cohort/matching.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

namespace kvali::cohort {
namespace {

using Index = std::uint32_t;

/// Lots: SplitMix64 (Steele, Lea, Flood 2014) from the FNV-1a hash of the seed.
class Lots {
 public:
  explicit Lots(std::string_view seed) {
    for (const char c : seed) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  /// The numbers below `count` in some order.
  std::vector<Index> order(std::size_t count) {
    std::vector<Index> made(count);
    std::iota(made.begin(), made.end(), Index{0});
    for (std::size_t left = count; left > 1; --left) std::swap(made[left - 1], made[next() % left]);
    return made;
  }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

/// A set of readers.
class Bits {
 public:
  explicit Bits(std::size_t count) : words_((count + 63) / 64) {}
  void set(Index at, bool in) {
    const std::uint64_t bit = std::uint64_t{1} << (at % 64);
    words_[at / 64] = in ? words_[at / 64] | bit : words_[at / 64] & ~bit;
  }
  std::vector<std::uint64_t>& words() { return words_; }
  [[nodiscard]] const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
};

class Matcher {
 public:
  Matcher(const Matching& question, std::string_view seed) : question_(question), lots_(seed), rank_(question.readers.size()), seen_(question.readers.size()) {
    const std::vector<Index> order = lots_.order(question.readers.size());
    for (Index at = 0; at < order.size(); ++at) rank_[order[at]] = at;
    for (const Matching::Reader& reader : question.readers) load_.push_back(reader.load);
    has_.resize(question.readers.size());
    for (const Matching::Application& one : question.applications) {
      free_.emplace_back(question.readers.size());
      for (const Index reader : one.may) free_.back().set(reader, true);
    }
    given_.resize(question.applications.size());
    came_.resize(question.readers.size());
  }

  std::vector<std::vector<Index>> made() {
    const std::vector<Index> order = lots_.order(question_.applications.size());
    std::uint32_t rounds = 0;
    for (const Matching::Application& one : question_.applications) rounds = std::max(rounds, one.wanted);
    // A chain that is not there now is not there later: what one application cannot have no other can give it.
    for (std::uint32_t round = 0; round < rounds; ++round)
      for (const Index application : order)
        if (question_.applications[application].wanted > round && given_[application].size() == round) add_one(application);
    for (std::vector<Index>& readers : given_) std::sort(readers.begin(), readers.end());
    return std::move(given_);
  }

 private:
  /// How a reader was reached: she takes `from`, which its reader `before` gives up; none: it is the application that needs one more.
  struct Came {
    Index from = 0;
    std::optional<Index> before;
  };

  [[nodiscard]] bool full(Index reader) const {
    const std::uint32_t max = question_.readers[reader].load_max;
    return max != 0 && load_[reader] >= max;
  }
  [[nodiscard]] bool better(Index one, std::optional<Index> than) const {
    if (!than) return true;
    return load_[one] != load_[*than] ? load_[one] < load_[*than] : rank_[one] < rank_[*than];
  }

  /// Gives `application` one reader more, by exchanges if need be.
  void add_one(Index application) {
    std::fill(seen_.words().begin(), seen_.words().end(), 0);
    std::vector<Index> queue;
    std::optional<Index> best;
    const auto reach = [&](Index from, std::optional<Index> before) {
      for (std::size_t word = 0; word < seen_.words().size(); ++word) {
        std::uint64_t fresh = free_[from].words()[word] & ~seen_.words()[word];
        seen_.words()[word] |= fresh;
        for (; fresh != 0; fresh &= fresh - 1) {
          const Index reader = static_cast<Index>(word * 64 + static_cast<std::size_t>(std::countr_zero(fresh)));
          came_[reader] = {from, before};
          queue.push_back(reader);
          if (!full(reader) && better(reader, best)) best = reader;
        }
      }
    };
    reach(application, std::nullopt);
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const Index reader = queue[at];
      for (const Index held : has_[reader]) reach(held, reader);
    }
    if (!best) return;
    for (std::optional<Index> reader = best; reader;) {
      const Came came = came_[*reader];
      give(came.from, *reader);
      if (came.before) take(came.from, *came.before);
      reader = came.before;
    }
    ++load_[*best];
  }

  void give(Index application, Index reader) {
    given_[application].push_back(reader);
    has_[reader].push_back(application);
    free_[application].set(reader, false);
  }
  void take(Index application, Index reader) {
    std::erase(given_[application], reader);
    std::erase(has_[reader], application);
    free_[application].set(reader, true);
  }

  const Matching& question_;
  Lots lots_;
  std::vector<Index> rank_;               // of readers with one load, the lower is drawn first
  Bits seen_;
  std::vector<std::uint32_t> load_;
  std::vector<Bits> free_;                // by application: who might read it and does not
  std::vector<std::vector<Index>> has_;   // by reader: applications she was given here
  std::vector<std::vector<Index>> given_; // by application
  std::vector<Came> came_;                // by reader
};

}  // namespace

std::vector<std::vector<std::uint32_t>> match(const Matching& question, std::string_view seed) { return Matcher(question, seed).made(); }

}  // namespace kvali::cohort
