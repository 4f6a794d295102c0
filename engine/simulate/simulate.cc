#include "engine/simulate/simulate.h"

namespace kvali::simulate {

Result<Findings> simulate(const Setting& setting, const Onlooker& onlooker) {
  auto scene = set_scene(setting);
  if (!scene) return fail(scene.error());
  Findings findings;
  findings.initiatives = setting.initiatives;
  findings.seed = setting.seed;
  Player player(*scene, setting, findings, onlooker);
  for (std::uint32_t number = 0; number < setting.cohorts; ++number) player.play(number);
  return findings;
}

}  // namespace kvali::simulate
