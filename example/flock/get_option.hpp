// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// getopt_long(3): the system's, or a small one of our own where it has none.

#ifndef FILELOCK_EXAMPLE_FLOCK_GET_OPTION_HPP
#define FILELOCK_EXAMPLE_FLOCK_GET_OPTION_HPP

#include <string>

#if __has_include(<getopt.h>) && !defined(FLOCK_OWN_GETOPT)

#include <getopt.h>

namespace flock_program {
using ::getopt_long;
using ::optarg;
using ::opterr;
using ::optind;
using ::option;
using ::optopt;
} // namespace flock_program

#else

#include <cstddef>
#include <cstring>

namespace flock_program {

struct option {
  const char* name;
  int has_arg;
  int* flag;
  int val;
};
inline constexpr int no_argument = 0;
inline constexpr int required_argument = 1;

inline int optind = 1;
inline int opterr = 0;
inline int optopt = 0; // the letter that is refused
inline char* optarg = nullptr;

/// \returns The option of `word`, which begins with two dashes. An abbreviation
/// must be of one option only. Null if there is none.
inline const option* find_long(const option* all, const char* word) {
  const char* const name = word + 2;
  const std::size_t length = std::strcspn(name, "=");
  const option* found = nullptr;
  for (const option* each = all; each->name; ++each) {
    if (std::strncmp(each->name, name, length) != 0) continue;
    if (std::strlen(each->name) == length) return each;
    if (found && found->val != each->val) return nullptr;
    found = each;
  }
  return found;
}

inline int get_long(char** argv, const option* all) {
  char* const word = argv[optind++];
  const option* const found = find_long(all, word);
  char* const value = std::strchr(word, '=');
  if (!found || (value && found->has_arg == no_argument)) return '?';
  optarg = nullptr;
  if (found->has_arg == no_argument) return found->val;
  optarg = value ? value + 1 : argv[optind];
  if (!optarg) return ':';
  if (!value) ++optind;
  return found->val;
}

/// As that of <getopt.h>, for `letters` that begin with "+:".
inline int getopt_long(int argc, char** argv, const char* letters,
                       const option* all, int*) {
  static int next = 1; // the letter in a word with several
  if (optind >= argc) return -1;
  char* const word = argv[optind];
  if (next == 1) {
    if (word[0] != '-' || word[1] == '\0') return -1;
    if (std::strcmp(word, "--") == 0) {
      ++optind;
      return -1;
    }
    if (word[1] == '-') return get_long(argv, all);
  }
  const char letter = word[next++];
  optopt = letter;
  const bool is_last = word[next] == '\0';
  const char* const known =
      letter == ':' ? nullptr : std::strchr(letters + 2, letter);
  const bool has_value = known && known[1] == ':';
  char* const rest = word + next;
  if (is_last || has_value) {
    ++optind;
    next = 1;
  }
  if (!known) return '?';
  if (!has_value) return letter;
  optarg = is_last ? argv[optind] : rest;
  if (!optarg) return ':';
  if (is_last) ++optind;
  return letter;
}

} // namespace flock_program

#endif

namespace flock_program {

/// \returns What is wrong with `word`, which begins with two dashes and which
/// getopt_long() refuses.
inline std::string fault_of_long_option(const option* all,
                                        const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::string candidates;
  const option* first = nullptr;
  bool is_ambiguous = false;
  for (const option* each = all; each->name; ++each) {
    const std::string full = std::string("--") + each->name;
    if (full.compare(0, name.size(), name) != 0) continue;
    if (full == name) return "option '" + full + "' takes no value";
    if (!first) first = each;
    is_ambiguous = is_ambiguous || each->val != first->val;
    candidates += (candidates.empty() ? "" : ", ") + full;
  }
  if (is_ambiguous) return "option '" + name + "' may be " + candidates;
  if (first) return "option '" + candidates + "' takes no value";
  return "unrecognized option '" + word + "'";
}

/// \returns What is wrong with `word`, for which getopt_long() returned
/// `result`.
inline std::string fault_of_option(const option* all, const std::string& word,
                                   int result) {
  const bool is_long = word.compare(0, 2, "--") == 0;
  // One of several letters, perhaps.
  const std::string said =
      is_long ? word : std::string("-") + static_cast<char>(optopt);
  if (result == ':') return "option '" + said + "' requires an argument";
  return is_long ? fault_of_long_option(all, word)
                 : "unrecognized option '" + said + "'";
}

} // namespace flock_program

#endif
