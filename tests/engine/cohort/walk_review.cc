// What a walk does about readers, conflicts of interest and translations.
#include <fmt/format.h>

#include "tests/engine/cohort/walk.h"

namespace kvali::cohort::testing {

void Walk::review() {
  const Initiative& initiative = *some_initiative();
  const std::string name = chance(60) ? "reading" : "talk", reader = one_of(std::vector<std::string>{"ada", "bo", "cy", "di", "mentor-utena"});
  v1::Command command;
  switch (below(9)) {
    case 0:
    case 1: {
      v1::AssignReaders& assign = *command.mutable_assign_readers();
      assign.set_review(name);
      assign.set_way(static_cast<v1::AssignReaders::Way>(1 + below(3)));
      if (assign.way() == v1::AssignReaders::BY_HAND || chance(40)) assign.add_initiatives(initiative.id);
      if (assign.way() == v1::AssignReaders::BY_HAND || chance(20)) assign.add_readers(reader);
      if (assign.way() == v1::AssignReaders::BY_HAND && chance(40) && !initiative.readings.empty()) {
        assign.set_instead_of(one_of(initiative.readings.list()).reader);
        assign.set_reason("Ill");
      }
      if (chance(30)) assign.set_each(static_cast<std::uint32_t>(1 + below(3)));
      return tell(chance(92) ? "manager" : some_person(), std::move(command), fmt::format("lots-{}", ++made_));
    }
    case 2: {
      v1::DeclineReading& decline = *command.mutable_decline_reading();
      decline.set_initiative(initiative.id);
      decline.set_review(name);
      reason(*decline.mutable_reason());
      const std::string who = initiative.readings.empty() ? reader : one_of(initiative.readings.list()).reader;
      return tell(who, std::move(command), fmt::format("lots-{}", ++made_));
    }
    case 3: {
      v1::SetCompetences& set = *command.mutable_set_competences();
      set.set_person(reader);
      for (const char* field : {"language", "sectors"}) {
        v1::Competence& one = *set.add_competences();
        one.set_field(field);
        for (const v1::Choice& choice : cohort().model->field(field)->choices())
          if (chance(70)) one.add_values(choice.name());
      }
      return tell(chance(80) ? "manager" : some_person(), std::move(command));
    }
    case 4: {
      v1::DeclareConflict& declare = *command.mutable_declare_conflict();
      declare.set_person(reader);
      declare.set_initiative(initiative.id);
      declare.set_kind(static_cast<v1::DeclareConflict::Kind>(1 + below(5)));
      return tell(chance(50) ? "manager" : reader, std::move(command), fmt::format("conflict-{}", ++made_));
    }
    case 5: {
      v1::WaiveConflict& waive = *command.mutable_waive_conflict();
      waive.set_person(cohort().conflicts.empty() ? reader : one_of(cohort().conflicts).person);
      waive.set_initiative(cohort().conflicts.empty() ? initiative.id : one_of(cohort().conflicts).initiative);
      reason(*waive.mutable_reason());
      return tell("manager", std::move(command));
    }
    case 6: {
      if (cohort().waivers.empty()) return pass();
      const Waiver& waiver = one_of(cohort().waivers);
      if (chance(70)) {
        command.mutable_confirm_waiver()->set_person(waiver.person);
        command.mutable_confirm_waiver()->set_initiative(waiver.initiative);
      } else {
        command.mutable_decline_waiver()->set_person(waiver.person);
        command.mutable_decline_waiver()->set_initiative(waiver.initiative);
      }
      return tell(chance(80) ? "second" : some_person(), std::move(command));
    }
    case 7: {
      v1::TranslateField& translate = *command.mutable_translate_field();
      translate.set_initiative(initiative.id);
      translate.set_field(chance(80) ? "problem" : "title");
      translate.set_language("en");
      translate.mutable_text()->set_text("In other words");
      return tell(chance(80) ? "manager" : some_person(), std::move(command));
    }
    default: {
      if (!initiative.model->task(name)) return pass();
      v1::OpenTaskItem& open = *command.mutable_open_task();
      open.set_initiative(initiative.id);
      open.set_kind(name);
      fill(*open.mutable_fields(), initiative.model->task(name)->kind->fields(), 100);
      for (v1::FieldInput& input : *open.mutable_fields()) {
        input.clear_if_version();
        if (input.name() != "feedback" && input.name() != "comment") input.mutable_value()->set_number(static_cast<std::int64_t>(1 + below(5)));
      }
      return tell(initiative.readings.empty() || chance(40) ? reader : one_of(initiative.readings.list()).reader, std::move(command));
    }
  }
}

}  // namespace kvali::cohort::testing
