// The parts of an observation that concern a web site beyond its pages, together.
#pragma once

#include "model/integrity.h"
#include "model/ipv6.h"
#include "model/ports.h"
#include "model/scripts.h"
