// The colours of the app: one set of tokens for each theme.
//
// Colour has three jobs only: protocol, error, now. Nothing is said by colour alone. Panels name a
// token, never a colour.
#pragma once

#include "viz/model/rows.h"

#include <imgui.h>

namespace mailscope::viz
{

/// Colours as Dear ImGui packs them. What each is for stands beside it.
struct Theme
{
    ImU32 canvas;         ///< window, map
    ImU32 panel;          ///< instrument cards
    ImU32 raised;         ///< inset boxes, buttons, selected tab
    ImU32 line;           ///< hairline
    ImU32 line2;          ///< decorative border
    ImU32 link;           ///< idle links, lifelines
    ImU32 text;           ///< main text
    ImU32 text2;          ///< secondary text
    ImU32 text3;          ///< labels
    ImU32 now;            ///< the now mark
    ImU32 nowink;         ///< text on it
    ImU32 nowbg;          ///< the current row
    ImU32 nowline;        ///< its bar, the ring
    ImU32 err;            ///< error text and lines
    ImU32 errsolid;       ///< octagon
    ImU32 errink;         ///< on it
    ImU32 errbg;          ///< inside a thing that is missing
    ImU32 btn;            ///< the one primary button
    ImU32 btnink;         ///< its text
    ImU32 host;           ///< fill of host icons
    ImU32 paper;          ///< an envelope
    ImU32 region_fill[4]; ///< by RegionTint
    ImU32 region_edge[4];
    ImU32 protocol[7]; ///< by Mark: smtp, dns, tcp, pop3, imap, http, and tls as tcp
    bool dark;
};

const Theme &theme_of(bool dark);

/// The colour of a mark: the protocol's, the error's for octagons.
ImU32 colour_of(const Theme &theme, Mark mark);

/// The colour with another opacity, 0 to 1.
ImU32 faded(ImU32 colour, float alpha);

/// `share` of `b` in `a`, 0 to 1; opaque.
ImU32 mixed(ImU32 a, ImU32 b, float share);

} // namespace mailscope::viz
