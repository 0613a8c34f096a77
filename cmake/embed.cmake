# Makes a source file that holds every text under a folder:
#   cmake -DFOLDER=assets/text -DOUTPUT=embedded_text.cpp -P cmake/embed.cmake
# Line by line, because compilers limit the length of one literal; with "sv", because clang limits
# the steps of a constant expression and would count the characters. See sim/text/embedded.h.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*.json)
list(SORT files)
set(body "")
foreach(name IN LISTS files)
    file(READ ${FOLDER}/${name} text)
    string(REGEX REPLACE "\n$" "" text "${text}")
    string(REPLACE "\n" ")~\"sv},\n    {\"${name}\"sv, R\"~(" text "${text}")
    string(APPEND body "    {\"${name}\"sv, R\"~(${text})~\"sv},\n")
endforeach()
file(WRITE ${OUTPUT}.new "// Made from assets/text by cmake/embed.cmake.
#include \"sim/text/embedded.h\"

namespace mailscope
{
namespace
{

using namespace std::string_view_literals;

constexpr EmbeddedLine lines[] = {
${body}};

} // namespace

std::span<const EmbeddedLine> embedded_text() { return lines; }

} // namespace mailscope
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
