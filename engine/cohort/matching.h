#pragma once
// Who reads what: every application gets its readers, as many as can be, and the load of the readers is as even as it can be. Pure
// arithmetic; the lots are drawn from a seed, so the same question has the same answer for ever.
#include <cstdint>
#include <string_view>
#include <vector>

namespace kvali::cohort {

struct Matching {
  struct Reader {
    std::uint32_t load = 0;      // applications she has already
    std::uint32_t load_max = 0;  // and may have in all; 0: no limit
  };
  struct Application {
    std::uint32_t wanted = 0;          // readers it still needs
    std::vector<std::uint32_t> may;    // who might read it: indices of readers, each once
  };
  std::vector<Reader> readers;
  std::vector<Application> applications;
};

/// The readers of each application: of `applications[i]` at most `wanted` of its `may`, each once, ascending, and nobody above her limit.
/// No assignment gives more in all; of those that give as many, none has a smaller sum of squared loads, and so none a lower highest
/// or a higher lowest load. Where not all can be had, those who have fewer come first. Which of equal ones it is, lots drawn from
/// `seed` decide.
///
/// Successive shortest paths on the network application → reader → end, whose last arcs cost more with each unit: as long as each
/// unit ends at the least loaded reader that a chain of exchanges leads to, no exchange could make the loads more even. About
/// units · readers · applications per reader steps, of one word for each 64 readers.
std::vector<std::vector<std::uint32_t>> match(const Matching& question, std::string_view seed);

}  // namespace kvali::cohort
