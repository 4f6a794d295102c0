# Writes OUT: every file below FOLDER as an array of bytes, with its type and the SHA-256 of its content as its tag.
set(TYPES_html "text/html; charset=utf-8")
set(TYPES_js "text/javascript; charset=utf-8")
set(TYPES_css "text/css; charset=utf-8")
set(TYPES_svg "image/svg+xml")
set(TYPES_json "application/json")
set(TYPES_woff2 "font/woff2")
set(TYPES_png "image/png")
set(TYPES_ico "image/x-icon")
set(TYPES_webmanifest "application/manifest+json")

file(GLOB_RECURSE FILES RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT FILES)
set(ARRAYS "")
set(ROWS "")
set(NUMBER 0)
foreach(FILE ${FILES})
  file(READ ${FOLDER}/${FILE} HEX HEX)
  file(SHA256 ${FOLDER}/${FILE} HASH)
  string(SUBSTRING ${HASH} 0 16 TAG)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," BYTES "${HEX}")
  string(REGEX REPLACE ".*\\." "" ENDING ${FILE})
  set(TYPE "${TYPES_${ENDING}}")
  if(NOT TYPE)
    set(TYPE "application/octet-stream")
  endif()
  string(APPEND ARRAYS "const unsigned char file_${NUMBER}[] = {${BYTES}0};\n")
  string(APPEND ROWS "    {\"/${FILE}\", \"${TYPE}\", \"\\\"${TAG}\\\"\", text(file_${NUMBER}, sizeof file_${NUMBER} - 1)},\n")
  math(EXPR NUMBER "${NUMBER} + 1")
endforeach()
file(WRITE ${OUT} "// Made by embed.cmake from dist/.
#include \"server/web/assets.h\"

namespace kvali::web {
namespace {

${ARRAYS}
std::string_view text(const unsigned char* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

}  // namespace

std::span<const Asset> assets() {
  static const Asset all[] = {
${ROWS}  };
  return all;
}

}  // namespace kvali::web
")
