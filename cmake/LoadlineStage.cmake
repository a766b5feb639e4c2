# One static library a stage: loadline_stage(name PUBLIC ... PRIVATE ...) takes every source of
# src/<name>, one folder deeper included, and publishes the headers of include/loadline/<name>.

function(loadline_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                         $<$<BOOL:${LOADLINE_WERROR}>:-Werror>)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()

function(loadline_stage name)
  cmake_parse_arguments(STAGE "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp
       ${PROJECT_SOURCE_DIR}/src/${name}/*/*.cpp)
  set(target loadline_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include
                               PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC ${STAGE_PUBLIC} PRIVATE ${STAGE_PRIVATE})
    target_compile_definitions(${target} PRIVATE LOADLINE_VERSION="${PROJECT_VERSION}")
    loadline_compile_options(${target})
  else()
    # A stage of headers alone passes on what stands before it.
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(${target} INTERFACE ${STAGE_PUBLIC})
  endif()
  add_library(loadline::${name} ALIAS ${target})
endfunction()
