# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# cmake -D folder=... -D prefix=... -D compiler=... -P module.cmake
#
# Passes if programs that import the installed module can be built and run: by
# the commands of doc/install.md, word for word but for the name of the compiler.

file(READ ${CMAKE_CURRENT_LIST_DIR}/../../doc/install.md page)
if(NOT page MATCHES "```sh\n([^`]*--precompile[^`]*)```")
  message(FATAL_ERROR "doc/install.md has no commands for the module")
endif()
string(REPLACE "clang++-19" "${compiler} -Wall -Wextra -Werror" commands
               "${CMAKE_MATCH_1}")

set(ENV{PKG_CONFIG_PATH} ${prefix}/share/pkgconfig)
# run_commands(name commands): in a folder with the sources, and then ./app
function(run_commands name commands)
  file(REMOVE_RECURSE ${folder}/${name})
  file(COPY ${CMAKE_CURRENT_LIST_DIR}/module/ DESTINATION ${folder}/${name})
  execute_process(COMMAND sh -e -c "${commands}\n./app"
                  WORKING_DIRECTORY ${folder}/${name} COMMAND_ECHO STDOUT
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()
run_commands(imported "${commands}")

# The types of the module are those of the headers, in one program.
string(REPLACE " app.cpp " " importing.cpp including.cpp " both "${commands}")
if(both STREQUAL commands)
  message(FATAL_ERROR "The commands compile no app.cpp")
endif()
run_commands(beside_headers "${both}")
