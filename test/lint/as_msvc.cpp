// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The headers for Windows, as much as clang can read them in the way of
// Microsoft's compiler. scripts/lint compiles this with -fms-extensions: once
// with names looked up in two phases, as /permissive- does, and once with
// -fdelayed-template-parsing, as /permissive does.

// Those of other libraries, which are written for the compiler at hand. The
// script collects the names.
#include "foreign_headers.hpp"

#undef __GNUC__
#undef __GNUG__
#undef __clang__
#undef __MINGW32__
#undef __MINGW64__
#define _MSC_VER 1940
// https://learn.microsoft.com/cpp/build/reference/zc-cplusplus
#undef __cplusplus
#define __cplusplus 199711L

// MinGW makes macros of these. The compiler knows the words.
#undef __forceinline
#undef __declspec
#undef BOOST_SYMBOL_IMPORT
#define BOOST_SYMBOL_IMPORT __declspec(dllimport)
#define __attribute__(x) there_is_no_attribute_of_gnu
#define __extension__ there_is_no_extension_of_gnu
#define __typeof__(x) there_is_no_typeof_of_gnu

// <windows.h>, without NOMINMAX. boost-no-inspect: inspect wants none of them.
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define small char
#define interface struct

#include "own_headers.hpp"
#include "use_locks.hpp"

template void use_locks<filelock::win_overlapped_traits>();
