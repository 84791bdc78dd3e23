// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A class with a member that nobody has described.

/// A class.
class half_documented {
public:
  /// A member.
  void with_words();

  void without_words();
};
