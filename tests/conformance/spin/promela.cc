// A small machine in Promela: SPIN tries it out as the proof does.
#include "tests/engine/program/small_machine.h"

namespace kvali::program::testing {

// --- Promela ----------------------------------------------------------------------------------------------------------

namespace {

/// What makes an arrow, as a number: a and b are events, d: both parts are done, e: by itself, from 10 on a person's move.
int number_of(const SmallMachine& machine, std::size_t arrow) {
  const char by = machine.arrows[arrow].by;
  return by == 'a' ? 1 : by == 'b' ? 2 : by == 'd' ? 3 : by == 'e' ? 4 : 10 + static_cast<int>(arrow);
}

std::string condition(const SmallMachine& machine, std::size_t arrow) {
  const SmallArrow& one = machine.arrows[arrow];
  const std::string source = std::to_string(one.source);
  std::string text = one.source == SmallMachine::both ? "y != 255" : machine.part_of(one.source) == 2 ? "y == " + source : "x == " + source;
  text += " && ev == " + std::to_string(number_of(machine, arrow));
  return one.guard < 0 ? text : text + " && g" + std::to_string(one.guard);
}

/// Chooses the first arrow of `part` (0: the parallel state's) into `into`, unless one was chosen.
std::string choose(const SmallMachine& machine, int part, const char* into) {
  std::string text;
  for (std::size_t i = 0; i < machine.arrows.size(); ++i) {
    const SmallArrow& one = machine.arrows[i];
    const int of = one.source == SmallMachine::both ? 0 : machine.part_of(one.source) == 2 ? 2 : 1;  // x stands in the row or in the first part
    if (of != part) continue;
    text += "  if :: (" + std::string(into) + " == 255 && " + condition(machine, i) + ") -> " + into + " = " + std::to_string(i) + " :: else fi;\n";
  }
  return text;
}

std::string go(const SmallMachine& machine, const char* chosen) {
  std::string text = "  if\n";
  for (std::size_t i = 0; i < machine.arrows.size(); ++i) {
    const SmallArrow& one = machine.arrows[i];
    const int to = machine.part_of(one.target);
    const bool stays = machine.part_of(one.source) != 0 && machine.part_of(one.source) == to;
    text += "  :: " + std::string(chosen) + " == " + std::to_string(i) + " -> ";
    if (!stays) text += one.target == SmallMachine::both || to != 0 ? "x = " + std::to_string(machine.row) + "; y = " + std::to_string(machine.row + machine.first) + "; " : "y = 255; ";
    if (one.target != SmallMachine::both) text += std::string(to == 2 ? "y" : "x") + " = " + std::to_string(one.target) + "; ";
    if (machine.finals.contains(one.target)) text += "entered = true; ";
    text += "skip\n";
  }
  return text + "  :: else fi;\n";
}

std::string stays(const SmallMachine& machine, const char* chosen) {
  std::string text = "(false";
  for (std::size_t i = 0; i < machine.arrows.size(); ++i) {
    const SmallArrow& one = machine.arrows[i];
    if (machine.part_of(one.source) != 0 && machine.part_of(one.source) == machine.part_of(one.target))
      text += " || " + std::string(chosen) + " == " + std::to_string(i);
  }
  return text + ")";
}

std::string both_final(const SmallMachine& machine) {
  std::string left = "(false", right = "(false";
  for (const int state : machine.finals) (machine.part_of(state) == 1 ? left : right) += " || " + std::string(machine.part_of(state) == 1 ? "x" : "y") + " == " + std::to_string(state);
  return left + ") && " + right + ")";
}

}  // namespace

std::string promela(const SmallMachine& machine) {
  const std::string end = std::to_string(SmallMachine::end);
  std::string text = "byte x = 0; byte y = 255; byte ev; byte t1; byte t2; byte done; int steps; bool entered; bool any; bool g0; bool g1; bool g2;\n";
  text += "inline guess(g) { if :: g = false :: g = true fi }\n";
  // Arrows of the row and of the first part are chosen by x, of the second by y; the parallel state's yields to both.
  text += "inline select_and_go() {\n  t1 = 255; t2 = 255; entered = false;\n" + choose(machine, 1, "t1") + choose(machine, 2, "t2");
  text += "  if :: (t1 == 255 && t2 == 255) ->\n" + choose(machine, 0, "t1") + "  skip :: else fi;\n";
  text += "  if :: (t1 != 255 && t2 != 255 && !(" + stays(machine, "t1") + " && " + stays(machine, "t2") + ")) -> t2 = 255 :: else fi;\n";
  text += "  any = (t1 != 255 || t2 != 255);\n" + go(machine, "t1") + go(machine, "t2");
  text += "  if :: (entered && y != 255 && " + both_final(machine) + ") -> done++ :: else fi\n}\n";
  text += "inline settle() {\n  do\n  :: (x == " + end + " || steps > 900) -> break\n  :: else -> steps++; ev = 4; select_and_go();\n"
          "     if :: any -> skip :: else -> if :: (done > 0) -> done--; ev = 3; select_and_go() :: else -> break fi fi\n  od\n}\n";
  text += "inline ask() {\n";
  for (int state = 0; state < machine.row + machine.first + machine.second; ++state)
    text += "  assert(!(" + std::string(machine.part_of(state) == 2 ? "y" : "x") + " == " + std::to_string(state) + "));\n";
  text += "  assert(!(x == " + end + "));\n}\n";
  text += "active proctype initiative() {\nbegin:\n  atomic { guess(g0); guess(g1); guess(g2); steps = 0; done = 0; settle();\n"
          "    if :: (steps > 900) -> goto away :: else fi; g0 = false; g1 = false; g2 = false; t1 = 0; t2 = 0; ev = 0; any = false; entered = false; done = 0; steps = 0 }\n";
  text += "again:\n  atomic { ask() }\n  atomic {\n    if :: (x == " + end + ") -> goto away :: else fi;\n    guess(g0); guess(g1); guess(g2);\n    if\n    :: ev = 1\n    :: ev = 2\n    :: ev = 4\n";
  for (std::size_t i = 0; i < machine.arrows.size(); ++i) {
    if (machine.arrows[i].by != 'm') continue;
    const std::string number = std::to_string(number_of(machine, i));
    text += "    :: ev = " + number + "\n";
  }
  text += "    fi;\n    select_and_go(); settle();\n    if :: (steps > 900) -> goto away :: else fi;\n"
          "    g0 = false; g1 = false; g2 = false; t1 = 0; t2 = 0; ev = 0; any = false; entered = false; done = 0; steps = 0 }\n  goto again;\naway:\n  skip\n}\n";
  return text;
}

}  // namespace kvali::program::testing
