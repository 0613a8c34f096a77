// Measuring the app without a window.
//
// How long frames take to build, how long going anywhere takes, how soon the first frame is there,
// how much memory is held: `mailscope-view --bench-frames N` prints it as one line of JSON. Times
// are processor time, so that other programs on the machine do not count.
#pragma once

#include "viz/main/app.h"

#include <cstddef>
#include <string>

namespace mailscope::viz
{

struct Measures
{
    int frames = 0;
    double median_ms = 0;      ///< building a frame
    double most_ms = 0;        ///< 95 of 100 frames take less
    double first_frame_ms = 0; ///< from the start of the program, with opening the file
    double seek_ms = 0;        ///< the longest of some jumps to anywhere
    std::size_t records = 0;
    std::size_t under_way = 0; ///< packets at the moment that is shown
    double memory_mb = 0;      ///< most that was ever held; 0: the system does not say
};

/// Opens a story in which so many letters of that size each go to twelve domains at once, over a
/// line with a long delay, and goes to its busiest moment. False, with the reason said, when that
/// cannot be.
bool open_crowd(App &app, int letters, const std::string &size = "250kB");

/// Builds frames and jumps about; the app shows the same moment afterwards.
Measures measure(App &app, int width, int height, int frames);

std::string to_json(const Measures &measures);

} // namespace mailscope::viz
