// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Random delays, so that waiters that began together do not come back
/// together.

#ifndef FILELOCK_BACKOFF_JITTERED_HPP
#define FILELOCK_BACKOFF_JITTERED_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/policy_adaptor.hpp>
#include <filelock/detail/policy_traits.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>

namespace filelock {

/// How much of a delay is left to chance.
enum class jitter {
  full, ///< all of it: between zero and the delay
  equal ///< half of it: between half of the delay and the delay
};

/// A random number generator that seeds itself at its first call, so each copy
/// of an unused one has its own sequence.
class self_seeding_generator {
public:
  /// What a UniformRandomBitGenerator has.
  /// @{
  using result_type = std::minstd_rand::result_type;
  static constexpr result_type(min)() { return (std::minstd_rand::min)(); }
  static constexpr result_type(max)() { return (std::minstd_rand::max)(); }
  /// @}

  /// \throws What std::random_device throws, at the first call.
  result_type operator()() {
    if (!engine_) engine_.emplace(std::random_device()());
    return (*engine_)();
  }

private:
  std::optional<std::minstd_rand> engine_;
};

/// BackoffPolicy, with delays of which a part is left to chance.
/// \tparam Generator A UniformRandomBitGenerator.
template <class BackoffPolicy, class Generator = self_seeding_generator>
class jittered : public detail::policy_adaptor<BackoffPolicy> {
public:
  /// As BackoffPolicy says.
  static constexpr bool observes_wait = detail::observes_wait_v<BackoffPolicy>;

  jittered() = default;

  /// \param generator is copied with the policy: one that was seeded gives each
  /// wait the same sequence.
  explicit jittered(BackoffPolicy policy, jitter kind = jitter::full,
                    Generator generator = Generator())
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        generator_(std::move(generator)),
        kind_(kind) {}

  /// \returns A random part of what the inner policy answers, never more.
  std::optional<std::chrono::nanoseconds> operator()(const wait_state& state) {
    const std::optional<std::chrono::nanoseconds> delay =
        this->ask_inner(state);
    if (!delay) return delay;
    const std::int64_t most = delay->count();
    std::uniform_int_distribution<std::int64_t> part(
        kind_ == jitter::full ? 0 : most / 2, most);
    return std::chrono::nanoseconds(part(generator_));
  }

private:
  Generator generator_;
  jitter kind_ = jitter::full;
};

} // namespace filelock

#endif
