#include "server/vault/vault.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "engine/limits.h"

namespace kvali::vault {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t token_block_bytes = 64;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == sizeof(Key));

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::optional<std::string> unbox(const Key& key, std::string_view bound, std::string_view boxed) {
  if (boxed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  const std::string_view cipher = boxed.substr(nonce_bytes);
  std::string clear(cipher.size() - tag_bytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      raw(clear), nullptr, nullptr, raw(cipher), cipher.size(), raw(bound), bound.size(), raw(boxed), key.data());
  if (opened != 0) return std::nullopt;
  return clear;
}

std::string keyed_hash(const Key& key, std::initializer_list<std::string_view> parts) {
  crypto_generichash_state state;
  std::string hash(16, '\0');
  crypto_generichash_init(&state, key.data(), key.size(), hash.size());
  for (const std::string_view part : parts) {
    const std::string size = fmt::format("{}:", part.size());
    crypto_generichash_update(&state, raw(size), size.size());
    crypto_generichash_update(&state, raw(part), part.size());
  }
  crypto_generichash_final(&state, raw(hash), hash.size());
  return hash;
}

Key derived(const Key& root, std::uint64_t number) {
  Key key{};
  crypto_kdf_derive_from_key(key.data(), key.size(), number, "kvaliv01", root.data());
  return key;
}

std::uint32_t code_points(std::string_view text) {
  const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; };
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), starts));
}

Result<void> check_subject(const std::string& subject) {
  const bool control =
      std::any_of(subject.begin(), subject.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x20; });
  if (!subject.empty() && subject.size() <= limits::vault_subject_bytes_max && !control) return {};
  return fail(fmt::format("a subject of sealed values has 1 to {} bytes without control characters; this one has {}",
                          limits::vault_subject_bytes_max, subject.size()));
}

void start_sodium() { KVALI_CHECK(sodium_init() >= 0); }

}  // namespace

Result<std::unique_ptr<Vault>> Vault::from_files(const KeyFile::Paths& paths) {
  start_sodium();
  std::unique_ptr<Vault> vault(new Vault([](unsigned char* bytes, std::size_t size) { randombytes_buf(bytes, size); }));
  vault->file_ = std::make_unique<KeyFile>();
  Key fresh_root{};
  vault->random_(fresh_root.data(), fresh_root.size());
  auto contents = vault->file_->open(paths, fresh_root);
  if (!contents) return fail(contents.error());
  vault->keys_ = std::move(contents->keys);
  vault->created_ = contents->created;
  vault->notices_ = std::move(contents->notices);
  vault->derive(contents->root);
  sodium_memzero(contents->root.data(), contents->root.size());
  sodium_memzero(fresh_root.data(), fresh_root.size());
  return vault;
}

std::unique_ptr<Vault> Vault::in_memory(std::uint64_t seed) {
  start_sodium();
  const auto random = [seed, drawn = std::uint64_t{0}](unsigned char* bytes, std::size_t size) mutable {
    const std::string name = fmt::format("kvali vault in memory {} {}", seed, drawn++);
    Key from{};
    crypto_generichash(from.data(), from.size(), raw(name), name.size(), nullptr, 0);
    randombytes_buf_deterministic(bytes, size, from.data());
  };
  std::unique_ptr<Vault> vault(new Vault(random));
  Key root{};
  vault->random_(root.data(), root.size());
  vault->derive(root);
  return vault;
}

Vault::~Vault() {
  for (auto& [subject, key] : keys_) sodium_memzero(key.data(), key.size());
  for (Key* key : {&request_key_, &id_key_, &token_key_}) sodium_memzero(key->data(), key->size());
}

void Vault::derive(const Key& root) {
  request_key_ = derived(root, 1);
  id_key_ = derived(root, 2);
  token_key_ = derived(root, 3);
}

std::string Vault::box(const Key& key, std::string_view bound, std::string_view clear) const {
  std::string boxed(nonce_bytes + clear.size() + tag_bytes, '\0');
  random_(raw(boxed), nonce_bytes);
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(boxed) + nonce_bytes, &size, raw(clear), clear.size(), raw(bound),
                                             bound.size(), nullptr, raw(boxed), key.data());
  return boxed;
}

