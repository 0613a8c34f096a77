// Colour tokens.
#include "viz/draw/theme.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

/// 0xRRGGBB, opaque.
constexpr ImU32 rgb(unsigned value)
{
    return IM_COL32((value >> 16U) & 0xFFU, (value >> 8U) & 0xFFU, value & 0xFFU, 0xFFU);
}

constexpr Theme dark_theme = {rgb(0x0F1318),
                              rgb(0x171C23),
                              rgb(0x212933),
                              rgb(0x2D3742),
                              rgb(0x465462),
                              rgb(0x626F7D),
                              rgb(0xE8ECF1),
                              rgb(0xB4BECA),
                              rgb(0x8E9AA8),
                              rgb(0xFFE27A),
                              rgb(0x1A1600),
                              rgb(0x332D14),
                              rgb(0xFFE27A),
                              rgb(0xFF8A60),
                              rgb(0xCC480C),
                              rgb(0xFFFFFF),
                              rgb(0x35190F),
                              rgb(0xE8ECF1),
                              rgb(0x12161C),
                              rgb(0x222A34),
                              rgb(0xF4F7FA),
                              {rgb(0x201E18), rgb(0x16222F), rgb(0x231B28), rgb(0x152522)},
                              {rgb(0x464132), rgb(0x32485E), rgb(0x4E3B57), rgb(0x31534C)},
                              {rgb(0x56B4E9), rgb(0xF2A0D0), rgb(0x7F8C9B), rgb(0x1FC493),
                               rgb(0xEBA51E), rgb(0xA99CFF), rgb(0x7F8C9B)},
                              true};

constexpr Theme light_theme = {rgb(0xE9EDF1),
                               rgb(0xFFFFFF),
                               rgb(0xF1F4F7),
                               rgb(0xD3DAE1),
                               rgb(0x9AA6B2),
                               rgb(0x78848F),
                               rgb(0x14191F),
                               rgb(0x3F4A56),
                               rgb(0x596572),
                               rgb(0xFFD84A),
                               rgb(0x1A1600),
                               rgb(0xFFF3C4),
                               rgb(0x7A5200),
                               rgb(0xA02800),
                               rgb(0xA02800),
                               rgb(0xFFFFFF),
                               rgb(0xFDE8DD),
                               rgb(0x14191F),
                               rgb(0xFFFFFF),
                               rgb(0xFFFFFF),
                               rgb(0xF4F7FA),
                               {rgb(0xF6F2E8), rgb(0xE3EDF7), rgb(0xF4E8F2), rgb(0xE2F1EC)},
                               {rgb(0xD9CFB6), rgb(0xB4CBE1), rgb(0xDABFD3), rgb(0xAFD2C7)},
                               {rgb(0x0067A8), rgb(0x93226A), rgb(0x66727F), rgb(0x00735A),
                                rgb(0x986000), rgb(0x5140C4), rgb(0x66727F)},
                               false};

unsigned channel(ImU32 colour, int shift) { return (colour >> shift) & 0xFFU; }

} // namespace

const Theme &theme_of(bool dark) { return dark ? dark_theme : light_theme; }

ImU32 colour_of(const Theme &theme, Mark mark)
{
    switch (mark) {
    case Mark::Smtp:
    case Mark::Letter:
        return theme.protocol[0];
    case Mark::Dns:
        return theme.protocol[1];
    case Mark::Tcp:
    case Mark::Tls:
        return theme.protocol[2];
    case Mark::Pop3:
        return theme.protocol[3];
    case Mark::Imap:
        return theme.protocol[4];
    case Mark::Http:
        return theme.protocol[5];
    case Mark::Temporary:
    case Mark::Permanent:
        return theme.err;
    case Mark::None:
        break;
    }
    return theme.text2;
}

ImU32 faded(ImU32 colour, float alpha)
{
    const auto opacity = static_cast<ImU32>(std::clamp(alpha, 0.0F, 1.0F) * 255.0F + 0.5F);
    return (colour & ~IM_COL32_A_MASK) | (opacity << IM_COL32_A_SHIFT);
}

ImU32 mixed(ImU32 a, ImU32 b, float share)
{
    ImU32 result = IM_COL32_A_MASK;
    for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT}) {
        const auto from = static_cast<float>(channel(a, shift));
        const auto to = static_cast<float>(channel(b, shift));
        result |= static_cast<ImU32>(from + (to - from) * share + 0.5F) << shift;
    }
    return result;
}

} // namespace mailscope::viz
