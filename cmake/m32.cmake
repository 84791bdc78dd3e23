# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A toolchain file: programs of 32 bits by the g++ of this machine, with Debian's
# g++-12-multilib.

include(${CMAKE_CURRENT_LIST_DIR}/other_linux.cmake)
set(CMAKE_CXX_COMPILER g++)
# g++-multilib, which conflicts with the compilers for other processors, has a
# link to <asm/errno.h> and its like.
set(CMAKE_CXX_FLAGS_INIT "-m32 -isystem /usr/include/x86_64-linux-gnu")
# Many kernels run no programs of 32 bits.
execute_process(COMMAND /lib/ld-linux.so.2 --version
                RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
if(NOT result EQUAL 0)
  set(CMAKE_CROSSCOMPILING_EMULATOR /usr/bin/qemu-i386)
endif()
