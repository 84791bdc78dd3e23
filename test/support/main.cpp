// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The main function of a room's tests.

#define BOOST_TEST_MODULE filelock
#include <boost/test/unit_test.hpp>
