#include "tests/fault/fault_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <vector>

#include "engine/result.h"

namespace kvali::fault {
namespace {

struct Change {
  sqlite3_int64 at = 0;
  std::optional<std::string> bytes;  // absent: the file is cut to `at`
};

void put(const Change& change, std::string& image) {
  const auto at = static_cast<std::size_t>(change.at);
  if (!change.bytes) return image.resize(std::min(image.size(), at));
  if (image.size() < at + change.bytes->size()) image.resize(at + change.bytes->size());
  image.replace(at, change.bytes->size(), *change.bytes);
}

/// What the disk holds of one file, and what still waits in the page cache.
struct Disk {
  std::string image;
  std::vector<Change> waiting;
};

// One state for the process, as a VFS is registered once for all of it.
struct State {
  std::mutex mutex;
  std::map<std::string, Disk> disks;
  std::optional<Kind> armed;
  std::uint64_t left = 0;
  bool happened = false;
  std::uint64_t syncs = 0;
};

State& state() {
  static State one;
  return one;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Whether this operation goes wrong, and how. The mutex is held.
enum class Operation { Write, Sync, Other };
std::optional<Kind> next_fault(Operation operation) {
  const bool takes_room = operation == Operation::Write;
  State& now = state();
  if (!now.armed || (*now.armed == Kind::SyncError && operation != Operation::Sync)) return std::nullopt;
  if (now.happened) {
    const bool again = *now.armed == Kind::DiskGone || (*now.armed == Kind::DiskFull && takes_room);
    return again ? now.armed : std::nullopt;
  }
  if (now.left > 0) {
    --now.left;
    return std::nullopt;
  }
  if (*now.armed == Kind::DiskFull && !takes_room) return std::nullopt;  // the next write will meet it
  now.happened = true;
  return now.armed;
}

struct File {
  sqlite3_file base;
  const char* path;  // the key in State::disks, or null for a file without a name
  sqlite3_file* real;
};

File* self(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file)->real; }

void note(sqlite3_file* file, Change change) {
  if (self(file)->path != nullptr) state().disks[self(file)->path].waiting.push_back(std::move(change));
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  const std::lock_guard guard(state().mutex);
  const auto fault = next_fault(Operation::Write);
  if (fault == Kind::DiskFull) return SQLITE_FULL;
  if (fault && *fault != Kind::ShortWrite) return SQLITE_IOERR_WRITE;
  const int arrives = fault ? size / 2 : size;
  note(file, {at, std::string(static_cast<const char*>(data), static_cast<std::size_t>(arrives))});
  const int code = real(file)->pMethods->xWrite(real(file), data, arrives, at);
  return fault ? SQLITE_IOERR_WRITE : code;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const std::lock_guard guard(state().mutex);
  if (next_fault(Operation::Other)) return SQLITE_IOERR_TRUNCATE;
  note(file, {size, std::nullopt});
  return real(file)->pMethods->xTruncate(real(file), size);
}

// The system's own fsync is left out: the image beside the file is the disk, and the tests stay quick.
int sync(sqlite3_file* file, int) {
  const std::lock_guard guard(state().mutex);
  ++state().syncs;
  const bool fails = next_fault(Operation::Sync).has_value();
  if (self(file)->path == nullptr) return SQLITE_OK;
  Disk& disk = state().disks[self(file)->path];
  if (fails && *state().armed == Kind::DiskGone) return SQLITE_IOERR_FSYNC;
  for (const Change& change : disk.waiting) {
    if (!fails) put(change, disk.image);
  }
  disk.waiting.clear();  // after a failure too: the cache calls the pages clean and never writes them again
  return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int close(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  sqlite3_free(real(file));
  return code;
}

// What neither changes a file nor matters to durability goes straight through.
const sqlite3_io_methods* methods() {
  static const sqlite3_io_methods table = [] {
    sqlite3_io_methods made{};
    made.iVersion = 2;  // shared memory, but no mapped reads
    made.xClose = close;
    made.xRead = [](sqlite3_file* f, void* into, int size, sqlite3_int64 at) {
      return real(f)->pMethods->xRead(real(f), into, size, at);
    };
    made.xWrite = write;
    made.xTruncate = truncate;
    made.xSync = sync;
    made.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); };
    made.xLock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); };
    made.xUnlock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); };
    made.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return real(f)->pMethods->xCheckReservedLock(real(f), out);
    };
    made.xFileControl = [](sqlite3_file* f, int op, void* argument) {
      return real(f)->pMethods->xFileControl(real(f), op, argument);
    };
    made.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
    made.xDeviceCharacteristics = [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); };
    made.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
    };
    made.xShmLock = [](sqlite3_file* f, int at, int count, int flags) {
      return real(f)->pMethods->xShmLock(real(f), at, count, flags);
    };
    made.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    made.xShmUnmap = [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); };
    return made;
  }();
  return &table;
}

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  File* const made = self(file);
  made->base.pMethods = nullptr;
  made->path = nullptr;
  made->real = static_cast<sqlite3_file*>(sqlite3_malloc(system_vfs()->szOsFile));
  std::memset(made->real, 0, static_cast<std::size_t>(system_vfs()->szOsFile));
  const int code = system_vfs()->xOpen(system_vfs(), path, made->real, flags, out_flags);
  if (code != SQLITE_OK) {
    sqlite3_free(made->real);
    return code;
  }
  made->base.pMethods = methods();
  if (path == nullptr) return code;
  const std::lock_guard guard(state().mutex);
  const auto [slot, is_new] = state().disks.try_emplace(path);
  if (is_new) slot->second.image = read_file(path);  // what is there before the first look counts as kept
  made->path = slot->first.c_str();
  return code;
}

