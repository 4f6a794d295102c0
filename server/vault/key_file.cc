#include "server/vault/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/limits.h"

namespace kvali::vault {
namespace {

constexpr std::size_t row_bytes = 128;
constexpr std::size_t sum_at = 96;
constexpr std::size_t key_at = 64;
constexpr std::size_t subject_at = 2;
static_assert(subject_at + limits::vault_subject_bytes_max <= key_at);

enum State : char { Root = 'R', Live = 'K', Erased = 'X' };

Error system_error(const std::string& what) { return {fmt::format("{}: {}", what, std::strerror(errno))}; }

std::string checksum(std::string_view row, std::uint64_t number) {
  const std::string purpose = fmt::format("kvali key row 1 {}", number);
  std::string sum(row_bytes - sum_at, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(sum.data()), sum.size(),
                     reinterpret_cast<const unsigned char*>(row.data()), sum_at,
                     reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size());
  return sum;
}

std::string make_row(State state, const std::string& subject, const Key& key, std::uint64_t number) {
  std::string row(row_bytes, '\0');
  row[0] = state;
  row[1] = static_cast<char>(subject.size());
  std::copy(subject.begin(), subject.end(), row.begin() + subject_at);
  std::copy(key.begin(), key.end(), row.begin() + key_at);
  const std::string sum = checksum(row, number);
  std::copy(sum.begin(), sum.end(), row.begin() + sum_at);
  return row;
}

std::string subject_of(std::string_view row) {
  const auto size = std::min<std::size_t>(static_cast<unsigned char>(row[1]), limits::vault_subject_bytes_max);
  return std::string(row.substr(subject_at, size));
}

bool is_good(std::string_view row, std::uint64_t number) {
  return row.size() == row_bytes && row.substr(sum_at) == checksum(row, number) &&
         static_cast<unsigned char>(row[1]) <= limits::vault_subject_bytes_max;
}

bool is_empty(std::string_view row) {
  return std::all_of(row.begin(), row.end(), [](char byte) { return byte == '\0'; });
}

Result<void> write_at(int file, std::string_view bytes, std::uint64_t offset, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(system_error("writing " + path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> make_durable(int file, const std::string& path) {
  return ::fsync(file) == 0 ? Result<void>() : fail(system_error("making " + path + " durable"));
}

Result<std::string> read_all(int file, const std::string& path) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return fail(system_error("reading " + path));
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(system_error("reading " + path));
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

/// Writes the same bytes again and waits for the disk: after a failed fsync and a restart the page cache may show, and
/// call clean, what the disk never got.
Result<void> settle(int file, std::string_view bytes, const std::string& path) {
  if (::ftruncate(file, static_cast<off_t>(bytes.size())) != 0) return fail(system_error("cutting " + path));
  if (auto written = write_at(file, bytes, 0, path); !written) return written;
  return make_durable(file, path);
}

Result<int> open_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(system_error("opening " + path));
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool durable = directory >= 0 && ::fsync(directory) == 0;
  const Error error = system_error("making the name of " + path + " durable");
  if (directory >= 0) ::close(directory);
  if (durable) return file;
  ::close(file);
  return fail(error);
}

}  // namespace

Result<KeyFile::Contents> KeyFile::open(const Paths& paths, const Key& fresh_root) {
  KVALI_CHECK(keys_ < 0);
  paths_ = paths;
  const auto erasures = open_file(paths.erasures);
  if (!erasures) return fail(erasures.error());
  erasures_ = *erasures;
  const auto keys = open_file(paths.keys);
  if (!keys) return fail(keys.error());
  keys_ = *keys;
  Contents contents;
  if (auto read = read_erasures(contents); !read) return fail(read.error());
  if (auto read = read_rows(contents, fresh_root); !read) return fail(read.error());
  return contents;
}

KeyFile::~KeyFile() {
  if (keys_ >= 0) ::close(keys_);
  if (erasures_ >= 0) ::close(erasures_);
}

Result<void> KeyFile::read_erasures(Contents& contents) {
  auto bytes = read_all(erasures_, paths_.erasures);
  if (!bytes) return fail(bytes.error());
  const std::size_t whole = bytes->rfind('\n') + 1;  // npos + 1 is 0
  if (whole != bytes->size()) {
    contents.notices.push_back(
        paths_.erasures + ": its last line was cut short by a crash and is dropped; that erasure was not confirmed");
    bytes->resize(whole);
  }
  for (std::size_t at = 0; at < bytes->size();) {
    const std::size_t end = bytes->find('\n', at);
    erased_.insert(bytes->substr(at, end - at));
    at = end + 1;
  }
  return settle(erasures_, *bytes, paths_.erasures);
}

Result<void> KeyFile::read_rows(Contents& contents, const Key& fresh_root) {
  auto bytes = read_all(keys_, paths_.keys);
  if (!bytes) return fail(bytes.error());
  const auto row = [&](std::uint64_t number) { return std::string_view(*bytes).substr(number * row_bytes, row_bytes); };
  if (bytes->size() < row_bytes) {  // empty, or its creation was cut short
    contents.created = true;
    *bytes = make_row(Root, "", fresh_root, 0);
  }
  if (!is_good(row(0), 0) || row(0)[0] != Root) {
    return fail(paths_.keys +
                " row 0 (the root secret) is damaged, or this is no key file: restore it from its backup");
  }
  std::copy_n(row(0).begin() + key_at, sizeof(Key), contents.root.begin());

  rows_ = (bytes->size() + row_bytes - 1) / row_bytes;
  const std::uint64_t found = rows_;
  while (rows_ > 1 && !is_good(row(rows_ - 1), rows_ - 1)) --rows_;
  if (rows_ != found) {
    contents.notices.push_back(
        fmt::format("{}: {} rows at its end were cut short by a crash and are dropped; no record uses their keys",
                    paths_.keys, found - rows_));
  }
  bytes->resize(rows_ * row_bytes);
  if (auto settled = settle(keys_, *bytes, paths_.keys); !settled) return settled;
  for (std::uint64_t number = 1; number < rows_; ++number) {
    if (auto taken = take_row(std::string(row(number)), number, contents); !taken) return taken;
  }
  sodium_memzero(bytes->data(), bytes->size());
  return {};
}

Result<void> KeyFile::take_row(const std::string& bytes, std::uint64_t number, Contents& contents) {
  if (is_empty(bytes)) {
    contents.notices.push_back(
        fmt::format("{} row {} is empty: a crash lost it before any record used its key", paths_.keys, number));
    return {};
  }
  const std::string subject = subject_of(bytes);
  const bool good = is_good(bytes, number);
  if (erased_.contains(subject) && !(good && bytes[0] == Erased)) {
    contents.notices.push_back(fmt::format("{} row {}: the key of {} is overwritten now, for it is listed as erased",
                                           paths_.keys, number, subject));
    return overwrite(subject, number);
  }
  if (!good) {
    return fail(fmt::format("{} row {} (of {}, as far as it can be read) is damaged: restore the file from its backup",
                            paths_.keys, number, subject));
  }
  if (bytes[0] == Erased) {
    erased_.insert(subject);
    return {};
  }
  row_of_[subject] = number;
  std::copy_n(bytes.begin() + key_at, sizeof(Key), contents.keys[subject].begin());
  return {};
}

Result<void> KeyFile::add(const std::string& subject, const Key& key) {
  std::string row = make_row(Live, subject, key, rows_);
  auto written = write_at(keys_, row, rows_ * row_bytes, paths_.keys);
  sodium_memzero(row.data(), row.size());
  if (!written) return written;
  row_of_[subject] = rows_;
  ++rows_;
  return {};
}

Result<void> KeyFile::sync() { return make_durable(keys_, paths_.keys); }

Result<void> KeyFile::erase(const std::string& subject) {
  if (erased_.contains(subject)) return {};
  struct stat status {};
  if (::fstat(erasures_, &status) != 0) return fail(system_error("reading " + paths_.erasures));
  // The list first: after a crash between the two, opening finishes what it says.
  if (auto listed = write_at(erasures_, subject + "\n", static_cast<std::uint64_t>(status.st_size), paths_.erasures);
      !listed)
    return listed;
  if (auto durable = make_durable(erasures_, paths_.erasures); !durable) return durable;
  erased_.insert(subject);
  const auto row = row_of_.find(subject);
  if (row == row_of_.end()) return {};
  const std::uint64_t number = row->second;
  row_of_.erase(row);
  return overwrite(subject, number);
}

Result<void> KeyFile::overwrite(const std::string& subject, std::uint64_t number) {
  if (auto written = write_at(keys_, make_row(Erased, subject, Key{}, number), number * row_bytes, paths_.keys);
      !written)
    return written;
  return make_durable(keys_, paths_.keys);
}

}  // namespace kvali::vault
