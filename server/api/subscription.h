#pragma once
// A subscription keeps a set of dirty keys, never frames: a delta is built from the newest rows when the socket can write
// and credit is left, so that a bulk of ten thousand costs each board its own pace and closes none.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "kvali/v1/frame.pb.h"
#include "server/core/store.h"
#include "server/vault/vault.h"

namespace kvali::api {

/// Where a reader stands: sealed, since raw positions would tell how much hidden work goes on.
struct Cursor {
  std::string cohort;
  std::uint64_t position = 0;   // sequence of the cohort's stream
  std::string rights;           // what the reader held: another set of rights means a reset
  std::string topic;            // and so does another topic
};
std::string seal(const Cursor& cursor, const vault::Vault& vault);
std::optional<Cursor> open_cursor(std::string_view sealed, const vault::Vault& vault);

/// The state of one subscription of one connection. What is built waits at the gate, where a conflict may void it; so number,
/// credit and rows held change when a push is delivered, never when it is built, and one push at a time is under way.
struct Subscription {
  std::uint32_t id = 0;
  std::uint64_t generation = 0;  // tells it from an ended one with the same id
  std::string topic;       // "cohort" or "initiative"
  std::string cohort;
  std::string initiative;  // of the topic initiative
  std::string rights;
  std::uint64_t seq = 0;
  std::uint32_t credit = 0;
  std::uint32_t page = 0;
  bool snapshot = true;                   // still sending its beginning
  bool building = false;                  // a push waits at the gate
  std::set<std::string> dirty;            // keys to be built
  std::set<std::string> underway;         // keys that the push at the gate has looked at
  std::set<std::string> gone;             // to be removed once the snapshot, which says only what there is, is whole
  /// Whether something is to be built for it now.
  [[nodiscard]] bool wants() const { return !building && credit > 0 && (!dirty.empty() || snapshot); }
  std::unordered_map<std::string, std::size_t> held;  // keys the reader has → hash of the row as sent (0: not known)
};

}  // namespace kvali::api
