#pragma once
// How a field's value reads in a letter, in the reader's language.
#include <functional>
#include <optional>
#include <string>

#include "engine/cohort/may.h"
#include "server/core/store.h"
#include "server/vault/vault.h"

namespace kvali::core {

/// "Bakery", "EUR 1,500", "1 March 2027", "yes", "School, House": the value with its seals opened. "–" where nothing is written.
std::string words_of(const Store& store, const cohort::Cohort& cohort, const v1::Field& field, const v1::Value* value, const std::string& language,
                     const vault::Vault& vault);

/// What stands in a text to `reader` for `{cohort.PARAMETER}` or `{initiative.FIELD}`, a subject's own word in place of "initiative": of a
/// field what she may see. Nothing where there is no such thing.
std::optional<std::string> word_of(const Store& store, const cohort::Cohort& cohort, const cohort::Initiative& initiative, const cohort::Viewer& reader,
                                   const std::string& name, const std::string& language, const vault::Vault& vault);

/// The text with what stands in its braces replaced by what `known` says of the name; what nobody knows stays. What is put in is
/// not looked at again: a title may say `{reason}`.
std::string filled(const std::string& text, const std::function<std::optional<std::string>(const std::string& name)>& known);

}  // namespace kvali::core
