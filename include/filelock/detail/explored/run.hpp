// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// One schedule: owners that take turns as a search says.

#ifndef FILELOCK_DETAIL_EXPLORED_RUN_HPP
#define FILELOCK_DETAIL_EXPLORED_RUN_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/explored/footprint.hpp>
#include <filelock/detail/explored/open_files.hpp>
#include <filelock/detail/explored/owner.hpp>
#include <filelock/detail/explored/search.hpp>
#include <filelock/detail/explored/turns.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// One run of a script, in the order that a search chooses.
class explored_run {
public:
  /// \param trace Gets a line for each step; may be null.
  explored_run(turns& threads, schedule_search& search,
               const run_limits& limits, simulated_world& world,
               std::string* trace)
      : threads_(threads),
        search_(search),
        limits_(limits),
        world_(world),
        trace_(trace),
        files_(world, touched_) {
    search_.begin();
  }

  /// The owner on the calling thread; of no run elsewhere.
  struct actor {
    explored_run* run = nullptr;
    std::size_t number = 0;
  };
  FILELOCK_SHARED_BY_PROCESS static actor& current() noexcept {
    static thread_local actor here;
    return here;
  }

  void add(std::function<void()> function, bool is_process) {
    owners_.emplace_back();
    owners_.back().function = std::move(function);
    owners_.back().is_process = is_process;
  }

  /// Lets the owners run to their ends.
  void run() {
    for (std::size_t each = 0; each != owners_.size(); ++each)
      threads_.begin(each + 1, [this, each] { return live(each); });
    threads_.pass(turns::main, next_turn());
  }

  /// Lets the search choose the owner that goes on.
  /// \returns Whether the calling owner is alive, so that the call has effects.
  bool point(const char* call, std::function<bool()> can_go_on = nullptr,
             bool pauses = false) {
    explored_owner& me = owners_[current().number];
    if (me.is_ghost || forbids_steps_) return !me.is_ghost;
    me.waits_in = call;
    me.can_go_on = std::move(can_go_on);
    me.pauses = pauses;
    threads_.pass(current().number + 1, next_turn());
    me.can_go_on = nullptr;
    me.pauses = false;
    return !me.is_ghost;
  }

  /// Notes what has gone wrong; the first of several. The run ends.
  void fail(const std::string& what) {
    if (is_over_ && !is_complete_) return;
    if (failure_.empty()) failure_ = what;
    is_over_ = true;
  }

  const std::string& failure() const noexcept { return failure_; }
  bool is_complete() const noexcept { return is_complete_; }
  std::uint64_t steps() const noexcept { return steps_; }
  std::uint64_t kills() const noexcept { return kills_; }
  std::size_t forks() const noexcept { return files_.children().size(); }
  footprint& touched() noexcept { return touched_; }
  simulated_world& world() noexcept { return world_; }
  const std::vector<explored_owner>& owners() const noexcept { return owners_; }
  explored_owner& me() { return owners_[current().number]; }
  process_id my_process() {
    return me().is_process ? static_cast<process_id>(current().number + 2)
                           : simulated_world::this_process;
  }
  explored_files& files() noexcept { return files_; }

  /// Makes each point() of the calling owner return at once, or not.
  void forbid_steps(bool forbids) noexcept { forbids_steps_ = forbids; }

  /// \returns A number of the name, the same in all runs.
  static std::uint64_t number_of(const std::filesystem::path& name) {
    return std::filesystem::hash_value(name);
  }

  std::uint64_t number_of_file(simulated_handle handle) const {
    return world_.files.find(handle) ? world_.files.number_of(handle) : 0;
  }

  /// \returns Whether the path named the file after the grant. A moment is
  /// enough.
  bool was_named_when_granted(simulated_handle handle) {
    const explored_file* const file = files_.find(handle);
    return file && (world_.files.names(file->path, handle) ||
                    file->lost_at > file->granted_at);
  }

  bool is_traced() const noexcept { return trace_ != nullptr; }

  void note(const std::string& line) {
    write_line(owner_name(current().number), line);
  }

private:
  void write_line(const std::string& who, const std::string& what) {
    if (trace_) *trace_ += who + "  " + what + '\n';
  }

  // ---- On the thread of an owner ----

  std::size_t live(std::size_t number) {
    current() = {this, number};
    simulated_world::current() = &world_;
    virtual_time() = &world_.events.now();
    explored_owner& me = owners_[number];
    try {
      me.function();
      if (!me.is_ghost && me.is_process && files_.first_of(number))
        fail(owner_name(number) + " has ended, and has a file open");
    } catch (const std::exception& thrown) {
      if (!me.is_ghost)
        fail(owner_name(number) + " has thrown: " + thrown.what());
    }
    if (!me.is_ghost) note("ends");
    me.has_ended = true;
    const std::size_t next = next_turn();
    virtual_time() = nullptr;
    simulated_world::current() = nullptr;
    current() = {};
    return next;
  }

