# Turns the files under DIST into the C++ source OUT. Run by cmake -P; reads files as hexadecimal, so any byte is fine.
cmake_minimum_required(VERSION 3.25)
set(TYPE_html "text/html; charset=utf-8")
set(TYPE_js "text/javascript; charset=utf-8")
set(TYPE_css "text/css; charset=utf-8")
set(TYPE_svg "image/svg+xml")
set(TYPE_png "image/png")
set(TYPE_json "application/json")

function(embed_bytes name file)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  # Lines that a person may still scroll through.
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  file(APPEND ${OUT} "constexpr unsigned char ${name}[] = {\n${bytes}\n};\n")
endfunction()

file(GLOB_RECURSE files RELATIVE ${DIST} ${DIST}/*)
list(SORT files)
file(WRITE ${OUT} "// Made from server/web/dist by embed.cmake.\n#include \"server/web/assets.h\"\n\n#include <algorithm>\n\nnamespace kvali::web {\nnamespace {\n\n")
set(rows "")
set(index 0)
foreach(path IN LISTS files)
  get_filename_component(ending ${path} LAST_EXT)
  string(SUBSTRING "${ending}" 1 -1 ending)
  if(NOT DEFINED TYPE_${ending})
    message(FATAL_ERROR "server/web/dist/${path}: no content type is known for .${ending}; add it to server/web/embed.cmake")
  endif()
  file(SIZE ${DIST}/${path} size)
  if(size EQUAL 0)
    message(FATAL_ERROR "server/web/dist/${path}: empty")
  endif()
  file(SHA256 ${DIST}/${path} hash)
  embed_bytes(kFile${index} ${DIST}/${path})
  set(packed ${OUT}.${index}.gz)
  file(ARCHIVE_CREATE OUTPUT ${packed} PATHS ${DIST}/${path} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9 MTIME 0)
  file(SIZE ${packed} packed_size)
  set(gzip "{}")
  if(packed_size LESS size)
    embed_bytes(kPacked${index} ${packed})
    set(gzip "view(kPacked${index})")
  endif()
  file(REMOVE ${packed})
  string(APPEND rows "    {\"/${path}\", \"${TYPE_${ending}}\", view(kFile${index}), ${gzip}, \"\\\"${hash}\\\"\"},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(APPEND ${OUT} "
template <std::size_t size>
std::string_view view(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

const Asset kAssets[] = {
${rows}};

}  // namespace

std::span<const Asset> assets() { return kAssets; }

const Asset* find_asset(std::string_view path) {
  if (path == \"/\") path = \"/index.html\";
  const auto found = std::ranges::lower_bound(kAssets, path, {}, &Asset::path);
  return found != std::ranges::end(kAssets) && found->path == path ? &*found : nullptr;
}

}  // namespace kvali::web
")
