# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# cmake -P expect_no_personality.cmake source -- compiler argument...
#
# Passes if no function of the helper thread of queue_wait.hpp that may be
# cancelled has a personality routine, at any level of optimisation.

set(source ${CMAKE_ARGV3})
set(command)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 5 ${last})
  list(APPEND command ${CMAKE_ARGV${i}})
endforeach()

# What unwinds: .cfi_personality, and .personality on 32-bit ARM.
set(personality "\\.(cfi_)?personality")

foreach(level IN ITEMS -O0 -O1 -O3)
  execute_process(
    COMMAND ${command} ${level} -S -o - ${source}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE assembly)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${source} does not compile.")
  endif()
  # A list of functions. CMake's own characters mean nothing here.
  string(REGEX REPLACE "[][;]" "" assembly "${assembly}")
  string(REGEX REPLACE "\\.cfi_endproc|\\.fnend" ";" assembly "${assembly}")
  set(seen 0)
  set(has_other FALSE)
  foreach(function IN LISTS assembly)
    if(function MATCHES "\n([^\n ]*(lock_cancellably|run_queue_wait)[^\n ]*):")
      set(name "${CMAKE_MATCH_1}")
      math(EXPR seen "${seen} + 1")
      if(function MATCHES "${personality}")
        message(SEND_ERROR "${level}: ${name} has a personality.")
      endif()
    elseif(function MATCHES "queue_wait5ended[^\n]*:.*${personality}")
      set(has_other TRUE) # so a personality would be seen
    endif()
  endforeach()
  message("${level}: ${seen} functions")
  if(seen LESS 3 OR NOT has_other)
    message(SEND_ERROR "${level}: something to compare is missing.")
  endif()
endforeach()
