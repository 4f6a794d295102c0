#pragma once
// Texts are UTF-8; expressions count and cut them in characters (code points).
#include <cstddef>
#include <string>
#include <string_view>

namespace kvali::expression::utf8 {

/// The first byte that is not part of a whole, shortest, non-surrogate character; npos when there is none.
std::size_t first_invalid(std::string_view text);
/// Characters of a valid text.
std::size_t length(std::string_view text);
/// The byte at which character `index` begins; the size of the text for any index past it.
std::size_t byte_of(std::string_view text, std::size_t index);
/// Bytes of the character that begins with `lead`.
std::size_t width(char lead);
/// The character at the beginning of a valid, not empty text.
char32_t first(std::string_view text);
void append(std::string& text, char32_t character);
inline bool is_character(char32_t c) { return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF); }

}  // namespace kvali::expression::utf8
