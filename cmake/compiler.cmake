# The language, the warnings and the sanitizers: one place for every target.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Paths relative to the source folder: another clone of the project hits the same cache.
    # DEPEND: a precompiled header knows its files by their octets, comments included, so none may
    # come from a run of the preprocessor that was equal but for comments.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros
        ${CCACHE_PROGRAM})
endif()

# Batches of sources compile as one: a third of the time for a clean build, but more for a change in
# one file. So the names that a file keeps to itself differ from those of the files beside it.
option(MAILSCOPE_BATCHES "Compile the sources of a library in batches" OFF)
set(CMAKE_UNITY_BUILD ${MAILSCOPE_BATCHES})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)

# What our own targets are compiled with; the libraries of others do not link it.
add_library(ms_options INTERFACE)
target_include_directories(ms_options INTERFACE ${CMAKE_SOURCE_DIR})
# gcc 12 to 14 see array bounds broken in their own std::string (GCC bug 105651), and precompiled
# headers hide that it is theirs. The sanitizers watch over these bounds.
set(false_alarms $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds$<SEMICOLON>-Wno-restrict>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread$<SEMICOLON>-Wno-stringop-overflow>)
# MS_CHECK(!"why this cannot be") is a text as a condition, which only clang would warn of.
target_compile_options(ms_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wno-string-conversion>
    ${false_alarms}
    $<$<BOOL:${MAILSCOPE_WERROR}>:-Werror>)

# gcc collects its garbage from 128 MB on, and spends an eighth of a batch's time so. 800 MB are
# never reached, and are hardly more than it takes anyway.
add_compile_options("$<$<CXX_COMPILER_ID:GNU>:SHELL:--param ggc-min-heapsize=800000>")

# For ccache: precompiled headers that do not depend on when they were made.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")

if(MAILSCOPE_LIBCXX)
    add_compile_options(-stdlib=libc++)
    add_link_options(-stdlib=libc++)
endif()
if(MAILSCOPE_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(MAILSCOPE_SANITIZE)
    add_compile_options(-fsanitize=${MAILSCOPE_SANITIZE} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${MAILSCOPE_SANITIZE})
endif()
