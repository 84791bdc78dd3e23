// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// All of the library.

#ifndef FILELOCK_FILELOCK_HPP
#define FILELOCK_FILELOCK_HPP

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/backoff/observing.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/backoff/then.hpp>
#include <filelock/backoff/wait_message.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/conversion.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/error.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/open_options.hpp>
#include <filelock/owner_record.hpp>
#include <filelock/platform/counted.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/native_traits.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/stop_on_loss.hpp>
#include <filelock/testing/fault_script.hpp>
#include <filelock/testing/faulty.hpp>
#include <filelock/version.hpp>

#if FILELOCK_HAS_FORK
#include <filelock/platform/posix_fcntl_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#endif

#endif
