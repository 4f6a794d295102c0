#pragma once
// The other languages of a program: texts/LANG.yaml is a flat mapping from the path of a text to its translation
// (`stages.application.states.draft.label: "Rašoma"`), so that a translator sees texts and nothing else.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/program/source.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// Gives every text that was just read the first language of the program.
void set_first_language(v1::Program& program);

/// Calls `visit` with the path and value of every text, in the order of the program.
void each_text(v1::Program& program, const std::function<void(const std::string& path, v1::Text& text)>& visit);

/// Adds the translations of one file to the program. Tells unknown paths, empty translations, a language that the program does
/// not list, texts that are missing (one fault that lists them) and placeholders that differ from the first language's.
void read_texts(const SourceFile& file, const std::string& language, v1::Program& program, Faults& faults);

/// Tells each language of the program that has no file of texts at all.
void tell_missing_languages(const std::vector<SourceFile>& files, const std::string& program_path,
                            const v1::Program& program, const Positions& positions, Faults& faults);

/// A file of texts to be filled in: every path with the translation that there is, else an empty one, and the text in the
/// first language as a comment above it.
std::string texts_file(v1::Program program, const std::string& language);

/// The names in braces: "{cohort.date}" → "cohort.date". In order, repeated as they are.
std::vector<std::string> placeholders(std::string_view text);

/// `text` in `language`, else in the first language it has, else "".
const std::string& text_in(const v1::Text& text, std::string_view language);

}  // namespace kvali::program
