// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program for Boost, which is switched by what it links.

#include <boost/interprocess/sync/file_lock.hpp>

#include <type_traits>

static_assert(std::is_base_of_v<filelock::interprocess::file_lock,
                                boost::interprocess::file_lock>);

int main() { boost::interprocess::file_lock(); }
