#include "tests/engine/cohort/practice.h"
