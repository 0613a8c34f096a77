// Files.
#include "viz/platform/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb_image_write.h>
#pragma GCC diagnostic pop

namespace mailscope::viz
{
namespace
{

namespace fs = std::filesystem;

constexpr const char *font_folders[] = {
    "/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts",
    "/Library/Fonts",   "C:/Windows/Fonts",       "/run/host/fonts",
};

/// Names in the order in which they are preferred.
constexpr const char *text_fonts[] = {
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKjp-Regular.otf",
    "ipaexg.ttf",
    "ipag.ttf",
    "YuGothR.ttc",
    "meiryo.ttc",
    "DejaVuSans.ttf",
};
constexpr const char *bold_fonts[] = {
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJKjp-Bold.otf",
    "YuGothB.ttc",
    "meiryob.ttc",
};
constexpr const char *mono_fonts[] = {
    "JetBrainsMono-Regular.ttf",
    "DejaVuSansMono.ttf",
    "LiberationMono-Regular.ttf",
    "consola.ttf",
};
constexpr const char *mono_bold_fonts[] = {
    "JetBrainsMono-Bold.ttf",
    "DejaVuSansMono-Bold.ttf",
    "LiberationMono-Bold.ttf",
    "consolab.ttf",
};

/// The file as it lies on disk, mapped: a collection of fonts has 20 MB, and few of them are read.
std::string_view mapped(const fs::path &path)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status = {};
    if (file < 0 || fstat(file, &status) != 0)
        return {};
    const auto size = static_cast<std::size_t>(status.st_size);
    void *bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    return bytes == MAP_FAILED ? std::string_view()
                               : std::string_view(static_cast<const char *>(bytes), size);
}

/// A number of the file, most significant octet first; 0 beyond its end.
unsigned number_at(std::string_view bytes, std::size_t at, int octets)
{
    unsigned value = 0;
    for (int i = 0; i < octets; ++i, ++at)
        value = value << 8U | (at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U);
    return value;
}

/// Ascent minus descent over the units of an em, from the tables hhea and head.
float line_per_em(std::string_view file)
{
    constexpr unsigned collection_tag = 0x74746366; // "ttcf"
    constexpr unsigned head_tag = 0x68656164;
    constexpr unsigned hhea_tag = 0x68686561;
    const unsigned start = number_at(file, 0, 4) == collection_tag ? number_at(file, 12, 4) : 0;
    unsigned head = 0;
    unsigned hhea = 0;
    const unsigned tables = number_at(file, start + 4, 2);
    for (unsigned entry = start + 12; entry < start + 12 + tables * 16; entry += 16) {
        const unsigned tag = number_at(file, entry, 4);
        if (tag == head_tag)
            head = number_at(file, entry + 8, 4);
        if (tag == hhea_tag)
            hhea = number_at(file, entry + 8, 4);
    }
    const auto sign = [](unsigned value) { return static_cast<int>(static_cast<short>(value)); };
    const int units = static_cast<int>(number_at(file, head + 18, 2));
    const int height = sign(number_at(file, hhea + 4, 2)) - sign(number_at(file, hhea + 6, 2));
    return head == 0 || hhea == 0 || units == 0 || height <= 0
               ? 1.2F
               : static_cast<float>(height) / static_cast<float>(units);
}

template <class Names> FontFile find_font(const std::vector<fs::path> &files, const Names &names)
{
    for (const char *name : names)
        for (const fs::path &file : files)
            if (file.filename() == name) {
                const std::string_view bytes = mapped(file);
                if (!bytes.empty())
                    return {bytes, 0, line_per_em(bytes)};
            }
    return {};
}

} // namespace

bool write_png(const std::string &path, const Picture &picture)
{
    return stbi_write_png(path.c_str(), picture.width, picture.height, 4, picture.pixels.data(),
                          picture.width * 4) != 0;
}

FontFiles find_fonts()
{
    std::vector<fs::path> files;
    for (const char *folder : font_folders) {
        std::error_code problem;
        for (fs::recursive_directory_iterator it(folder, problem), end; !problem && it != end;
             it.increment(problem))
            files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
    return {find_font(files, text_fonts), find_font(files, bold_fonts),
            find_font(files, mono_fonts), find_font(files, mono_bold_fonts)};
}

std::string free_file(const std::string &name, const std::string &ending)
{
    std::error_code problem;
    std::string file = name + ending;
    for (int i = 2; fs::exists(file, problem); ++i)
        file = name + "-" + std::to_string(i) + ending;
    return fs::absolute(file, problem).string();
}

std::optional<std::string> read_file(const std::string &path)
{
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

bool replace_file(const std::string &path, const std::string &text)
{
    std::error_code problem;
    fs::create_directories(fs::path(path).parent_path(), problem);
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream << text;
    return static_cast<bool>(stream.flush());
}

std::vector<std::string> scenario_files(const std::string &path)
{
    std::error_code problem;
    if (!fs::is_directory(path, problem))
        return {path};
    std::vector<std::string> files;
    for (const fs::directory_entry &entry : fs::directory_iterator(path, problem)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() == ".json" && name.find(".schema.") == std::string::npos)
            files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string settings_path()
{
    if (const char *folder = std::getenv("XDG_CONFIG_HOME"); folder != nullptr && *folder != '\0')
        return std::string(folder) + "/mailscope/view.txt";
    if (const char *home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return std::string(home) + "/.config/mailscope/view.txt";
    return {};
}

} // namespace mailscope::viz
