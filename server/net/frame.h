#pragma once
// The two things about websocket frames (RFC 6455 §5) that Beast does not do for us: writing many of them in one send
// call, and noticing a peer that sends frames without end. Pure: bytes and a clock as an argument.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/net/server.h"

namespace kvali::net {

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// The header of one whole, unmasked frame of a server: 2, 4 or 10 bytes.
std::string frame_header(Opcode opcode, std::size_t payload_bytes);

/// A whole close frame. `reason` is cut to limits::close_reason_bytes_max at the border of a UTF-8 character.
/// Code 1005 ("none was given") makes an empty one.
std::string close_frame(std::uint16_t code, std::string_view reason);

/// True when `text`, valid UTF-8 so far, stops inside a character. Beast 345 does not ask this of a message whose last
/// fragment is empty.
bool ends_inside_character(std::string_view text);

/// Watches the bytes of a client's websocket on their way to Beast, which reads empty fragments and pings for ever and
/// tells nobody. Counts frames; looks at headers only, never at payload. What is wrong with the headers themselves is
/// left to Beast.
class FrameWatch {
 public:
  enum class Fault { None, WrongEncoding, TooManyFragments, TooManyControls };

  explicit FrameWatch(Encoding encoding);

  /// Takes the next bytes that were read at `now_ms` (steady). Returns how many of them may pass: all, or those before
  /// the frame that is the fault, which `fault` then tells for ever.
  std::size_t take(std::span<const std::uint8_t> bytes, std::int64_t now_ms);

  [[nodiscard]] Fault fault() const { return fault_; }
  /// Since when a message or a frame has been begun and not ended (steady ms); 0 when none is.
  [[nodiscard]] std::int64_t open_since_ms() const { return open_since_ms_; }
  /// Whole messages that have passed.
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  /// Begins the patience anew: for the time in which we did not read, the peer is not to blame.
  void forgive(std::int64_t now_ms) { open_since_ms_ = open_since_ms_ == 0 ? 0 : now_ms; }

 private:
  bool admit_frame(std::int64_t now_ms);
  [[nodiscard]] std::size_t header_bytes_wanted() const;

  Opcode wanted_;
  Fault fault_ = Fault::None;
  std::array<std::uint8_t, 14> header_{};
  std::size_t header_bytes_ = 0;
  std::uint64_t payload_left_ = 0;
  bool message_open_ = false, ends_message_ = false;
  std::uint64_t messages_ = 0;
  std::size_t fragments_ = 0, controls_ = 0;
  std::int64_t window_began_ms_ = 0, open_since_ms_ = 0;
};

}  // namespace kvali::net
