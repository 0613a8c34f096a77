# Makes a source file that holds every text under a folder:
#   cmake -DFOLDER=assets/text -DOUTPUT=embedded_text.cpp -P cmake/embed.cmake
# Line by line, because compilers limit the length of one literal. See sim/text/embedded.h.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*.json)
list(SORT files)
set(body "")
foreach(name IN LISTS files)
    file(READ ${FOLDER}/${name} text)
    string(REGEX REPLACE "\n$" "" text "${text}")
    string(REPLACE "\n" ")~\"},\n    {\"${name}\", R\"~(" text "${text}")
    string(APPEND body "    {\"${name}\", R\"~(${text})~\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "// Made from assets/text by cmake/embed.cmake.
#include \"sim/text/embedded.h\"

namespace mailscope
{
namespace
{

constexpr EmbeddedLine lines[] = {
${body}};

} // namespace

std::span<const EmbeddedLine> embedded_text() { return lines; }

} // namespace mailscope
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
