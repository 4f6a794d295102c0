#pragma once
// The vault: personal values are sealed before they reach a decision, each under the key of its subject (a person; for
// free text and files the initiative), so that records, state and snapshots hold ciphers for ever. Destroying one key
// erases one person while every chain still verifies. It also keys what outsiders see of inner things: ids, request
// hashes, tokens.
//
// Threads: all calls from any thread. The journal's writer calls sync() before a transaction becomes durable.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "server/vault/key_file.h"

namespace kvali::vault {

/// A personal value that only its subject's key opens.
struct Sealed {
  std::string subject;     // whose key
  std::string cipher;      // nonce (24 bytes), then XChaCha20-Poly1305 over the clear text and bound to the subject
  std::uint32_t size = 0;  // code points of the clear text, as CEL's size() counts them
  bool operator==(const Sealed&) const = default;
};

class Vault {
 public:
  /// Opens the key file and the list of erasures, or creates them. Errors name a damaged row or what the disk refused.
  [[nodiscard]] static Result<std::unique_ptr<Vault>> from_files(const KeyFile::Paths& paths);
  /// The twin without a disk: the same seed and calls give the same bytes.
  static std::unique_ptr<Vault> in_memory(std::uint64_t seed);

  /// Seals under the subject's key, making one when there is none (durable after sync()). `subject`: 1 to 62 bytes
  /// without control characters. An erased subject is an error: its name never gets a second key.
  [[nodiscard]] Result<Sealed> seal(const std::string& subject, std::string_view clear);
  /// The clear text; nothing once the key was destroyed, or when the cipher is not one of this vault's.
  std::optional<std::string> open(const Sealed& sealed) const;
  /// Erasure: lists the subject and overwrites its key, both durable on return.
  [[nodiscard]] Result<void> destroy(const std::string& subject);
  bool erased(const std::string& subject) const;
  /// Makes every new key durable; costs nothing when there is none. After an error the process has to stop.
  [[nodiscard]] Result<void> sync();

  /// 16 bytes that tell two clear requests apart and tell nobody without the root secret what was asked.
  std::string request_hash(std::string_view bytes) const;
  /// 13 characters of Crockford's base32 (lower case): the same stream and input give the same id, and no id tells its
  /// number.
  std::string fresh_id(std::string_view stream, std::string_view input) const;

  /// A token that only this server can make or read, safe in an address. `purpose` ("cursor") keeps one kind from
  /// passing for another; lengths are padded to 64 bytes so that they tell nothing. `clear`: at most
  /// limits::vault_token_bytes_max.
  std::string seal_token(std::string_view purpose, std::string_view clear) const;
  /// The clear bytes; nothing for what this server did not make for this purpose.
  std::optional<std::string> open_token(std::string_view purpose, std::string_view token) const;

  /// True: the key file was not there. Beside a journal with records that is a loss: refuse to start.
  bool created() const { return created_; }
  /// What was repaired while opening, in sentences for the log.
  const std::vector<std::string>& notices() const { return notices_; }

  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

 private:
  using Random = std::function<void(unsigned char* bytes, std::size_t size)>;
  explicit Vault(Random random) : random_(std::move(random)) {}
  void derive(const Key& root);
  std::string box(const Key& key, std::string_view bound, std::string_view clear) const;

  Random random_;
  mutable std::mutex mutex_;       // everything below but what is set while opening
  mutable std::mutex sync_mutex_;  // one fsync at a time; taken before mutex_
  std::unique_ptr<KeyFile> file_;  // none: in memory
  std::unordered_map<std::string, Key> keys_;
  std::unordered_set<std::string> erased_in_memory_;
  bool unsynced_ = false;
  std::optional<Error> failed_;  // a disk that failed once is not asked again
  bool created_ = false;
  std::vector<std::string> notices_;
  Key request_key_{}, id_key_{}, token_key_{};
};

}  // namespace kvali::vault
