# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# cmake -D folder=... -D compiler=... -D generator=... -D make_program=...
#       -D standard=... -P bare_machine.cmake
#
# Passes if the library can be configured, installed and used where PATH leads
# to CMake, a compiler and a build program alone, and no package is found.

cmake_path(SET source NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../..)

file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder}/bin)
find_program(assembler as REQUIRED)
find_program(linker ld REQUIRED)
foreach(program IN ITEMS ${CMAKE_COMMAND} ${compiler} ${make_program}
                         ${assembler} ${linker})
  cmake_path(GET program FILENAME name)
  file(CREATE_LINK ${program} ${folder}/bin/${name} SYMBOLIC)
endforeach()
set(ENV{PATH} ${folder}/bin)
set(ENV{CMAKE_PREFIX_PATH})
set(ENV{PKG_CONFIG_PATH})
set(ENV{CMAKE_CXX_COMPILER_LAUNCHER})

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT
                          COMMAND_ERROR_IS_FATAL ANY)
endfunction()

cmake_path(GET compiler FILENAME compiler)
set(options -G ${generator} -D CMAKE_CXX_COMPILER=${compiler})
foreach(package IN ITEMS Boost Python Python3 PkgConfig benchmark)
  list(APPEND options -D CMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
run(cmake -S ${source} -B ${folder}/build ${options})
run(cmake --install ${folder}/build --prefix ${folder}/prefix)
if(NOT EXISTS ${folder}/prefix/share/doc/filelock/LICENSE_1_0.txt)
  message(FATAL_ERROR "The licence is not installed")
endif()

list(APPEND options -D CMAKE_PREFIX_PATH=${folder}/prefix
     -D CMAKE_CXX_STANDARD=${standard} -D WITH_BOOST=OFF)
run(cmake -S ${CMAKE_CURRENT_LIST_DIR} -B ${folder}/consumer ${options})
run(cmake --build ${folder}/consumer)
run(${CMAKE_COMMAND} -E chdir ${folder}/consumer ./consumer)

# The compiler itself finds the headers of Boost in the folders of the system.
execute_process(
  COMMAND ${compiler} -std=c++${standard} -I${folder}/prefix/include -M
          ${CMAKE_CURRENT_LIST_DIR}/main.cpp
  OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "[^ ]*/boost/[^ \n]*" header "${headers}")
if(NOT headers MATCHES "filelock.hpp" OR header)
  message(FATAL_ERROR "The library includes ${header}")
endif()
