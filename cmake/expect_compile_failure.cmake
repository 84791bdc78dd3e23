# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# cmake -P expect_compile_failure.cmake source -- compiler argument...
#
# Passes if the compiler rejects the source and says what the first line of the
# source expects, in as many errors as the head says, if it does.
# PASS_REGULAR_EXPRESSION cannot do this: it ignores the exit code, so a mere
# warning would pass.

set(source ${CMAKE_ARGV3})
set(command)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 5 ${last})
  list(APPEND command ${CMAKE_ARGV${i}})
endforeach()

file(READ ${source} text LIMIT 1000)
if(NOT text MATCHES "^// EXPECT: ([^\n]+)")
  message(FATAL_ERROR "${source}: the first line is not // EXPECT: <regex>")
endif()
set(expected "${CMAKE_MATCH_1}")

set(ENV{LC_ALL} C) # ASCII quotation marks
execute_process(
  COMMAND ${command} ${source}
  RESULT_VARIABLE result
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)

if(result EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "${source} compiles, but must not.")
elseif(NOT output MATCHES "${expected}")
  message("${output}")
  message(FATAL_ERROR "No message of the compiler matches: ${expected}")
endif()

# A mistake that is reported twice, or in other words, is harder to find.
if(text MATCHES "// ERRORS: ([0-9]+)")
  set(expected "${CMAKE_MATCH_1}")
  string(REGEX MATCHALL " error: " errors "${output}")
  list(LENGTH errors number)
  if(NOT number EQUAL expected)
    message("${output}")
    message(FATAL_ERROR "${number} errors, and not ${expected}.")
  endif()
endif()
