#pragma once
// What people ask: mostly what makes sense where things stand, sometimes what does not, never what nobody could type.
#include <optional>
#include <string>

#include "tests/simulation/house.h"
#include "tests/simulation/random.h"

namespace kvali::simulation {

class Player {
 public:
  Player(const Opening& opening, Random& random) : o_(opening), random_(random) {}

  /// Somebody of all people, those who have most to do most often.
  std::string somebody();
  /// What `person` asks next, seen from `model` at `now`; without an id. Nothing: she has nothing to do.
  std::optional<v1::Command> ask(const std::string& person, const Model& model, Us now);

 private:
  v1::Command cohort_command();
  v1::Command move(const Work& work, const std::string& name, const std::string& item = "");
  std::optional<v1::Command> applicant(const std::string& person, const Model& model, Us now);
  std::optional<v1::Command> applicant_in(const Work& work);
  std::optional<v1::Command> coordinator(const std::string& person, const Model& model);
  std::optional<v1::Command> mentor(const std::string& person, const Model& model);
  std::optional<v1::Command> reviewer(const std::string& person, const Model& model);
  std::optional<v1::Command> manager(const std::string& person, const Model& model, Us now);
  std::optional<v1::Command> run_the_cohort(const Model& model, Us now);
  std::optional<v1::Command> run_the_house(const Model& model, Us now);
  v1::Command nonsense(const std::string& person, const Model& model, Us now);
  v1::Command start(const std::string& applicant);
  v1::Command save(const Work& work);
  v1::Command extend(const Model& model, Us now);
  void fill(google::protobuf::RepeatedPtrField<v1::FieldInput>& fields, const std::string& name);
  void figures(google::protobuf::RepeatedPtrField<v1::FieldInput>& fields);
  const Work* some(const Model& model, const std::string& state, const std::string& person = "");

  const Opening& o_;
  Random& random_;
};

}  // namespace kvali::simulation
