# Libraries of others. An installed package wins (the system's, or one that cmake/setup.sh unpacked
# under build/deps); what is missing is fetched from its project's public repository at the commit
# named here. -DFETCHCONTENT_SOURCE_DIR_<NAME>=DIR points to a local copy instead.
include(FetchContent)
find_package(Threads REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

file(GLOB unpacked_prefixes ${CMAKE_SOURCE_DIR}/build/deps/*/usr)
list(APPEND CMAKE_PREFIX_PATH ${unpacked_prefixes})

# mailscope_dependency(PACKAGE [version] TARGET target REPOSITORY owner/name COMMIT hash)
macro(mailscope_dependency package)
    cmake_parse_arguments(dep "" "TARGET;VERSION;REPOSITORY;COMMIT" "" ${ARGN})
    find_package(${package} ${dep_VERSION} CONFIG QUIET)
    if(NOT TARGET ${dep_TARGET})
        message(STATUS "${package}: fetching github.com/${dep_REPOSITORY} at ${dep_COMMIT}")
        FetchContent_Declare(${package}
            GIT_REPOSITORY https://github.com/${dep_REPOSITORY}.git
            GIT_TAG ${dep_COMMIT} SYSTEM)
        FetchContent_MakeAvailable(${package})
    endif()
endmacro()

mailscope_dependency(fmt TARGET fmt::fmt
    REPOSITORY fmtlib/fmt COMMIT 0c9fce2ffefecfdce794e1859584e25877b7b592)
# The packaged libfmt is built against libstdc++; with libc++ its headers are compiled in.
add_library(ms_fmt INTERFACE)
if(MAILSCOPE_LIBCXX)
    target_link_libraries(ms_fmt INTERFACE fmt::fmt-header-only)
else()
    target_link_libraries(ms_fmt INTERFACE fmt::fmt)
endif()
set(EXPECTED_BUILD_TESTS OFF)
mailscope_dependency(tl-expected TARGET tl::expected
    REPOSITORY TartanLlama/expected COMMIT 292eff8bd8ee230a7df1d6a1c00c4ea0eb2f0362)
mailscope_dependency(nlohmann_json TARGET nlohmann_json::nlohmann_json
    REPOSITORY nlohmann/json COMMIT 9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03)
mailscope_dependency(CLI11 TARGET CLI11::CLI11
    REPOSITORY CLIUtils/CLI11 COMMIT 6c7b07a878ad834957b98d0f9ce1dbe0cb204fc9)
# The live door (sim/live): Asio without Boost, headers only, and OpenSSL 3. Neither is fetched:
# where one is missing, everything but the live door is built.
find_path(ASIO_INCLUDE_DIR asio.hpp)
find_package(OpenSSL 3 QUIET)
set(MAILSCOPE_LIVE OFF)
if(ASIO_INCLUDE_DIR AND OpenSSL_FOUND AND NOT EMSCRIPTEN)
    set(MAILSCOPE_LIVE ON)
    add_library(ms_asio INTERFACE)
    target_include_directories(ms_asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
    target_compile_definitions(ms_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
endif()
if(MAILSCOPE_TESTS)
    mailscope_dependency(Catch2 VERSION 3 TARGET Catch2::Catch2
        REPOSITORY catchorg/Catch2 COMMIT fa43b77429ba76c462b1898d6cd2f2d7a9416b14)
    if(catch2_SOURCE_DIR)
        list(APPEND CMAKE_MODULE_PATH ${catch2_SOURCE_DIR}/extras)
    endif()
endif()
