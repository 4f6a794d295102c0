#pragma once
// What the names of a program are to its expressions: the type of every field, parameter, list of tasks, and how large their
// values become.
#include <google/protobuf/repeated_field.h>

#include "engine/expression/expression.h"
#include "engine/program/names.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// Texts, addresses, files and all that is personal: an expression may ask has() and size() of them.
bool is_sealed(const v1::Field& field);
/// What an expression sees of a field: amounts of money are whole minor units, choices their names.
expression::Type type_seen(const v1::Field& field);
/// The same, as if it were not sealed.
expression::Type type_typed_in(const v1::Field& field);
/// How many rows a table may have, by its program and by kvali.
std::int64_t rows_at_most(const v1::Field& table);
/// A list of tasks, each a record of these fields.
expression::Type tasks_of(const google::protobuf::RepeatedPtrField<v1::Field>& fields);

/// The same of a log's entries: those that stay open have a `state` too.
expression::Type entries_of(const v1::Log& log);

/// Declares fields as "initiative.title", with `prefix` "initiative.".
void declare(expression::Declarations& names, const std::string& prefix,
             const google::protobuf::RepeatedPtrField<v1::Field>& fields);
/// Whether expressions read something else than a fact under "organisation." and this name: its kind, country, register, partners.
bool is_organisation_word(std::string_view name);
/// What every expression of the program may read. The fields of a task, its day and its number come on top of it.
expression::Declarations declared_by(const v1::Program& program, const Names& names);
/// What is read of others besides, where somebody asks and nothing has to wake by itself: the needs of moves, the checklist and what
/// chooses among a person's moves. Of `whole`, the subject of the season (season.states), of the locality, who attended what, and the minutes
/// that a role's holders logged.
void declare_others(expression::Declarations& names, const v1::Program& program, const v1::Program& whole);
/// What the needs of whoever begins may read: dates and figures of the cohort, facts of the organisation, the season, attendance.
expression::Declarations declared_at_entry(const v1::Program& program, const v1::Program& whole);
expression::Declarations declared_in_task(expression::Declarations names,
                                          const google::protobuf::RepeatedPtrField<v1::Field>& fields);

}  // namespace kvali::program
