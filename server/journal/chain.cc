#include "server/journal/chain.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace kvali::journal {
namespace {

// Numbers are hashed as eight little-endian bytes, texts behind their length: two different rows never make equal
// input.
class Hasher {
 public:
  explicit Hasher(std::string_view purpose) {
    KVALI_CHECK(sodium_init() >= 0);
    crypto_generichash_init(&state_, nullptr, 0, sizeof(Hash));
    text(purpose);
  }
  void number(std::uint64_t value) {
    std::array<unsigned char, 8> bytes{};
    for (unsigned char& byte : bytes) {
      byte = static_cast<unsigned char>(value & 0xffU);
      value >>= 8U;
    }
    crypto_generichash_update(&state_, bytes.data(), bytes.size());
  }
  void text(std::string_view value) {
    number(value.size());
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(value.data()), value.size());
  }
  Hash finish() {
    Hash hash{};
    crypto_generichash_final(&state_, hash.data(), hash.size());
    return hash;
  }

 private:
  crypto_generichash_state state_{};
};

}  // namespace

Hash record_hash(const Hash& previous, const Record& record) {
  Hasher hasher("kvali record 1");
  hasher.text(view(previous));
  hasher.text(record.stream);
  hasher.number(record.sequence);
  hasher.number(static_cast<std::uint64_t>(record.instant_us));
  hasher.number(record.kind);
  hasher.number(record.version);
  hasher.number(record.commit);
  hasher.text(record.bytes);
  return hasher.finish();
}

Hash row_hash(std::string_view purpose, std::initializer_list<std::string_view> fields) {
  Hasher hasher(purpose);
  for (const std::string_view field : fields) hasher.text(field);
  return hasher.finish();
}

Hash hash_of(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

std::string place(const std::string& stream, std::uint64_t sequence) {
  return fmt::format("{} record {}", stream, sequence);
}

Result<void> Chain::follow(const Record& record) {
  if (record.sequence != head_.sequence + 1) {
    return fail(fmt::format("{}: missing; after record {} comes record {}", place(head_.stream, head_.sequence + 1),
                            head_.sequence, record.sequence));
  }
  if (record_hash(head_.hash, record) != record.hash) {
    return fail(place(head_.stream, record.sequence) + ": its hash does not match its bytes");
  }
  head_.sequence = record.sequence;
  head_.hash = record.hash;
  return {};
}

Result<void> Chain::ends_at(const Head& head) const {
  if (head_.sequence < head.sequence) {
    return fail(fmt::format("{}: missing; the tail is cut, for the stream is said to end at record {}",
                            place(head_.stream, head_.sequence + 1), head.sequence));
  }
  if (head_.sequence > head.sequence) {
    return fail(fmt::format("{}: too much, for the stream is said to end at record {}",
                            place(head_.stream, head.sequence + 1), head.sequence));
  }
  if (head_.hash != head.hash) {
    return fail(place(head_.stream, head.sequence) +
                ": its hash is not the one that the streams table holds for the head");
  }
  return {};
}

}  // namespace kvali::journal
