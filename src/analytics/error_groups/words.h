// SPDX-License-Identifier: Apache-2.0
// What a word says about itself, without its message. All functions are pure and look at ASCII
// letters only; words of other alphabets are plain words.
#pragma once

#include <string_view>

namespace sightline::analytics {

// True for words that an author writes and a value hardly ever is: words of grammar ("not",
// "from"), of outcome ("missing", "invalid"), and forms of verbs ("filtered", "spawning"). Two
// messages that differ in such a word say different things.
bool IsAuthorsWord(std::string_view word);

// True for lower-case or capitalised words of letters and hyphens that are not an author's word:
// names, nouns, adjectives, which may be the value of something.
bool MayBeValue(std::string_view word);

// The same, lower case only: a capital begins a sentence.
bool MayBeFreeText(std::string_view word);

// True for words of several parts: get_order, OrderAgent, torch.nn, team/token. Names in capitals
// (RESOURCE_EXHAUSTED) are codes, thus plain words.
bool IsCompoundName(std::string_view word);

// sendRequest: compound, and begins in lower case. As the first word of a message it is the
// function that writes it.
bool IsFunctionName(std::string_view word);

// KeyError, java.net.ConnectException: the class of a problem.
bool IsErrorClass(std::string_view word);

bool IsArticle(std::string_view word);

}  // namespace sightline::analytics
