#include "engine/expression/utf8.h"

#include <algorithm>

namespace kvali::expression::utf8 {

namespace {
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
}  // namespace

std::size_t width(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

char32_t first(std::string_view text) {
  const std::size_t bytes = std::min(width(text[0]), text.size());
  const auto lead = static_cast<unsigned char>(text[0]);
  if (bytes == 1) return lead;
  char32_t character = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return character;
}

std::size_t first_invalid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    const std::size_t bytes = width(text[at]);
    if (lead < 0xC2 || lead > 0xF4 || at + bytes > text.size()) return at;
    for (std::size_t i = 1; i < bytes; ++i) {
      if (!continues(text[at + i])) return at;
    }
    const char32_t character = first(text.substr(at));
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < smallest[bytes] || !is_character(character)) return at;
    at += bytes;
  }
  return std::string_view::npos;
}

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::size_t byte_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += width(text[at]);
  return std::min(at, text.size());
}

void append(std::string& text, char32_t c) {
  const auto put = [&text](char32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace kvali::expression::utf8
