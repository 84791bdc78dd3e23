// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Builds adaptors of Platforms from layers: one for each optional member.

#ifndef FILELOCK_DETAIL_PLATFORM_LAYER_HPP
#define FILELOCK_DETAIL_PLATFORM_LAYER_HPP

#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

// Not templates with conditions: is_platform_v asks for a member by its name
// alone, so it must be a plain function, and absent if P does not have it.

/// P, or a layer over it. If P does not have the member, the layer is only
/// named, and so need not compile.
template <template <class> class Layer, bool is_there, class P>
using layer = std::conditional_t<is_there, Layer<P>, P>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