int remove(sqlite3_vfs*, const char* path, int sync_folder) {
  const std::lock_guard guard(state().mutex);
  if (next_fault(Operation::Other)) return SQLITE_IOERR_DELETE;
  if (const auto disk = state().disks.find(path); disk != state().disks.end()) disk->second = {};
  return system_vfs()->xDelete(system_vfs(), path, sync_folder);
}

}  // namespace

const char* name(Kind kind) {
  switch (kind) {
    case Kind::WriteError:
      return "write error";
    case Kind::ShortWrite:
      return "short write";
    case Kind::DiskFull:
      return "disk full";
    case Kind::DiskGone:
      return "disk gone";
    case Kind::SyncError:
      return "sync error";
  }
  return "";
}

const std::string& vfs() {
  static const std::string registered = [] {
    static const std::string called = "kvali_fault";
    static sqlite3_vfs vfs = *system_vfs();
    vfs.zName = called.c_str();
    vfs.pNext = nullptr;
    vfs.szOsFile = static_cast<int>(sizeof(File));
    vfs.xOpen = open;
    vfs.xDelete = remove;
    KVALI_CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
    return called;
  }();
  return registered;
}

void arm(Kind kind, std::uint64_t later) {
  {
    const std::lock_guard guard(state().mutex);
    state().disks.clear();
  }
  rearm(kind, later);
}

void rearm(Kind kind, std::uint64_t later) {
  const std::lock_guard guard(state().mutex);
  state().armed = kind;
  state().left = later;
  state().happened = false;
}

bool disarm() {
  const std::lock_guard guard(state().mutex);
  state().armed.reset();
  return state().happened;
}

void lose_power(std::uint64_t seed) {
  const std::lock_guard guard(state().mutex);
  std::mt19937_64 random(seed);
  for (auto& [path, disk] : state().disks) {
    for (Change& change : disk.waiting) {
      const auto luck = seed == 0 ? 0 : random() % 4;
      if (luck == 0) continue;
      if (luck == 1 && change.bytes)
        change.bytes->resize(change.bytes->size() / 512 / 2 * 512);  // torn between sectors
      put(change, disk.image);
    }
    disk.waiting.clear();
    if (std::ifstream(path).good()) std::ofstream(path, std::ios::binary | std::ios::trunc) << disk.image;
  }
  state().disks.clear();
}

std::uint64_t syncs() {
  const std::lock_guard guard(state().mutex);
  return state().syncs;
}

}  // namespace kvali::fault
