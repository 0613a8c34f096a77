// A small map for each lesson of the library, lit where its story happens.
//
// The library knows scenarios as text only: no World is built for sixty cards. So the place is read
// from what a lesson says it is about: enhanced status codes name the subject of an error (RFC 3463
// 3), protocols name the way, and a few words say the rest.
#pragma once

#include "viz/model/rows.h"

#include <string>
#include <vector>

namespace mailscope::viz
{

/// The small map of a lesson with these topics and marks, in which something goes wrong or not.
ThumbRow thumbnail_of(const std::vector<std::string> &topics, const std::vector<Mark> &marks);

} // namespace mailscope::viz
