#pragma once
// The words of a difference in every language kvali speaks, and what every value of a program is called and means there.
// Included by the sources of diff.h only.
#include <string>
#include <string_view>

#include "engine/program/diff.h"
#include "engine/program/prose_words.h"

namespace kvali::program {

enum class Differs : std::uint8_t {
  Same, TextsOnly, SettingsOnly, StructureToo, HeadTexts, HeadSettings, HeadStructure, Running,
  New, Gone, NewIn, GoneIn, Renamed, Now, Set, Unset, Also, NoLonger, Order, TextNow, TextSet, TextUnset, TheProgram, Unlimited,
  Lasts, EndsBy, Deadline, LoadNow, LeadsTo, MayNow, MayNoLonger, PlacesNow, WeighsNow, NeedNew, NeedGone, NeedNow, RemindsNow, RemindsNoLonger, HeldNow,
  HeldNoLonger, Legend, LineNew, LineGone, AsksNow, AsksNoLonger,
  // what a change of the structure means for running initiatives
  StateNew, StateGone, MoveNew, MoveGone, RoleNew, RoleGone, FieldNew, FieldGone, FieldChanged, Places, Guard, WhoMay, Begins, FormChanged, Otherwise,
  count
};
std::string differs(Differs which, Tongue tongue, std::initializer_list<Filler> fillers = {});

/// What a value is called: of the message `owner` ("Deadline") the field `field` ("within"); its name as code where it has none.
std::string value_called(std::string_view owner, std::string_view field, Tongue tongue);
/// What a change of it means; Structure for what nobody thought of.
Meaning meaning_of(std::string_view owner, std::string_view field);
/// "state", "move": what one of a list of `type` is called.
std::string thing_called(std::string_view type, Tongue tongue);

}  // namespace kvali::program
