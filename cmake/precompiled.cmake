# Headers that most files include are parsed once per layer, not once per file. The sources still
# name all that they use: the libcxx preset compiles them without precompiled headers.

option(MAILSCOPE_PRECOMPILED "Precompile the headers that most files include" ON)

set(common_headers <algorithm> <array> <cstddef> <cstdint> <iterator> <map> <memory> <optional>
    <set> <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>
    <tl/expected.hpp>)

# mailscope_precompile(OWNER header...): the common headers and these, for OWNER and for the targets
# that reuse them.
function(mailscope_precompile owner)
    if(MAILSCOPE_PRECOMPILED AND TARGET ${owner})
        target_precompile_headers(${owner} PRIVATE ${common_headers} ${ARGN})
    endif()
endfunction()

# mailscope_reuse_precompiled(OWNER target...): targets without sources, or absent, are passed over.
function(mailscope_reuse_precompiled owner)
    foreach(target IN LISTS ARGN)
        if(MAILSCOPE_PRECOMPILED AND TARGET ${target})
            get_target_property(type ${target} TYPE)
            if(NOT type STREQUAL INTERFACE_LIBRARY)
                target_precompile_headers(${target} REUSE_FROM ${owner})
            endif()
        endif()
    endforeach()
endfunction()