  // ---- On the thread whose turn ends ----

  /// \returns The thread that goes on.
  std::size_t next_turn() {
    if (!is_over_ && started_ != owners_.size()) return ++started_;
    if (!is_over_) {
      if (touched_.writes_names()) files_.note_lost_names(steps_);
      while (const std::optional<choice> next = choose())
        if (const std::optional<std::size_t> thread = make(*next))
          return *thread;
    }
    for (std::size_t each = 0; each != started_; ++each)
      if (!owners_[each].has_ended) {
        owners_[each].is_ghost = true;
        return each + 1;
      }
    return turns::main;
  }

  /// \returns What happens; nothing if the run is over.
  std::optional<choice> choose() {
    const std::vector<choice> options = possible();
    if (options.empty()) {
      is_complete_ = have_ended(owners_);
      if (!is_complete_) fail("nobody can go on:" + waits_of(owners_));
      search_.end_step(touched_);
    } else if (steps_ == limits_.steps) {
      fail("no end after many steps:" + waits_of(owners_));
    } else if (const auto next = search_.choose(options, touched_)) {
      return next;
    }
    is_over_ = true;
    return std::nullopt;
  }

  /// \returns The thread that goes on. Nothing if the search must choose again.
  std::optional<std::size_t> make(const choice& next) {
    touched_.clear();
    ++steps_;
    if (next.what == choice::kind::fork) {
      files_.fork(next.number);
      write_line(owner_name(next.number), "forks");
      return std::nullopt;
    }
    if (next.what == choice::kind::child_end) {
      files_.end_child(next.number);
      write_line(std::string(1, next.letter()), "ends");
      return std::nullopt;
    }
    explored_owner& chosen = owners_[next.number];
    if (last_ && next.number != *last_ && owners_[*last_].is_ready())
      ++preemptions_;
    last_ = next.number;
    if (next.what == choice::kind::kill) {
      kill(next.number);
    } else if (chosen.can_end_pause()) {
      ++chosen.early_ends;
    }
    return next.number + 1;
  }

  void kill(std::size_t number) {
    explored_owner& killed = owners_[number];
    ++kills_;
    touched_.write(shared_thing::kind::kills);
    killed.is_ghost = true;
    killed.awaited_file.reset();
    files_.close_all(number);
    write_line(owner_name(number), "is killed");
  }

  /// The one that ran last comes first: so the search begins with few switches.
  std::vector<choice> possible() const {
    std::vector<choice> result;
    const bool may_preempt = preemptions_ < limits_.preemptions;
    const bool goes_on = last_ && owners_[*last_].is_ready();
    if (goes_on) result.push_back({*last_});
    if (!goes_on || may_preempt) {
      bool is_urgent = goes_on;
      for (std::size_t each = 0; each != owners_.size(); ++each) {
        if (!owners_[each].is_ready() || each == last_) continue;
        result.push_back({each});
        is_urgent = true;
      }
      for (std::size_t each = 0; each != owners_.size(); ++each)
        if (owners_[each].can_end_pause() &&
            (!is_urgent || owners_[each].early_ends < limits_.early_ends))
          result.push_back({each});
    }
    for (std::size_t each = 0; each != forks(); ++each)
      if (files_.children()[each])
        result.push_back({each, choice::kind::child_end});
    // That somebody may be killed, or may fork, is no way out.
    if (result.empty()) return result;
    for (std::size_t each = 0; each != owners_.size(); ++each) {
      if (owners_[each].has_ended || !owners_[each].is_process) continue;
      if (kills_ < limits_.kills) result.push_back({each, choice::kind::kill});
      if (forks() < limits_.forks && files_.first_of(each))
        result.push_back({each, choice::kind::fork});
    }
    return result;
  }

  turns& threads_;
  schedule_search& search_;
  const run_limits& limits_;
  simulated_world& world_;
  std::string* trace_;
  std::vector<explored_owner> owners_;
  explored_files files_;
  std::size_t started_ = 0;
  std::optional<std::size_t> last_; // the owner that made the last step
  std::uint64_t steps_ = 0;
  std::uint64_t preemptions_ = 0;
  std::uint64_t kills_ = 0;
  footprint touched_;
  std::string failure_;
  bool forbids_steps_ = false;
  bool is_over_ = false;
  bool is_complete_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
