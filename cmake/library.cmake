# One library per folder of sim, named ms_<name>; a new file needs no change here.

# mailscope_library(NAME FOLDER [DEPENDS library...] [PRIVATE library...] [EXCLUDE file...])
# A folder with headers only, or not there yet, becomes an INTERFACE library of the same name.
function(mailscope_library name folder)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;PRIVATE;EXCLUDE")
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
    foreach(file IN LISTS arg_EXCLUDE)
        list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file})
    endforeach()
    if(sources)
        add_library(ms_${name} STATIC ${sources})
        target_link_libraries(ms_${name} PUBLIC ms_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
    else()
        add_library(ms_${name} INTERFACE)
        target_link_libraries(ms_${name} INTERFACE ms_options ${arg_DEPENDS})
    endif()
endfunction()
