// Members of a request's body: what is not there stays as it was, null clears it, another kind is 400.
#pragma once

#include "api/problem.h"
#include "base/time.h"

#include <optional>
#include <span>
#include <vector>

namespace fengsui::api {

inline constexpr std::size_t kLongestText = 2000;

/// 422 naming a member that is missing or will not do.
Problem guard_failed(std::string_view field, std::string detail);
/// 422 for an id in a body that is unknown or outside the caller's scope: never told which.
Problem unknown_reference(std::string_view field);

/// The member when it is there and not null; Problem 400 when it is of another kind.
const base::Json* member_of(
    const base::Json& body, std::string_view name, bool (base::Json::*is_kind)() const
);

void take_text(
    const base::Json& body, std::string_view name, std::string& to, std::size_t longest = kLongestText
);
void take_flag(const base::Json& body, std::string_view name, bool& to);
void take_date(const base::Json& body, std::string_view name, std::optional<base::Date>& to);
/// One of these words, or Problem 400.
void take_word(
    const base::Json& body, std::string_view name, std::span<const std::string_view> words, std::string& to
);
/// The text, or 422.
std::string required_text(const base::Json& body, std::string_view name, std::size_t longest = kLongestText);
/// A list of texts that must be there: ids, mostly.
std::vector<std::string> required_texts(const base::Json& body, std::string_view name);
/// The caller's id for a new record: usable in a path; empty when there is none.
std::string wanted_id(const base::Json& body);

} // namespace fengsui::api
