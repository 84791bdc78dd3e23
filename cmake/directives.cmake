# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The first lines of a test or an example, up to an empty one, may hold
# directives:
#
#   // LABELS: long           more labels; `process` in place of `unit`
#   // TIMEOUT: 120           seconds, in place of 180 (emulated 360)
#   // LINK: boost_thread     more libraries; filelock_postgres is a component
#   // LONG: 1800             once more as long.<name>, with the label long and
#                             FILELOCK_LONG=1 set, for at most these seconds
#   // RUN_SERIAL             runs beside no other test
#   // ALONE                  a program of its own, not a part of its room's
#   // REQUIRES: c++20        left out of older builds
#   // NEEDS: posix: why      left out elsewhere, and SKIPPED there by name;
#                             posix, linux, glibc, fuse (which is libfuse3), libpq,
#                             boost_thread, queue (timed waits in the kernel's),
#                             coroutines, loader (of shared libraries), or
#                             windows, which needs no reason
#   // EXPECT: <regex>        compile_fail only: what the compiler must say
#   // ERRORS: 1              compile_fail only: in how many errors

# The first lines of a file, after a check for misspelt directives.
function(read_head source out)
  # A changed directive takes effect in the next build.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text LIMIT 2000)
  string(FIND "${text}" "\n\n" end)
  string(SUBSTRING "${text}" 0 ${end} head)
  string(SUBSTRING "${text}" ${end} -1 rest)
  if(rest MATCHES "\n(// [A-Z]+: [^\n]*)" AND CMAKE_MATCH_1 MATCHES
     "^// (LABELS|TIMEOUT|LINK|LONG|REQUIRES|NEEDS|EXPECT|ERRORS):")
    message(FATAL_ERROR "${source}: a directive after an empty line")
  endif()
  string(REGEX MATCHALL "// [A-Z_]+:" directives "${head}")
  foreach(directive IN LISTS directives)
    if(NOT directive MATCHES
       "(LABELS|TIMEOUT|LINK|LONG|REQUIRES|NEEDS|EXPECT|ERRORS):")
      message(FATAL_ERROR "${source}: unknown directive ${directive}")
    endif()
  endforeach()
  set(${out} "${head}\n" PARENT_SCOPE)
endfunction()

# The value of one directive, or nothing.
function(get_directive head name out)
  set(value)
  if(head MATCHES "// ${name}: *([^\n]+)")
    string(REPLACE " " ";" value "${CMAKE_MATCH_1}")
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

set(filelock_systems)
if(WIN32)
  list(APPEND filelock_systems windows)
else()
  list(APPEND filelock_systems posix)
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  list(APPEND filelock_systems linux)
  include(CheckCXXSymbolExists)
  check_cxx_symbol_exists(__GLIBC__ features.h FILELOCK_HAS_GLIBC)
  if(FILELOCK_HAS_GLIBC)
    list(APPEND filelock_systems glibc)
  endif()
endif()
if(NOT WIN32 AND NOT FILELOCK_STATIC_PROGRAMS)
  list(APPEND filelock_systems loader)
endif()
if(TARGET filelock::postgres)
  list(APPEND filelock_systems libpq)
endif()
if(NOT CMAKE_CROSSCOMPILING) # of other systems there are Boost's headers only
  list(APPEND filelock_systems boost_thread)
endif()
# ThreadSanitizer cannot cancel a thread in flock(2), so timed waits poll there.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux"
   AND NOT "${CMAKE_CXX_FLAGS_DEBUG}" MATCHES "-fsanitize=thread")
  list(APPEND filelock_systems queue)
endif()
# With AddressSanitizer, older clangs make object code of a coroutine that their
# assembler refuses.
if(NOT (CMAKE_CXX_COMPILER_ID STREQUAL "Clang"
        AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15
        AND "${CMAKE_CXX_FLAGS_DEBUG}" MATCHES "-fsanitize=address"))
  list(APPEND filelock_systems coroutines)
endif()

# What is left out of this build, a line each; leave_out(name reason) adds one.
set_property(GLOBAL PROPERTY filelock_left_out)
function(leave_out name reason)
  set_property(GLOBAL APPEND_STRING PROPERTY filelock_left_out
               "SKIPPED: ${name}: ${reason}\n")
endfunction()

# Drops the files that need a newer C++ or another system than this build's.
function(remove_unfit list)
  set(kept)
  foreach(source IN LISTS ${list})
    read_head(${source} head)
    get_directive("${head}" REQUIRES required)
    string(REPLACE "c++" "" required "${required}")
    if(required AND required GREATER CMAKE_CXX_STANDARD)
      continue()
    endif()
    if(head MATCHES "// NEEDS: ([a-z_]+):? ?([^\n]*)" AND
       NOT CMAKE_MATCH_1 IN_LIST filelock_systems)
      if(CMAKE_MATCH_2)
        set(reason "${CMAKE_MATCH_2}")
        if(CMAKE_CROSSCOMPILING AND CMAKE_MATCH_1 MATCHES "^(fuse|libpq)$")
          set(reason "there is no ${CMAKE_MATCH_1} for another system here")
        endif()
        cmake_path(ABSOLUTE_PATH source NORMALIZE)
        cmake_path(GET source STEM stem)
        cmake_path(GET source PARENT_PATH folder)
        cmake_path(GET folder FILENAME folder)
        leave_out(${folder}.${stem} "${reason}")
      endif()
      continue()
    endif()
    list(APPEND kept ${source})
  endforeach()
  set(${list} ${kept} PARENT_SCOPE)
endfunction()

# find_tests(out folder): the sources in a folder that this build can compile
function(find_tests out folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  remove_unfit(sources)
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# apply_directives(test program source): gives a test of the program what its
# source asks for. All after these are the arguments of the program.
function(apply_directives name program source)
  read_head(${source} head)
  get_directive("${head}" LABELS labels)
  if("process" IN_LIST labels)
    set_property(TEST ${name} PROPERTY LABELS ${labels})
  else()
    set_property(TEST ${name} APPEND PROPERTY LABELS ${labels})
  endif()
  get_directive("${head}" TIMEOUT timeout)
  if(timeout)
    set_property(TEST ${name} PROPERTY TIMEOUT ${timeout})
  endif()
  get_directive("${head}" LINK libraries)
  list(TRANSFORM libraries REPLACE "^boost_" "Boost::")
  list(TRANSFORM libraries REPLACE "^filelock_" "filelock::")
  target_link_libraries(${program} PRIVATE ${libraries})
  if(head MATCHES "// RUN_SERIAL")
    set_property(TEST ${name} PROPERTY RUN_SERIAL TRUE)
  endif()
  get_directive("${head}" LONG seconds)
  if(seconds)
    filelock_add_test(long.${name} long ${program} ${ARGN})
    set_property(TEST long.${name} APPEND PROPERTY ENVIRONMENT FILELOCK_LONG=1)
    set_property(TEST long.${name} PROPERTY TIMEOUT ${seconds})
  endif()
endfunction()

# Says in a test of its own what leave_out() was told. By a file: ctest's log has
# the commands too, and would name each test twice.
function(filelock_add_left_out_test)
  get_property(left_out GLOBAL PROPERTY filelock_left_out)
  if(left_out)
    set(list ${PROJECT_BINARY_DIR}/left_out.txt)
    file(GENERATE OUTPUT ${list} CONTENT "${left_out}")
    filelock_add_test(left_out static ${CMAKE_COMMAND} -E cat ${list})
  endif()
endfunction()
