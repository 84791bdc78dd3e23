// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The type-erased callback of a simulation. Not std::function: <functional>
/// would cost as much to compile as a third of <filesystem>, see
/// bench/compile_cost.py.

#ifndef FILELOCK_DETAIL_SIMULATED_CALLBACK_HPP
#define FILELOCK_DETAIL_SIMULATED_CALLBACK_HPP

#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A function object of any type, or none.
template <class... Arguments>
class callback {
public:
  callback() = default;

  template <class Function,
            class = std::enable_if_t<!std::is_same_v<Function, callback>>>
  callback(Function function)
      : target_(new target_of<Function>(std::move(function))) {}

  callback(callback&& other) noexcept
      : target_(std::exchange(other.target_, nullptr)) {}
  callback& operator=(callback&& other) noexcept {
    std::swap(target_, other.target_);
    return *this;
  }
  ~callback() { delete target_; }

  explicit operator bool() const noexcept { return target_ != nullptr; }

  /// Calls the function object. Preconditions: there is one.
  void operator()(Arguments... arguments) const { target_->call(arguments...); }

private:
  struct target {
    virtual ~target() = default;
    virtual void call(Arguments... arguments) = 0;
  };

  template <class Function>
  struct target_of final : target {
    explicit target_of(Function&& from) : function(std::move(from)) {}
    void call(Arguments... arguments) override { function(arguments...); }
    Function function;
  };

  target* target_ = nullptr;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
