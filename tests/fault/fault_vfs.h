#pragma once
// A disk that fails when told: a VFS between SQLite and the system that counts every operation which changes a file and
// lets one of them go wrong. It keeps beside each file what a real disk would hold: what is written waits for its
// fsync, a failed fsync loses it although the page cache still shows it, and when the power is cut any mixture of what
// waits survives.
#include <cstdint>
#include <string>

namespace kvali::fault {

enum class Kind {
  WriteError,  // the operation fails with an I/O error, once
  ShortWrite,  // half of it arrives, then an I/O error, once
  DiskFull,    // it and every later write finds no room
  DiskGone,    // it and every later operation fails: as seen just before the power goes
  SyncError,   // like WriteError, but only fsyncs are counted
};

const char* name(Kind kind);

/// The name under which the VFS is registered; ordinary until armed. Paths are those of the system.
const std::string& vfs();

/// The operation after `later` others goes wrong. No connection may be open.
void arm(Kind kind, std::uint64_t later);
/// The same on a disk that keeps what it holds and has waiting: a second fault in one story.
void rearm(Kind kind, std::uint64_t later);
/// Ends the fault. True: it came to pass.
bool disarm();
/// The machine is switched off and on: the files become what the disk kept, `seed` choosing among what was not synced;
/// 0: nothing of it. No connection may be open.
void lose_power(std::uint64_t seed);

/// fsyncs since the program started.
std::uint64_t syncs();

}  // namespace kvali::fault
