// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The library as a module of C++20, `import filelock;`: each public name of
// <filelock/filelock.hpp>. A module exports no macros, so a program that asks
// for the version also includes <filelock/version.hpp>.
//
// The headers stay outside of the module, in its global fragment. So a type is
// the same one for a source that imports it and for one that includes a header.

module;

#include <filelock/filelock.hpp>

export module filelock;

export namespace filelock {

// Locks
using filelock::adopt_handle;
using filelock::adopt_handle_t;
using filelock::basic_file_lock;
using filelock::basic_file_mutex;
using filelock::file_lock;
using filelock::file_lock_with;
using filelock::file_mutex;
using filelock::queued_file_lock;
using filelock::queued_file_lock_with;
#if FILELOCK_HAS_ROBUST_LOCK
using filelock::robust_file_lock;
#endif

// What a user passes or gets
using filelock::byte_range;
using filelock::cancel_source;
using filelock::canceller;
using filelock::conversion;
using filelock::lock_mode;
using filelock::lock_ownership;
using filelock::lock_request;
using filelock::name_memory;
using filelock::open_options;
using filelock::stop_on_loss;

// Errors
using filelock::error_handler;
using filelock::print_error;
using filelock::set_error_handler;

// The record of the owner
using filelock::clear_owner;
using filelock::foreign_content;
using filelock::longest_owner_text;
using filelock::owner_record;
using filelock::process_id;
using filelock::read_owner;
using filelock::write_owner;

// Policies
using filelock::backoff_policy;
using filelock::constant_backoff;
using filelock::default_backoff;
using filelock::exponential_backoff;
using filelock::is_backoff_policy_v;
using filelock::jitter;
using filelock::jittered;
using filelock::limited;
using filelock::notified;
using filelock::observed;
using filelock::observing;
using filelock::print_wait_message;
using filelock::proportional_backoff;
using filelock::self_seeding_generator;
using filelock::then;
using filelock::wait_message;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::wait_subject;
using filelock::why_no_backoff_policy_v;
using filelock::yield_backoff;

// Platforms
using filelock::counted;
using filelock::fifo;
using filelock::is_platform_v;
using filelock::marked;
using filelock::native_traits;
using filelock::platform;
using filelock::polled;
using filelock::token_survives;
using filelock::why_no_platform_v;
#if FILELOCK_HAS_FORK
using filelock::posix_fcntl_traits;
using filelock::posix_file;
using filelock::posix_flock_traits;
using filelock::queued;
#if FILELOCK_HAS_OFD_LOCKS
using filelock::posix_ofd_traits;
#endif
#if FILELOCK_HAS_ROBUST_MUTEX
using filelock::posix_robust_traits;
#endif
#else
using filelock::basic_win_mutex_traits;
using filelock::win_file;
using filelock::win_local_mutex_traits;
using filelock::win_locking_traits;
using filelock::win_mutex_traits;
using filelock::win_namespace;
using filelock::win_overlapped_traits;
#endif

// Tests with faults
using filelock::call_numbers;
using filelock::every_call;
using filelock::fault_scope;
using filelock::fault_script;
using filelock::faulty;
using filelock::first_calls;
using filelock::nth_call;
using filelock::platform_call;

} // namespace filelock
