// Pages of what is seen while a definition and its texts are read.
#include <array>

#include "engine/program/verify/reasons.h"

namespace kvali::program::proof {

namespace {

constexpr std::array pages = {
    Page{"control-character", "A character that nobody sees.", "It makes a file read otherwise than it looks.",
         "", "Delete it and type the line again."},
    Page{"duplicate-key", "A key twice in one mapping.", "Readers of YAML take one of them, and not all the same.",
         "", "Keep one."},
    Page{"empty", "A file without anything in it.", "There is nothing to read.",
         "", "Begin with `program: NAME`."},
    Page{"empty-value", "Something that must hold at least one thing is empty.", "It says nothing.",
         "languages: []", "Fill it, or leave the key out where it may be."},
    Page{"endless-alias", "An alias inside of what it stands for.", "It would never end.",
         "", "Write it out."},
    Page{"first-language", "A file of texts in the first language.", "Those texts stand in the program itself.",
         "", "Delete the file, or rename it to the language it is in."},
    Page{"merge-key", "The key `<<`.", "It merges mappings unseen; who reads the program would have to merge in the head.",
         "", "Write the keys out."},
    Page{"missing", "Something that must be given is not there.", "",
         "", "Add the key; the message says what it means."},
    Page{"missing-language", "A language without a file of texts.", "Its readers would read another language.",
         "languages: [en, lt]   # and no texts/lt.yaml", "Write texts/LANG.yaml, or take the language out."},
    Page{"missing-texts", "Texts without a translation.", "Some of the screen would be in another language.",
         "", "Add the paths that are listed to texts/LANG.yaml."},
    Page{"more-faults", "There are more faults than are told at once.", "",
         "", "Mend the first ones; most of the others mostly follow from them."},
    Page{"no-program", "No program among the files.", "",
         "", "Give the path of program.yaml."},
    Page{"placeholders-differ", "A translation with other words in braces than its original.", "Its readers would miss a date or a name.",
         "", "Use the same words in braces."},
    Page{"second-document", "A second document in one file.", "Only one would be read.",
         "---", "Take out what follows `---`."},
    Page{"second-program", "A second program among the files.", "One folder holds one program.",
         "", "Give one."},
    Page{"syntax", "What is no YAML.", "Nobody knows what was meant.",
         "", "Mostly blanks at the beginning of a line, a missing colon, or a `:` or `#` in a text without quotes."},
    Page{"tag", "A tag of YAML.", "Definitions have none.",
         "!!str yes", "Take it out; put the value in quotes where needed."},
    Page{"too-deep", "Nested deeper than any program is.", "It is a mistake, or an attack.",
         "", "Flatten it."},
    Page{"too-large", "A file larger than any program is.", "",
         "", "Split what it holds, or take long texts out."},
    Page{"too-many-aliases", "More aliases than a program needs.", "Aliases of aliases grow without end.",
         "", "Write it out."},
    Page{"too-many-nodes", "More values than a program needs.", "",
         "", "Take something out."},
    Page{"unknown-key", "A key that means nothing here.", "It would be ignored, and somebody would rely on it.",
         "lable: Draft", "Mend the name; the nearest is told."},
    Page{"unknown-text", "A translation of a text that there is not.", "Mostly the path has changed.",
         "", "Rename it, or take it out."},
    Page{"unlisted-language", "A file of texts in a language that the program does not list.", "Nobody would read it.",
         "", "Add the language to `languages`."},
    Page{"wrong-kind", "A list, mapping or plain value where another of them is wanted.", "",
         "by: {manager: true}", "Write what is expected."},
    Page{"wrong-name", "A name that is none: names are small letters, digits and _.", "They stand in paths, events and columns.",
         "Per Locality: …", "Use the name that is suggested, and a `label` for people."},
    Page{"wrong-value", "A value of the wrong kind.", "",
         "within: soon", "Write what is expected: `14 days`."},
};

}  // namespace

std::span<const Page> pages_of_reading() { return pages; }

}  // namespace kvali::program::proof
