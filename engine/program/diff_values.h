#pragma once
// How the values of a program are said, called and judged when two versions are compared. Included by the sources of diff.h only.
#include <string>
#include <string_view>

#include "engine/program/diff_words.h"
#include "engine/program/fields.h"
#include "engine/program/speaker.h"

namespace kvali::program {

/// The message that `field` is of: "Deadline".
const std::string& owner_of(const FieldDescriptor& field);
/// Stages, parts and states.
bool is_place(std::string_view type);
/// The key of an element of a keyed list, and what people call it.
std::string key_in(const Message& element);
std::string label_of(const Speaker& speaker, const Message& element);

/// The value of `field` (of its element `index`, -1 where it is not repeated) as it compares: every type there is.
std::string raw_value(const Message& owner, const FieldDescriptor& field, int index);
/// The same in words; targets are resolved at `spot`.
std::string value_said(const Speaker& speaker, std::size_t spot, const Message& owner, const FieldDescriptor& field, int index);
/// A message that is not compared value by value, since there is none on the other side: a deadline, a review.
std::string part_said(const Speaker& speaker, const Message& part);
std::string deadline_said(const Speaker& speaker, const v1::Deadline& deadline);

/// What it means that an element comes or goes, and for running initiatives; `list` is the path of its list.
Meaning meaning_of_element(const Message& element);
Differs running_of_element(const Message& element, std::string_view list, bool is_new);
/// What a change of `field` at `path` means for running initiatives.
Differs running_of(const FieldDescriptor& field, std::string_view path);
/// The sentence for an item of a list of plain values that comes or goes.
Differs item_phrase(const FieldDescriptor& field, bool is_new);

}  // namespace kvali::program
