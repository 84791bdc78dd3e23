# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A toolchain file: clang 19 with libc++ 19, where scripts/fetch-libcxx-19 puts it.

include(${CMAKE_CURRENT_LIST_DIR}/other_linux.cmake)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
set(libcxx ${root}/build/libcxx-19/usr/lib/llvm-19)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_CXX_FLAGS_INIT "-nostdinc++ -isystem ${libcxx}/include/c++/v1")
foreach(kind IN ITEMS EXE MODULE)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT
      "-stdlib=libc++ -L${libcxx}/lib -Wl,-rpath,${libcxx}/lib")
endforeach()
