// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What one step of an owner reads and writes. Two steps that touch nothing in
/// common have the same effect in both orders, so one order is enough.

#ifndef FILELOCK_DETAIL_EXPLORED_FOOTPRINT_HPP
#define FILELOCK_DETAIL_EXPLORED_FOOTPRINT_HPP

#include <cstdint>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A thing that owners share.
struct shared_thing {
  enum class kind {
    name,    ///< which file a path names
    lock,    ///< who holds the lock of a file
    waiters, ///< whether somebody waits for it
    content, ///< the bytes of a file
    clock,   ///< the virtual time
    use,     ///< what the owners do with the lock held
    memory,  ///< what the threads of a process share
    kills,   ///< how many owners were killed
    forks    ///< how many children there were
  };
  kind what;
  std::uint64_t number; ///< of the name, or of the file
};

class footprint {
public:
  void read(shared_thing::kind what, std::uint64_t number = 0) {
    touches_.push_back({{what, number}, false});
  }
  void write(shared_thing::kind what, std::uint64_t number = 0) {
    touches_.push_back({{what, number}, true});
  }
  void touch(shared_thing::kind what, std::uint64_t number, bool writes) {
    touches_.push_back({{what, number}, writes});
  }

  /// Says that the step may touch anything.
  void write_all() noexcept { touches_all_ = true; }

  void clear() noexcept {
    touches_.clear();
    touches_all_ = false;
  }

  /// \returns Whether the step may have changed which file a path names.
  bool writes_names() const noexcept {
    for (const touch_of& each : touches_)
      if (each.writes && each.thing.what == shared_thing::kind::name)
        return true;
    return touches_all_;
  }

  /// \returns Whether the order of the two steps matters.
  friend bool conflict(const footprint& a, const footprint& b) noexcept {
    if (a.touches_all_ || b.touches_all_) return true;
    for (const touch_of& x : a.touches_)
      for (const touch_of& y : b.touches_)
        if ((x.writes || y.writes) && x.thing.what == y.thing.what &&
            x.thing.number == y.thing.number)
          return true;
    return false;
  }

private:
  struct touch_of {
    shared_thing thing;
    bool writes;
  };

  std::vector<touch_of> touches_;
  bool touches_all_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
