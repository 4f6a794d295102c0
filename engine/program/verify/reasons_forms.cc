// What is told of forms: tables, files, sections.
#include <array>

#include "engine/program/verify/reasons.h"

namespace kvali::program::proof {

namespace {

constexpr std::array pages = {
    Page{"ending", "An ending of files that is not written as one.", "Endings are compared in small letters and without the point, so no file would ever have it.", "accepts: [.PDF]", "Write it as `pdf`."},
    Page{"large-file", "A file that may be larger than kvali takes.", "Whoever hands in such a file would be refused all the same.", "plan: {type: file, at_most: 500}", "Lower `at_most`, which counts megabytes, or ask for a link (`type: url`)."},
    Page{"long-table", "A table that may have more rows than kvali takes.", "A table is read on one page; what has more rows is a register.", "steps: {type: table, at_most: 500, …}", "Lower `at_most`, or write the entries down one by one, in a `log`."},
    Page{"no-rows", "A table that does not say what its rows hold.", "Nobody could fill in a row.", "steps: {type: table}", "Give it `fields`: steps: {type: table, fields: {step: text, by: date}}."},
    Page{"not-in-rows", "Something that is said of a whole field, in the rows of a table.", "Who sees a field, who writes it, when it is asked for and how it is computed is one answer for all its rows.",
         "steps: {type: table, fields: {step: {type: text, seen_by: manager}}}", "Say it of the table; make two tables where half of a row is not for everybody."},
    Page{"personal-table", "A table that is personal as a whole.", "A table is not sealed; what stands in its rows is, value by value.", "team: {type: table, personal: true, fields: {name: text}}",
         "Write `personal: true` at what is personal in a row."},
    Page{"table-here", "A table among the dates and figures of the season.", "What a manager fills in to open a season is read by deadlines and places, value by value.", "cohort: {parameters: {steps: {type: table, …}}}",
         "Make single dates or figures of it, or a field of a subject."},
    Page{"table-in-table", "A table in the rows of a table.", "Nobody could read it, and guards would look through rows of rows.", "steps: {type: table, fields: {parts: {type: table, …}}}",
         "Make two tables of it, or a text of the inner one."},
    Page{"two-sections", "A field in two sections of a form.", "It would be asked for twice, and be one answer all the same.", "sections: {about: {fields: [title]}, place: {fields: [title]}}", "Leave it in the section that it belongs to."},
    Page{"wide-table", "A table whose rows say very much.", "A row that fits on no page is a form of its own.", "a table with more than 20 `fields`", "Ask for less, or make entries of a `log` or a subject of them."},
};

}  // namespace

std::span<const Page> pages_of_forms() { return pages; }

}  // namespace kvali::program::proof