Result<Sealed> Vault::seal(const std::string& subject, std::string_view clear) {
  if (auto valid = check_subject(subject); !valid) return fail(valid.error());
  const std::lock_guard guard(mutex_);
  if (failed_) return fail(*failed_);
  auto found = keys_.find(subject);
  if (found == keys_.end()) {
    if (file_ ? file_->erased(subject) : erased_in_memory_.contains(subject)) {
      return fail(subject + " was erased: nothing can be sealed for it again");
    }
    Key key{};
    random_(key.data(), key.size());
    if (file_) {
      if (auto added = file_->add(subject, key); !added) {
        failed_ = added.error();  // a row half written must stay the last one
        return fail(added.error());
      }
      unsynced_ = true;
    }
    found = keys_.emplace(subject, key).first;
  }
  return Sealed{subject, box(found->second, subject, clear), code_points(clear)};
}

std::optional<std::string> Vault::open(const Sealed& sealed) const {
  const std::lock_guard guard(mutex_);
  const auto key = keys_.find(sealed.subject);
  if (key == keys_.end()) return std::nullopt;
  return unbox(key->second, sealed.subject, sealed.cipher);
}

Result<void> Vault::destroy(const std::string& subject) {
  if (auto valid = check_subject(subject); !valid) return valid;
  const std::lock_guard guard(mutex_);
  if (failed_) return fail(*failed_);
  if (const auto key = keys_.find(subject); key != keys_.end()) {
    sodium_memzero(key->second.data(), key->second.size());
    keys_.erase(key);
  }
  if (!file_) {
    erased_in_memory_.insert(subject);
    return {};
  }
  auto erased = file_->erase(subject);
  if (!erased) failed_ = erased.error();
  return erased;
}

bool Vault::erased(const std::string& subject) const {
  const std::lock_guard guard(mutex_);
  return file_ ? file_->erased(subject) : erased_in_memory_.contains(subject);
}

Result<void> Vault::sync() {
  const std::lock_guard one_at_a_time(sync_mutex_);
  {
    const std::lock_guard guard(mutex_);
    if (failed_) return fail(*failed_);
    if (!unsynced_) return {};
    unsynced_ = false;  // what is added from here on waits for the next one
  }
  auto synced = file_->sync();  // without the lock: sealing goes on while the disk works
  if (synced) return synced;
  const std::lock_guard guard(mutex_);
  failed_ = synced.error();
  return synced;
}

std::string Vault::request_hash(std::string_view bytes) const { return keyed_hash(request_key_, {bytes}); }

std::string Vault::fresh_id(std::string_view stream, std::string_view input) const {
  static constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";  // without i, l, o, u
  const std::string hash = keyed_hash(id_key_, {stream, input});
  std::string id;
  for (std::size_t bit = 0; bit < 65; bit += 5) {
    const auto high = static_cast<unsigned char>(hash[bit / 8]);
    const auto low = static_cast<unsigned char>(hash[bit / 8 + 1]);
    const unsigned window = (static_cast<unsigned>(high) << 8U) | low;
    id.push_back(alphabet[(window >> (11U - bit % 8)) & 31U]);
  }
  return id;
}

std::string Vault::seal_token(std::string_view purpose, std::string_view clear) const {
  KVALI_CHECK(clear.size() <= limits::vault_token_bytes_max);
  std::string padded(clear);
  padded.resize((clear.size() / token_block_bytes + 1) * token_block_bytes);
  std::size_t size = 0;
  KVALI_CHECK(sodium_pad(&size, raw(padded), clear.size(), token_block_bytes, padded.size()) == 0 &&
              size == padded.size());
  std::string boxed;
  {
    const std::lock_guard guard(mutex_);  // the twin's randomness is a sequence
    boxed = box(token_key_, purpose, padded);
  }
  std::string token(sodium_base64_encoded_len(boxed.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(token.data(), token.size(), raw(boxed), boxed.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  token.pop_back();  // libsodium's final zero
  return token;
}

std::optional<std::string> Vault::open_token(std::string_view purpose, std::string_view token) const {
  constexpr std::size_t boxed_bytes_max = nonce_bytes + tag_bytes + limits::vault_token_bytes_max + token_block_bytes;
  if (token.size() > boxed_bytes_max * 4 / 3 + 2) return std::nullopt;
  std::string boxed(token.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(raw(boxed), boxed.size(), token.data(), token.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != token.data() + token.size()) {
    return std::nullopt;
  }
  boxed.resize(size);
  auto padded = unbox(token_key_, purpose, boxed);
  if (!padded || sodium_unpad(&size, raw(*padded), padded->size(), token_block_bytes) != 0) return std::nullopt;
  padded->resize(size);
  return padded;
}

}  // namespace kvali::vault
