#include "server/net/frame.h"

#include <algorithm>
#include <utility>

namespace kvali::net {
namespace {

constexpr std::uint8_t final_bit = 0x80, mask_bit = 0x80, opcode_bits = 0x0f, length_bits = 0x7f;
constexpr std::size_t mask_bytes = 4;

/// How many bytes of extended length follow the second byte.
std::size_t extended_bytes(std::uint8_t second) {
  const int length = second & length_bits;
  return length == 127 ? 8 : length == 126 ? 2 : 0;
}

/// `text` cut to at most `bytes_max` bytes, no character split.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::string frame_header(Opcode opcode, std::size_t payload_bytes) {
  std::string out(1, static_cast<char>(final_bit | static_cast<std::uint8_t>(opcode)));
  const auto append = [&](std::size_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
  };
  if (payload_bytes < 126) {
    append(payload_bytes, 1);
  } else if (payload_bytes < 65'536) {
    out += static_cast<char>(126);
    append(payload_bytes, 2);
  } else {
    out += static_cast<char>(127);
    append(payload_bytes, 8);
  }
  return out;
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  if (code == 1005) return frame_header(Opcode::Close, 0);
  const std::string_view words = cut(reason, limits::close_reason_bytes_max);
  std::string out = frame_header(Opcode::Close, 2 + words.size());
  out += static_cast<char>(code >> 8);
  out += static_cast<char>(code & 0xff);
  return out.append(words);
}

bool ends_inside_character(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(4, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;  // goes on; its beginning says how long it should be
    const std::size_t wanted = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return wanted > back;
  }
  return false;
}

FrameWatch::FrameWatch(Encoding encoding) : wanted_(encoding == Encoding::Proto ? Opcode::Binary : Opcode::Text) {}

std::size_t FrameWatch::header_bytes_wanted() const {
  if (header_bytes_ < 2) return 2;
  return 2 + extended_bytes(header_[1]) + ((header_[1] & mask_bit) != 0 ? mask_bytes : 0);
}

std::size_t FrameWatch::take(std::span<const std::uint8_t> bytes, std::int64_t now_ms) {
  if (fault_ != Fault::None) return 0;
  std::size_t at = 0, frame_began = 0;
  while (at < bytes.size()) {
    if (payload_left_ == 0 || header_bytes_ > 0) {
      if (header_bytes_ == 0) frame_began = at;
      if (open_since_ms_ == 0) open_since_ms_ = now_ms;
      header_[header_bytes_++] = bytes[at++];
      if (header_bytes_ < header_bytes_wanted()) continue;
      // The bytes of this header that came in earlier calls have passed already; without the rest they do no harm.
      if (!admit_frame(now_ms)) return frame_began;
    }
    const auto skipped = std::min<std::uint64_t>(payload_left_, bytes.size() - at);
    payload_left_ -= skipped;
    at += static_cast<std::size_t>(skipped);
    if (payload_left_ > 0) continue;
    if (std::exchange(ends_message_, false)) ++messages_;
    if (!message_open_) open_since_ms_ = 0;
  }
  return at;
}

/// Judges the whole header in header_ and begins its payload.
bool FrameWatch::admit_frame(std::int64_t now_ms) {
  const auto opcode = static_cast<Opcode>(header_[0] & opcode_bits);
  const bool final_frame = (header_[0] & final_bit) != 0;
  payload_left_ = header_[1] & length_bits;
  if (const std::size_t extended = extended_bytes(header_[1]); extended > 0) {
    payload_left_ = 0;
    for (std::size_t i = 0; i < extended; ++i) payload_left_ = payload_left_ << 8 | header_[2 + i];
  }
  header_bytes_ = 0;
  if (static_cast<std::uint8_t>(opcode) >= static_cast<std::uint8_t>(Opcode::Close)) {
    if (now_ms - window_began_ms_ >= limits::control_window_ms) {
      window_began_ms_ = now_ms;
      controls_ = 0;
    }
    if (++controls_ > limits::control_frames_max) fault_ = Fault::TooManyControls;
    return fault_ == Fault::None;
  }
  if (opcode == Opcode::Continuation) {
    if (++fragments_ > limits::fragments_per_message_max) fault_ = Fault::TooManyFragments;
  } else {
    fragments_ = 1;
    if ((opcode == Opcode::Text || opcode == Opcode::Binary) && opcode != wanted_) fault_ = Fault::WrongEncoding;
  }
  message_open_ = !final_frame;
  ends_message_ = final_frame;
  return fault_ == Fault::None;
}

}  // namespace kvali::net
