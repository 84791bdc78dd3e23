// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// jittered: random delays, so that waiters that began together do not all come
/// back at the same time.

#ifndef FILELOCK_BACKOFF_JITTERED_HPP
#define FILELOCK_BACKOFF_JITTERED_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/split_mix_64.hpp>
#include <filelock/detail/wait/policy_adaptor.hpp>
#include <filelock/detail/wait/policy_traits.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace filelock {
inline namespace v1 {

/// How much of a delay is random.
enum class jitter {
  full, ///< all of it: between zero and the delay
  equal ///< half of it: between half of the delay and the delay
};

/// A random number generator that seeds itself. It does so at its first call,
/// so each copy of an unused one has its own sequence. For pauses, not for
/// secrets: the seed mixes the time in nanoseconds, the address of the
/// generator and the number of generators that were seeded before.
class self_seeding_generator {
public:
  /// The members of a UniformRandomBitGenerator.
  /// @{
  using result_type = std::uint64_t;
  static constexpr result_type(min)() { return 0; }
  static constexpr result_type(max)() { return ~result_type(); }
  /// @}

  /// \returns The next number.
  result_type operator()() noexcept {
    if (!is_seeded_) numbers_ = detail::split_mix_64(seed());
    is_seeded_ = true;
    return numbers_();
  }

private:
  std::uint64_t seed() const noexcept {
    constexpr auto mixed = &detail::split_mix_64::mixed;
    static std::atomic<std::uint64_t> seeded{0};
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    const std::uint64_t number = seeded.fetch_add(1, std::memory_order_relaxed);
    std::uint64_t result = mixed(static_cast<std::uint64_t>(time.count()));
    result = mixed(result ^ reinterpret_cast<std::uintptr_t>(this));
    return mixed(result ^ number);
  }

  detail::split_mix_64 numbers_{0};
  bool is_seeded_ = false;
};

namespace detail {

/// \returns A number from `low` to `high`. All are equally likely, as far as
/// the numbers of `generator` are fine enough to distinguish them.
template <class Generator>
std::int64_t random_between(std::int64_t low, std::int64_t high,
                            Generator& generator) {
  using number = typename Generator::result_type;
  constexpr number least = (Generator::min)();
  constexpr long double numbers =
      static_cast<long double>((Generator::max)() - least) + 1;
  const long double share =
      static_cast<long double>(number(generator() - least)) / numbers;
  const long double last = static_cast<long double>(high - low);
  const long double part = share * (last + 1);
  // The share may be 1 if long double is no wider than double.
  return part < last ? low + static_cast<std::int64_t>(part) : high;
}

} // namespace detail

/// BackoffPolicy with delays that are random in part.
/// \tparam Generator A UniformRandomBitGenerator.
template <class BackoffPolicy, class Generator = self_seeding_generator>
class jittered : public detail::policy_adaptor<BackoffPolicy> {
public:
  /// Whether the inner policy observes the wait.
  static constexpr bool observes_wait = detail::observes_wait_v<BackoffPolicy>;

  jittered() = default;

  /// \param generator is copied with the policy: one that is seeded already
  /// gives each wait the same sequence.
  explicit jittered(BackoffPolicy policy, jitter kind = jitter::full,
                    Generator generator = Generator())
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        generator_(std::move(generator)),
        kind_(kind) {}

  /// \returns A random part of the inner policy's delay: never more. Throws:
  /// what the inner policy and the generator throw.
  std::optional<std::chrono::nanoseconds> operator()(const wait_state& state) {
    const std::optional<std::chrono::nanoseconds> delay =
        this->ask_inner(state);
    if (!delay) return delay;
    const std::int64_t most = delay->count();
    return std::chrono::nanoseconds(detail::random_between(
        kind_ == jitter::full ? 0 : most / 2, most, generator_));
  }

private:
  Generator generator_;
  jitter kind_ = jitter::full;
};

} // namespace v1
} // namespace filelock

#endif
