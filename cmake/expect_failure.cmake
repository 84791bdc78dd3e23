# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# cmake -P expect_failure.cmake regex -- command argument...
#
# Passes if the command fails, and what it prints matches the regular
# expression. WILL_FAIL would pass for any failure.

set(expected "${CMAKE_ARGV3}")
set(command)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 5 ${last})
  list(APPEND command "${CMAKE_ARGV${i}}")
endforeach()

execute_process(
  COMMAND ${command}
  RESULT_VARIABLE result
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)

if(result EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "It succeeds, but must not: ${command}")
elseif(NOT output MATCHES "${expected}")
  message("${output}")
  message(FATAL_ERROR "What it says does not match: ${expected}")
endif()
