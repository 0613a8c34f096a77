# Libraries of the desktop app: Dear ImGui 1.90, compiled from source, GLFW, OpenGL by glad, stb.
# Where one is missing, MAILSCOPE_VIZ builds no app and says why.

# Dear ImGui: the sources that cmake/setup.sh unpacked, or the project's own at the same version.
set(imgui_sources ${CMAKE_SOURCE_DIR}/build/deps/imgui)
if(NOT EXISTS ${imgui_sources}/imgui.h)
    FetchContent_Declare(imgui GIT_REPOSITORY https://github.com/ocornut/imgui.git
        GIT_TAG d6cb3c923d28dcebb2d8d9605ccc7229ccef19eb)
    FetchContent_MakeAvailable(imgui)
    set(imgui_sources ${imgui_SOURCE_DIR})
endif()

find_package(OpenGL QUIET COMPONENTS OpenGL)
find_package(glfw3 3.3 QUIET)
find_path(STB_INCLUDE_DIR stb_image_write.h PATH_SUFFIXES stb)
find_program(GLAD glad HINTS /usr/bin)
set(missing "")
if(NOT TARGET glfw)
    list(APPEND missing GLFW)
endif()
if(NOT STB_INCLUDE_DIR)
    list(APPEND missing stb)
endif()
if(NOT GLAD)
    list(APPEND missing glad)
endif()
if(missing)
    message(STATUS "no desktop app: missing ${missing} (packages: cmake/setup.sh)")
    return()
endif()

# What others wrote is compiled once, without our warnings and without sanitizers.
add_library(ms_imgui STATIC ${imgui_sources}/imgui.cpp ${imgui_sources}/imgui_draw.cpp
    ${imgui_sources}/imgui_tables.cpp ${imgui_sources}/imgui_widgets.cpp)
target_include_directories(ms_imgui SYSTEM PUBLIC ${imgui_sources})
target_compile_definitions(ms_imgui PUBLIC IMGUI_USE_WCHAR32 IMGUI_DISABLE_OBSOLETE_FUNCTIONS)
target_compile_options(ms_imgui PRIVATE -w)

add_library(ms_stb INTERFACE)
target_include_directories(ms_stb SYSTEM INTERFACE ${STB_INCLUDE_DIR})

# The OpenGL loader is generated, offline, from the specification that the tool brings along.
set(glad_folder ${CMAKE_CURRENT_BINARY_DIR}/glad)
add_custom_command(OUTPUT ${glad_folder}/src/gl.c
    COMMAND ${CMAKE_COMMAND} -E env --unset=PYTHONPATH /usr/bin/python3 ${GLAD} --reproducible
            --api gl:core=3.3 --extensions= --out-path ${glad_folder} --quiet c --loader
    VERBATIM)
set_source_files_properties(${glad_folder}/src/gl.c PROPERTIES LANGUAGE CXX)
add_library(ms_window STATIC ${glad_folder}/src/gl.c
    ${imgui_sources}/backends/imgui_impl_glfw.cpp ${imgui_sources}/backends/imgui_impl_opengl3.cpp)
target_include_directories(ms_window SYSTEM PUBLIC ${glad_folder}/include
    ${imgui_sources}/backends)
target_compile_options(ms_window PRIVATE -w -fpermissive)
target_link_libraries(ms_window PUBLIC ms_imgui glfw ${CMAKE_DL_LIBS})
