// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The search through all schedules, depth first. A schedule is a list of
/// choices. The search remembers the choices of the last schedule, and for each
/// of them what else could have been chosen. The next schedule repeats the last
/// one up to a choice that has another possibility.

#ifndef FILELOCK_DETAIL_EXPLORED_SEARCH_HPP
#define FILELOCK_DETAIL_EXPLORED_SEARCH_HPP

#include <filelock/detail/explored/footprint.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What happens next.
struct choice {
  enum class kind {
    step,     ///< an owner makes its next step
    kill,     ///< an owner is killed
    fork,     ///< an owner gets a child, which has copies of its open files
    child_end ///< a child closes its copies
  };
  std::size_t number; ///< of the owner; of the child, for its end
  kind what = kind::step;

  /// \returns A letter for the choice. 'A' is a step of the first owner, 'a'
  /// its death, '0' its fork, and 'N' the end of the first child.
  char letter() const noexcept {
    constexpr char first[] = {'A', 'a', '0', 'N'};
    return static_cast<char>(first[static_cast<std::size_t>(what)] +
                             static_cast<int>(number));
  }
  /// \returns Whether one process makes both.
  bool is_of_same_process(const choice& other) const noexcept {
    return number == other.number &&
           (what == kind::child_end) == (other.what == kind::child_end);
  }
  friend bool operator==(const choice& a, const choice& b) noexcept {
    return a.number == b.number && a.what == b.what;
  }
};

/// Chooses schedules, and leaves out equivalent ones. Two are equivalent if
/// they only differ in the order of steps that do not conflict. By sleep sets:
/// P. Godefroid, Partial-Order Methods for the Verification of Concurrent
/// Systems, 1996, chapter 5.
class schedule_search {
public:
  /// \param reduces Whether such schedules are left out.
  explicit schedule_search(bool reduces) : reduces_(reduces) {}
  /// Searches nothing, and repeats one schedule.
  explicit schedule_search(std::string replayed)
      : reduces_(false), replayed_(std::move(replayed)) {}

  /// Begins the next schedule.
  void begin() noexcept { depth_ = 0; }

  /// \param possible All that can happen now, in the order of the search.
  /// \param before What the last step touched.
  /// \returns What happens; nothing if all of it was explored in another order.
  std::optional<choice> choose(const std::vector<choice>& possible,
                               const footprint& before) {
    end_step(before);
    if (depth_ == states_.size()) {
      state next = state_of(possible, before);
      if (!select_next(next)) return std::nullopt;
      states_.push_back(std::move(next));
    }
    if (!is_as_before(possible)) return std::nullopt;
    const state& here = states_[depth_++];
    return here.options[here.selected].what;
  }

  /// Ends the last step of the schedule.
  void end_step(const footprint& touched) {
    if (depth_ == 0) return;
    state& last = states_[depth_ - 1];
    last.options[last.selected].touched = touched;
  }

  /// \returns Whether there is another schedule.
  bool advance() {
    while (!states_.empty()) {
      state& last = states_.back();
      last.options[last.selected].is_done = true;
      if (select_next(last)) return true;
      states_.pop_back();
    }
    return false;
  }

  /// \returns The schedule, a letter for each choice.
  std::string schedule() const {
    std::string result;
    for (const state& each : states_)
      result += each.options[each.selected].what.letter();
    return result;
  }

  /// \returns Whether a schedule was repeated, and something else was possible.
  bool has_diverged() const noexcept { return has_diverged_; }

private:
  struct option {
    choice what;
    bool is_done;      // explored from here, or from an earlier state
    footprint touched; // once it is done
  };
  struct state {
    std::vector<option> options;
    std::size_t selected = 0;
  };

  static bool select_next(state& from) noexcept {
    for (from.selected = 0; from.selected != from.options.size();
         ++from.selected)
      if (!from.options[from.selected].is_done) return true;
    return false;
  }

  /// \returns The state after a step. What was done in the state before is done
  /// here too, unless it conflicts with that step.
  state state_of(const std::vector<choice>& possible,
                 const footprint& before) const {
    state result;
    for (const choice& each : possible) {
      const option* const done = depth_ != 0 ? done_before(each) : nullptr;
      if (done && !conflict(done->touched, before))
        result.options.push_back({each, true, done->touched});
      else
        result.options.push_back({each, false, {}});
    }
    return result;
  }

  const option* done_before(const choice& what) const noexcept {
    if (!reduces_) return nullptr;
    const state& last = states_[depth_ - 1];
    if (last.options[last.selected].what.is_of_same_process(what))
      return nullptr;
    for (const option& each : last.options)
      if (each.is_done && each.what == what) return &each;
    return nullptr;
  }

  /// Selects what the replayed schedule says.
  /// \returns Whether the state is the one of the earlier run.
  bool is_as_before(const std::vector<choice>& possible) {
    state& here = states_[depth_];
    bool is_same = possible.size() == here.options.size();
    for (std::size_t each = 0; is_same && each != possible.size(); ++each)
      is_same = possible[each] == here.options[each].what;
    if (is_same && depth_ < replayed_.size()) {
      is_same = false;
      for (std::size_t each = 0; each != possible.size(); ++each)
        if (possible[each].letter() == replayed_[depth_]) {
          here.selected = each;
          is_same = true;
        }
    }
    if (!is_same) has_diverged_ = true;
    return is_same;
  }

  bool reduces_;
  std::string replayed_;
  bool has_diverged_ = false;
  std::vector<state> states_;
  std::size_t depth_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
