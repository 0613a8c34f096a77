# Targets a person calls: `format` rewrites, `format-check` and `lint` only look.
file(GLOB_RECURSE lint_files CONFIGURE_DEPENDS
    ${CMAKE_SOURCE_DIR}/sim/*.cpp ${CMAKE_SOURCE_DIR}/sim/*.h
    ${CMAKE_SOURCE_DIR}/viz/*.cpp ${CMAKE_SOURCE_DIR}/viz/*.h
    ${CMAKE_SOURCE_DIR}/tests/*.cpp ${CMAKE_SOURCE_DIR}/tests/*.h)

find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
if(CLANG_FORMAT AND lint_files)
    add_custom_target(format COMMAND ${CLANG_FORMAT} -i ${lint_files} VERBATIM)
    add_custom_target(format-check
        COMMAND ${CLANG_FORMAT} --dry-run --Werror ${lint_files} VERBATIM)
endif()

# clang-tidy 14 stumbles over newer libraries, so only a newer one is used. It reads the batches of
# the libcxx tree: compiled by clang, without precompiled headers, and each header read once for a
# dozen sources. It takes minutes: a person calls it, CI does not.
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy-19 run-clang-tidy-18)
if(RUN_CLANG_TIDY AND MAILSCOPE_LIBCXX)
    add_custom_target(lint COMMAND ${RUN_CLANG_TIDY} -quiet -p ${CMAKE_BINARY_DIR}
        VERBATIM USES_TERMINAL)
    add_dependencies(lint ms_text) # one of its sources is made
endif()
