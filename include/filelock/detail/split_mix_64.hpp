// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// SplitMix64, for pauses and for the simulation. Not <random>: with it,
/// filelock.hpp costs a quarter more to compile, see bench/compile_cost.py.

#ifndef FILELOCK_DETAIL_SPLIT_MIX_64_HPP
#define FILELOCK_DETAIL_SPLIT_MIX_64_HPP

#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A random number generator: https://doi.org/10.1145/2660193.2660195
class split_mix_64 {
public:
  explicit constexpr split_mix_64(std::uint64_t seed) noexcept : state_(seed) {}

  /// \returns The next number.
  constexpr std::uint64_t operator()() noexcept {
    state_ += 0x9e3779b97f4a7c15;
    return mixed(state_);
  }

  /// \returns A number whose every bit depends on every bit of `value`.
  static constexpr std::uint64_t mixed(std::uint64_t value) noexcept {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

private:
  std::uint64_t state_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
