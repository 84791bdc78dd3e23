# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The first five lines of a test or an example may hold directives:
#
#   // LABELS: long           more labels
#   // TIMEOUT: 120           seconds, in place of 180
#   // LINK: boost_thread     more libraries
#   // LONG: 1800             once more as long.<name>, with the label long and
#                             FILELOCK_LONG=1 set, for at most these seconds
#   // RUN_SERIAL             runs beside no other test
#   // REQUIRES: c++20        left out of older builds
#   // EXPECT: <regex>        compile_fail only: what the compiler must say

# The first five lines of a file, after a check for misspelt directives.
function(read_head source out)
  # A changed directive takes effect in the next build.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text LIMIT 2000)
  set(line "[^\n]*\n?")
  string(REGEX MATCH "^${line}${line}${line}${line}${line}" head "${text}")
  string(REGEX MATCHALL "// [A-Z_]+:" directives "${head}")
  foreach(directive IN LISTS directives)
    if(NOT directive MATCHES "(LABELS|TIMEOUT|LINK|LONG|REQUIRES|EXPECT):")
      message(FATAL_ERROR "${source}: unknown directive ${directive}")
    endif()
  endforeach()
  set(${out} "${head}" PARENT_SCOPE)
endfunction()

# The value of one directive, or nothing.
function(get_directive head name out)
  set(value)
  if(head MATCHES "// ${name}: *([^\n]+)")
    string(REPLACE " " ";" value "${CMAKE_MATCH_1}")
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

# Drops the files that need a newer C++ than this build's, and those that
# test/CMakeLists.txt leaves out.
function(remove_unfit list)
  set(kept)
  foreach(source IN LISTS ${list})
    read_head(${source} head)
    get_directive("${head}" REQUIRES required)
    string(REPLACE "c++" "" required "${required}")
    cmake_path(ABSOLUTE_PATH source NORMALIZE OUTPUT_VARIABLE full)
    cmake_path(GET full STEM stem)
    cmake_path(GET full PARENT_PATH parent)
    cmake_path(GET parent FILENAME parent)
    if("${parent}.${stem}" IN_LIST left_out)
      continue()
    endif()
    if(NOT required OR required LESS_EQUAL CMAKE_CXX_STANDARD)
      list(APPEND kept ${source})
    endif()
  endforeach()
  set(${list} ${kept} PARENT_SCOPE)
endfunction()

# find_tests(out folder): the sources in a folder that this build can compile
function(find_tests out folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  remove_unfit(sources)
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# Gives the test, a program of the same name, what its source asks for.
function(apply_directives name source)
  read_head(${source} head)
  get_directive("${head}" LABELS labels)
  set_property(TEST ${name} APPEND PROPERTY LABELS ${labels})
  get_directive("${head}" TIMEOUT timeout)
  if(timeout)
    set_property(TEST ${name} PROPERTY TIMEOUT ${timeout})
  endif()
  get_directive("${head}" LINK libraries)
  list(TRANSFORM libraries REPLACE "^boost_" "Boost::")
  target_link_libraries(${name} PRIVATE ${libraries})
  if(head MATCHES "// RUN_SERIAL")
    set_property(TEST ${name} PROPERTY RUN_SERIAL TRUE)
  endif()
  get_directive("${head}" LONG seconds)
  if(seconds)
    filelock_add_test(long.${name} long ${name})
    set_property(TEST long.${name} APPEND PROPERTY ENVIRONMENT FILELOCK_LONG=1)
    set_property(TEST long.${name} PROPERTY TIMEOUT ${seconds})
  endif()
endfunction()
