#pragma once
// What the answers of a form are measured by beyond a single value: rows of a table, files, what is missing for a move.
#include <functional>
#include <vector>

#include "engine/cohort/decide.h"

namespace kvali::cohort {

/// A table that has too many rows, or a row that says what no row of it says, or says it wrongly. Nothing when it fits.
std::optional<Unmet> fault_of_table(const Cohort& cohort, const v1::Field& table, const v1::Table& value);
/// A file of an ending that the field does not take, or too large for it or for kvali.
std::optional<Unmet> fault_of_file(const v1::Field& field, const v1::FileReference& file);

/// The first thing that `look` finds among the values of the rows, told with its row; nothing where it finds none.
std::optional<Unmet> first_in_rows(const v1::Field& table, const v1::Table& value,
                                   const std::function<std::optional<Unmet>(const v1::Field& field, const v1::Value& value)>& look);

/// Whether somebody answered: a cleared field, an empty text and a table without rows are no answers. Null: nobody did.
bool is_answered(const v1::Value* value);
/// What the answer lacks where it is needed: itself, characters, rows, or in a row what each of them needs.
void add_missing(const v1::Field& field, const v1::Value* value, std::vector<Unmet>& unmet);
/// What rows of a table lack that are there.
void add_missing_in_rows(const v1::Field& table, const v1::Value* value, std::vector<Unmet>& unmet);

}  // namespace kvali::cohort
